"""A name of its own for each case of a source in which several folders share names."""

from __future__ import annotations

import filecmp
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from lungseg.cases import case_group
from lungseg.errors import InputError
from lungseg.files import name_key
from lungseg.preparation.sources.tree import show

Item = TypeVar("Item", bound=Any)  # a named tuple with `case` and `image`


def with_unique_names(source: Path, names: Sequence[tuple[str, ...]], found: list[list[Item]]) -> list[Item]:
    """Put the images of all places together; where two have one name, all are called after their folders.

    Parameters
    ----------
    source : Path
    names : sequence of tuple of str
        What comes before the names of the cases of each place, should they not be unique.
    found : list of list of named tuple
        The images of each place, with `case` and `image`.

    Returns
    -------
    list of named tuple

    Raises
    ------
    InputError
        If two places hold the same image, or there is no name that tells two apart.
    """
    if not _repeated(source, found):
        return [item for items in found for item in items]
    used = [name for name, items in zip(names, found, strict=True) if items]
    levels = [len(set(parts)) for parts in zip(*used, strict=False)]  # how many names there are at each depth
    shared = next((depth for depth, count in enumerate(levels) if count > 1), len(levels))
    named = [
        [item._replace(case="_".join([*name[shared:], item.case])) for item in items]
        for name, items in zip(names, found, strict=True)
    ]
    if again := _repeated(source, named):
        raise InputError(
            f"{source}: expected a name of its own for each image. Received: {show(again[0].image, 300)} and "
            f"{show(again[1].image, 300)}, both of which would be called {show(again[0].case)}. "
            "Rename their folders, or prepare each by itself."
        )
    return [item for items in named for item in items]


def _repeated(source: Path, found: list[list[Item]]) -> tuple[Item, Item] | None:
    """Return two images of different places that have one name; refuse those that are the same image."""
    first = None
    seen: dict[str, tuple[int, Item]] = {}
    for number, items in enumerate(found):
        for item in items:
            name = name_key(item.case).casefold()
            other, twin = seen.setdefault(name, (number, item))
            if other != number:
                if case_group(item.case).source != "other" or _same_content(twin.image, item.image):
                    raise InputError(
                        f"{source}: expected each image once. Received: {show(twin.image, 300)} and "
                        f"{show(item.image, 300)}, which are the same. "
                        "Name one of their folders, or remove one of the copies."
                    )
                first = first or (twin, item)
    return first


def _same_content(one: Path, other: Path) -> bool:
    """Tell whether two files are equal, byte for byte."""
    try:
        return filecmp.cmp(one, other, shallow=False)
    except OSError:
        return False
