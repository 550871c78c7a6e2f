"""What the names of folders say: which hold images, which masks, and which of these belong together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


IMAGES = _set(
    "image images img imgs cxr cxrs xray xrays radiograph radiographs film films scan scans dicom dicoms "
    "original originals input inputs picture pictures"
)
MASKS = _set(
    "mask masks label labels annotation annotations gt gts groundtruth groundtruths truth truths target targets"
)
# These name masks only where they name the folder of the files: "Lung Segmentation" is often a whole data set.
SEGMENTATIONS = _set("seg segs segmentation segmentations")
SIDES = {"left": "left", "l": "left", "right": "right", "r": "right"}
LUNGS = _set("lung lungs lungfield lungfields")
ORGANS = _set(
    "heart hearts clavicle clavicles rib ribs bone bones spine trachea aorta mediastinum diaphragm infection "
    "infections lesion lesions nodule nodules opacity opacities tumor tumour body background"
)
SMALL_WORDS = _set("manual binary png jpg jpeg tif tiff gif dcm ground x ray and of the")
# leftMask, leftmask, lungmasks, trainimages: words that are written as one
GLUED = re.compile(
    r"(left|right|lung|manual|ground|train|val|test|jpeg|x)?"
    r"(masks?|labels?|lungs?|images?|imgs?|segmentations?|annotations?|truths?|rays?|tr|ts)"
)


# Of PASCAL VOC: masks of classes, beside those with a number for each object, which are left out.
VOC = {"segmentationclass": "segmentation", "segmentationobject": "object"}


class Role(NamedTuple):
    """What a folder is for.

    Attributes
    ----------
    kind : str
        "images", "masks", or "" if the name does not tell.
    part : str
        Of masks: "left", "right", "" for both lungs, "other" for other organs.
    place : tuple of str
        What else the path says. Images and masks of the same place belong together.
    """

    kind: str
    part: str
    place: tuple[str, ...]


def role_of(parts: Sequence[str]) -> Role:
    """Tell what a folder is for.

    Parameters
    ----------
    parts : sequence of str
        The names that lead to it from the source.

    Returns
    -------
    Role

    Examples
    --------
    >>> role_of(["COVID", "Images"]).place == role_of(["COVID", "lung masks"]).place == ("covid",)
    True
    >>> role_of(["fold1", "masks", "left lung"])
    Role(kind='masks', part='left', place=('fold 1',))
    >>> role_of(["fold1", "masks", "left clavicle"]).part, role_of(["Lung Segmentation", "test"]).kind
    ('other', '')
    """
    words = [words_of(part) for part in parts]
    kinds = [_kind(these, own=depth == len(words) - 1) for depth, these in enumerate(words)]
    nearest = max((depth for depth, kind in enumerate(kinds) if kind), default=None)
    kind = kinds[nearest] if nearest is not None else ""
    part = ""
    place = []
    for depth, these in enumerate(words):
        rest = [word for word in these if word not in IMAGES | MASKS | SMALL_WORDS]
        if kind == "masks" and nearest is not None and depth >= _first_of(kinds, nearest):
            part = _part(these) or part
            rest = [word for word in rest if word not in LUNGS | ORGANS | SEGMENTATIONS and word not in SIDES]
        if rest:
            place.append(" ".join(rest))
    return Role(kind, "" if part == "both" else part, tuple(place))


def _first_of(kinds: list[str], nearest: int) -> int:
    """Return the depth at which a run of folders of one kind begins: of `ManualMask/leftMask`, that of the former."""
    while nearest and kinds[nearest - 1] == kinds[nearest]:
        nearest -= 1
    return nearest


def words_of(name: str) -> list[str]:
    """Return the words of a name in small letters: `CXR_png`, `leftMask`, `Train Images`."""
    text = unicodedata.normalize("NFKC", name)
    text = VOC.get(text.casefold(), text)
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).casefold()
    found = []
    for word in re.findall(r"[^\W\d_]+|\d+", text):
        glued = GLUED.fullmatch(word)
        found += [piece for piece in glued.groups() if piece] if glued else [word]
    return [
        "xray" if (word, before) == ("ray", "x") else word for before, word in zip(["", *found], found, strict=False)
    ]


def _kind(words: list[str], own: bool) -> str:
    """Return what a name says by itself; `own` is that of the folder of the files, not of one above it."""
    known = set(words)
    if known & MASKS or (own and known & SEGMENTATIONS) or (known & LUNGS and known & {"left", "right"}):
        return "masks"
    return "images" if known & IMAGES else ""


def _part(words: list[str]) -> str:
    """Return which part of a mask a name stands for."""
    known = set(words)
    sides = {SIDES[word] for word in known & SIDES.keys()}
    if known & ORGANS and not known & LUNGS:
        return "other"
    if len(sides) == 1:
        return sides.pop()
    return "both" if sides or known & LUNGS else ""
