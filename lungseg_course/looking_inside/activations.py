"""The filters of the first layer, and the maps along the U."""

from typing import Any

import numpy as np

from lungseg.plotting.figure import GREY, WIDTH, NotebookFigure, bare
from lungseg_course.looking_inside.graph import Stage, first_convolution, operations, stages, values_inside

MOST = 16  # filters
BESIDE = 8  # filters in a row
SHOWN = 3  # maps of each stage
FEW = 0.02  # the share of the pixels that answer, below which a filter counts as almost silent


def plot_filters(model: Any, image: np.ndarray) -> NotebookFigure:
    """Draw the filters of the first layer, and below each what it makes of an image.

    Parameters
    ----------
    model : keras.Model
        From `look_into`.
    image : numpy.ndarray, shape (H, W)

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from lungseg import build_unet
    >>> network = build_unet((32, 32, 1), filters=4, depth=1)
    >>> plot_filters(network, np.zeros((32, 32))).alt_text.partition(";")[0]
    '4 of the 4 filters of the first layer, 3 × 3 weights each, and below each the map that it makes of the image'
    """
    layer = first_convolution(model)
    place = operations(model).index(layer)
    kernels = np.asarray(layer.kernel)[:, :, 0]  # (k, k, F)
    maps = values_inside(model, image)[place]  # (H, W, F)
    count = min(MOST, kernels.shape[-1])
    rows, step = -(-count // BESIDE), WIDTH / BESIDE
    side, above, between = step - 0.1, 0.62 * step, 0.24  # inches: a map, a filter, and the title of a filter
    high = (side * maps.shape[0] / maps.shape[1]) + 0.06
    total = rows * (between + above + high + 0.06)
    figure = NotebookFigure(figsize=(WIDTH, total))
    silent = 0
    for number in range(count):
        row, column = divmod(number, BESIDE)
        left, top = column * step + 0.05, total - row * (between + above + high + 0.06) - between
        box = (left + (side - above) / 2) / WIDTH, (top - above) / total, above / WIDTH, above / total
        upper = figure.add_axes(box)
        lower = figure.add_axes((left / WIDTH, (top - above - high) / total, side / WIDTH, (high - 0.06) / total))
        kernel, made = kernels[..., number], maps[..., number]
        most = np.abs(kernel).max() or 1
        upper.imshow(kernel, cmap="gray", vmin=-most, vmax=most)
        inner = made[1:-1, 1:-1]  # at the rim, a filter sees the zeros beyond the image
        # Up to what all but a few pixels have: one bright letter would leave all the rest in the dark.
        low, most = min(0, inner.min()), np.quantile(inner, 0.995)
        is_silent = (inner > 0.01 * max(inner.max(), 0)).mean() < FEW and low == 0
        silent += is_silent
        lower.imshow(made, cmap="gray", vmin=low, vmax=max(most, inner.max() / 10, 1e-6), aspect="auto")
        upper.set_title(f"{number + 1}{', almost silent' if is_silent else ''}", fontsize=9, pad=2)
        bare(upper)
        bare(lower)
    size = " × ".join(map(str, kernels.shape[:2]))
    figure.alt_text = (
        f"{count} of the {kernels.shape[-1]} filters of the first layer, {size} weights each, and below each the map "
        f"that it makes of the image; {silent} of these maps {'is' if silent == 1 else 'are'} almost empty."
    )
    return figure


def plot_maps(model: Any, image: np.ndarray) -> NotebookFigure:
    """Draw the maps along the U: at the left down to the bottleneck, at the right up again.

    Parameters
    ----------
    model : keras.Model
        From `look_into`.
    image : numpy.ndarray, shape (H, W)

    Returns
    -------
    matplotlib.figure.Figure
        Of each size the maps that vary most, each from its lowest value, black, to its highest, white.

    Examples
    --------
    >>> from lungseg import build_unet
    >>> network = build_unet((32, 32, 1), filters=4, depth=1)
    >>> plot_maps(network, np.random.default_rng(0).random((32, 32))).alt_text.partition(". ")[0]
    'Maps along the U, 3 of each size: down 32 × 32 with 4 maps, 16 × 16 with 8 maps; up 32 × 32 with 4 maps'
    """
    down, up = stages(values_inside(model, image))
    rows, gap = len(down), 0.9  # inches between the two ways, for the sizes
    side = (WIDTH - gap) / (2 * SHOWN) - 0.06
    height = side * down[0].height / down[0].width + 0.06 if down else 1
    figure = NotebookFigure(figsize=(WIDTH, rows * height + 0.3))
    total = figure.get_figheight()
    figure.text(0.22, 1 - 0.1 / total, "down", ha="center", va="top", fontsize=10)
    figure.text(0.78, 1 - 0.1 / total, "up", ha="center", va="top", fontsize=10)
    back = {(stage.height, stage.width): stage for stage in up}
    for row, stage in enumerate(down):
        top = total - 0.3 - row * height
        other = back.get((stage.height, stage.width))
        at = 0.0 if other else (WIDTH - SHOWN * (side + 0.06)) / 2
        _draw_stage(figure, stage, at, top, side, height)
        if other:
            _draw_stage(figure, other, WIDTH - SHOWN * (side + 0.06), top, side, height)
            figure.text(
                0.5,
                (top - height / 2) / total,
                f"{stage.height} ×\n{stage.width}\n→",
                ha="center",
                va="center",
                fontsize=10,
                color=GREY,
            )
        else:
            beside = (at - 0.15) / WIDTH
            words = f"{stage.height} × {stage.width}"
            figure.text(beside, (top - height / 2) / total, words, ha="right", va="center", fontsize=10, color=GREY)
    told = [
        f"{way} {', '.join(f'{each.height} × {each.width} with {each.maps.shape[-1]} maps' for each in several)}"
        for way, several in (("down", down), ("up", up))
        if several
    ]
    figure.alt_text = (
        f"Maps along the U, {SHOWN} of each size: {'; '.join(told)}. "
        "They get coarser on the way down, and finer again on the way up."
    )
    return figure


def _draw_stage(figure: NotebookFigure, stage: Stage, left: float, top: float, side: float, height: float) -> None:
    """Draw the maps of a stage that vary most, side by side; all numbers in inches, from the upper left corner."""
    total = figure.get_figheight()
    liveliest = np.argsort(-stage.maps.std(axis=(0, 1)), kind="stable")[:SHOWN]
    for number, channel in enumerate(liveliest):
        x = left + number * (side + 0.06)
        ax = figure.add_axes((x / WIDTH, (top - height + 0.06) / total, side / WIDTH, (height - 0.06) / total))
        ax.imshow(stage.maps[..., channel], cmap="gray", aspect="auto", interpolation="nearest")
        bare(ax)
