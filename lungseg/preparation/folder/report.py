"""What became of a folder of images, as a few lines of text."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from lungseg.errors import counted
from lungseg.preparation.classes.labels import ONE_CLASS
from lungseg.preparation.folder.doubts import NONE_HAS
from lungseg.preparation.sources.tree import show

LISTED = 5  # names in a line
LEFT_OUT = "Left out: "  # with which the warning begins; who prints the summary ignores it
REASONS = 3  # of one kind, each in a line of its own
NUMBERS = re.compile(r"(#[0-9a-f]{6}|\d+)(,? (and )?(#[0-9a-f]{6}|\d+))*")  # one, or a list of them


@dataclass
class PreparationReport:
    """What became of a folder of images.

    Attributes
    ----------
    written, reused : int
        Cases made now, and cases kept from an earlier run on the same files.
    kept : int
        Cases in the folder that an earlier run made from other files.
    without_mask, without_image : list of str
        Names of images and masks that have no partner.
    failed : list of (str, str)
        Files that could not be used, and why.
    seconds : float
        The time taken.
    notes : list of str
        Lines that say from which folders images and masks are, and what else is to be known.
    doubts : dict of str to list of str
        What is odd about masks or images, and the names of the images where it is.
    overview : Path or None
        The picture of the cases, those with doubts first.
    images : int
        Images with a mask that were found; each gives a case, or several tiles.
    """

    written: int = 0
    reused: int = 0
    kept: int = 0
    without_mask: list[str] = field(default_factory=list)
    without_image: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)
    doubts: dict[str, list[str]] = field(default_factory=dict)
    overview: Path | None = None
    images: int = 0

    @property
    def lacks_many(self) -> bool:
        """Whether a third of the images or more failed: the others are a choice then, by what made these fail."""
        return 0 < self.images <= 3 * len(self.failed)

    def left_out(self) -> str:
        """Return in a line what gave no case; empty, if nothing was left out.

        Returns
        -------
        str

        Examples
        --------
        >>> failed = [("a.png", "a.png: expected an image. Received: a text.")]
        >>> print(PreparationReport(written=8, without_mask=["c.png", "d.png"], failed=failed).left_out())
        Left out: 1 image that failed (a.png: expected an image. Received: a text); 2 images without a mask (c.png, \
d.png). Why, of each: print(report.summary()), of the report that is returned.
        """
        kinds = [(self.without_mask, "image", "without a mask"), (self.without_image, "mask", "without an image")]
        parts = [f"{counted(len(names), thing)} {what} ({_first(names)})" for names, thing, what in kinds if names]
        if self.failed:
            first = "the first: " * (len(self.failed) > 1) + self.failed[0][1].rstrip(".")
            parts.insert(0, f"{counted(len(self.failed), 'image')} that failed ({first})")
        if not parts:
            return ""
        return f"{LEFT_OUT}{'; '.join(parts)}. Why, of each: print(report.summary()), of the report that is returned."

    def summary(self) -> str:
        """Return the report as a few lines of text.

        Returns
        -------
        str

        Examples
        --------
        >>> print(PreparationReport(written=2, without_mask=["c.png"], seconds=0.5).summary())
        2 cases written, 0 reused, in 0.5 s
        1 image without a mask left out: c.png
        >>> print(PreparationReport(written=2, doubts={"the lungs are very small": ["a.png", "b.png"]}).summary())
        2 cases written, 0 reused, in 0.0 s
        2 cases need a look:
          the lungs are very small: a.png, b.png
        >>> failed = [(f"{name}.png", f"{name}.png: expected an image. Received: a text.") for name in "abcde"]
        >>> print(PreparationReport(written=20, images=25, failed=failed).summary())
        20 cases written, 0 reused, in 0.0 s
        5 files failed:
          a.png: expected an image. Received: a text.
          b.png: expected an image. Received: a text.
          c.png: expected an image. Received: a text.
          and 2 more for the same reason: d.png, e.png
        """
        lines = [f"{counted(self.written, 'case')} written, {self.reused} reused, in {self.seconds:.1f} s", *self.notes]
        if self.kept:
            stay = "stays" if self.kept == 1 else "stay"
            lines.append(f"{counted(self.kept, 'case')} from an earlier source {stay} in the folder")
        for names, thing, what in (
            (self.without_mask, "image", "without a mask"),
            (self.without_image, "mask", "without an image"),
        ):
            if names:
                shown = ", ".join(map(show, names[:LISTED])) + (", ..." if len(names) > LISTED else "")
                lines.append(f"{counted(len(names), thing)} {what} left out: {shown}")
        if self.doubts:
            number = len({name for names in self.doubts.values() for name in names})
            where = f", {self.overview} shows them first" if self.overview else ""
            lines.append(f"{number} case{' needs' if number == 1 else 's need'} a look{where}:")
            lines += [f"  {show(reason, most=300)}: {_first(names)}" for reason, names in self.doubts.items()]
        elif self.overview and (self.failed or any(note.startswith(NONE_HAS) for note in self.notes)):
            lines.append(f"{self.overview} shows some of the cases")
        elif self.overview:
            lines.append(f"No mask is odd; {self.overview} shows some of them")
        if self.failed:
            lines.append(f"{counted(len(self.failed), 'file')} failed:")
            lines += _reasons(self.failed)
        overlap = sum(ONE_CLASS in reason for _, reason in self.failed)
        if 0 < self.images <= 3 * overlap:
            lines.append(
                f"{overlap} of {counted(self.images, 'image')} have masks that overlap: add --overlapping --overwrite "
                "(in Python overlapping=True, overwrite=True), and a pixel may belong to several classes; or draw the "
                "masks apart"
            )
        return "\n".join(lines)


def _reasons(failed: list[tuple[str, str]]) -> list[str]:
    """Return the reasons of files that failed; of those that differ in names and numbers alone, the first ones."""
    lines = []
    for same in _alike(failed):
        lines += [f"  {reason}" for _, reason in same[:REASONS]]
        if more := [Path(file).name for file, _ in same[REASONS:]]:
            lines.append(f"  and {len(more)} more for the same reason: {_first(more)}")
    return lines


def none_usable(failed: list[tuple[str, str]], above: str = "") -> str:
    """Return in a line why none of the images could be used.

    Parameters
    ----------
    failed : list of (str, str)
        Files, and why each failed.
    above : str
        The source, with a separator behind it: files are named from there.

    Returns
    -------
    str

    Examples
    --------
    >>> none_usable([("a.png", "a.png: expected an image. Received: a text.")])
    '1 that failed: a.png: expected an image. Received: a text.'
    >>> none_usable([(f"{name}.png", f"{name}.png: expected an image. Received: a text.") for name in "abcde"])
    '5 that failed, all for one reason (a.png, b.png, c.png and 2 more): a.png: expected an image. Received: a text.'
    """
    kinds = sorted(_alike(failed), key=len, reverse=True)
    if len(failed) == 1:
        return f"1 that failed: {failed[0][1]}"
    said = []
    for same in kinds[:REASONS]:
        names = _first([file.removeprefix(above) for file, _ in same], REASONS)
        many = f"all for one reason ({names}): " if len(kinds) == 1 else f"{len(same)} for one reason ({names}): "
        said.append(many * (len(same) > 1) + same[0][1])
    more = f" And {counted(len(kinds) - REASONS, 'other reason')}." if len(kinds) > REASONS else ""
    return f"{len(failed)} that failed, {' '.join(said)}{more}"


def _alike(failed: list[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Return files that failed and their reasons, those together that differ in names and numbers alone."""
    alike: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for file, reason in failed:
        said = reason.partition(": ")[2] or reason
        alike[NUMBERS.sub("0", said.replace(Path(file).name, "0"))].append((file, reason))
    return list(alike.values())


def _first(names: list[str], most: int = LISTED) -> str:
    """Return the first names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(map(show, names[:most])) + more
