"""Finds images of anything and their masks: one file with all classes, a folder for each class, or a file for each."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from lungseg.errors import InputError, counted
from lungseg.files import name_key, told_apart
from lungseg.preparation.classes.table import BACKGROUND
from lungseg.preparation.manifest import MANIFEST, PROBLEM
from lungseg.preparation.recipes import RECIPE
from lungseg.preparation.sources.class_folders import find_places, image_files, mask_files
from lungseg.preparation.sources.pairing import Mask, case_of, match, plain, says_mask
from lungseg.preparation.sources.roles import role_of
from lungseg.preparation.sources.sets import FolderSet, way_to
from lungseg.preparation.sources.telling import ARCHIVES, UNPACK, check_drawn, check_source, left_out, taken_from
from lungseg.preparation.sources.tree import Folder, kinds_of_images, listed, show, stem, walk
from lungseg.preparation.sources.unique_names import with_unique_names
from lungseg.radiographs.channels import ARRAYS

CALLED = (
    "A mask is called like its image, or like it with _mask at the end; where each class has a file, name the classes "
    "(--class CLASS)."
)
JOIN = "Where an image has a mask for each object, join them: one mask, called like the image, with a number for each."
NOT_READ = {".webp", ".jp2", ".j2k", ".heic", ".avif", ".svs", ".ndpi", ".czi", ".nd2", ".lif", ".psd", ".svg", ".pdf"}
EXPECTED = "images/ + masks/, images/ + masks/CLASS/, or images/ + masks/ with NAME_CLASS.png"


class Pair(NamedTuple):
    """An image and its masks.

    Attributes
    ----------
    case : str
        The case id.
    image : Path
    masks : tuple of Path
    parts : tuple of str
        The class that each mask is of; empty, if it holds all of them.
    """

    case: str
    image: Path
    masks: tuple[Path, ...]
    parts: tuple[str, ...]


class FoundPairs(NamedTuple):
    """What a source holds.

    Attributes
    ----------
    radiographs : list of Pair
        Images with masks, sorted by case id.
    without_mask, without_image : list of str
        Names of images and masks that have no partner.
    notes : list of str
        Lines that say from which folders images and masks are, and what was left out.
    classes : tuple of str
        Those that folders or names of files tell; empty, if each mask holds all of them.
    """

    radiographs: list[Pair]
    without_mask: list[str]
    without_image: list[str]
    notes: list[str]
    classes: tuple[str, ...]


def scan_classes(
    source: Path,
    names: Sequence[str] = (),
    each_its_file: bool = False,
    skip: Path | None = None,
    images: str | os.PathLike[str] | None = None,
    masks: str | os.PathLike[str] | None = None,
) -> FoundPairs:
    """List the images of a folder that have masks, and the files that have no partner.

    Parameters
    ----------
    source : Path
    names : sequence of str
        The classes that somebody has named.
    each_its_file : bool
        Whether they were named without values: then each may have a file of its own, ``NAME_CLASS.png``.
    skip : Path, optional
        A folder in it that is left out: that of the cases.
    images, masks : str or Path, optional
        The folder in the source that holds them, where the names do not tell.

    Returns
    -------
    FoundPairs

    Raises
    ------
    InputError
        The folder is missing or of another layout, nothing matches, two files claim one case, or the masks are
        predicted ones.

    Examples
    --------
    >>> import tempfile
    >>> source = Path(tempfile.mkdtemp())
    >>> for name in ("images/a.jpg", "masks/edge/a.png", "masks/nucleus/a.png"):
    ...     (source / name).parent.mkdir(parents=True, exist_ok=True)
    ...     (source / name).touch()
    >>> found = scan_classes(source)
    >>> found.classes, [path.parent.name for path in found.radiographs[0].masks]
    (('edge', 'nucleus'), ['edge', 'nucleus'])
    """
    check_source(source, "images and masks")
    folders, unreadable = walk(source, skip)
    folders = [folder for folder in folders if not {MANIFEST, PROBLEM, RECIPE} & set(folder.files)]  # of cases
    chosen = {"images": way_to(source, images, "--images"), "masks": way_to(source, masks, "--masks")}
    places, idle = find_places(folders, chosen)
    check_drawn(places, "Move those, and the table, elsewhere.")
    in_folders = sorted({part for one in places for _, part in one.masks if part}, key=name_key)
    classes = _classes(source, in_folders, names)
    suffixes = tuple(names) if each_its_file and not classes else ()
    results = [_pairs(one, classes, suffixes) for one in places]
    suffixes = suffixes if any(part for pairs, _, _ in results for pair in pairs for part in pair.parts) else ()
    if not any(pairs for pairs, _, _ in results):
        raise InputError(_nothing(source, folders, places))
    pairs = with_unique_names(source, [one.name for one in places], [pairs for pairs, _, _ in results])
    notes = [taken_from(places)]
    left = [part for part in in_folders if classes and part not in classes]
    notes += [f"classes that nobody has named, left out: {', '.join(left)}"] * bool(left)
    names = tuple(classes.values()) or suffixes
    notes += _missing(pairs, names)
    notes += left_out(idle, unreadable)
    return FoundPairs(
        sorted(pairs),
        sorted(path.name for _, alone, _ in results for path in alone),
        sorted({path.name for _, _, alone in results for path in alone}),
        notes,
        names,
    )


# --------------------------------------------------------------------------- files


def _classes(source: Path, in_folders: list[str], names: Sequence[str]) -> dict[str, str]:
    """Return the classes of folders of masks: the name of the folder, and as somebody has named it."""
    in_folders = [part for part in in_folders if part != BACKGROUND]
    if not in_folders or not names:
        return {part: part for part in in_folders}
    by_key = {plain(part): part for part in in_folders}
    absent = [name for name in names if plain(name) not in by_key]
    if absent:
        raise InputError(
            f"{source}: expected a folder of masks for each class. Received: {', '.join(in_folders)}, none for "
            f"{absent[0]}. Name the classes as their folders are called."
        )
    return {by_key[plain(name)]: name for name in names}


def _pairs(
    one: FolderSet, classes: Mapping[str, str], suffixes: Sequence[str]
) -> tuple[list[Pair], list[Path], list[Path]]:
    """Return the images of one place with their masks, and the images and masks that have no partner."""
    together = one.images == [folder for folder, _ in one.masks]
    files = [(path, part) for folder, part in one.masks for path in mask_files(folder)]
    real: dict[tuple[Path, str], Path] = {}  # of a name without the class, as it is compared with those of images
    for path, part in files:
        if classes and part not in classes:
            continue
        name = path.stem if path.suffix.lower() == ARRAYS else stem(path)
        endings = [each for each in suffixes if plain(name).endswith(f"_{plain(each)}")]
        suffix = max(endings, key=len, default="")  # of cell and dead cell, the longer one
        if suffix:
            name = name[: -len(suffix)].rstrip("_- .")
        elif together and not says_mask(path):
            continue
        twin = real.setdefault((path.with_name(f"{name}.png"), classes.get(part, suffix)), path)
        if twin != path:
            raise _two_files(name, twin, path)
    images: dict[str, Path] = {}
    for path in sorted(
        {path for folder in one.images for path in image_files(folder)} - set(together * [*real.values()])
    ):
        twin = images.setdefault(name_key(case_of(path)), path)
        if twin != path:
            raise _two_files(case_of(path), twin, path)
    cases = {case_of(path): path for path in images.values()}
    found, others = match(cases, [Mask(path, part) for path, part in real])

    def file_of(mask: Mask) -> tuple[str, Path]:
        key = (mask.path, mask.part)
        return (mask.part, real[key]) if key in real else ("", real[mask.path, ""])  # `match` has read a side from it

    pairs, alone = [], []
    for case, image in cases.items():
        masks: dict[str, Path] = {}
        for part, path in map(file_of, found.get(case, [])):
            if part in masks:
                raise _two_files(case, masks[part], path)
            masks[part] = path
        order = [part for part in (*classes.values(), *suffixes, "") if part in masks]
        if order:
            pairs.append(Pair(case, image, tuple(masks[part] for part in order), tuple(order)))
        else:
            alone.append(image)
    return pairs, alone, [file_of(mask)[1] for mask in others]


def _two_files(case: str, first: Path, second: Path) -> InputError:
    """Return the refusal of two files of one name."""
    where = first.parent if first.parent == second.parent else os.path.commonpath([first.parent, second.parent])
    both = " and ".join(told_apart(show(os.path.relpath(first, where)), show(os.path.relpath(second, where))))
    return InputError(
        f"{show(where, most=300)}: expected one file for {show(case)}. Received: {both}. Remove the one that is not "
        "meant, name the folders (--images, --masks); or, if each is a mask of another class, name the classes as the "
        "files end (--class CLASS --class ...)."
    )


# --------------------------------------------------------------------------- what is said of them


def _missing(pairs: list[Pair], classes: Sequence[str]) -> list[str]:
    """Say of how many images there is no file for a class: these are taken to have none of it."""
    notes = []
    for name in classes:
        count = sum(name not in pair.parts for pair in pairs if pair.parts != ("",))
        if count:
            notes.append(f"{counted(count, 'image')} without a file for {name}: taken to have none of it")
    return notes


def _examples(places: list[FolderSet]) -> str:
    """Return the name of an image and that of a mask."""
    image = next(path.name for one in places for folder in one.images for path in image_files(folder))
    return (
        f"{show(image)} and {show(next(path.name for one in places for f, _ in one.masks for path in mask_files(f)))}"
    )


def _nothing(source: Path, folders: list[Folder], places: list[FolderSet]) -> str:
    """Return why there is no image with a mask."""
    images = sum(len(image_files(folder)) for one in places for folder in one.images)
    masks = sum(len(mask_files(folder)) for one in places for folder, _ in one.masks if folder not in one.images)
    filled = [folder for folder in folders if folder.files] or folders[1:]
    names = [name.lower() for folder in folders for name in folder.files]
    ways = [folder.parts for folder in folders if folder.parts]
    leaves = [way for way in ways if not any(other[: len(way)] == way for other in ways if other != way)]
    empty = [folder for folder in folders if folder.parts in leaves and not folder.files and filled != folders[1:]]
    shown = [folder.shown() for folder in filled] + [
        f"{show('/'.join(folder.parts))}/, which is empty" for folder in empty
    ]
    there = listed(shown, 8) or "an empty folder"
    each_alone = len(places) > 1 and all(sum(len(image_files(folder)) for folder in one.images) == 1 for one in places)
    if images and masks:
        return (
            f"{source}: expected images and masks of the same name in {EXPECTED}. Received: {counted(images, 'image')} "
            f"and {counted(masks, 'mask')}, none of which match, {_examples(places)} for example "
            f"({taken_from(places)}). {JOIN if each_alone and masks > images else CALLED}"
        )
    kinds = {Path(name).suffix.lower() for folder in folders for name in folder.files}
    remedy = "Name the folders like one of these, or say which they are with --images and --masks."
    if any(name.endswith((".nii", ".nii.gz", ".npz", ".mat", ".mha", ".nrrd")) for name in names):
        remedy = "Volumes, .npz and .mat are not read: save each slice, and its mask, as .npy, PNG or TIFF."
    elif kinds & ARCHIVES and not images:
        remedy = UNPACK
    elif unread := sorted(kinds & NOT_READ):
        remedy = f"{', '.join(unread)}: not read. Images are {kinds_of_images()}: save them as such."
    elif images and kinds & {".json", ".txt", ".xml", ".csv"}:
        remedy = "Outlines in .json, .txt, .xml or .csv are not read: draw them as pictures, a mask for each image."
    elif role_of([source.absolute().name]).kind:
        remedy = "Name the folder above it, in which images and masks lie."
    return f"{source}: expected images and masks as {EXPECTED}. Received: {there}. {remedy}"
