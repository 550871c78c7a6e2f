"""A course with three exercises and a question in its first notebook, and one exercise in its second."""

import json

from lungseg_course import record
from lungseg_course.engine.exercises import Exercise, Question
from lungseg_course.engine.rows import Gives
from lungseg_course.engine.table import Case, look_at
from lungseg_course.engine.trying import trying
from lungseg_course.engine.verdict import expect_close

HINTS = ("Think.", "Think of two.", "It is two times the number.")


ONCE = Gives("once only", lambda n: n, "That is the number itself.", "Add it to itself.")


@look_at("double", lambda n: 2 * n, [ONCE])
def look_at_three(rng):
    yield Case(3)


def look_at_another(double, rng):
    number = int(rng.integers(4, 100))
    with trying(f"double({number})"):
        expect_close(double(number), 2 * number)


DOUBLE = Exercise("1.1", "Twice", ("double",), (look_at_three, look_at_another), "Two times.", HINTS)
PAIR = Exercise("1.2", "Both", ("one", "two"), (lambda one, two, rng: expect_close(one() + two(), 3),), "Well.", HINTS)
EXTRA = Exercise("1.3", "More", ("more",), (look_at_three,), "Well.", HINTS, optional=True)
WHY = Question("1.1", "b", {"a": "No, since.", "b": "Yes, since.", "c": "Nearly, but."})


def book(course):
    return json.loads((course / record.FILE).read_text(encoding="utf-8"))


def double(n):
    return 2 * n


def triple(n):
    return 3 * n


TODO = "from lungseg_course import todo\n"
