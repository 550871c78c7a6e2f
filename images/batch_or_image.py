"""batch_or_image.png: one Dice over a whole batch, and the mean of a Dice for each image."""

import numpy as np
from scipy import ndimage
from style import BLUE, ORANGE, SMALLEST, board, new_figure, panel, show_image

from lungseg.masks import THRESHOLD
from lungseg.phantom import make_phantom

LARGE, SMALL = (2, 44, 26), 13  # phantoms with large lungs, and one with small lungs
SIZE = 128


def batch() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return images, masks and predictions, (B, H, W, 1).

    The large lungs are found but for their rim; the small ones are missed.
    """
    cases = np.stack([make_phantom(index, size=SIZE) for index in (*LARGE, SMALL)])
    images, masks = cases[..., :1], cases[..., 1:]
    predictions = np.zeros_like(masks)
    for number in range(len(LARGE)):
        predictions[number, ..., 0] = ndimage.binary_erosion(masks[number, ..., 0] > 0.5)
    return images, masks, predictions


def per_image(masks: np.ndarray, predictions: np.ndarray) -> np.ndarray:
    """Dice of each image, by lungseg."""
    from keras import ops

    from lungseg.losses import dice_coefficient

    return ops.convert_to_numpy(dice_coefficient(masks, predictions, smooth=0))[:, 0]


def whole_batch(masks: np.ndarray, predictions: np.ndarray) -> float:
    """One Dice of all the pixels of a batch: of its images, laid side by side to a single one."""
    side_by_side = (np.concatenate(list(array), axis=1)[None] for array in (masks, predictions))
    return float(per_image(*side_by_side)[0])


def outline(ax, mask: np.ndarray, colour: str, width: float) -> None:
    if mask.any():
        ax.contour(np.pad(mask, 1), [THRESHOLD], colors=colour, linewidths=width,
                   extent=(-1.5, len(mask) + 0.5, -1.5, len(mask) + 0.5))  # fmt: skip


def draw():
    images, masks, predictions = batch()
    scores, pooled = per_image(masks, predictions), whole_batch(masks, predictions)
    pixels = masks.sum(axis=(1, 2, 3))

    figure = new_figure(6.6)
    ax = board(figure)
    ax.text(0.3, 0.25, "A batch of four", weight="bold", va="center", fontsize=11)
    for x, colour, words in ((2.2, BLUE, "true mask"), (3.8, ORANGE, "prediction")):
        ax.plot([x, x + 0.3], [0.25, 0.25], color=colour, lw=3)
        ax.text(x + 0.4, 0.25, words, va="center")

    side = 1.95
    for number, score in enumerate(scores):
        x, y = 0.4 + 2.65 * (number % 2), 0.5 + 2.5 * (number // 2)
        place = panel(figure, x, y, side, side)
        show_image(place, images[number, ..., 0])
        outline(place, masks[number, ..., 0], BLUE, 3.4)
        outline(place, predictions[number, ..., 0], ORANGE, 1.6)
        place.set(xlim=(-0.5, SIZE - 0.5), ylim=(SIZE - 0.5, -0.5))
        found = "found" if score > 0 else "missed"
        words = f"{pixels[number]:,.0f} pixels of lung, {found}\n$\\bf{{Dice\\ {score:.2f}}}$"
        ax.text(x + side / 2, y + side + 0.06, words, ha="center", va="top", fontsize=SMALLEST, linespacing=1.2)

    numbers = ", ".join(f"{score:.2f}" for score in scores)
    rows = [
        ("over the whole batch", f"Dice {pooled:.2f}", "all pixels counted together: hides the missed image"),
        ("image by image", f"Dice {scores.mean():.2f}", f"the mean of {numbers}: shows it"),
    ]
    for number, (name, result, how) in enumerate(rows):
        y = 5.63 + 0.53 * number
        ax.text(0.3, y, name, va="center", weight="bold")
        ax.text(2.2, y, result, va="center", weight="bold", fontsize=12)
        ax.text(0.3, y + 0.22, how, va="center", fontsize=SMALLEST)
    return figure
