"""Predictions of image files, at each file's own size."""

from __future__ import annotations

import numbers
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lungseg._moved import warn
from lungseg.errors import InputError
from lungseg.masks.cleaning import THRESHOLD, clean_mask
from lungseg.prediction.cases import check_output, check_shapes_of_network
from lungseg.preparation.case import PREPARATION, Geometry, prepare_image
from lungseg.radiographs.image import RadiographImage
from lungseg.radiographs.limits import MAX_MEGAPIXELS
from lungseg.radiographs.reading import read_radiograph
from lungseg.runs import SETTINGS, Run, load_run

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Prediction:
    """A segmented radiograph.

    Attributes
    ----------
    mask : numpy.ndarray of bool, shape (H, W)
        At the file's own size.
    probability : numpy.ndarray of float32, shape (h, w)
        Of lung, at the size of the network.
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


def segment(
    model: keras.Model | Run | str | Path,
    file: str | Path,
    clean: bool = False,
    threshold: float = THRESHOLD,
    max_megapixels: float = MAX_MEGAPIXELS,
) -> np.ndarray:
    """Segment the lungs on one radiograph.

    The image is prepared as the training cases were (black borders cropped,
    contrast stretched, resized), and the mask is resized to the pixels of the file.

    Parameters
    ----------
    model : keras.Model, Run, str or Path
        A network of `build_unet`, a run, or a run folder.
    file : str or Path
        PNG, JPEG, TIFF, GIF or DICOM of any size and bit depth, see `lungseg.radiographs.reading.read_image`.
    clean : bool
        Keep the two largest components and fill their holes.
    threshold : float
        Probabilities from here on count as lung.
    max_megapixels : float
        A file with more million pixels is refused.

    Returns
    -------
    numpy.ndarray of bool, shape (H, W)
        The mask at the file's own size; of an image that a camera turned, at the size it is seen.

    Raises
    ------
    InputError
        If the file is not an image that can be used, the model is none, or its run prepared its cases in another way.

    Examples
    --------
    >>> import tempfile
    >>> from lungseg import build_unet
    >>> from lungseg.phantom.writing import write_raw_phantoms
    >>> files = write_raw_phantoms(tempfile.mkdtemp(), count=1, size=100)
    >>> segment(build_unet((64, 64, 1), filters=2, depth=2), files[0]).shape
    (100, 100)
    """
    return predict_file(model, file, clean, threshold, max_megapixels).mask


def predict_file(
    model: keras.Model | Run | str | Path,
    file: str | Path,
    clean: bool = False,
    threshold: float = THRESHOLD,
    max_megapixels: float = MAX_MEGAPIXELS,
) -> Prediction:
    """Segment one radiograph, and keep what the mask was made from.

    Parameters
    ----------
    model, file, clean, threshold, max_megapixels
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
    model = open_model(model)
    loaded = load_file(model, file, max_megapixels)
    return loaded.finish(loaded.predict(model), clean, threshold)


def check_threshold(threshold: float) -> None:
    """Refuse what is no probability between 0 and 1: with it all pixels would be lung, or none.

    Parameters
    ----------
    threshold : float

    Raises
    ------
    InputError
        If it is no number, or does not lie between 0 and 1.
    """
    if isinstance(threshold, bool) or not isinstance(threshold, numbers.Real) or not 0 < threshold < 1:
        raise InputError(f"The threshold should lie between 0 and 1. Received: {threshold!r}. Try 0.5.")


@dataclass(frozen=True)
class LoadedFile:
    """A radiograph that was read and prepared for a network.

    Attributes
    ----------
    path : Path
    image : numpy.ndarray of float32, shape (h, w)
        At the size of the network, in [0, 1].
    geometry : Geometry
        How the image was cropped and resized.
    radiograph : RadiographImage
        What was read from the file.
    """

    path: Path
    image: np.ndarray
    geometry: Geometry
    radiograph: RadiographImage

    def predict(self, model: keras.Model) -> np.ndarray:
        """Return the probability of lung that a network gives.

        Parameters
        ----------
        model : keras.Model

        Returns
        -------
        numpy.ndarray of float32, shape (h, w)

        Raises
        ------
        InputError
            If the network does not return probabilities.
        """
        batch = self.image[None, :, :, None]  # (1, h, w, 1)
        return check_output(model.predict_on_batch(batch), batch, [self.path])[0]

    def finish(self, probability: np.ndarray, clean: bool = False, threshold: float = THRESHOLD) -> Prediction:
        """Make the mask at the file's own size from the probability of lung.

        Parameters
        ----------
        probability : numpy.ndarray of float32, shape (h, w)
        clean, threshold
            See `segment`.

        Returns
        -------
        Prediction
        """
        mask = self.geometry.to_original(probability, threshold)
        return Prediction(clean_mask(mask) if clean else mask, probability, self.geometry, self.radiograph)


def load_file(model: keras.Model, file: str | Path, max_megapixels: float = MAX_MEGAPIXELS) -> LoadedFile:
    """Read a radiograph and prepare it for a network.

    Parameters
    ----------
    model : keras.Model
        Its input tells the size.
    file, max_megapixels
        See `segment`.

    Returns
    -------
    LoadedFile

    Raises
    ------
    InputError
        The file is no image that can be used.
    """
    radiograph = read_radiograph(file, max_megapixels)
    # A network that takes any size has None here; 256 shows lungs well enough.
    height, width = (side or 256 for side in model.input_shape[1:3])
    try:
        image, geometry = prepare_image(radiograph.values, (height, width))
    except InputError as fault:
        raise InputError(f"{file}: {str(fault).removeprefix('image: ')}") from None
    return LoadedFile(Path(file), image, geometry, radiograph)


def predict_probability(model: keras.Model | Run | str | Path, file: str | Path) -> tuple[np.ndarray, Geometry]:
    """Return the probability of lung for one radiograph, and how it lies in the file.

    Parameters
    ----------
    model, file
        See `segment`.

    Returns
    -------
    probability : numpy.ndarray of float32, shape (h, w)
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


def open_model(model: keras.Model | Run | str | Path) -> keras.Model:
    """Return the network of a run folder or a run; a network is returned as it is.

    Parameters
    ----------
    model : keras.Model, Run, str or Path

    Returns
    -------
    keras.Model

    Raises
    ------
    InputError
        If it is none of these, does not map one grey channel to one class, or is of a run whose
        cases were prepared otherwise than files are here.
    """
    if isinstance(model, (str, Path)):
        model = load_run(model)
    if isinstance(model, Run):
        check_preparation(model)
        model = model.model
    check_shapes_of_network(model)
    return model


def check_preparation(run: Run) -> None:
    """Refuse a run whose cases were not prepared as files are prepared for prediction.

    A network that sees other contrasts or borders than it was trained on still answers, and worse.

    Parameters
    ----------
    run : Run

    Raises
    ------
    InputError
        The settings of the run name another preparation, or none.
    """
    found = run.settings.get("preparation")
    if found != PREPARATION:
        raise InputError(
            f"{run.folder / SETTINGS}: expected the preparation {PREPARATION}, which files get here. Received: "
            f"{'none named' if found is None else found}. Train on cases that `lungseg prepare` made, or segment "
            "with the version of lungseg that trained it."
        )
