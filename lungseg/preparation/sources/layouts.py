"""Finds the radiographs in a folder, and the masks that belong to them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from lungseg.errors import InputError, counted
from lungseg.preparation.manifest import MANIFEST
from lungseg.preparation.sources.pairing import Radiograph, case_of, pair, plain
from lungseg.preparation.sources.roles import role_of
from lungseg.preparation.sources.sets import FolderSet, folder_sets, way_to
from lungseg.preparation.sources.telling import (
    ARCHIVES,
    PREDICTIONS,
    UNPACK,
    check_drawn,
    check_source,
    left_out,
    taken_from,
)
from lungseg.preparation.sources.tree import EXTENSIONS, Folder, listed, show, walk
from lungseg.preparation.sources.unique_names import with_unique_names
from lungseg.radiographs.mask_values import OTHER_RECIPE

__all__ = ["EXTENSIONS", "PREDICTIONS", "Found", "Radiograph", "find_radiographs", "scan"]

EXPECTED = (
    "CXR_png/ + masks/, CXR_png/ + ManualMask/leftMask/ + ManualMask/rightMask/, CXR_png/ + mask/, or images/ + masks/"
)
PARTS_OF_A_SPLIT = {"train", "training", "tr", "val", "valid", "validation", "test", "testing", "ts"}


class Found(NamedTuple):
    """What a source holds.

    Attributes
    ----------
    radiographs : list of Radiograph
        Those with a mask, sorted by case id.
    without_mask, without_image : list of str
        Names of images and masks that have no partner.
    notes : list of str
        Lines that say from which folders images and masks are, and which were left out.
    """

    radiographs: list[Radiograph]
    without_mask: list[str]
    without_image: list[str]
    notes: list[str]


def find_radiographs(
    source: str | os.PathLike[str],
    images: str | os.PathLike[str] | None = None,
    masks: str | os.PathLike[str] | None = None,
) -> list[Radiograph]:
    """List the radiographs of a folder that have masks, sorted by case id.

    Folders of images and folders of masks are told by their names, in the folder itself or further down:

    - ``CXR_png/`` + ``masks/``: both public sets combined
    - ``CXR_png/`` + ``ManualMask/leftMask/`` + ``ManualMask/rightMask/``: Montgomery
    - ``CXR_png/`` + ``mask/``: Shenzhen
    - ``masks/left lung/`` + ``masks/right lung/``, beside folders of other organs: SCR, for JSRT's images
    - ``images/`` + ``masks/``: anything else. `img`, `X-rays`, `labels`, `annotations`, `GT` and the like will do

    Several such pairs, in folders of their own, are taken together; where two of them have a name in common,
    the folder's name comes before all the cases'. A mask is called like its image, or like it with ``_mask`` at
    the end; extensions, upper and lower case and the signs between words may differ. Images are PNG, JPEG,
    TIFF, GIF or DICOM, masks also BMP. Hidden and other files are ignored.

    Parameters
    ----------
    source : str or Path
    images, masks : str or Path, optional
        The folder in the source that holds them, where the names do not tell.

    Returns
    -------
    list of Radiograph

    Raises
    ------
    InputError
        The folder is missing or of another layout, nothing matches, two files claim one case, or
        the masks are predicted ones.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name in ("images/a.jpg", "images/b.png", "masks/a_mask.png"):
    ...         Path(folder, name).parent.mkdir(exist_ok=True)
    ...         Path(folder, name).touch()
    ...     [radiograph.case for radiograph in find_radiographs(folder)]
    ['a']
    """
    return scan(Path(source), images=images, masks=masks).radiographs


def scan(
    source: Path,
    skip: Path | None = None,
    images: str | os.PathLike[str] | None = None,
    masks: str | os.PathLike[str] | None = None,
) -> Found:
    """List the radiographs of a folder that have masks, and the files that have no partner.

    Parameters
    ----------
    source : Path
    skip : Path, optional
        A folder in it that is left out: that of the cases.
    images, masks : str or Path, optional
        See `find_radiographs`.

    Returns
    -------
    Found

    Raises
    ------
    InputError
        As `find_radiographs` does.
    """
    check_source(source, "radiographs and masks")
    folders, unreadable = walk(source, skip)
    chosen = {"images": way_to(source, images, "--images"), "masks": way_to(source, masks, "--masks")}
    sets, idle = folder_sets(folders, chosen)
    check_drawn(
        sets,
        "Move those, and the table, to another folder; or, if a person has corrected them, name the folder with "
        "--corrected.",
    )
    results = [pair(one) for one in sets]
    halves = sum(found.halves for found in results)
    if not any(found.radiographs for found in results):
        raise InputError(_nothing(source, folders, sets, unreadable, halves))
    radiographs = with_unique_names(source, [one.name for one in sets], [found.radiographs for found in results])
    notes = [taken_from(sets)]
    names = {part for one in sets for folder in one.images for part in folder.parts}
    parts = {word for name in names for word in plain(name).split("_")} & PARTS_OF_A_SPLIT
    if len(parts) > 1:
        notes.append(
            f"{', '.join(sorted(parts))} are put together: `lungseg train` makes a split of its own. "
            "To keep this one, prepare each by itself."
        )
    if renamed := next((one for one in radiographs if one.case != case_of(one.image)), None):
        notes.append(f"folders share names, so each case is called after its own: {show(renamed.case)} for one")
    if halves:
        notes.append(f"images with the mask of one lung only, left out: {halves}")
    notes += left_out(idle, unreadable)
    return Found(
        sorted(radiographs),
        sorted(path.name for found in results for path in found.without_mask),
        sorted({path.name for found in results for path in found.without_image}),
        notes,
    )


# --------------------------------------------------------------------------- what is said of them


def _nothing(source: Path, folders: list[Folder], sets: list[FolderSet], unreadable: list[str], halves: int) -> str:
    """Return why there is no radiograph with a mask."""
    images = sum(len(folder.images) for one in sets for folder in one.images)
    masks = sum(len(folder.masks) for one in sets for folder, _ in one.masks if folder not in one.images)
    if halves:
        return (
            f"{source}: expected the masks of both lungs for each image. Received: {counted(halves, 'image')} "
            "with that of one "
            f"lung ({taken_from(sets)}). Add the others, or put masks of one lung into a folder called masks."
        )
    if images and masks:
        return (
            f"{source}: expected images and masks of the same name in {EXPECTED}. Received: "
            f"{counted(images, 'image')} and "
            f"{counted(masks, 'mask')}, none of which match ({taken_from(sets)}). A mask is called like its image, "
            "or like it with "
            "_mask at the end."
        )
    filled = [folder for folder in folders if folder.files] or folders[1:]
    found = [folder.shown() for folder in filled] + [f"{name}" for name in unreadable]
    kinds = {Path(name).suffix.lower() for folder in folders for name in folder.files}
    expected = f"images and masks as {EXPECTED}"
    received = listed(found, 8) or "an empty folder"
    remedy = "Name the folders like one of these, or say which they are with --images and --masks."
    if images or masks:
        there, missing, folder = counted(images, "image"), "mask of lungs", "masks"
        if masks:
            there, missing, folder = counted(masks, "mask"), "image", "images"
        expected, received = "images and masks", f"{there} and no {missing}: {received}"
        remedy = (
            f"Put the {folder}, each called like its partner, into a folder called {folder}; or name the folder that "
            f"holds them with --{folder}."
        )
    if ".npy" in kinds and (not images or any(MANIFEST in folder.files for folder in folders)):
        remedy = f"If these are cases, they are prepared already: train with them. {OTHER_RECIPE}"
    elif kinds & ARCHIVES and not images:
        remedy = UNPACK
    elif role_of([source.absolute().name]).kind:
        remedy = "Name the folder above it, in which images and masks lie."
    if images and not masks and OTHER_RECIPE not in remedy:
        remedy += f" {OTHER_RECIPE}"
    return f"{source}: expected {expected}. Received: {received}. {remedy}"
