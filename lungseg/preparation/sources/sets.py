"""Which folders of a source hold images, which masks, and which of them belong together."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from lungseg.errors import InputError
from lungseg.preparation.sources.roles import Role, role_of
from lungseg.preparation.sources.tree import Folder, show


class FolderSet(NamedTuple):
    """Folders that belong together."""

    name: tuple[str, ...]  # what comes before the names of its cases, should they not be unique
    images: list[Folder]
    masks: list[tuple[Folder, str]]  # with the part that they hold: a lung, or a class


def way_to(source: Path, folder: str | os.PathLike[str] | None, option: str) -> tuple[str, ...] | None:
    """Return the way from the source to a folder in it, that somebody has named; the source may be named along."""
    if folder is None:
        return None
    for path in (source / folder, Path(folder)):
        if path.is_dir():
            way = os.path.relpath(os.path.abspath(path), os.path.abspath(source))
            parts = () if way == "." else Path(way).parts
            if ".." not in parts and not Path(way).is_absolute():
                return parts
    there = any(path.exists() for path in (source / folder, Path(folder)))
    remedy = "Name a folder above both images and masks as the source." if there else "There is none: check its name."
    raise InputError(f"{option}: expected a folder in {source}. Received: {show(folder)}. {remedy}")


def _role(parts: tuple[str, ...], chosen: dict[str, tuple[str, ...] | None]) -> Role:
    """Return the role of a folder: the one that somebody has chosen, or that of its name."""
    role = role_of(parts)
    ways = {kind: way for kind, way in chosen.items() if way is not None and parts[: len(way)] == way}
    if ways:
        kind = max(ways, key=lambda kind: len(ways[kind]))
        part = role_of(("masks", *parts[len(ways[kind]) :])).part if kind == "masks" else ""
        return Role(kind, part, role.place)
    return role if not role.kind or chosen[role.kind] is None else Role("", "", role.place)


def folder_sets(
    folders: list[Folder], chosen: dict[str, tuple[str, ...] | None]
) -> tuple[list[FolderSet], list[Folder]]:
    """Put folders of images and folders of masks together; return those that are left over, too."""
    images: dict[tuple[str, ...], list[Folder]] = defaultdict(list)
    masks: dict[tuple[str, ...], list[tuple[Folder, str]]] = defaultdict(list)
    unnamed: list[tuple[Folder, tuple[str, ...]]] = []
    idle = []
    for folder in folders:
        kind, part, place = _role(folder.parts, chosen)
        if kind == "masks" and folder.masks:
            if part == "other":
                idle.append(folder)
            else:
                masks[place].append((folder, part))
        elif kind == "images" and folder.images:
            images[place].append(folder)
        elif not kind and folder.images:
            unnamed.append((folder, place))
    if chosen["images"] is None:  # a folder beside masks, or around them, holds images whatever it is called
        beside = [(folder, place) for folder, place in unnamed if place in masks and place not in images]
        taken = beside or ([] if images else unnamed)
        for folder, place in taken:
            images[place].append(folder)
        used = {folder for folder, _ in taken}
        unnamed = [one for one in unnamed if one[0] not in used]
    idle += [folder for folder, _ in unnamed]
    if not masks and chosen["masks"] is None:  # both in one folder, perhaps
        both = [FolderSet(_name(found[0]), found, [(folder, "") for folder in found]) for found in images.values()]
        return both, idle
    # Images and masks that have no partner in their own place are compared by name, all with all.
    rest = [pair for place, found in masks.items() if place not in images for pair in found]
    sets = [FolderSet(_name(found[0]), found, masks[place]) for place, found in images.items() if place in masks]
    alone = [found for place, found in images.items() if place not in masks]
    if rest and alone:
        alone = [[folder for found in alone for folder in found]]
    sets += [FolderSet(_name(found[0]), found, rest) for found in alone]
    return sets if alone or not rest else [*sets, FolderSet((), [], rest)], idle


def _name(folder: Folder) -> tuple[str, ...]:
    """Return what the names of the folders above images say, beside that they hold images."""
    own = [(name, role_of([name])) for name in folder.parts]
    return tuple("_".join((name if not role.kind else role.place[0]).split()) for name, role in own if role.place)
