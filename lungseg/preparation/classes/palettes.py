"""Palettes of masks whose numbers are named: in all files a place must be of one colour, or a number means nothing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from lungseg.errors import InputError
from lungseg.preparation.classes.table import ClassTable, how_to_name
from lungseg.radiographs.modes import palette_of, read_palette


def check_palettes(files: Iterable[Path], table: ClassTable) -> None:
    """Refuse masks in which one place of the palette has several colours, if places are named.

    Programs that make a palette of the colours of a picture number them anew in each file.

    Parameters
    ----------
    files : iterable of Path
        Of all masks.
    table : ClassTable

    Raises
    ------
    InputError
        It names two files.
    """
    named = [values for values in (*table.values.values(), table.ignored) if any(not value.colour for value in values)]
    if len(named) < 2:  # a palette that numbers objects, all of one class, may be any
        return
    palettes: dict[bytes, list[Path]] = {}
    for path in files:
        if palette := palette_of(path):
            palettes.setdefault(palette, []).append(path)
    if len(palettes) < 2:  # as usual, and it saves unfolding them
        return
    seen: dict[int, tuple[str, Path]] = {}
    for path in (path for paths in palettes.values() for path in paths):
        for place, colour in _used(path).items():
            other, first = seen.setdefault(place, (colour, path))
            if other != colour:
                raise InputError(
                    f"{path}: expected the palette that {first} has, as numbers are places in it. Received: {colour} "
                    f"at place {place}, in place of {other}. Name colours, {how_to_name({'NAME': colour})}, and so on; "
                    "or, if the numbers are right, save masks without a palette, as grey PNG."
                )


def _used(path: Path) -> dict[int, str]:
    """Return the colours of a mask by their places in its palette; of greys, and of no palette, none."""
    try:
        found = read_palette(path)
    except Exception:  # decoders raise whatever they like; it is named when its turn comes
        return {}
    if found is None or (found[1] == found[1][:, :1]).all():
        return {}
    places, colours = found
    return {int(place): f"#{colours[place].tobytes().hex()}" for place in np.unique(places)}
