"""Checks whether a mask can be a pair of lungs on a frontal chest X-ray, and says in words what is odd about it."""

from typing import NamedTuple, Protocol

import numpy as np

from lungseg.masks.cleaning import THRESHOLD, clean_mask, label_components

NO_LUNGS = "no lungs found"
ONE_LUNG = "only one lung found, or two that touch"


class Range(NamedTuple):
    """The usual range of one property of a mask, and the reasons to give below and above it.

    Attributes
    ----------
    low, high : float
    below, above : str
    """

    low: float
    high: float
    below: str
    above: str


class FileFacts(Protocol):
    """What a file says about its radiograph; a `lungseg.radiographs.RadiographImage` does."""

    @property
    def coloured(self) -> float:
        """The share of coloured pixels, 0 to 1."""

    @property
    def orientation(self) -> tuple[str, str] | None:
        """Where the rows and the columns run to, as DICOM says it."""

    @property
    def oddities(self) -> tuple[str, ...]:
        """Reasons for doubt in words, such as that the file calls itself a lateral view."""


class SegmentedFile(Protocol):
    """A radiograph with a predicted mask; a `lungseg.prediction.Prediction` is one."""

    @property
    def mask(self) -> np.ndarray:
        """The mask at the size of the file: bool (H, W)."""

    @property
    def probability(self) -> np.ndarray:
        """The probability of lung, without the black borders of the radiograph: float (h, w)."""

    @property
    def radiograph(self) -> FileFacts:
        """What the file says."""


# Measured on the true masks of 704 radiographs of two hospitals, prepared as for training; the ranges hold
# at least 99 % of them and leave some room beyond. Lengths and places are shares of the image without its
# black border. `uncertain` and `pieces` are of predictions, which have them and true masks have not.
RANGES = {
    "area": Range(0.08, 0.45, "the lungs are very small", "the lungs fill most of the image"),
    "smaller": Range(0.25, 1.0, "one lung is much smaller than the other", ""),
    "middle": Range(0.42, 0.59, "the lungs lie far to the left", "the lungs lie far to the right"),
    "distance": Range(0.27, 0.54, "the lungs are close together", "the lungs are far apart"),
    "height": Range(0.24, 0.63, "the lungs lie very high", "the lungs lie very low"),
    "side_by_side": Range(0.4, 1.0, "the lungs lie at different heights", ""),
    "narrowest": Range(1.1, 9.0, "a lung is wider than it is tall", ""),
    "slimmest": Range(0.0, 3.6, "", "a lung is very slim"),
    "apart_below": Range(0.05, 9.0, "the lungs are no further apart below than above: upside down?", ""),
    "fill": Range(0.0, 0.86, "", "a lung looks like a box"),
    "uncertain": Range(0.0, 0.3, "", "the network is unsure of much of the outline"),
    "pieces": Range(0.0, 0.1, "", "there are large pieces besides two lungs"),
}
EDGE = "the lungs touch the edge of the image"
COLOUR = "the image is in colour"
LATERAL = "the file says that this is a lateral view"
MIRRORED = "the file says that the image is mirrored"
TURNED = "the file says that the image is turned"
COLOURED = 0.2  # the share of coloured pixels from which on it is no grey picture with labels


def describe_mask(mask: np.ndarray) -> dict[str, float]:
    """Describe the two largest components of a mask by the properties in `RANGES`.

    Parameters
    ----------
    mask : numpy.ndarray of bool, shape (h, w)
        Without the black borders of the radiograph.

    Returns
    -------
    dict of str to float
        Empty if there are not two components.

    Examples
    --------
    >>> lungs = np.zeros((10, 20), bool)
    >>> lungs[2:8, 4:8] = lungs[2:8, 12:16] = True
    >>> {name: round(value, 2) for name, value in describe_mask(lungs).items()}["distance"]
    0.4
    """
    from scipy import ndimage

    labels, count, inside = label_components(mask)
    if count < 2:
        return {}
    height, width = mask.shape
    areas = np.bincount(labels.ravel())[1:]
    boxes = ndimage.find_objects(labels)
    lungs = []
    for index in np.argsort(-areas, kind="stable")[:2]:
        rows, columns = np.nonzero(labels[boxes[index]] == index + 1)
        rows += inside[0].start + boxes[index][0].start
        columns += inside[1].start + boxes[index][1].start
        lungs.append(((rows + 0.5) / height, (columns + 0.5) / width))
    right, left = sorted(lungs, key=lambda lung: lung[1].mean())  # of the patient: left and right in the image
    tops, bottoms = ([edge(rows) for rows, _ in (right, left)] for edge in (np.min, np.max))
    tall = np.array(bottoms) - tops + 1 / height
    wide = np.array([np.ptp(columns) for _, columns in (right, left)]) + 1 / width
    area = np.array([len(rows) for rows, _ in (right, left)]) / mask.size
    return {
        "area": float(area.sum()),
        "smaller": float(area.min() / area.max()),
        "middle": float((right[1].mean() + left[1].mean()) / 2),
        "distance": float(left[1].mean() - right[1].mean()),
        "height": float(np.concatenate([right[0], left[0]]).mean()),
        "side_by_side": float((min(bottoms) - max(tops) + 1 / height) / tall.max()),
        "narrowest": float((tall / wide).min()),
        "slimmest": float((tall / wide).max()),
        "apart_below": _lean(*left) - _lean(*right),
        "fill": float((area / (tall * wide)).max()),
    }


