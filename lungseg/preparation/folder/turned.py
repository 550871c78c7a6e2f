"""Which images were turned upright, as their files note, and not their masks: a mask must be of the upright image."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from lungseg.errors import counted
from lungseg.preparation.folder.running import Row, image_of
from lungseg.radiographs.modes import noted_orientation

TURNED = "turned"  # a column of the manifest


def turned_column(image: Path, masks: Sequence[Path]) -> dict[str, str]:
    """Return the column that says that an image was turned, and a mask of it was not.

    Parameters
    ----------
    image : Path
    masks : sequence of Path

    Returns
    -------
    dict of str to str
        Empty, if it was not.
    """
    if noted_orientation(image) not in range(2, 9) or all(noted_orientation(mask) in range(2, 9) for mask in masks):
        return {}
    return {TURNED: "yes"}


def about_turned(rows: Iterable[Row]) -> list[str]:
    """Say how many images were turned: masks that were drawn on the pixels as they are stored lie wrongly then.

    Parameters
    ----------
    rows : iterable of dict
        Of the manifest.

    Returns
    -------
    list of str
        Of one line or none.

    Examples
    --------
    >>> about_turned([{"case": "a_r0_c0", "whole": "a", "turned": "yes"}, {"case": "b"}])
    ['1 image was turned upright, as its camera noted (EXIF): masks must be drawn on the upright image']
    """
    count = len({image_of(row) for row in rows if row.get(TURNED)})
    said = "was turned upright, as its camera" if count == 1 else "were turned upright, as their camera"
    return [f"{counted(count, 'image')} {said} noted (EXIF): masks must be drawn on the upright image"] * bool(count)
