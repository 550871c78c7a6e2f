"""What is said of a source, whatever it holds: from which folders images and masks are, and what was left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from lungseg.errors import InputError
from lungseg.preparation.sources.sets import FolderSet
from lungseg.preparation.sources.tree import Folder, listed, show

ARCHIVES = {".zip", ".gz", ".tgz", ".tar", ".7z", ".rar"}
UNPACK = "Unpack the archive, and name the folder of what was in it."
ITSELF = "the folder itself"
PREDICTIONS = "predictions.csv"


def check_source(source: Path, content: str) -> None:
    """Refuse a source that is no folder; `content` is what it should hold."""
    if not source.is_dir():
        received = "a file" if source.exists() else "no such folder"
        remedy = UNPACK if source.exists() and source.suffix.lower() in ARCHIVES else "Check its name."
        raise InputError(f"{source}: expected a folder with {content}. Received: {received}. {remedy}")


def check_drawn(sets: Iterable[FolderSet], remedy: str) -> None:
    """Refuse masks that a network has drawn; the remedy says what to do with them."""
    for folder in (folder for one in sets for folder, _ in one.masks):
        if PREDICTIONS in folder.files:
            raise InputError(
                f"{show(folder.path, 300)}: expected masks that somebody has drawn. Received: a folder with "
                f"{PREDICTIONS}, into which `lungseg predict` wrote its own. {remedy}"
            )


def taken_from(sets: Iterable[FolderSet]) -> str:
    """Return from which folders images and masks are."""
    sets = list(sets)
    images = [show("/".join(folder.parts) or ITSELF) for one in sets for folder in one.images]
    masks = [show("/".join(folder.parts) or ITSELF) for one in sets for folder, _ in one.masks]
    return f"images from {listed(images)}; masks from {listed(dict.fromkeys(masks))}"


def left_out(idle: Sequence[Folder], unreadable: Sequence[str]) -> list[str]:
    """Return lines about folders that nobody needs, and about those that cannot be read."""
    notes = [f"left out: {listed(folder.shown() for folder in idle)}"] * bool(idle)
    return notes + [f"folders that cannot be read: {listed(unreadable)}"] * bool(unreadable)