def _lean(rows: np.ndarray, columns: np.ndarray) -> float:
    """Return how far a lung leans to the right of the image for each step down: a least-squares fit."""
    rows = rows - rows.mean()
    spread = float(np.sum(rows * rows))
    return float(np.sum(rows * columns)) / spread if spread else 0.0


def describe_prediction(probability: np.ndarray, threshold: float = THRESHOLD) -> dict[str, float]:
    """Describe a predicted mask, see `describe_mask`, and how sure the network was of it.

    Parameters
    ----------
    probability : numpy.ndarray of float, shape (h, w)
        Of lung, without the black borders of the radiograph.
    threshold : float
        Probabilities from here on count as lung.

    Returns
    -------
    dict of str to float
        Empty if there are not two lungs.

    Examples
    --------
    >>> probability = np.zeros((10, 20))
    >>> probability[2:8, 4:8] = probability[2:8, 12:16] = 0.95
    >>> probability[2:8, 3] = 0.4
    >>> describe_prediction(probability)["uncertain"]
    0.125
    """
    mask = probability >= threshold
    if not mask.any():
        return {}
    lungs = clean_mask(mask)
    found = describe_mask(lungs)
    if found:
        found["uncertain"] = float(np.mean((probability > 0.1) & (probability < 0.9)) / mask.mean())
        found["pieces"] = float(np.mean(mask & ~lungs) / mask.mean())
    return found


def doubts(prediction: SegmentedFile, threshold: float = THRESHOLD) -> list[str]:
    """Say what is odd about a predicted mask; nothing, if it can be a pair of lungs.

    The reasons are for a person to have a look; they do not say that the mask is wrong, nor does
    their absence say that it is right.

    Parameters
    ----------
    prediction : lungseg.prediction.Prediction
    threshold : float
        The one that the mask was made with.

    Returns
    -------
    list of str
    """
    reasons = _odd_file(prediction.radiograph)
    if not prediction.mask.any():
        return [*reasons, NO_LUNGS]
    if _touches_edge(prediction.mask):
        reasons.append(EDGE)
    found = describe_prediction(prediction.probability, threshold)
    return reasons + (outside_ranges(found) if found else [ONE_LUNG])


def _odd_file(file: FileFacts) -> list[str]:
    """Return the reasons for doubt that the file itself gives."""
    said = [COLOUR] * (file.coloured > COLOURED) + _misplaced(file.orientation)
    return said + [reason for reason in file.oddities if reason not in said]


def outside_ranges(found: dict[str, float]) -> list[str]:
    """Return the reasons for the properties that lie outside of their `RANGES`.

    Parameters
    ----------
    found : dict of str to float
        From `describe_mask` or `describe_prediction`.

    Returns
    -------
    list of str

    Examples
    --------
    >>> outside_ranges({"area": 0.6, "smaller": 0.9})
    ['the lungs fill most of the image']
    """
    reasons = []
    for name, value in found.items():
        usual = RANGES[name]
        if value < usual.low:
            reasons.append(usual.below)
        elif value > usual.high:
            reasons.append(usual.above)
    return reasons


def _misplaced(orientation: tuple[str, str] | None) -> list[str]:
    """Say what is odd about where rows and columns run to; they should run to the patient's left and feet."""
    if orientation is None:
        return []
    rows, columns = (direction[0] for direction in orientation)
    if (rows, columns) == ("L", "F") or not {rows, columns} <= set("LRAPHF"):
        return []
    if rows in "AP":
        return [LATERAL]
    return [MIRRORED if (rows, columns) == ("R", "F") else TURNED]


def _touches_edge(mask: np.ndarray) -> bool:
    """Tell whether a mask comes within 1 % of an edge: outlines shrink back a little where a lung is cut off."""
    rows, columns = (max(1, round(side / 100)) for side in mask.shape)
    return bool(mask[:rows].any() or mask[-rows:].any() or mask[:, :columns].any() or mask[:, -columns:].any())
