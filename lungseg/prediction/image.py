"""Predictions of single images, at each one's own size."""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lungseg.errors import InputError, warn_caller
from lungseg.masks.cleaning import THRESHOLD
from lungseg.prediction.finishing import check_cleaning
from lungseg.prediction.loaded import Prediction, load_file, predict_loaded
from lungseg.prediction.model import open_network
from lungseg.prediction.remarks import remark_lines, remark_on
from lungseg.prediction.source import name_of
from lungseg.preparation.geometry import Geometry
from lungseg.radiographs.limits import MAX_MEGAPIXELS

if TYPE_CHECKING:
    import keras

    from lungseg.preparation.recipe import Recipe
    from lungseg.problems import Problem
    from lungseg.runs import Run


def segment(
    model: keras.Model | Run | str | Path,
    image: str | Path | np.ndarray,
    clean: bool = False,
    threshold: float = THRESHOLD,
    max_megapixels: float = MAX_MEGAPIXELS,
    tile: int | Sequence[int] | bool | None = None,
    overlap: float | None = None,
    recipe: str | Recipe | None = None,
    problem: Problem | None = None,
) -> np.ndarray:
    """Segment one image: the lungs on a radiograph, or what else the network was trained for.

    The image is prepared as the training cases were, and resized for the network (radiographs: black borders cropped,
    contrast stretched); the mask is resized to the pixels of the image. With `tile` nothing is resized: the network
    sees the image piece by piece, and what it says of overlapping pieces is blended.

    Parameters
    ----------
    model : keras.Model, Run, str or Path
        A run, a run folder, "pretrained", or a network of Keras.
    image : str, Path or numpy.ndarray
        A file of any size and bit depth: PNG, JPEG, TIFF, GIF or DICOM, of several channels also TIFF of many samples
        or pages, and `.npy`. Or the numbers themselves, (H, W) or (H, W, C), as they would stand in a file; if the
        training had a function `load`, and nothing is said of files, as that gives them.
    clean : bool
        Keep as many of the largest components of the mask as the recipe says, two for lungs, and fill their holes.
    threshold : float
        Probabilities from here on count. Of exclusive classes each pixel gets the most probable one, and there is none.
    max_megapixels : float
        A file with more million pixels is refused.
    tile : int or (int, int), optional
        Height and width of the tiles in pixels; True takes the size of the network, which is done without a word where
        `prepare` has cut the cases of the training out as tiles. The network must have been trained on images of the
        same resolution. False resizes.
    overlap : float, optional
        The share of a tile that neighbours have in common, 0 to 0.5; 0.25 by default. For tiles alone.
    recipe : str or Recipe, optional
        How the image is prepared, if it is not the run that tells: "lungs", "grey", "colour", or one of your own.
    problem : Problem, optional
        The channels and classes of a network without a run; by default what its shapes tell.

    Returns
    -------
    numpy.ndarray of bool, shape (H, W)
        The mask at the image's own size; of an image that a camera turned, at the size it is seen. Of K > 1 classes
        (H, W, K).

    Warns
    -----
    UserWarning
        If nobody knows how the cases of the training were prepared, and a recipe is assumed. If an image that is no
        radiograph is made much smaller than those of the training were, and `tile` is not False; or is grey for a
        network of colours.

    Raises
    ------
    InputError
        If the image cannot be used, the model is none, does not take tiles of this size, or its run does not tell how
        its cases were prepared.

    Examples
    --------
    >>> import tempfile
    >>> from lungseg import build_unet
    >>> from lungseg.phantom.writing import write_raw_phantoms
    >>> files = write_raw_phantoms(tempfile.mkdtemp(), count=1, size=100)
    >>> network = build_unet((64, 64, 1), filters=2, depth=2)
    >>> segment(network, files[0]).shape
    (100, 100)

    A slide in colour, of 200 x 150 pixels, in tiles of 64:

    >>> from lungseg.problems import Problem
    >>> cells = Problem(channels=("red", "green", "blue"), classes=("nucleus", "edge"), recipe="colour")
    >>> network = build_unet((64, 64, 3), filters=2, depth=2, classes=cells.outputs)
    >>> slide = np.random.default_rng(0).integers(0, 256, (200, 150, 3), np.uint8)
    >>> segment(network, slide, tile=64, problem=cells).shape
    (200, 150, 2)
    """
    return predict_file(model, image, clean, threshold, max_megapixels, tile, overlap, recipe, problem).mask


def predict_file(
    model: keras.Model | Run | str | Path,
    image: str | Path | np.ndarray,
    clean: bool = False,
    threshold: float = THRESHOLD,
    max_megapixels: float = MAX_MEGAPIXELS,
    tile: int | Sequence[int] | bool | None = None,
    overlap: float | None = None,
    recipe: str | Recipe | None = None,
    problem: Problem | None = None,
) -> Prediction:
    """Segment one image, and keep what the mask was made from.

    Parameters
    ----------
    model, image, clean, threshold, max_megapixels, tile, overlap, recipe, problem
        See `segment`.

    Returns
    -------
    Prediction

    Raises
    ------
    InputError
        As `segment` does.
    """
    check_threshold(threshold)
    opened = open_network(model, recipe, problem, tile, overlap, array=not isinstance(image, str | Path))
    check_cleaning(clean, opened)
    check_threshold(threshold, opened.problem)
    prediction = predict_loaded(opened, load_file(opened, image, max_megapixels), clean, threshold)
    for line in remark_lines({str(name_of(image)): remark_on(prediction, opened)}):
        warn_caller(line)
    return prediction


def check_threshold(threshold: float, problem: Problem | None = None) -> None:
    """Refuse what is no probability between 0 and 1: with it all pixels would be lung, or none.

    Parameters
    ----------
    threshold : float
    problem : Problem, optional
        Of classes that exclude each other, none but the default is taken.

    Raises
    ------
    InputError
        If it is no number, does not lie between 0 and 1, or would change nothing.
    """
    if isinstance(threshold, bool) or not isinstance(threshold, numbers.Real) or not 0 < threshold < 1:
        raise InputError(f"The threshold should lie between 0 and 1. Received: {threshold!r}. Try 0.5.")
    if problem is not None and problem.softmax and threshold != THRESHOLD:
        raise InputError(
            "threshold: expected none, as these classes exclude each other and each pixel gets the most probable one. "
            f"Received: {threshold!r}. Leave it out."
        )


def predict_probability(
    model: keras.Model | Run | str | Path, file: str | Path | np.ndarray
) -> tuple[np.ndarray, Geometry]:
    """Return the probability of lung for one radiograph, and how it lies in the file.

    Parameters
    ----------
    model, file
        See `segment`.

    Returns
    -------
    probability : numpy.ndarray of float32, shape (h, w) of one class, (h, w, outputs) of several
        At the size of the network, in [0, 1].
    geometry : Geometry
        `geometry.to_original(probability)` is the mask at the file's own size.

    Raises
    ------
    InputError
        As `segment` does.
    """
    prediction = predict_file(model, file)
    return prediction.probability, prediction.geometry
