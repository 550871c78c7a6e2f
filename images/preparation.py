"""preparation.png: from a radiograph to a case, step by step."""

from functools import cache

import numpy as np
from style import BLUE, SMALLEST, VERMILION, board, new_figure, panel, show_image

from lungseg.phantom import draw_radiograph
from lungseg.preparation import find_body, resize_image, stretch_contrast

FILM, SIZE, CASE = 6, 768, 128


@cache
def steps() -> list[tuple[str, np.ndarray]]:
    """The radiograph and what each step makes of it."""
    film, _ = draw_radiograph(FILM, size=SIZE)
    film = film / np.iinfo(film.dtype).max
    cropped = find_body(film).cut(film)
    stretched = stretch_contrast(cropped)
    return [
        ("film", film),
        ("border cropped", cropped),
        ("contrast stretched", stretched),
        ("resized", resize_image(stretched, CASE)),
    ]


def draw():
    from lungseg.preparation import HIGH, LOW

    figure = new_figure(6.75)
    ax = board(figure)
    wide, high = figure.get_size_inches()
    made = steps()
    dark, bright = np.percentile(made[1][1], (LOW, HIGH))
    side = 1.8
    for number, (name, image) in enumerate(made):
        x, y = 0.45 + 2.65 * (number % 2), 0.2 + 3.1 * (number // 2)
        title = f"{number}. {name}" if number else name
        ax.text(x + side / 2, y, title, ha="center", va="center", weight="bold")
        show_image(panel(figure, x, y + 0.17, side, side), image)
        height, width = image.shape
        words = f"{height} × {width} pixels"
        ax.text(x + side / 2, y + 2.1, words, ha="center", va="center", fontsize=SMALLEST)
        bars = figure.add_axes([x / wide, 1 - (y + 2.72) / high, side / wide, 0.42 / high])
        bars.hist(image.ravel(), bins=64, range=(0, 1), color=BLUE)
        bars.set(xlim=(0, 1), yticks=[], xticks=[0, 1], xticklabels=["black", "white"])
        bars.set_ylim(0, 1.3 * np.sort(np.histogram(image, 64, (0, 1))[0])[-4])
        bars.spines[["top", "right", "left"]].set_visible(False)
        bars.tick_params(labelsize=SMALLEST, length=2, pad=1)
        if number == 1:
            for value in (dark, bright):
                bars.axvline(value, color=VERMILION, lw=2)
    ax.text(0.25, 6.42, "Below each: how often each grey value occurs. Vertical lines:\n"
            f"the {LOW:.0f}th and {HIGH:.0f}th percentile, black and white from step 2 on.",
            fontsize=SMALLEST, va="center")  # fmt: skip
    return figure
