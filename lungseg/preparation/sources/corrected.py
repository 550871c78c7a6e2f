"""Finds predicted masks that a person has corrected, and the radiographs that they were made from."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from lungseg.errors import InputError, counted, quote
from lungseg.files import name_key
from lungseg.files.untrusted import doubt_encoding, read_table
from lungseg.preparation.sources.layouts import PREDICTIONS, Found
from lungseg.preparation.sources.pairing import Radiograph, case_of
from lungseg.preparation.sources.tree import MASK_EXTENSIONS, show, stem, walk


def scan_corrected(source: Path, corrected: Path, skip: Path | None = None) -> tuple[Found, dict[str, int]]:
    """List the radiographs whose predicted masks lie in a folder, as a person has left them.

    The table `predictions.csv` beside the masks tells which mask is of which radiograph; masks that it does not name
    are called like theirs. A mask may be saved in another format under the same name. Those that were deleted are left
    out.

    Parameters
    ----------
    source : Path
        A folder with the radiographs, perhaps further down.
    corrected : Path
        The folder that `lungseg predict` wrote, or a copy of it.
    skip : Path, optional
        A folder in the source that is left out: that of the cases.

    Returns
    -------
    found : Found
    predicted : dict of str to int
        For each case that the table tells it of, the pixels of lung that were predicted.

    Raises
    ------
    InputError
        If there is no such folder, or no mask in it that belongs to a radiograph; or if a mask may belong to several,
        or a radiograph have several masks.
    """
    for folder in (source, corrected):
        if not folder.is_dir():
            received = "a file" if folder.exists() else "no such folder"
            raise InputError(f"{folder}: expected a folder. Received: {received}. Check its name.")
    masks = _masks(corrected)
    table = corrected / PREDICTIONS
    rows = read_table(table, ("file", "mask"), "Copy it again, or remove it.", cut_rows=True) if table.exists() else []
    told: dict[str, dict[str, str]] = {}
    for row in rows:
        if row["mask"] and told.setdefault(_key(Path(row["mask"])), row)["file"] != row["file"]:
            raise InputError(
                f"{table}: expected a mask of its own for each file. Received: {quote(row['mask'])} twice. Correct the "
                "table, or remove it."
            )
    place = os.path.realpath(corrected)
    images = [
        image for folder in walk(source, skip)[0] if os.path.realpath(folder.path) != place for image in folder.images
    ]
    pairs: dict[Path, Path] = {}
    for key, mask in masks.items():
        image = _image_of(mask, told.get(key), images)
        if image and image in pairs.values():
            other = next(known for known, its in pairs.items() if its == image)
            raise InputError(
                f"{corrected}: expected one mask for {show(image)}. Received: {show(other.name)} and "
                f"{show(mask.name)}. Keep the corrected one."
            )
        if image:
            pairs[mask] = image
    if not pairs:
        raise InputError(
            f"{corrected}: expected masks of the radiographs in {source}. Received: {counted(len(masks), 'mask')} and "
            f"{counted(len(images), 'image')} that do not belong together. Name the folder that the masks were "
            f"predicted from.{doubt_encoding(table)}"
        )
    names = Counter(name_key(case_of(image)).casefold() for image in pairs.values())
    radiographs, predicted = [], {}
    for mask, image in pairs.items():
        alone = names[name_key(case_of(image)).casefold()] == 1
        case = case_of(image) if alone else case_of(mask)  # two of one name, from two folders: masks tell them apart
        radiographs.append(Radiograph(case, image, (mask,)))
        row = told.get(_key(mask), {})
        if re.fullmatch("[0-9]{1,18}", row.get("lung_pixels", "")):
            predicted[case] = int(row["lung_pixels"])
    homes = {image.parent for image in pairs.values()}
    left = sorted({image for image in images if image.parent in homes} - set(pairs.values()))
    others = sorted(mask.name for mask in masks.values() if mask not in pairs)
    notes = [f"corrected masks from {show(corrected)}"]
    if others and (doubt := doubt_encoding(table)):
        notes.append(doubt.strip())
    return Found(sorted(radiographs), [image.name for image in left], others, notes), predicted


def count_changed(predicted: Mapping[str, int], rows: Iterable[Mapping[str, object]]) -> list[str]:
    """Return a line on how many masks were changed, as far as their number of pixels tells.

    Parameters
    ----------
    predicted : mapping of str to int
        From `scan_corrected`.
    rows : iterable of mappings
        Of the manifest.

    Returns
    -------
    list of str
        Of one line or none.

    Examples
    --------
    >>> count_changed({"a": 500, "b": 400}, [{"case": "a", "lung_pixels": "510"}, {"case": "b", "lung_pixels": 400}])
    ['1 of 2 masks was changed since it was predicted, the others are as the network drew them']
    """
    known = [row for row in rows if row["case"] in predicted]
    if not known:
        return []
    changed = sum(str(row.get("lung_pixels")) != str(predicted[str(row["case"])]) for row in known)
    if not changed:
        return [
            f"none of the {counted(len(known), 'mask')} was changed since they were predicted: is this the "
            "right folder?"
        ]
    words = ("was", "it was") if changed == 1 else ("were", "they were")
    rest = ", the others are as the network drew them" if changed < len(known) else ""
    return [f"{changed} of {counted(len(known), 'mask')} {words[0]} changed since {words[1]} predicted{rest}"]


def _masks(folder: Path) -> dict[str, Path]:
    """Return the masks of a folder by their names without extensions."""
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")) or path.suffix.lower() not in MASK_EXTENSIONS or not path.is_file():
            continue
        twin = found.setdefault(_key(path), path)
        if twin != path:
            raise InputError(
                f"{folder}: expected one mask for each radiograph. Received: {show(twin.name)} and {show(path.name)}. "
                "Keep the corrected one."
            )
    return found


def _key(mask: Path) -> str:
    return name_key(stem(mask)).casefold()


def _image_of(mask: Path, row: Mapping[str, str] | None, images: list[Path]) -> Path | None:
    """Return the radiograph of a mask: where the table says, or of the name that it says, or of the mask's own name."""
    if row:
        said = os.path.realpath(row["file"])
        found = [image for image in images if os.path.realpath(image) == said]
        if not found:  # the table may be from another computer, where other folders lie above
            parts = [name_key(part) for part in re.split(r"[\\/]", row["file"])][::-1]
            found = [image for image in images if name_key(image.name) == parts[0]]
            for depth in range(2, len(parts) + 1):
                ends = {image: [name_key(part) for part in image.parts[::-1][:depth]] for image in found}
                found = [image for image in found if ends[image] == parts[:depth]] or found
    else:
        found = [image for image in images if name_key(case_of(image)).casefold() == name_key(case_of(mask)).casefold()]
    if len(found) > 1:
        raise InputError(
            f"{mask}: expected one radiograph of this name. Received: {show(found[0])} and {show(found[1])}. Name the "
            "folder of the radiographs itself."
        )
    return found[0] if found else None
