"""dice_overlap.png: what a Dice coefficient looks like, on squares and on lungs."""

import numpy as np
from scipy import ndimage
from style import BLUE, ORANGE, SMALLEST, board, new_figure, panel

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
    figure = new_figure(6.75)
    ax = board(figure)
    ax.text(2.7, 0.25, "Dice = 2 |A ∩ B| / (|A| + |B|)", va="center", ha="center", weight="bold", fontsize=11)
    legend = [(0.25, A_ONLY, "true mask A alone"), (2.1, B_ONLY, "prediction B alone"), (4.0, BOTH, "both, A ∩ B")]
    for x, colour, words in legend:
        ax.plot(x + 0.06, 0.57, "s", ms=10, color=colour)
        ax.text(x + 0.2, 0.57, words, va="center", fontsize=SMALLEST)

    for number, shift in enumerate(SHIFTS):
        a, b = squares(shift)
        dice, jaccard = scores(a, b)
        x = 0.15 + 1.03 * number
        place = panel(figure, x, 0.75, 0.98, 0.98 * a.shape[0] / a.shape[1])
        place.imshow(coloured(a, b), interpolation="nearest")
        words = f"$\\bf{{Dice\\ {dice:.2f}}}$\nJaccard {jaccard:.2f}"
        ax.text(x + 0.49, 1.34, words, ha="center", va="top", fontsize=SMALLEST, linespacing=1.2)
    words = f"Squares of {SIDE} × {SIDE} = {SIDE**2} pixels each"
    ax.text(2.7, 1.85, words, ha="center", va="center", fontsize=SMALLEST)
    ax.plot([0.2, 5.2], [2.08, 2.08], color="#cccccc", lw=1)

    side = 1.5
    for number, (name, a, b) in enumerate(mistakes()):
        dice, _ = scores(a, b)
        x, y = (0.2 + 1.75 * number, 2.28) if number < 3 else (1.05 + 1.75 * (number - 3), 4.55)
        place = panel(figure, x, y + 0.14, side, side)
        place.imshow(coloured(a, b), interpolation="nearest")
        ax.text(x + side / 2, y, name, ha="center", va="center", fontsize=SMALLEST)
        words = f"$\\bf{{Dice\\ {dice:.2f}}}$\nHD95 {distance(a, b):.0f} pixels"
        ax.text(x + side / 2, y + 1.69, words, ha="center", va="top", fontsize=SMALLEST, linespacing=1.2)
    return figure
