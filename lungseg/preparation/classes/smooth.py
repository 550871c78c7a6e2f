"""Masks with grey edges, as smoothing and resizing leave them: those of one class are cut, of others it is told."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lungseg.preparation.classes.lossy import values_of_areas
from lungseg.preparation.classes.mask_file import MaskFile
from lungseg.preparation.classes.table import BACKGROUND, Value, how_to_name
from lungseg.radiographs.mask_choice import NOISE, is_map
from lungseg.radiographs.mask_levels import ALIKE, MANY_VALUES, SHOWN, filling, find_levels
from lungseg.radiographs.mask_values import BESIDE, PICTURE, STRAY, away

NAME_EACH = "name each"
AS_JPEG = (
    "Save masks without smoothing, as PNG; or, if there are none, save these as JPEG of quality 95 and name all "
    "values: each pixel then gets the nearest, unless that cannot be told."
)


def without_edges(mask: MaskFile, values: Sequence[Value] = ()) -> MaskFile:
    """Cut the grey edges of a mask of one class half-way, or where a range of its values begins.

    Parameters
    ----------
    mask : MaskFile
    values : sequence of Value
        Those of the class, where somebody has named them.

    Returns
    -------
    MaskFile
        Of two values. The same mask, if it has no such edges, or if these may be something else.
    """
    known, counts, places = mask.known, mask.counts, mask.places
    if mask.lossy or mask.coloured[0] or known.dtype.kind not in "ui" or len(known) < 3 or known[0] != 0:
        return mask
    keys = known[places]
    levels = find_levels(keys, known, counts, False, False)
    if len(levels) != 2 or levels[0] != 0 or known[-1] > (1 + ALIKE) * levels[1]:
        return mask
    top = levels[1]
    cut = top / 2
    ranges = [value for value in values if value.first <= top <= value.last]
    if values:
        if len(ranges) != 1:
            return mask
        cut = ranges[0].first if ranges[0].first < ranges[0].last else cut
    between = (known > ALIKE * top) & (known < (1 - ALIKE) * top)
    inside = known >= cut
    few = between.sum() < SHOWN and cut == top / 2  # and may be labels of thin things
    found = inside[places]
    if few or counts[between].sum() > PICTURE * places.size:
        return mask
    if away(between[places], found) > STRAY * found.sum() or _values_between(keys, 0, top):
        return mask
    pixels = np.array([counts[~inside].sum(), counts[inside].sum()])
    both = np.array([0, top])
    return MaskFile(both, both, pixels, found.astype(int), (False, False), False, f"{cut:.10g}")


def about_many_values(mask: MaskFile, name: str) -> str:
    """Say what the values of a mask are, if they are too many to be labels: grey edges, or those of a picture.

    Parameters
    ----------
    mask : MaskFile
    name : str
        A class, for the command that is proposed.

    Returns
    -------
    str
        A sentence; empty, if they may be labels.
    """
    known, counts = mask.known, mask.counts
    keys = known[mask.places]
    if mask.coloured[0]:
        areas = counts[np.isin(known, filling(keys)[0])].sum()
        smoothed = len(known) > 2 * SHOWN and areas > (1 - PICTURE) * keys.size
        return f"Most are shades at edges that were smoothed. {AS_JPEG}" * bool(smoothed)
    if len(known) <= (SHOWN if mask.lossy else MANY_VALUES):
        return ""
    if known.dtype.kind == "f" and known[0] >= 0 and known[-1] <= 1:
        return "If these are probabilities, save where they are cut, (mask > 0.5).astype(np.uint8) for one."
    if is_map(keys, known, counts):
        return ""
    levels = find_levels(keys, known, counts, False, mask.lossy)
    low, high = (levels[0], levels[-1]) if len(levels) > 1 else (known[0], known[-1])
    between = (known > low + ALIKE * (high - low)) & (known < high - ALIKE * (high - low))
    several = levels
    if len(levels) < 3:
        ends = values_of_areas(keys, np.ones(keys.shape, bool), ALIKE * float(known[-1] - known[0])) or [low, high]
        several = np.array([ends[0], *_values_between(keys, ends[0], ends[-1]), ends[-1]])
    if 2 < len(several) <= SHOWN and _share_near(several, known, counts) > 1 - PICTURE:
        return _about_several(several, name, mask.lossy)
    if len(levels) > 2 or counts[between].sum() > PICTURE * mask.places.size:
        return "So many, all over it, are those of a picture: name the folder that holds the masks (--masks)."
    half = (low + high) / 2
    first, last = min(0, known[0]), 255 if half < known[-1] <= 255 and half > 99 else known[-1]  # of other files, too
    ranges = how_to_name({name: f"{int(half) + 1}-{last:.10g}", BACKGROUND: f"{first:.10g}-{int(half)}"})
    what = "the noise of JPEG, and edges that were smoothed" if mask.lossy else "edges that were smoothed"
    return (
        f"These are {what}: say where they are cut, {ranges}, if no class lies between; or save masks without "
        "smoothing, as PNG."
    )


def _values_between(keys: np.ndarray, low: float, high: float) -> list[float]:
    """Return the values about half-way between two that have areas: of another class, perhaps."""
    aside = BESIDE * (high - low)
    return values_of_areas(keys, (keys > low + aside) & (keys < high - aside), ALIKE * (high - low))


def _about_several(levels: np.ndarray, name: str, lossy: bool) -> str:
    """Say what to do with a mask of several values, whose edges are blurred."""
    if not lossy:
        return f"These are edges between several values, blurred, and a grey between two may be a third one. {AS_JPEG}"
    values = [f"{value:.0f}" for value in levels if value > NOISE]
    each = how_to_name({f"NAME{place}": value for place, value in enumerate(values, start=1)})
    return (
        f"These are {', '.join(values)} and the noise of JPEG: {NAME_EACH}, {each}; or, if all are of one class, "
        f"{how_to_name({name: ','.join(values)})}; or save masks without smoothing, as PNG."
    )


def _share_near(levels: np.ndarray, known: np.ndarray, counts: np.ndarray) -> float:
    """Return the share of the pixels whose value is near one of the levels."""
    near = np.abs(known[:, None].astype(float) - levels[None]).min(axis=1) <= ALIKE * float(known[-1] - known[0])
    return float(counts[near].sum() / counts.sum())
