"""What the tests of figures draw, and how they look at it."""

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import same_color


def rectangle(shape, rows, columns):
    mask = np.zeros(shape, dtype=np.float32)
    mask[slice(*rows), slice(*columns)] = 1
    return mask


def ramp(shape):
    """An image in which no two rows or columns are alike."""
    return (np.arange(np.prod(shape), dtype=np.float32) / np.prod(shape)).reshape(shape)


def save_case(folder, name, image, mask):
    path = folder / f"{name}.npy"
    np.save(path, np.stack([image, mask], axis=-1).astype(np.float32))
    return path


def growing_cases(folder):
    """Eleven 8 x 8 cases whose image is their mask; in case i the first i + 1 pixels are lung."""
    masks = [(np.arange(64) <= i).reshape(8, 8) for i in range(11)]
    return [save_case(folder, f"PHANTOM_{i:04d}_{i % 2}", mask, mask) for i, mask in enumerate(masks)]


def contours(ax, colour):
    return [line for line in ax.lines if same_color(line.get_color(), colour)]


def extent(line):
    """Left, right, top and bottom of an outline."""
    x, y = line.get_data()
    return np.nanmin(x), np.nanmax(x), np.nanmin(y), np.nanmax(y)


def history_table():
    return pd.DataFrame(
        {
            "epoch": range(5),
            "loss": [1.0, 0.6, 0.5, 0.4, 0.35],
            "val_loss": [1.1, 0.7, 0.5, 0.5, 0.5],
            "dice": [0.5, 0.7, 0.8, 0.85, 0.9],
            "val_dice": [0.4, 0.7, 0.82, 0.82, 0.8],
            "learning_rate": [2e-3, 2e-3, 2e-3, 1e-3, 1e-3],
        }
    )


def group_table():
    return pd.DataFrame(
        {
            "case": ["MCUCXR_0001_0", "MCUCXR_0002_0", "MCUCXR_0003_0", "CHNCXR_0001_1"],
            "source": ["Montgomery", "Montgomery", "Montgomery", "Shenzhen"],
            "diagnosis": ["normal", "normal", "normal", "tuberculosis"],
            "dice": [0.9, 0.8, 0.96, 0.7],
            "hd95": [1.0, 2.0, 3.0, 4.0],
        }
    )


def assert_tidy(figure):
    """All text lies inside the figure, no two texts overlap, and none of them lies on an image."""
    FigureCanvasAgg(figure).draw()
    texts = [ax.title for ax in figure.axes] + [text for ax in figure.axes for text in ax.texts]
    texts += [*figure.texts, *(text for legend in figure.legends for text in legend.get_texts())]
    texts += [label for ax in figure.axes for label in (ax.xaxis.label, ax.yaxis.label)]
    boxes = [text.get_window_extent() for text in texts if text.get_text()]
    for i, box in enumerate(boxes):
        assert min(box.x0, box.y0) >= 0
        assert box.x1 <= figure.bbox.width
        assert box.y1 <= figure.bbox.height
        for other in boxes[:i]:
            assert not box.overlaps(other), texts
    images = [ax.get_window_extent() for ax in figure.axes if ax.images]
    titles = [text.get_window_extent() for text in [*figure.texts, *(ax.title for ax in figure.axes)]]
    for box in [*titles, *(legend.get_window_extent() for legend in figure.legends)]:
        assert not any(box.overlaps(image) for image in images)
