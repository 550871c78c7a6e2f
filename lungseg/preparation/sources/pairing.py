"""Which mask belongs to which image: by their names, as people compare them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from lungseg.cases import case_id
from lungseg.errors import InputError
from lungseg.files import name_key, told_apart
from lungseg.preparation.sources.sets import FolderSet
from lungseg.preparation.sources.tree import show, stem

FILE_WORDS = "png|jpe?g|tiff?|bmp|gif|dcm|dicom|ima"
MASK_WORDS = re.compile(
    "(?:left|right|lungs?|manual|binary)?"
    "(?:masks?|labels?|segs?|segmentations?|annotations?|gts?|ground|truths?|groundtruths?|left|right|lungs?)"
    f"|of|{FILE_WORDS}"
)
IMAGE_WORDS = re.compile(f"images?|imgs?|cxrs?|xrays?|radiographs?|films?|scans?|originals?|orig|{FILE_WORDS}")
SAYS_MASK = re.compile(r"mask|label|seg|annot|truth|(?:^|_)gt(?:_|$)")


class Radiograph(NamedTuple):
    """A raw radiograph and its mask.

    Attributes
    ----------
    case : str
        The case id.
    image : Path
    masks : tuple of Path
        The files that make up the mask.
    """

    case: str
    image: Path
    masks: tuple[Path, ...]


class Pairs(NamedTuple):
    """The radiographs of a set, the images and masks without a partner, and how many have the mask of one lung."""

    radiographs: list[Radiograph]
    without_mask: list[Path]
    without_image: list[Path]
    halves: int


class Mask(NamedTuple):
    """A file with a mask, or a part of one: "left", "right" or "" for both lungs."""

    path: Path
    part: str


def case_of(image: Path) -> str:
    """Return the case id of an image.

    Parameters
    ----------
    image : Path

    Returns
    -------
    str

    Examples
    --------
    >>> case_of(Path("images/CHNCXR_0317_0.png"))
    'CHNCXR_0317_0'
    """
    return case_id(stem(image)) or stem(image)


def says_mask(path: Path) -> bool:
    """Tell whether the name of a file itself says that it is a mask.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bool

    Examples
    --------
    >>> says_mask(Path("7_mask.png")), says_mask(Path("7.png"))
    (True, False)
    """
    return bool(SAYS_MASK.search(plain(path.name)))


def match(cases: Iterable[str], masks: Iterable[Mask]) -> tuple[dict[str, list[Mask]], list[Mask]]:
    """Find the case of each mask.

    A mask is called like its image. Where none is, case, accents that are stored in another way,
    full-width letters and signs between words make no difference; and then words such as `mask` and
    `image`, or a second extension, at either end of the name.

    Parameters
    ----------
    cases : iterable of str
        The case ids of the images.
    masks : iterable of Mask

    Returns
    -------
    found : dict of str to list of Mask
        Case id to masks.
    others : list of Mask
        Those of no image, or of more than one.

    Examples
    --------
    >>> names = "A-mask.png", "b.png.png", "Mask 3.gif", "4_left.png", "x.png"
    >>> found, others = match(["a", "b", "img_3", "4"], [Mask(Path(name), "") for name in names])
    >>> [(case, masks[0].path.name) for case, masks in found.items()]
    [('a', 'A-mask.png'), ('b', 'b.png.png'), ('img_3', 'Mask 3.gif'), ('4', '4_left.png')]
    >>> found["4"][0].part, others[0].path.name
    ('left', 'x.png')
    """
    found: dict[str, list[Mask]] = {}
    exact = {name_key(case): case for case in cases}
    near: list[dict[str, str | None]] = []  # made when they are needed
    others = []
    for mask in masks:
        case = exact.get(name_key(case_id(stem(mask.path))))
        if case is None:
            near = near or _near(exact.values())
            case, mask = _nearest(mask, near)
        if case is None:
            others.append(mask)
        else:
            found.setdefault(case, []).append(mask)
    return found, others


def plain(name: str) -> str:
    """Return a name without what people overlook: case, width and accents' form, and which signs part the words.

    Parameters
    ----------
    name : str

    Returns
    -------
    str

    Examples
    --------
    >>> plain("Chest (PA) 01")
    'chest_pa_01'
    """
    if name.isascii():  # nearly all are, and this is ten times as fast
        return "_".join(re.findall("[a-z0-9]+", name.lower())) or name
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    # What is neither letter nor number parts words; what is not even seen (Cf: a joiner, a mark at the start) does not.
    kinds = ((letter, unicodedata.category(letter)) for letter in folded)
    letters = (letter if kind[0] in "LMN" else " " for letter, kind in kinds if kind != "Cf")
    return "_".join("".join(letters).split()) or name


def _without(name: str, words: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Yield a plain name, and the same with one of the words less, and one less; each with the words removed."""
    pieces, removed = re.sub(r"(?<=[^\W\d_])(?=\d)", "_", name).split("_"), ""
    while True:
        yield "_".join(pieces), removed
        if pieces and words.fullmatch(pieces[-1]):
            removed += f" {pieces.pop()}"
        elif pieces and words.fullmatch(pieces[0]):
            removed += f" {pieces.pop(0)}"
        else:
            return


