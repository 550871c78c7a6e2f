"""chest.png: a radiograph with its anatomy named, and its lung mask."""

import numpy as np
from scipy import ndimage
from style import BLUE, GREY, INK, ORANGE, SMALLEST, board, new_figure, panel, show_image, tint

from lungseg.phantom import make_phantom

CASE = 206  # a phantom with clear ribs and clavicles, and a marker
SIZE = 512


def landmarks(mask: np.ndarray) -> dict[str, tuple[float, float]]:
    """Find what the outline of the lungs tells, as (column, row).

    The side is that of the picture: `left` is the patient's right.
    """
    parts, count = ndimage.label(mask)
    if count != 2:
        raise ValueError(f"Two lungs were expected. Received: {count} components.")
    centres = [ndimage.center_of_mass(mask, parts, number)[1] for number in (1, 2)]
    left, right = (parts == 1 + number for number in np.argsort(centres))
    points = {}
    for side, lung, outwards in (("left", left, -1), ("right", right, 1)):
        rows, columns = np.nonzero(lung)
        top = rows.min()
        points[f"apex {side}"] = (columns[rows == top].mean(), top)
        # Where the lung reaches down and outwards most: between chest wall and diaphragm.
        corner = np.argmax(rows + outwards * columns)
        points[f"costophrenic angle {side}"] = (columns[corner], rows[corner])
    # The patient's right lung stands on the diaphragm with its whole width; the heart takes part of the left one's.
    columns = np.nonzero(left.any(axis=0))[0]
    middle = int(columns.mean())
    points["diaphragm"] = (middle, np.nonzero(left[:, middle])[0].max())
    # The heart fills the gap between the lungs, low down and mostly on the patient's left.
    rows = np.nonzero(right.any(axis=1))[0]
    low = int(rows.min() + 0.62 * (rows.max() - rows.min()))
    inner_left, inner_right = np.nonzero(left[low])[0].max(), np.nonzero(right[low])[0].min()
    points["heart"] = (inner_left + 0.68 * (inner_right - inner_left), low)
    return points


def draw():
    case = make_phantom(CASE, size=SIZE)
    image, mask = case[..., 0], case[..., 1].astype(bool)
    found = landmarks(mask)

    figure = new_figure(5.75)
    side, left, top = 3.1, 1.15, 0.35
    show_image(panel(figure, left, top, side, side), image)
    ax = board(figure)

    def place(point):
        return left + (point[0] + 0.5) / SIZE * side, top + (point[1] + 0.5) / SIZE * side

    # What a mask does not tell was placed by eye on this phantom.
    at_left = [
        ("marker of\nthe right side", (79, 36), 0.5),
        ("clavicle", (130, 84), 0.95),
        ("apex of\nthe lung", found["apex left"], 1.35),
        ("ribs", (170, 172), 1.8),
        ("vessels", (245, 168), 2.15),
        ("diaphragm", found["diaphragm"], 2.6),
        ("costophrenic\nangle", found["costophrenic angle left"], 3.05),
    ]
    at_right = [
        ("apex of\nthe lung", found["apex right"], 0.5),
        ("clavicle", (455, 83), 0.95),
        ("spine", (291, 175), 1.6),
        ("heart", found["heart"], 2.3),
        ("costophrenic\nangle", found["costophrenic angle right"], 3.05),
    ]
    for labels, x, align, start in ((at_left, 1.04, "right", 1.08), (at_right, 4.36, "left", 4.32)):
        for name, point, y in labels:
            to = place(point)
            # A dark line with a bright core shows on black and on white.
            ax.plot([start, to[0]], [y, to[1]], color=INK, lw=2.4, solid_capstyle="round")
            ax.plot([start, to[0]], [y, to[1]], color=ORANGE, lw=1.2, solid_capstyle="round")
            ax.plot(*to, "o", ms=5, color=ORANGE, mec=INK, mew=0.8)
            ax.text(x, y, name, ha=align, va="center", fontsize=SMALLEST, linespacing=1.05)
    ax.text(left, top + side + 0.06, "patient's right", va="top", fontsize=SMALLEST, color=GREY)
    ax.text(left + side, top + side + 0.06, "patient's left", va="top", ha="right", fontsize=SMALLEST, color=GREY)
    ax.text(left + side / 2, top - 0.07, "radiograph (a phantom)", ha="center", va="bottom", weight="bold")

    small, below = 1.6, 4.0
    for x, words in ((0.85, "mask: 1 in the lungs, else 0"), (2.95, "mask on the radiograph")):
        ax.text(x + small / 2, below - 0.05, words, ha="center", va="bottom", fontsize=SMALLEST)
        place = panel(figure, x, below, small, small)
        show_image(place, mask if x < 1 else image)
        if x > 1:
            tint(place, mask, BLUE, 0.5)
    return figure
