"""The folder for the cases: whether it can take them, asked before any time is spent."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Container
from pathlib import Path

from lungseg.errors import InputError, counted
from lungseg.files import UNFINISHED, name_key, open_folder, told_apart
from lungseg.files.untrusted import doubt_encoding
from lungseg.preparation.manifest import MANIFEST
from lungseg.preparation.sources.layouts import Found, Radiograph
from lungseg.preparation.sources.tree import show


def check_apart(source: Path, out: Path) -> None:
    """Refuse to write cases into the very folder that they are made from."""
    if os.path.realpath(out) == os.path.realpath(source):
        raise InputError(
            f"{out}: expected a folder for the cases alone. Received: that of the images and masks. Choose another, "
            f"{out / 'cases'} for example."
        )


def check_place(out: Path, found: Found) -> None:
    """Refuse to write cases among the files they are made of."""
    place = os.path.realpath(out)
    for folder in {path.parent for one in found.radiographs for path in (one.image, *one.masks)}:
        if os.path.realpath(folder) == place:
            raise InputError(
                f"{out}: expected a folder for the cases. Received: one of images or masks. Choose another."
            )


def check_other_cases(out: Path, ours: Container[str]) -> None:
    """Refuse a folder with cases that come from elsewhere: a training would take them along."""
    others = sorted(path.stem for path in out.glob("*.npy") if path.stem not in ours and not path.name.startswith("."))
    if others:
        raise InputError(
            f"{out}: expected an empty folder, or one that `lungseg prepare` has made. Received: "
            f"{counted(len(others), 'case')} of another origin, {show(others[0])} for one. Choose another folder, or "
            f"move these.{doubt_encoding(out / MANIFEST)}"
        )


def check_names(out: Path, radiographs: list[Radiograph]) -> None:
    """Refuse names that differ in case or in the way accents are stored, where the disk takes them for one."""
    seen: dict[str, str] = {}
    for case in (radiograph.case for radiograph in radiographs):
        twin = seen.setdefault(name_key(case).casefold(), case)
        if twin != case and not _tells_case(out):
            both = " and ".join(told_apart(show(twin), show(case)))
            raise InputError(
                f"{out}: expected names that this disk can tell apart. Received: {both}. Rename one of them, or "
                "choose a folder on another disk."
            )


def _tells_case(folder: Path) -> bool:
    """Tell whether the disk tells capital letters from small ones."""
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".lungseg-a", suffix=UNFINISHED) as file:
        return not Path(file.name).with_name(Path(file.name).name.swapcase()).exists()


def make_folder(out: Path) -> None:
    """Make the folder for the cases and try to write there, before any time is spent."""
    open_folder(out, "Choose another.")
