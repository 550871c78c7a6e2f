"""The canvas on which phantoms are drawn: filled outlines, bands, lines, blur and smooth noise."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw
from scipy import ndimage

from lungseg.phantom.anatomy import Patient, ribbon


def blur(layer: np.ndarray, sigma: float) -> np.ndarray:
    """Blur a picture with a Gaussian.

    Parameters
    ----------
    layer : ndarray, (size, size)
    sigma : float
        Standard deviation, as a fraction of the picture's side.

    Returns
    -------
    ndarray, (size, size)
    """
    pixels = sigma * len(layer)
    if pixels < 0.2:
        return layer
    if pixels > 5:  # what is left is smooth: do it on fewer pixels
        side = max(8, int(len(layer) * 2.5 / pixels))
        picture = Image.fromarray(np.ascontiguousarray(layer, dtype=np.float32))
        small = np.asarray(picture.resize((side, side), Image.Resampling.BOX))
        small = ndimage.gaussian_filter(small, sigma * side, truncate=3, mode="nearest")
        return np.asarray(Image.fromarray(small).resize(layer.shape[::-1], Image.Resampling.BICUBIC))
    return ndimage.gaussian_filter(layer, pixels, truncate=3, mode="nearest")


class Canvas:
    """A square picture on which shapes of a patient are drawn.

    Shapes are in patient coordinates (see `lungseg.phantom.anatomy`), arrays (N, 2) of points or (L, N, 2) of lines;
    what is drawn is a float32 array (size, size) in [0, 1].

    Parameters
    ----------
    patient : Patient
    size : int
        Pixels a side.
    """

    def __init__(self, patient: Patient, size: int):
        self.patient = patient
        self.size = size
        self.fine = max(1, -(-256 // size))  # small pictures are drawn larger and averaged

    def _place(self, shapes: list[np.ndarray], size: int) -> list[list[float]]:
        """Return the pixel coordinates of all shapes, placed in one go, because that is faster."""
        flat = (self.patient.place(np.concatenate(shapes)) * size - 0.5).ravel().tolist()
        ends = np.cumsum([0] + [2 * len(shape) for shape in shapes]).tolist()
        return [flat[start:end] for start, end in itertools.pairwise(ends)]

    def _average(self, picture: Image.Image) -> np.ndarray:
        if self.fine > 1:
            picture = picture.reduce(self.fine)
        return np.asarray(picture, np.float32) / 255

    def fill(self, *outlines: np.ndarray) -> np.ndarray:
        """Return 1 inside any of the outlines (N, 2), 0 outside, a value between them at the edge."""
        side = self.size * self.fine
        picture = Image.new("L", (side, side))
        draw = ImageDraw.Draw(picture)
        for points in self._place(list(outlines), side):
            draw.polygon(points, fill=255)
        return self._average(picture)

    def bands(
        self, lines: np.ndarray, widths: npt.ArrayLike, values: Sequence[float] | np.ndarray, core: float = 0.75
    ) -> np.ndarray:
        """Draw bands, a little brighter at their rims, as cortical bone is.

        Parameters
        ----------
        lines : ndarray, (L, N, 2)
            Centre lines.
        widths : float or array, broadcast to (L, N)
            In patient coordinates.
        values : sequence of L floats
            Brightness of the rims.
        core : float
            Brightness inside, as a fraction of that of the rims.
        """
        side = self.size * self.fine
        picture = Image.new("L", (side, side))
        draw = ImageDraw.Draw(picture)
        wide = np.asarray(widths, float)
        outlines = [*ribbon(lines, wide), *ribbon(lines, wide * 0.55)]
        placed = self._place(outlines, side)
        rims, cores = placed[: len(lines)], placed[len(lines) :]
        for rim, inner, value in zip(rims, cores, values, strict=True):
            draw.polygon(rim, fill=int(255 * value))
            draw.polygon(inner, fill=int(255 * value * core))
        return self._average(picture)

    def threads(
        self, lines: Sequence[np.ndarray] | np.ndarray, widths: npt.ArrayLike, values: npt.ArrayLike
    ) -> np.ndarray:
        """Draw L thin lines (N, 2); widths (L,) are fractions of the picture's side, values (L,) are in [0, 1]."""
        side = self.size * self.fine
        picture = Image.new("L", (side, side))
        draw = ImageDraw.Draw(picture)
        pixels = np.asarray(widths) * side
        # A line thinner than a pixel is drawn one pixel wide and fainter.
        fills = (255 * np.asarray(values) * np.minimum(1, pixels)).astype(int).tolist()
        thick = np.maximum(1, np.round(pixels)).astype(int).tolist()
        for points, fill, width in zip(self._place(list(lines), side), fills, thick, strict=True):
            draw.line(points, fill=fill, width=width)
        return self._average(picture)

    def blur(self, layer: np.ndarray, sigma: float) -> np.ndarray:
        """Blur a layer, see `blur`."""
        return blur(layer, sigma)

    def enlarge(self, layer: np.ndarray) -> np.ndarray:
        """Return a coarse layer (n, n) at the size of the canvas, smoothly."""
        picture = Image.fromarray(np.ascontiguousarray(layer, dtype=np.float32))
        return np.asarray(picture.resize((self.size, self.size), Image.Resampling.BICUBIC))

    def clouds(self, cells: int, rng: np.random.Generator) -> np.ndarray:
        """Return smooth noise of standard deviation about 1 with ``cells`` lumps a side."""
        return self.enlarge(rng.standard_normal((cells, cells)))

    def grid(self) -> tuple[np.ndarray, np.ndarray]:
        """Return x and y of each pixel in the frame, from 0 to 1, each (size, size)."""
        centres = (np.arange(self.size, dtype=np.float32) + 0.5) / self.size
        x, y = np.meshgrid(centres, centres)
        return x, y
