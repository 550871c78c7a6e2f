"""dice_overlap.png: what a Dice coefficient looks like, on squares and on lungs."""

import numpy as np
from scipy import ndimage
from style import BLUE, ORANGE, board, new_figure, panel

from lungseg.phantom import make_phantom

SIDE, FIELD = 20, 44  # pixels
SHIFTS = (20, 15, 10, 5, 0)
CASE, SIZE = 206, 128
A_ONLY, B_ONLY, BOTH = BLUE, ORANGE, "#222222"


def scores(a: np.ndarray, b: np.ndarray) -> tuple[float, float]:
    """Dice and Jaccard of two masks, by lungseg."""
    from lungseg.losses import dice_coefficient
    from lungseg.metrics import jaccard_coefficient

    a, b = (np.asarray(mask, "float32")[None, :, :, None] for mask in (a, b))
    return float(dice_coefficient(a, b, smooth=0)[0, 0]), float(jaccard_coefficient(a, b)[0, 0])


def distance(a: np.ndarray, b: np.ndarray) -> float:
    from lungseg.evaluation import hd95, surface_distances

    return hd95(surface_distances(a, b))


def squares(shift: int) -> tuple[np.ndarray, np.ndarray]:
    """Two squares, one moved to the right."""
    a, b = np.zeros((2, SIDE + 4, FIELD), bool)
    left = (FIELD - SIDE - shift) // 2
    a[2 : 2 + SIDE, left : left + SIDE] = True
    b[2 : 2 + SIDE, left + shift : left + shift + SIDE] = True
    return a, b


def mistakes() -> list[tuple[str, np.ndarray, np.ndarray]]:
    """The lungs of a phantom, and predictions of them that are wrong in different ways."""
    truth = make_phantom(CASE, size=SIZE)[..., 1] > 0.5
    parts, _ = ndimage.label(truth)
    sizes = np.bincount(parts.ravel())[1:]
    smaller = parts == 1 + np.argmin(sizes)
    island = truth.copy()
    island[114:121, 58:72] = True  # in the abdomen
    return [
        ("2 pixels too large", truth, ndimage.binary_dilation(truth, iterations=2)),
        ("2 pixels too small", truth, ndimage.binary_erosion(truth, iterations=2)),
        ("moved by 4 pixels", truth, np.roll(truth, 4, axis=1)),
        ("an island far away", truth, island),
        ("one lung missed", truth, truth & ~smaller),
    ]


def coloured(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Picture of two masks: what is in one, in the other, and in both."""
    from matplotlib.colors import to_rgb

    picture = np.ones((*a.shape, 3))
    for part, colour in ((a & ~b, A_ONLY), (b & ~a, B_ONLY), (a & b, BOTH)):
        picture[part] = to_rgb(colour)
    return picture


def draw():
    figure = new_figure(5.05)
    ax = board(figure)
    left, step = 0.3, 1.7
    legend = [(A_ONLY, "true mask A alone"), (B_ONLY, "prediction B alone"), (BOTH, "both, A ∩ B")]
    for number, (colour, words) in enumerate(legend):
        x = 0.42 + 2.1 * number
        ax.plot(x, 0.28, "s", ms=11, color=colour)
        ax.text(x + 0.16, 0.28, words, va="center")
    ax.text(8.75, 0.28, "Dice = 2 |A ∩ B| / (|A| + |B|)", va="center", ha="right", weight="bold")

    for number, shift in enumerate(SHIFTS):
        a, b = squares(shift)
        dice, jaccard = scores(a, b)
        x = left + step * number
        place = panel(figure, x, 0.55, 1.6, 1.6 * a.shape[0] / a.shape[1])
        place.imshow(coloured(a, b), interpolation="nearest")
        words = f"$\\bf{{Dice\\ {dice:.2f}}}$\nJaccard {jaccard:.2f}\n|A ∩ B| = {(a & b).sum()}"
        ax.text(x + 0.8, 1.48, words, ha="center", va="top", fontsize=9.5, linespacing=1.25)
    ax.text(left + 2 * step + 0.8, 2.2, f"Squares of {SIDE} × {SIDE} = {SIDE**2} pixels each",
            ha="center", va="center", fontsize=9.5)  # fmt: skip
    ax.plot([left, 8.7], [2.4, 2.4], color="#cccccc", lw=1)

    for number, (name, a, b) in enumerate(mistakes()):
        dice, _ = scores(a, b)
        x = left + step * number
        place = panel(figure, x + 0.05, 2.82, 1.5, 1.5)
        place.imshow(coloured(a, b), interpolation="nearest")
        ax.text(x + 0.8, 2.66, name, ha="center", va="center", fontsize=9.5)
        words = f"$\\bf{{Dice\\ {dice:.2f}}}$\nHD95 {distance(a, b):.0f} pixels"
        ax.text(x + 0.8, 4.4, words, ha="center", va="top", fontsize=9.5, linespacing=1.25)
    return figure
