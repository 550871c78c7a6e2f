"""Which folders of a source hold images and which hold masks, of which class, and which of them belong together."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from lungseg.files import name_key
from lungseg.preparation.sources.roles import IMAGES, MASKS, SEGMENTATIONS, SMALL_WORDS, words_of
from lungseg.preparation.sources.sets import FolderSet
from lungseg.preparation.sources.tree import Folder
from lungseg.radiographs.channels import ARRAYS

Way = tuple[str, ...]  # the names of folders, from the source on


def _kind(name: str) -> str:
    """Return what the name of a folder says: "images", "masks" or nothing."""
    words = set(words_of(name))
    return "masks" if words & (MASKS | SEGMENTATIONS) else "images" if words & IMAGES else ""


def _rest_of(name: str) -> tuple[str, ...]:
    """Return what the name of a folder says beside that it holds images or masks: `train` of `train_images`."""
    rest = " ".join(word for word in words_of(name) if word not in IMAGES | MASKS | SEGMENTATIONS | SMALL_WORDS)
    return (rest,) if rest else ()


def _role(folder: Folder, chosen: dict[str, tuple[str, ...] | None]) -> tuple[str, Way]:
    """Return what a folder holds, and the rest of its way: what tells the place, and of masks perhaps the class."""
    parts = folder.parts
    for kind in ("masks", "images"):
        way = chosen[kind]
        if way is not None and parts[: len(way)] == way:
            return kind, (*way[:-1], *parts[len(way) :])
    kinds = [_kind(part) for part in parts]
    known = [depth for depth, kind in enumerate(kinds) if kind and chosen[kind] is None]
    if not known:
        return "", parts
    # The last one counts, but what lies in masks is a mask: masks/original images/.
    depth = next((depth for depth in known if kinds[depth] == "masks"), known[-1])
    return kinds[depth], (*parts[:depth], *_rest_of(parts[depth]), *parts[depth + 1 :])


def find_places(
    folders: list[Folder], chosen: dict[str, tuple[str, ...] | None]
) -> tuple[list[FolderSet], list[Folder]]:
    """Put folders of images and folders of masks together.

    Parameters
    ----------
    folders : list of Folder
        From `walk`.
    chosen : dict of str to tuple of str, or None
        The ways to "images" and to "masks", where somebody has named them.

    Returns
    -------
    places : list of FolderSet
        The masks each with the class that its way names; empty, if it names none
    idle : list of Folder
        Those with images or masks that are left over.
    """
    images: list[tuple[Way, Folder]] = []
    masks: list[tuple[Way, Folder]] = []
    unnamed: list[tuple[Way, Folder]] = []
    for folder in folders:
        kind, rest = _role(folder, chosen)
        if kind == "masks" and mask_files(folder):
            masks.append((rest, folder))
        elif kind == "images" and image_files(folder):
            images.append((rest, folder))
        elif not kind and image_files(folder):
            unnamed.append((rest, folder))
    if not images and chosen["images"] is None:  # a folder beside that of the masks, or around it, whatever its name
        beside = {_key(way) for way, _ in masks}
        images = [(way if _key(way) in beside or not masks else way[:-1], folder) for way, folder in unnamed]
        unnamed = []
    places: dict[Way, FolderSet] = {}
    for way, folder in images:
        name = tuple("_".join(part.split()) for part in way)
        places.setdefault(_key(way), FolderSet(name, [], [])).images.append(folder)
    idle = [folder for _, folder in unnamed]
    if not masks and chosen["masks"] is None:  # both in one folder, perhaps
        return [one._replace(masks=[(folder, "") for folder in one.images]) for one in places.values()], idle
    homeless = []
    for way, folder in masks:
        place, part = _place_of(way, places)
        if place is None:
            homeless.append((folder, way[-1] if way else ""))
        else:
            places[place].masks.append((folder, part))
    found = [one for one in places.values() if one.masks]
    alone = [one for one in places.values() if not one.masks]
    if homeless and alone:  # compared by name, all with all
        found.append(FolderSet(alone[0].name, [folder for one in alone for folder in one.images], homeless))
        return found, idle
    return found + alone, idle + [folder for folder, _ in homeless]


def _key(way: Way) -> Way:
    """Return a way in the form in which ways are compared."""
    return tuple(name_key(part).casefold() for part in way)


def _place_of(way: Way, places: Container[Way]) -> tuple[Way | None, str]:
    """Return the place of the images that a folder of masks belongs to, and the class that its way names."""
    if _key(way) in places:
        return _key(way), ""
    for depth in reversed(range(len(way))):  # masks/north/road and masks/road/north beside images/north
        shorter = _key((*way[:depth], *way[depth + 1 :]))
        if shorter in places:
            return shorter, way[depth]
    return None, ""


def image_files(folder: Folder) -> list[Path]:
    """Return the files of a folder that may be images: pictures, DICOM, and arrays of NumPy.

    Parameters
    ----------
    folder : Folder

    Returns
    -------
    list of Path
    """
    return sorted(folder.images_of_anything)


def mask_files(folder: Folder) -> list[Path]:
    """Return the files of a folder that may be masks: pictures, and arrays of NumPy.

    Parameters
    ----------
    folder : Folder

    Returns
    -------
    list of Path
    """
    return sorted({*folder.masks, *_arrays(folder)})


def _arrays(folder: Folder) -> list[Path]:
    return [folder.path / name for name in folder.files if name.lower().endswith(ARRAYS)]
