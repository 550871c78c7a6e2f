"""result.png: what the network that comes with the package makes of two phantoms that it has never seen."""

from functools import cache
from typing import NamedTuple

import numpy as np
from batch_or_image import outline
from style import BLUE, ORANGE, SMALLEST, board, new_figure, panel, show_image

from lungseg.phantom import make_phantom, phantom_id

SIZE = 256  # what the network was trained at
HEALTHY, SICK = "a healthy phantom", "one with tuberculosis"


class Result(NamedTuple):
    """A phantom, and what the network makes of it."""

    name: str
    image: np.ndarray  # (H, W)
    truth: np.ndarray  # (H, W) bool
    predicted: np.ndarray  # (H, W) bool
    dice: float
    hd95: float  # pixels


def first_of_each() -> dict[str, int]:
    """Return the numbers of the first healthy phantom of the series and of the first sick one: they are not chosen."""
    ends = {HEALTHY: "_0", SICK: "_1"}
    return {
        name: next(number for number in range(100) if phantom_id(number).endswith(end)) for name, end in ends.items()
    }


@cache
def results() -> tuple[Result, ...]:
    """Let the network outline both, and compare with the true masks. It learned from radiographs alone."""
    from lungseg import load_pretrained
    from lungseg.evaluation.comparison import evaluate_masks
    from lungseg.masks import THRESHOLD, clean_mask

    model = load_pretrained()
    made = []
    for name, number in first_of_each().items():
        case = make_phantom(number, size=SIZE)
        probability = model.predict_on_batch(case[None, ..., :1])[0, ..., 0]
        predicted = clean_mask(probability >= THRESHOLD)
        truth = case[..., 1] > 0.5
        scores = evaluate_masks(phantom_id(number), truth, predicted)
        made.append(Result(name, case[..., 0], truth, predicted, scores["dice"], scores["hd95"]))
    return tuple(made)


def draw():
    figure = new_figure(3.55)
    ax = board(figure)
    for x, colour, words in ((0.3, BLUE, "true outline"), (2.85, ORANGE, "outline by the network")):
        ax.plot([x, x + 0.3], [0.22, 0.22], color=colour, lw=3.5)
        ax.text(x + 0.4, 0.22, words, va="center")
    side = 2.5
    for number, found in enumerate(results()):
        x = 0.15 + 2.6 * number
        place = panel(figure, x, 0.42, side, side)
        show_image(place, found.image)
        outline(place, found.truth, BLUE, 3.6)
        outline(place, found.predicted, ORANGE, 1.6)
        place.set(xlim=(-0.5, SIZE - 0.5), ylim=(SIZE - 0.5, -0.5))
        words = f"{found.name}\n$\\bf{{Dice\\ {found.dice:.2f}}}$, HD95 {found.hd95:.1f} pixels"
        ax.text(x + side / 2, 3.0, words, ha="center", va="top", fontsize=SMALLEST, linespacing=1.3)
    return figure
