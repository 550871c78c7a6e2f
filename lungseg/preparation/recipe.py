"""A recipe: how the numbers of an image file become an image in [0, 1], for training and prediction alike."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from lungseg.errors import InputError, quote
from lungseg.files.untrusted.fields import check_fields
from lungseg.files.untrusted.run_files import RECIPE
from lungseg.preparation.contrast import by_function, check_image, find_window, largest_of, stretch
from lungseg.preparation.cropping import CropBox, check_radiograph, find_borders
from lungseg.preparation.geometry import Geometry
from lungseg.preparation.resizing import height_width, resize_channels, resize_image

LOWEST, HIGHEST = 0.5, 99.5  # percentiles, of anything but lungs


class Window(NamedTuple):
    """The numbers that become 0 and 1: one of each for all channels, or a tuple with one for each channel."""

    low: float | tuple[float, ...]
    high: float | tuple[float, ...]


@dataclass(frozen=True)
class Recipe:
    """How the numbers of an image file become an image in [0, 1].

    Shipped are "lungs" (black borders cropped, 5th to 95th percentile), "grey" (0.5th to 99.5th percentile) and
    "colour" (0 to 255, or to 65535 of files with 16 bits). One of your own is a line of numbers, or a function; see
    `register_recipe`. A run folder keeps the numbers, so that new images are prepared as those of the training were.

    Parameters
    ----------
    name : str
        By which `lungseg prepare --recipe` and `cases.json` call it.
    channels : tuple of str
        The channels of an image, where nobody names others. With a single one, colours become their luma.
    stretch : str
        Between which numbers the image is stretched: "percentiles" of the image; "type", from 0 to the largest number
        that the type of the file holds (fractions are in [0, 1] already); "values", the same for all files.
    low, high : float, optional
        The percentiles, or the values, that become 0 and 1: 0.5 and 99.5, if nothing is said of percentiles. Not for
        "type".
    jointly : bool
        Percentiles of all channels together, which keeps their proportions; otherwise of each by itself.
    crop : bool
        Crop the black borders that radiographs have.
    components : int, optional
        How many connected parts `clean` keeps of a predicted mask; None keeps all.
    lungs : bool
        Whether a mask is a pair of lungs on a chest X-ray, and is doubted where it cannot be one.
    tiled : bool
        Whether a large image is cut into tiles at its own size, and not resized. `prepare` says so of its tiles.
    function : callable, optional
        A function of your own, which then takes the place of the stretch: from an image of shape (H, W) or (H, W, C),
        in the numbers of its file, to one of the same height and width in [0, 1]. A large image is given tile by tile,
        so the result at a pixel must not depend on pixels that are far from it.

    Raises
    ------
    InputError
        If a setting is none.

    Examples
    --------
    >>> satellite = Recipe("satellite", channels=("red", "green", "blue", "nir"), stretch="values", low=0, high=10_000)
    >>> image, _ = satellite.prepare_image(np.full((8, 8, 4), 2500), 4)
    >>> image.shape, float(image[0, 0, 0])
    ((4, 4, 4), 0.25)
    """

    name: str
    channels: tuple[str, ...] = ("grey",)
    stretch: str = "percentiles"
    low: float | None = None
    high: float | None = None
    jointly: bool = True
    crop: bool = False
    components: int | None = None
    lungs: bool = False
    tiled: bool = False
    function: Callable[[np.ndarray], np.ndarray] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "channels", tuple(self.channels))
        where = f"recipe {quote(self.name)}"
        if self.function is not None and not callable(self.function):
            raise InputError(f"{where}: expected a function. Received: {quote(self.function)}.")
        if self.stretch == "percentiles":
            object.__setattr__(self, "low", LOWEST if self.low is None else self.low)
            object.__setattr__(self, "high", HIGHEST if self.high is None else self.high)
        check_fields(self.described(), RECIPE, where, "Look up `lungseg.preparation.Recipe`.")
        if not self.name.strip():
            raise InputError("recipe: expected a name. Received: an empty one. Give it one.")
        if self.function is not None or self.stretch == "type":
            return
        percentiles = self.stretch == "percentiles"
        if (
            self.low is None
            or self.high is None
            or not self.low < self.high
            or (percentiles and not 0 <= self.low < self.high <= 100)
        ):
            what = "percentiles, 0 <= low < high <= 100" if percentiles else "values with low < high"
            raise InputError(
                f"{where}: expected {what}. Received: {quote(self.low)} and {quote(self.high)}. Mend them."
            )

    # ------------------------------------------------------------------------- an image

    def prepare_image(
        self, image: np.ndarray, size: int | tuple[int, int] | None = None, crop: bool | CropBox = True
    ) -> tuple[np.ndarray, Geometry]:
        """Crop (if the recipe says so), stretch the contrast, resize.

        Parameters
        ----------
        image : numpy.ndarray, shape (H, W) or (H, W, C)
            In the numbers of its file.
        size : int or (int, int), optional
            The side of a square, or height and width; without it the image keeps its size.
        crop : bool or CropBox
            Whether to look for borders, if the recipe does; or the box to crop to.

        Returns
        -------
        image : numpy.ndarray of float32, shape (h, w) or (h, w, C)
            In [0, 1].
        geometry : Geometry
            How the image was cropped and resized; its method `to_original` inverts this for a mask.

        Raises
        ------
        InputError
            If the image is none that the recipe can take, or the size is not one or two whole numbers above 0.

        Examples
        --------
        >>> image, geometry = Recipe("colour", stretch="type").prepare_image(np.full((6, 4, 3), 51, np.uint8), (3, 2))
        >>> image.shape, float(image.max()), geometry.size
        ((3, 2, 3), 0.20000000298023224, (3, 2))
        """
        new_size = None if size is None else height_width(size)
        image = np.asarray(image)
        if self.crop:
            self._check(image)
        else:
            check_image(image)
        height, width = image.shape[:2]
        if not isinstance(crop, CropBox):
            crop = find_borders(image) if self.crop and crop else CropBox(0, 0, height, width)
        body = crop.cut(image)
        new_size = new_size or body.shape[:2]
        window = self.window(body)
        if self.function is not None or body.ndim == 2:
            inside = "the image" if body.shape == image.shape else "the black border"
            prepared = resize_channels(self.scale(body, window, inside), new_size)
        else:  # one channel at a time takes less memory
            each = [_of_channel(window, channel) for channel in range(body.shape[-1])]
            channels = [resize_image(self.scale(body[..., channel], its), new_size) for channel, its in enumerate(each)]
            prepared = np.stack(channels, axis=-1)
        return np.clip(prepared, 0, 1), Geometry(height, width, crop, new_size, *window)

    def window(self, image: np.ndarray) -> Window:
        """Return the numbers that become 0 and 1: what must be known of a whole image before a piece of it is prepared.

        Parameters
        ----------
        image : numpy.ndarray, shape (H, W) or (H, W, C)
            In the numbers of its file.

        Returns
        -------
        Window
            For `scale`.

        Raises
        ------
        InputError
            If the image is none that the recipe can take.

        Examples
        --------
        >>> Recipe("colour", stretch="type").window(np.zeros((2, 2, 3), np.uint8))
        Window(low=0.0, high=255.0)
        >>> Recipe("mine", low=0, high=100, jointly=False).window(np.array([[[0, 5], [8, 5]]]))
        Window(low=(0.0, 5.0), high=(8.0, 10.0))
        """
        image = np.asarray(image)
        if not self.crop:  # what was cropped has been looked at as a whole
            self._check(image)
        if self.function is not None:
            return Window(0.0, 1.0)
        if self.stretch == "type":
            return Window(0.0, largest_of(image))
        assert self.low is not None
        assert self.high is not None
        if self.stretch == "values":
            return Window(float(self.low), float(self.high))
        if image.ndim == 2 or self.jointly:
            return Window(*find_window(image, self.low, self.high))
        found = [find_window(image[..., channel], self.low, self.high) for channel in range(image.shape[-1])]
        lows, highs = zip(
            *[(low, high if low < high else low + max(1.0, abs(low))) for low, high in found], strict=True
        )
        return Window(lows, highs)  # a channel of one value becomes 0

    def scale(self, piece: np.ndarray, window: Window, where: str = "the image") -> np.ndarray:
        """Map the numbers of an image, or of a piece of it, to [0, 1].

        Parameters
        ----------
        piece : numpy.ndarray, shape (h, w) or (h, w, C)
        window : Window
            Of the whole image, from `window`.
        where : str
            What a message calls the image.

        Returns
        -------
        numpy.ndarray of float32, of the same height and width

        Raises
        ------
        InputError
            If the window is empty, or a function of your own gives something else.

        Examples
        --------
        >>> grey = Recipe("grey")
        >>> image = np.arange(100.0).reshape(10, 10)
        >>> grey.scale(image[:1, :3], grey.window(image)).round(3)
        array([[0.   , 0.005, 0.015]], dtype=float32)
        """
        if self.function is not None:
            return by_function(self.function, np.asarray(piece), self.name)
        if isinstance(window.low, tuple):
            each = [_of_channel(window, channel) for channel in range(len(window.low))]
            return np.stack([self.scale(piece[..., k], its, where) for k, its in enumerate(each)], axis=-1)
        assert not isinstance(window.high, tuple)
        return stretch(np.asarray(piece), window.low, window.high, where)

    def _check(self, image: np.ndarray) -> None:
        """Refuse what is no image, or of one value where a contrast is to be stretched."""
        if self.crop and image.ndim == 2:
            return check_radiograph(image)
        check_image(image)
        if self.stretch == "percentiles" and self.function is None and image.min() == image.max():
            raise InputError(
                "image: expected at least two values, to stretch the contrast between. Received: "
                f"{float(image.min()):g} in every pixel. Export it again, or leave it out."
            )

    # ------------------------------------------------------------------------- kept in a file

    def described(self) -> dict[str, Any]:
        """Return the recipe as JSON holds it: all of its numbers, or the name of its function.

        Returns
        -------
        dict

        Examples
        --------
        >>> Recipe("mine", low=5, high=95).described()["high"], Recipe("own", function=np.tanh).described()["function"]
        (95, 'tanh')
        """
        numbers = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)[1:-1]}
        said = {"recipe": self.name} | numbers | {"channels": list(self.channels)}
        if self.function is not None:
            said["function"] = getattr(self.function, "__name__", type(self.function).__name__)
        return said


def _of_channel(window: Window, channel: int) -> Window:
    """Return the window of one channel."""
    if isinstance(window.low, tuple) and isinstance(window.high, tuple):
        return Window(window.low[channel], window.high[channel])
    return window