def _near(cases: Iterable[str]) -> list[dict[str, str | None]]:
    """Return, from the closest to the widest, which case a name is near to; None if to two."""
    closest: dict[str, str | None] = {}
    widest: dict[str, str | None] = {}
    for case in cases:
        name = plain(case)
        closest[name] = None if name in closest else case
        name = name.removesuffix("_0000")  # as nnU-Net calls the first channel
        for near, _ in _without(name, IMAGE_WORDS):
            widest[near] = None if widest.get(near, case) != case else case
    if len(closest) == 1:  # a folder for each patient: what is called mask.png, or left.png, is of its one image
        widest[""] = next(iter(closest.values()))
    return [closest, widest]


def _nearest(mask: Mask, near: list[dict[str, str | None]]) -> tuple[str | None, Mask]:
    """Return the case whose name is nearest to that of a mask, and the mask with the side that its name tells."""
    name = plain(stem(mask.path))
    for level in near:
        for shorter, removed in [(name, ""), *_without(name, MASK_WORDS)]:
            if shorter in level:
                side = next((side for side in ("left", "right") if side in removed), "")
                return level[shorter], mask._replace(part=mask.part or side)
    return None, mask


def pair(one: FolderSet) -> Pairs:
    """Return the radiographs of a set, and the images and masks without a partner.

    Parameters
    ----------
    one : FolderSet

    Returns
    -------
    Pairs

    Raises
    ------
    InputError
        If two files claim one case.
    """
    files = [path for folder in one.images for path in folder.images]
    masks = [Mask(path, part) for folder, part in one.masks for path in folder.masks]
    if one.masks and one.images == [folder for folder, _ in one.masks]:
        masks = [mask for mask in masks if says_mask(mask.path)]
        files = sorted(set(files) - {mask.path for mask in masks})
    images: dict[str, Path] = {}
    cases: dict[str, str] = {}
    for path in files:
        case = case_of(path)
        known = name_key(case)
        if known in images:
            raise _two_files(case, images[known], path, "--images")
        images[known], cases[known] = path, case
    found, others = match(cases.values(), masks)
    radiographs, without_mask, halves = [], [], 0
    for known, path in images.items():
        case = cases[known]
        parts: dict[str, Path] = {}
        for mask in found.get(case, []):
            if mask.part in parts:
                raise _two_files(case, parts[mask.part], mask.path, "--masks")
            parts[mask.part] = mask.path
        whole = [parts[""]] if "" in parts else [parts[side] for side in ("left", "right") if side in parts]
        if len(whole) == (1 if "" in parts else 2):  # one half of a mask is no mask
            radiographs.append(Radiograph(case, path, tuple(whole)))
        else:
            without_mask.append(path)
            halves += bool(whole)
    return Pairs(radiographs, without_mask, [mask.path for mask in others], halves)


def _two_files(case: str, first: Path, second: Path, option: str) -> InputError:
    """Return the refusal of two files of one name."""
    if first.parent == second.parent:
        both = " and ".join(told_apart(show(first.name), show(second.name)))
        return InputError(
            f"{show(first.parent, most=300)}: expected one file for {show(case)}. Received: {both}. Remove the one "
            "that is not meant."
        )
    return InputError(
        f"{show(first.parent, most=300)}: expected one file for {show(case)}. Received: {show(first.name)}, and "
        f"{show(second.name)} in {show(second.parent, most=300)}. Name the folder that is meant with {option}."
    )
