"""The looks at an answer one by one, so that none is taken twice where it would see the same."""

import numpy as np

from lungseg_course.engine.checking import CHECKED, GRADED, first_wrong, verdict_of
from lungseg_course.engine.exercises import find_exercise
from lungseg_course.engine.surroundings import held_back
from lungseg_course.engine.time_limit import TimeLimit


class Noting:
    """A look that notes the random numbers it is given."""

    def __init__(self, look):
        self.look, self.rng = look, None

    def __call__(self, *answers, rng):
        self.rng = rng
        self.look(*answers, rng=rng)

    @property
    def has_drawn(self):
        """Whether it has drawn any. If not, it sees the same with those of grading."""
        untouched = np.random.default_rng(CHECKED).bit_generator.state
        return self.rng is not None and self.rng.bit_generator.state != untouched


def seen_by(looks, number, answer, seed, up_to_a_mistake=False):
    """What the looks see in turn: what is wrong, or None."""
    seen = []
    with held_back(), TimeLimit():
        for look in looks:
            seen.append(verdict_of(look, find_exercise(number), answer, seed))
            if up_to_a_mistake and seen[-1] is not None:
                break
    return seen


def is_wrong_in_grading(failing, number, answer):
    """Whether that look, or another one, sees something wrong with the inputs of grading, too."""
    (wrong,) = seen_by([failing], number, answer, GRADED)
    return wrong is not None or first_wrong(number, *answer, seed=GRADED) is not None
