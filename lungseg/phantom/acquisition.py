"""From attenuation to radiograph: exposure, processing, noise, markers, borders and their removal."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from lungseg.phantom.canvas import blur

# Strokes of the letters on markers, in a box of 4 by 6.
LETTERS: dict[str, list[list[tuple[float, float]]]] = {
    "R": [[(0, 6), (0, 0), (3, 0), (4, 1.5), (3, 3), (0, 3)], [(1.5, 3), (4, 6)]],
    "L": [[(0, 0), (0, 6), (4, 6)]],
    "P": [[(0, 6), (0, 0), (3, 0), (4, 1.5), (3, 3), (0, 3)]],
    "A": [[(0, 6), (2, 0), (4, 6)], [(1, 4), (3, 4)]],
    "E": [[(4, 0), (0, 0), (0, 6), (4, 6)], [(0, 3), (3, 3)]],
    "C": [[(4, 0), (0, 0), (0, 6), (4, 6)]],
    "T": [[(0, 0), (4, 0)], [(2, 0), (2, 6)]],
}


def expose(attenuation: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the radiograph of an attenuation map: developed, marked, with a border, and noisy.

    Parameters
    ----------
    attenuation : ndarray, (size, size)
        0 in air, about 1 behind the trunk.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, (size, size)
        Bone is bright; most values are in [0, 1].
    """
    picture = _develop(attenuation, rng)
    _stamp(picture, rng)
    _leave_border(picture, rng)
    return _grain(picture, rng)


def _develop(attenuation: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the picture, in [0, 1.5], that detector and processing make of an attenuation map (size, size)."""
    size = len(attenuation)

    scatter = rng.uniform(0, 0.3)
    layer = (1 - scatter) * attenuation + scatter * blur(attenuation, rng.uniform(0.04, 0.12))
    layer = blur(layer, rng.uniform(0.0005, 0.005))
    middle, slope = rng.uniform(0.3, 0.95), rng.uniform(2.0, 5.5)
    picture = 1 / (1 + np.exp(-slope * (layer - middle)))
    low, high = 1 / (1 + np.exp(slope * middle)), 1 / (1 + np.exp(-slope * (1.5 - middle)))
    picture = (picture - low) / (high - low)
    if rng.random() < 0.65:  # digital systems even out the large and lift the small differences
        broad = rng.uniform(0.02, 0.1)
        picture = picture + rng.uniform(0.2, 1.3) * (picture - blur(picture, broad))
    if rng.random() < 0.4:
        picture = picture + rng.uniform(0.3, 1.5) * (picture - blur(picture, 0.006))
    tilt_x, tilt_y = rng.normal(0, 0.03, 2)
    ramp = np.linspace(-1, 1, size, dtype=np.float32)
    picture = picture + tilt_x * ramp + tilt_y * ramp[:, None]
    if rng.random() < 0.25:  # overexposed: the darkest parts of the lungs are as black as the air outside
        picture = picture - rng.uniform(0, 0.2)
    return np.clip(picture, 0, 1.5)


def _grain(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Add Poisson noise to a picture (size, size): the fewer photons pass (bright parts), the noisier it is.

    The number of photons is that for a picture of 256 pixels a side; larger pixels gather more of them.
    """
    photons = 10 ** rng.uniform(3.5, 5.5) * (256 / len(picture)) ** 2
    spread = np.sqrt((0.15 + np.clip(picture, 0, 1)) / photons)
    return picture + spread * rng.standard_normal(picture.shape).astype(np.float32)


def _leave_border(picture: np.ndarray, rng: np.random.Generator) -> None:
    """Darken or whiten thin strips along the edges of a picture (size, size), as cropping often leaves, in place."""
    if rng.random() < 0.6:
        return
    size = len(picture)
    position = (np.arange(size) + 0.5) / size
    across, down = np.meshgrid(position, position)
    for inward in (across, 1 - across, down, 1 - down):
        along = across if inward[0, 0] == inward[0, -1] else down
        width, slant, white = rng.uniform(0, 0.04), rng.normal(0, 0.012), rng.random() < 0.3
        if rng.random() < 0.4:
            picture[inward + slant * (along - 0.5) < width] = 1.1 if white else 0.0


def _stamp(picture: np.ndarray, rng: np.random.Generator) -> None:
    """Write a side marker, sometimes with a white box of more letters, on a picture (size, size), in place."""
    size = len(picture)
    if rng.random() < 0.25:
        return
    canvas = Image.new("L", (size, size))
    boxes = Image.new("L", (size, size))
    draw, box = ImageDraw.Draw(canvas), ImageDraw.Draw(boxes)

    def write(text: str, x: float, y: float, height: float, value: int = 255) -> None:
        for number, letter in enumerate(text):
            for stroke in LETTERS.get(letter, []):
                points = [
                    ((x + (number * 5.5 + a) * height / 6) * size, (y + b * height / 6) * size) for a, b in stroke
                ]
                draw.line(points, fill=value, width=max(1, round(height * size / 7)))

    right = rng.random() < 0.7
    height = rng.uniform(0.025, 0.05)
    write(
        "R" if right else "L",
        rng.uniform(0.02, 0.25) if right else rng.uniform(0.72, 0.95),
        rng.uniform(0.02, 0.13),
        height,
    )
    if rng.random() < 0.25:
        left, top = rng.uniform(0.72, 0.88), rng.uniform(0.01, 0.1)
        for row, text in enumerate(("PA", "ERECT")):
            small = rng.uniform(0.018, 0.028)
            x, y = left - 0.02 * row, top + 0.055 * row
            box.rectangle(
                [
                    (x - 0.012) * size,
                    (y - 0.012) * size,
                    (x + len(text) * 0.92 * small + 0.012) * size,
                    (y + small + 0.012) * size,
                ],
                fill=255,
            )
            write(text, x, y, small, 128)
        for _ in range(rng.integers(0, 5)):
            x, y = rng.uniform(0.85, 0.97), rng.uniform(0.02, 0.2)
            draw.line(
                [x * size, y * size, x * size, (y + rng.uniform(0.02, 0.1)) * size],
                fill=200,
                width=max(1, size // 128),
            )
    plate, ink = np.asarray(boxes, np.float32) / 255, np.asarray(canvas, np.float32) / 255
    picture[plate > 0] = 1
    picture[(ink > 0) & (plate == 0)] = np.maximum(picture, ink)[(ink > 0) & (plate == 0)]
    picture[(ink > 0) & (plate > 0)] = 0.1


def stretch(picture: np.ndarray) -> np.ndarray:
    """Return a picture with its 5th percentile at 0 and its 95th at 1, clipped to [0, 1]."""
    low, high = np.percentile(picture, [5, 95])
    return np.clip((picture - low) / max(high - low, 1e-6), 0, 1)
