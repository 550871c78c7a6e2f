"""What an earlier run left in a folder: read, compared with what is asked for now, and put back after a failure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from lungseg.errors import InputError, counted, quote
from lungseg.files import remove_unfinished, writing
from lungseg.preparation.folder.origin import is_same_source
from lungseg.preparation.manifest import MANIFEST, PROBLEM, read_rows
from lungseg.preparation.recipes import RECIPE

ANEW = "Prepare into a new folder, or make this one anew (--overwrite; in Python overwrite=True)."
BESIDE = (MANIFEST, PROBLEM, RECIPE)  # what lies beside the cases, but for the overview, which is drawn at the end
OF_LUNGS = {"recipe": "lungs", "channels": "grey", "classes": "lung"}


def open_cases(out: Path, size: str, overwrite: bool) -> dict[str, dict[str, str]]:
    """Return the rows of an earlier run; refuse cases of another size.

    Parameters
    ----------
    out : Path
    size : str
        As the manifest has it.
    overwrite : bool
        Another size is welcome: the cases are to be replaced.

    Returns
    -------
    dict of str to dict
        By case id.

    Raises
    ------
    InputError
    """
    rows = read_rows(out)
    others = sorted({row["size"] for row in rows.values()} - {size})
    if others and not overwrite:
        raise InputError(
            f"{out}: expected cases of size {size}. Received: a folder with cases of size {quote(others[0])[1:-1]}. "
            f"{ANEW}"
        )
    remove_unfinished(out)
    return rows


def check_sources(
    todo: list[Any], rows: Mapping[str, list[dict[str, Any]]], origin: Mapping[str, dict[str, str]], out: Path
) -> None:
    """Refuse to replace a case that was made from a file of the same name in another folder.

    Parameters
    ----------
    todo : list
        The images whose cases are to be made.
    rows, origin : mapping
        By the name of the image: the rows of its cases, and the columns that say from where it is.
    out : Path

    Raises
    ------
    InputError
    """
    clashes = [
        one.case for one in todo for row in rows.get(one.case, [])[:1] if not is_same_source(row, origin[one.case])
    ]
    if clashes:
        raise InputError(
            f"{out}: holds {counted(len(clashes), 'case')} of the same names from another folder, {clashes[0]} "
            "for one. Prepare "
            "into a new folder, or give the files other names, or replace the cases with --overwrite."
        )


def check_settings(rows: Iterable[Mapping[str, Any]], settings: str, out: Path) -> None:
    """Refuse a folder with cases of other classes, or by another recipe: somebody may train with them.

    Parameters
    ----------
    rows : iterable of mappings
        Of the manifest.
    settings : str
        As the manifest has them.
    out : Path

    Raises
    ------
    InputError
        It names what differs.
    """
    others = [row for row in rows if (row.get("settings") or "") != settings]
    if others:
        before, now = _differences(others[0].get("settings") or "", settings)
        raise InputError(
            f"{out}: expected the settings by which {counted(len(others), 'case')} in it "
            f"{'was' if len(others) == 1 else 'were'} prepared, {quote(before, 300)[1:-1]}. Received: "
            f"{quote(now, 300)[1:-1]}. {ANEW}"
        )


def _differences(before: str, now: str) -> tuple[str, str]:
    """Return what differs between two settings, of each in words."""
    first, second = _parts(before), _parts(now)
    names = [name for name in {**first, **second} if first.get(name) != second.get(name)]
    if "recipe" in names:  # its numbers go with its name
        names = [name for name in names if name in OF_LUNGS]
    said = [", ".join(f"{name} {parts[name]}" for name in names if name in parts) for parts in (first, second)]
    return said[0] or before, said[1] or now


def _parts(settings: str) -> dict[str, Any]:
    """Return the parts of settings as the manifest has them: numbers of the recipe, channels, classes."""
    if not settings:
        return OF_LUNGS
    try:
        recipe, end = json.JSONDecoder().raw_decode(settings)
        channels, _, classes = settings[end:].removeprefix(" channels ").partition(" classes ")
        return {**recipe, "channels": channels, "classes": classes}
    except (ValueError, TypeError):  # a manifest that somebody has changed
        return {"settings": settings}


def remember(out: Path) -> Callable[[], None]:
    """Read what lies beside the cases of a folder; return a function that puts it back as it was.

    Parameters
    ----------
    out : Path

    Returns
    -------
    callable
        Without arguments. Files that were not there are removed.
    """
    contents = {path: path.read_bytes() if path.is_file() else None for path in (out / name for name in BESIDE)}

    def put_back() -> None:
        for path, content in contents.items():
            with suppress(OSError):  # why the run failed is told, and matters more
                if content is None:
                    path.unlink(missing_ok=True)
                elif not path.is_file() or path.read_bytes() != content:
                    with writing(path) as temporary:
                        temporary.write_bytes(content)

    return put_back
