"""Draws image files with masks of three problems that are no lungs, in layouts that `lungseg prepare` knows.

    python benchmarks/drawing_problems.py nuclei FOLDER --count 60 --size 128

- `nuclei`: dark nuclei on pink tissue, many of them touching. PNG in colour; index masks: 1 nucleus, 2 its edge.
- `fibres`: round cells and thin fibres that lie over each other. PNG in colour; a mask file for each class.
- `land`: water, forest and buildings in five bands of 16 bits (TIFF); index masks 1 to 3, clouds 255: to be ignored.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from PIL import Image
from scipy.ndimage import gaussian_filter


def texture(size: int, scale: float, rng: np.random.Generator) -> np.ndarray:
    """Return smooth noise (size, size) of mean 0 and deviation 1; `scale` is that of its blots in pixels."""
    noise = gaussian_filter(rng.standard_normal((size, size)), scale, mode="wrap")
    return (noise - noise.mean()) / noise.std()


def distance(size: int, rng: np.random.Generator, least: float, most: float) -> tuple[np.ndarray, float]:
    """Return how far each pixel lies from the middle of an ellipse, 1 on its border; and its smaller half axis."""
    rows, columns = np.mgrid[:size, :size] - rng.uniform(0, size, 2)[:, None, None]
    small, large, angle = *np.sort(rng.uniform(least, most, 2)), rng.uniform(0, np.pi)
    along, across = rows * np.cos(angle) + columns * np.sin(angle), columns * np.cos(angle) - rows * np.sin(angle)
    return np.hypot(along / large, across / small), small


def draw_nuclei(size: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return tissue (size, size, 3) in [0, 1], and labels: 1 nucleus, 2 edge, two pixels wide."""
    pink = np.array([0.88, 0.70, 0.80]) + 0.05 * texture(size, 6, rng)[..., None] * [0.6, 1.2, 0.8]
    labels = np.zeros((size, size), np.uint8)
    for _ in range(size * size // 400):
        far, small = distance(size, rng, 4, 9)
        purple = np.array([0.45, 0.28, 0.58]) * rng.uniform(0.8, 1.25)
        pink[far < 1] = purple
        labels[far < 1] = 2
        labels[far < 1 - 2 / small] = 1
    pink[labels == 2] *= 0.85  # the membrane is darker
    pink += 0.07 * texture(size, 1, rng)[..., None] + 0.03 * rng.standard_normal(pink.shape)
    return gaussian_filter(pink, (0.7, 0.7, 0)).clip(0, 1), labels


def draw_fibres(size: int, rng: np.random.Generator) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return a fluorescent image (size, size, 3) in [0, 1], and two masks that overlap: cells and fibres."""
    cell, fibre = np.zeros((2, size, size), bool)
    for _ in range(size * size // 900):
        cell |= distance(size, rng, 5, 10)[0] < 1
    for _ in range(size // 12):
        rows, columns = np.mgrid[:size, :size] - rng.uniform(0, size, 2)[:, None, None]
        angle, bend = rng.uniform(0, np.pi), rng.uniform(-0.01, 0.01)
        along, across = rows * np.cos(angle) + columns * np.sin(angle), columns * np.cos(angle) - rows * np.sin(angle)
        fibre |= abs(across - bend * along**2) < 1.5
    stain = np.stack([fibre * rng.uniform(0.4, 0.7), cell * rng.uniform(0.4, 0.7), 0.15 * cell], axis=-1)
    image = gaussian_filter(stain, (1, 1, 0)) * (1 + 0.2 * texture(size, 4, rng))[..., None] + 0.1
    return (image + 0.06 * rng.standard_normal(image.shape)).clip(0, 1), {"cell": cell, "fibre": fibre}


def draw_land(size: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return reflectances (size, size, 5), 10000 for all light, and labels: water, forest, building, cloud 255."""
    height, wood = texture(size, 14, rng), texture(size, 9, rng)
    labels = np.zeros((size, size), np.uint8)
    labels[wood > 0.5] = 2
    for _ in range(size * size // 500):
        row, column, deep, wide = (*rng.integers(0, size, 2), *rng.integers(4, 10, 2))
        labels[row : row + deep, column : column + wide] = 3
    labels[height < -0.8] = 1
    # Blue, green, red, near infrared, short-wave infrared: meadow, water, forest, building.
    colours = np.array(
        [
            [600, 900, 700, 3200, 1900],
            [700, 600, 400, 250, 120],
            [350, 600, 350, 2800, 1200],
            [1500, 1700, 1900, 2400, 2600],
        ]
    )
    bands = colours[labels] * (1 + 0.15 * texture(size, 2, rng)[..., None])
    bands = gaussian_filter(bands, (0.6, 0.6, 0)) + 120 * rng.standard_normal(bands.shape)
    cloud = texture(size, 10, rng) > 2
    bands[cloud], labels[cloud] = 8000, 255
    return bands.clip(0, 10_000).astype(np.uint16), labels


DRAW: dict[str, Callable[..., tuple[np.ndarray, Any]]] = {
    "nuclei": draw_nuclei,
    "fibres": draw_fibres,
    "land": draw_land,
}


def write_problem_files(problem: str, folder: str | Path, count: int = 60, size: int = 128, seed: int = 0) -> None:
    """Write images/ and masks/ of a problem into a folder, `nuclei_007.png` in both."""
    for number in range(count):
        image, masks = DRAW[problem](size, np.random.default_rng([seed, number]))
        name = f"{problem}_{number:03d}"
        files = masks if isinstance(masks, dict) else {"": masks}
        for place in ("images", *(f"masks/{each}" for each in files)):
            Path(folder, place).mkdir(parents=True, exist_ok=True)
        if image.dtype == np.uint16:
            tifffile.imwrite(
                Path(folder, "images", f"{name}.tif"), image, photometric="minisblack", planarconfig="contig"
            )
        else:
            Image.fromarray((255 * image).round().astype(np.uint8)).save(Path(folder, "images", f"{name}.png"))
        for each, mask in files.items():
            picture = Image.fromarray(mask.astype(np.uint8) * (255 if each else 1))
            picture.save(Path(folder, "masks", each, f"{name}.png"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problem", choices=DRAW)
    parser.add_argument("folder")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    write_problem_files(asked.problem, asked.folder, asked.count, asked.size, asked.seed)
