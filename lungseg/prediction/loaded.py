"""An image that was read and prepared for a network, and what the network makes of it."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lungseg._moved import warn
from lungseg.masks.cleaning import THRESHOLD
from lungseg.prediction.finishing import masks_of
from lungseg.prediction.model import OpenModel
from lungseg.prediction.outcome import tidy
from lungseg.prediction.source import frame_of, name_of, naming, read_source
from lungseg.prediction.tiles import count_tiles, reflect, slide
from lungseg.preparation.geometry import Geometry
from lungseg.preparation.recipe import Window
from lungseg.radiographs.image import RadiographImage
from lungseg.radiographs.limits import MAX_MEGAPIXELS

SMALL_SIDE = 256  # pixels: of what stands for the probability of an image that was predicted in tiles


@dataclass(frozen=True)
class Prediction:
    """A segmented image.

    Attributes
    ----------
    mask : numpy.ndarray of bool, shape (H, W) of one class, (H, W, K) of several
        At the file's own size.
    probability : numpy.ndarray of float32, shape (h, w) of one class, (h, w, outputs) of several
        At the size of the network; with tiles, some pixels of the mask in its place.
    geometry : Geometry
        How the image was cropped and resized.
    radiograph : RadiographImage
        What was read from the file.
    """

    mask: np.ndarray
    probability: np.ndarray
    geometry: Geometry
    radiograph: RadiographImage

    @property
    def film(self) -> RadiographImage:
        """The former name of `radiograph`."""
        warn("Prediction.film", "Prediction.radiograph", stacklevel=3)
        return self.radiograph


@dataclass(frozen=True)
class LoadedFile:
    """An image that was read and prepared for a network.

    Attributes
    ----------
    name : str or Path
        Of its file.
    image : numpy.ndarray of float32, shape (h, w) or (h, w, C), or None
        At the size of the network, in [0, 1]. None, if the image is to be cut into tiles, and these are prepared.
    geometry : Geometry
        How the image was cropped and resized.
    radiograph : RadiographImage
        What was read from the file.
    """

    name: str | Path
    image: np.ndarray | None
    geometry: Geometry
    radiograph: RadiographImage


def load_file(opened: OpenModel, image: str | Path | np.ndarray, max_megapixels: float = MAX_MEGAPIXELS) -> LoadedFile:
    """Read an image and prepare it for a network.

    Parameters
    ----------
    opened : OpenModel
        It tells size and recipe.
    image, max_megapixels
        See `segment`.

    Returns
    -------
    LoadedFile

    Raises
    ------
    InputError
        If the image cannot be used.
    """
    recipe, name = opened.recipe, name_of(image)
    radiograph = read_source(image, recipe, len(opened.problem.channels), max_megapixels)
    prepared: np.ndarray | None = None
    with naming(name):
        if opened.tiled:
            geometry = frame_of(radiograph.values, recipe)
        else:
            prepared, geometry = recipe.prepare_image(radiograph.values, opened.size)
    return LoadedFile(name, prepared, geometry, radiograph)


def predict_loaded(
    opened: OpenModel,
    loaded: LoadedFile,
    clean: bool = False,
    threshold: float = THRESHOLD,
    network: AbstractContextManager = nullcontext(),  # noqa: B008
    progress: bool = False,
) -> Prediction:
    """Predict an image that was read.

    Parameters
    ----------
    opened : OpenModel
    loaded : LoadedFile
        Of the same model.
    clean, threshold
        See `segment`.
    network : context manager
        Held while the network is at work, so that several threads can share one.
    progress : bool
        Show a bar of the tiles.

    Returns
    -------
    Prediction

    Raises
    ------
    InputError
        If the network does not return probabilities.
    """
    if loaded.image is None:
        with network:
            masks = _predict_tiles(opened, loaded, threshold, progress)
        inside = loaded.geometry.crop.cut(masks)
        step = max(1, max(inside.shape[:2]) // SMALL_SIDE)
        probability = inside[::step, ::step].astype(np.float32)
    else:
        with network:
            probability = opened.predict(loaded.image, loaded.name)
        masks = masks_of(probability, loaded.geometry, opened.problem, threshold)
    if clean:
        assert opened.components is not None  # see `check_cleaning`
        masks = tidy(masks, opened.components, opened.problem)
    return Prediction(masks, probability, loaded.geometry, loaded.radiograph)


def _predict_tiles(opened: OpenModel, loaded: LoadedFile, threshold: float, progress: bool) -> np.ndarray:
    """Return the masks (H, W) or (H, W, K) of an image that is prepared and predicted tile by tile."""
    from tqdm.auto import tqdm

    crop, recipe, problem = loaded.geometry.crop, opened.recipe, opened.problem
    values = crop.cut(loaded.radiograph.values)  # in the type of the file: most take a byte where float32 takes four
    window = Window(loaded.geometry.low, loaded.geometry.high)
    masks = np.zeros((*loaded.radiograph.values.shape[:2], len(problem.classes)), bool)
    inside = crop.cut(masks)

    def predict(top: int, left: int) -> np.ndarray:
        piece = values[top : top + opened.size[0], left : left + opened.size[1]]
        with naming(loaded.name):
            image = recipe.scale(piece, window).reshape(*piece.shape[:2], -1)  # (h, w, C)
        return opened.predict(reflect(image, opened.size), loaded.name).reshape(*opened.size, -1)

    how = (values.shape[:2], opened.size, opened.overlap)
    parts = tqdm(
        slide(*how, predict), Path(loaded.name).name, count_tiles(*how), leave=False, unit="tile", disable=not progress
    )
    for rows, columns, probabilities in parts:
        inside[rows, columns] = problem.masks(probabilities, threshold)
    return masks if len(problem.classes) > 1 else masks[..., 0]
