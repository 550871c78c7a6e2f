"""preparation.png: from a radiograph to a case, step by step."""

import numpy as np
from style import BLUE, board, new_figure, panel, show_image

from lungseg.phantom import draw_radiograph
from lungseg.preparation import find_body, resize_image, stretch_contrast

FILM, SIZE, CASE = 6, 768, 128


def steps() -> list[tuple[str, np.ndarray]]:
    """The radiograph and what each step makes of it."""
    film, _ = draw_radiograph(FILM, size=SIZE)
    film = film / np.iinfo(film.dtype).max
    cropped = find_body(film).cut(film)
    stretched = stretch_contrast(cropped)
    return [
        ("film", film),
        ("black border cropped", cropped),
        ("contrast stretched", stretched),
        ("resized", resize_image(stretched, CASE)),
    ]


def draw():
    from lungseg.preparation import HIGH, LOW

    figure = new_figure(3.95)
    ax = board(figure)
    made = steps()
    cropped = made[1][1]
    dark, bright = np.percentile(cropped, (LOW, HIGH))
    side, step = 1.95, 2.15
    for number, (name, image) in enumerate(made):
        x = 0.3 + step * number
        ax.text(x + side / 2, 0.24, f"{number}. {name}" if number else name, ha="center", va="center")
        show_image(panel(figure, x, 0.42, side, side), image)
        height, width = image.shape
        ax.text(x + side / 2, 2.5, f"{height} × {width} pixels", ha="center", va="center", fontsize=9)
        wide, high = figure.get_size_inches()
        bars = figure.add_axes([x / wide, 0.56 / high, side / wide, 0.62 / high])
        bars.hist(image.ravel(), bins=64, range=(0, 1), color=BLUE)
        bars.set(xlim=(0, 1), yticks=[], xticks=[0, 1])
        bars.set_ylim(0, 1.3 * np.sort(np.histogram(image, 64, (0, 1))[0])[-4])
        bars.spines[["top", "right", "left"]].set_visible(False)
        bars.tick_params(labelsize=8.5, length=2, pad=1)
        if number == 1:
            for value in (dark, bright):
                bars.axvline(value, color="#d55e00", lw=1.6)
            bars.text((dark + bright) / 2, bars.get_ylim()[1], f"{LOW:.0f}th to {HIGH:.0f}th percentile",
                      ha="center", va="bottom", fontsize=8, color="#b24a00")  # fmt: skip
    ax.text(0.3, 3.8, "Below each: how often each grey value occurs, from black (0) to white (1).",
            fontsize=8.5, va="bottom")  # fmt: skip
    return figure
