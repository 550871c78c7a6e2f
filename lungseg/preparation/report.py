"""What became of a folder of radiographs, as a few lines of text."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from lungseg.errors import counted
from lungseg.preparation.tree import show

LISTED = 5  # names in a line


@dataclass
class PreparationReport:
    """What became of a folder of radiographs.

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
        elif self.overview:
            lines.append(f"No mask is odd; {self.overview} shows some of them")
        if self.failed:
            lines.append(f"{counted(len(self.failed), 'file')} failed:")
            lines += [f"  {reason}" for _, reason in self.failed]
        return "\n".join(lines)


def _first(names: list[str]) -> str:
    """Return the first names, and how many more there are."""
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(map(show, names[:LISTED])) + more
