"""chest.png: a radiograph with its anatomy named, and its lung mask."""

import numpy as np
from scipy import ndimage
from style import BLUE, GREY, INK, ORANGE, board, new_figure, panel, show_image, tint

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

    figure = new_figure(4.55)
    side, left, top = 3.9, 1.32, 0.3
    show_image(panel(figure, left, top, side, side), image)
    ax = board(figure)

    def place(point):
        return left + (point[0] + 0.5) / SIZE * side, top + (point[1] + 0.5) / SIZE * side

    # What a mask does not tell was placed by eye on this phantom.
    at_left = [
        ("marker of the\nright side", (79, 36), 0.55),
        ("clavicle", (130, 84), 1.05),
        ("apex of\nthe lung", found["apex left"], 1.55),
        ("ribs", (170, 172), 2.05),
        ("vessels", (245, 168), 2.5),
        ("diaphragm", found["diaphragm"], 3.0),
        ("costophrenic\nangle", found["costophrenic angle left"], 3.55),
    ]
    at_right = [
        ("apex of\nthe lung", found["apex right"], 0.55),
        ("clavicle", (455, 83), 1.05),
        ("spine", (291, 175), 1.7),
        ("heart", found["heart"], 2.6),
        ("costophrenic\nangle", found["costophrenic angle right"], 3.55),
    ]
    for labels, x, align, start in ((at_left, 1.2, "right", 1.24), (at_right, 5.34, "left", 5.3)):
        for name, point, y in labels:
            to = place(point)
            # A dark line with a bright core shows on black and on white.
            ax.plot([start, to[0]], [y, to[1]], color=INK, lw=2.4, solid_capstyle="round")
            ax.plot([start, to[0]], [y, to[1]], color=ORANGE, lw=1.2, solid_capstyle="round")
            ax.plot(*to, "o", ms=5, color=ORANGE, mec=INK, mew=0.8)
            ax.text(x, y, name, ha=align, va="center", fontsize=10, linespacing=1.05)
    ax.text(left, top + side + 0.06, "patient's right", va="top", fontsize=8.5, color=GREY)
    ax.text(left + side, top + side + 0.06, "patient's left", va="top", ha="right", fontsize=8.5, color=GREY)
    ax.text(left + side / 2, top - 0.06, "radiograph (a phantom)", ha="center", va="bottom", fontsize=10.5)

    small, x = 1.75, 6.85
    for title, y in (("mask: 1 in the lungs, 0 elsewhere", top), ("the mask on the radiograph", top + side - small)):
        ax.text(x + small / 2, y - 0.06, title, ha="center", va="bottom", fontsize=9.5)
    show_image(panel(figure, x, top, small, small), mask)
    below = panel(figure, x, top + side - small, small, small)
    show_image(below, image)
    tint(below, mask, BLUE, 0.5)
    return figure
