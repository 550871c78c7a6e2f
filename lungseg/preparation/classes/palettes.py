"""Palettes of masks whose numbers are named: in all files a place must be of one colour, or a number means nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from lungseg.errors import InputError
from lungseg.preparation.classes.table import ClassTable, how_to_name
from lungseg.radiographs.limits import MAX_MEGAPIXELS
from lungseg.radiographs.modes import palette_of, read_palette
from lungseg.radiographs.reading import read_pixels


def check_palettes(
    files: Iterable[tuple[Path, str]], table: ClassTable, max_megapixels: float = MAX_MEGAPIXELS
) -> None:
    """Refuse masks in which one place of the palette has several colours, if places are named.

    Programs that make a palette of the colours of a picture number them anew in each file.

    Parameters
    ----------
    files : iterable of (Path, str)
        All masks, and the class that each is of; empty, if it holds all of them.
    table : ClassTable
    max_megapixels : float
        Larger files are not looked at.

    Raises
    ------
    InputError
        It names two files.
    """
    numbers = [[value for value in values if not value.colour] for values in (*table.values.values(), table.ignored)]
    named = [values for values in numbers if values]
    one_of_all = len(named) == 1 and any(value.first < value.last for value in named[0])
    if not named or one_of_all:  # numbers of objects, all of one class, may be of any colour
        return
    palettes: dict[str, dict[bytes, list[Path]]] = defaultdict(lambda: defaultdict(list))
    for path, part in files:
        if palette := palette_of(path):
            palettes[part][palette].append(path)
    for alike in palettes.values():
        if len(alike) > 1:  # else, as usual, it saves unfolding them
            _check_places([path for paths in alike.values() for path in paths], max_megapixels)


def _check_places(files: Iterable[Path], max_megapixels: float) -> None:
    """Refuse masks in which one place of the palette has several colours."""
    seen: dict[int, tuple[str, Path]] = {}
    for path in files:
        for place, colour in _used(path, max_megapixels).items():
            other, first = seen.setdefault(place, (colour, path))
            if other != colour:
                raise InputError(
                    f"{path}: expected the palette that {first} has, as numbers are places in it. Received: {colour} "
                    f"at place {place}, in place of {other}. Name colours, {how_to_name({'NAME': colour})}, and so on; "
                    "or, if the numbers are right, save masks without a palette, as grey PNG."
                )


def _used(path: Path, max_megapixels: float) -> dict[int, str]:
    """Return the colours of a mask by their places in its palette; of greys, and of no palette, none."""
    try:
        read_pixels(path, max_megapixels)
    except InputError:  # it is named when its turn comes
        return {}
    found = read_palette(path)
    if found is None or (found[1] == found[1][:, :1]).all():
        return {}
    places, colours = found
    return {int(place): f"#{colours[place].tobytes().hex()}" for place in np.unique(places)}
