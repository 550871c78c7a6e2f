"""Which class the values and colours of a mask mean, as somebody has named them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from lungseg.errors import InputError
from lungseg.preparation.classes.mask_file import MaskFile, open_mask
from lungseg.preparation.classes.smooth import about_many_values, without_edges
from lungseg.preparation.classes.table import BACKGROUND, ClassTable, Value, how_to_name
from lungseg.radiographs.limits import MAX_MEGAPIXELS
from lungseg.radiographs.mask_levels import SHOWN, name_label

PAINTED = "It is in colour, or has a palette without black in the first place: a number says nothing of it. "
MANY = 256  # more values than that are no labels, but greys, or numbers of objects


def values_of(path: Path, max_megapixels: float = MAX_MEGAPIXELS) -> list[str]:
    """Return the values of a mask, as `--class` has them.

    Parameters
    ----------
    path : Path
    max_megapixels : float

    Returns
    -------
    list of str
        At most `MANY`, those of the most pixels.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    mask = without_edges(open_mask(path, max_megapixels, several=True))
    most = np.sort(np.argsort(-mask.counts, kind="stable")[:MANY])
    return [name_label(value, mask.coloured[0]) for value in mask.known[most]]


def meanings(
    mask: MaskFile, path: Path, named: Mapping[str, tuple[Value, ...]], table: ClassTable
) -> dict[str, np.ndarray]:
    """Return which values of a mask mean which class.

    Parameters
    ----------
    mask : MaskFile
    path : Path
        Which a message names.
    named : mapping of str to tuple of Value
        The classes that the file may hold, with their values; without any for a single class, which then is all that is
        no background.
    table : ClassTable
        It tells what is background and what is ignored.

    Returns
    -------
    dict of str to numpy.ndarray of bool, shape (n,)
        By class, and "ignore": one for each value.

    Raises
    ------
    InputError
        If the file holds values that nobody has named.
    """
    said = {**named, BACKGROUND: table.background, "ignore": table.ignored}
    by_colour = any(value.colour for values in said.values() for value in values)
    none = np.zeros(len(mask.known), bool)
    told = {name: np.logical_or.reduce([none, *map(mask.has, values)]) for name, values in said.items()}
    if not table.background:  # 0, or black
        told[BACKGROUND] = (mask.colours if by_colour else mask.known) == 0
    rest = ~np.logical_or.reduce(list(told.values()))
    if rest.any():
        names, shown = mask.listed(rest, by_colour)
        if len(named) > 1 or any(named.values()):
            in_numbers = mask.coloured[0] and any(not value.colour for values in named.values() for value in values)
            remedy = about_many_values(mask, next(iter(named))) or PAINTED * in_numbers + _remedy(names)
            raise InputError(
                f"{path}: expected values of {', '.join(named)} or background. Received: {shown}. {remedy}"
            )
        (name,) = named
        if len(names) > 1:
            if remedy := about_many_values(mask, name):
                raise InputError(
                    f"{path}: expected one value beside the background, that of {name}. Received: {shown}. {remedy}"
                )
            colours = names[0].startswith("#")
            every = ",".join(names[:SHOWN]) if colours else f"{names[0]}-{names[-1]}"
            raise InputError(
                f"{path}: expected one value beside the background, that of {name}. Received: {shown}. Say which "
                f"value is which class, {how_to_name({'NAME': names[0]})}, and so on; or that all are of it, "
                f"{how_to_name({name: every})}."
            )
        told[name] = rest
    for name in (*named, BACKGROUND):
        told[name] = told[name] & ~told["ignore"]
    del told[BACKGROUND]
    return told


def _remedy(names: list[str]) -> str:
    """Return what to do with values that nobody has named."""
    if len(names) > SHOWN and not names[0].startswith("#"):
        ranges = how_to_name({"NAME": "128-255", BACKGROUND: "0-127"})
        return f"Save masks without smoothing, or name ranges: {ranges}."
    ignore = f'--ignore "{names[0]}" (in Python ignore="{names[0]}")'
    return f"Name it, {how_to_name({'NAME': names[0]})}; or have it ignored, {ignore}."
