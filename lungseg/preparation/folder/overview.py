"""Draws a folder of cases as one picture, so that a person sees in a minute whether the masks are in order."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from lungseg.cases import load_case
from lungseg.errors import InputError, counted
from lungseg.files import writing
from lungseg.masks.outline import ORANGE, displayed, draw_outlines, hatch, rgb_of
from lungseg.preparation.folder.doubts import doubts_of
from lungseg.preparation.manifest import OVERVIEW
from lungseg.preparation.resizing import resize_channels, resize_mask
from lungseg.preparation.sources.tree import show
from lungseg.problems import LUNGS, Problem, read_problem

COLUMNS, MOST = 8, 64  # pictures in a row, and in all
SIDE, GAP, LINE = 192, 8, 13  # pixels: of a picture, between two, and of a line of text
DARK = 0.1  # an image that is nowhere brighter is drawn brighter than it is
TINT = 70  # of 255, how much of the orange lies over the mask of a case with doubts
FONT_SIZE = 10  # pixels
PAPER, INK = (255, 255, 255), (40, 40, 40)
IGNORED_WIDE = 90  # pixels: room for what explains the hatching


def choose_cases(rows: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return the cases to draw: those with doubts first, then some of the others, evenly spread.

    Parameters
    ----------
    rows : mapping of str to mapping
        Of the manifest, by case id.

    Returns
    -------
    list of str
        At most `MOST`.

    Examples
    --------
    >>> choose_cases({"a": {"reasons": ""}, "b": {"reasons": "very small"}, "c": {"reasons": ""}})
    ['b', 'a', 'c']
    """
    doubted = sorted((case for case in rows if doubts_of(rows[case])), key=lambda case: (rows[case]["reasons"], case))
    if len(doubted) >= MOST:  # some of each kind
        return [doubted[index] for index in np.linspace(0, len(doubted) - 1, MOST).round().astype(int)]
    others = sorted(set(rows) - set(doubted))
    count = min(MOST - len(doubted), len(others))
    return doubted + [others[index] for index in np.linspace(0, len(others) - 1, count).round().astype(int)]


def write_overview(folder: Path, rows: Mapping[str, Mapping[str, str]]) -> Path:
    """Draw `overview.png` in a folder of cases: each image with the outlines of its masks, and what is odd about it.

    Each class has its colour. The masks with doubts are tinted, and pixels that are ignored are hatched.

    Parameters
    ----------
    folder : Path
    rows : mapping of str to mapping
        Of the manifest, by case id.

    Returns
    -------
    Path
        The picture.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    cases, problem = choose_cases(rows), read_problem(folder)
    columns, lines = min(COLUMNS, max(1, len(cases))), -(-len(cases) // COLUMNS)
    drawn = [_picture_of(folder / f"{case}.npy", problem, bool(doubts_of(rows[case]))) for case in cases]
    pictures = [picture for picture, _ in drawn]
    high = max((picture.height for picture in pictures if picture), default=SIDE)  # no band below images that are wide
    wide, tall = SIDE + GAP, high + 3 * LINE + GAP
    top = LINE + 2 * GAP
    font = _font()
    doubted = sum(bool(doubts_of(row)) for row in rows.values())
    heading = f"{len(cases)} of {counted(len(rows), 'case')}; {doubted} to look at" + (
        ", framed, tinted and first" if doubted else ""
    )
    legend = [(heading, INK)]
    if problem != LUNGS:
        legend += [(_fitting(name, font), rgb_of(problem.colour(name))) for name in problem.classes]
    lengths = [round(font.getlength(text)) + 2 * GAP for text, _ in legend]
    across = max(GAP + max(2, columns) * wide, GAP + sum(lengths) + IGNORED_WIDE * (problem != LUNGS))
    sheet = Image.new("RGB", (across, top + lines * tall), PAPER)
    draw = ImageDraw.Draw(sheet)
    for (text, colour), before in zip(legend, np.cumsum([GAP, *lengths]).tolist(), strict=False):
        draw.text((before, GAP), text, colour, font)
    for place, (case, picture) in enumerate(zip(cases, pictures, strict=True)):
        left, upper = GAP + place % COLUMNS * wide, top + place // COLUMNS * tall
        doubts = doubts_of(rows[case])
        if picture:
            sheet.paste(picture, (left + (SIDE - picture.width) // 2, upper + (high - picture.height) // 2))
        else:  # damaged since; who trains with it is told
            draw.text((left + GAP, upper + GAP), "cannot be read", INK, font)
        if doubts:
            draw.rectangle((left - 2, upper - 2, left + SIDE + 1, upper + high + 1), outline=ORANGE, width=2)
        for line, text in enumerate((case, *_two_lines("; ".join(doubts), font))):
            draw.text((left, upper + high + 1 + line * LINE), _fitting(text, font), INK, font)
    if any(hatched for _, hatched in drawn):
        swatch = Image.new("RGB", (2 * LINE, LINE), PAPER)
        hatch(swatch, np.ones((LINE, 2 * LINE), bool))
        sheet.paste(swatch, (GAP + sum(lengths), GAP))
        draw.text((GAP + sum(lengths) + 2 * LINE + GAP, GAP), "ignored", INK, font)
    target = folder / OVERVIEW
    with writing(target) as temporary:
        sheet.save(temporary, format="PNG")
    return target


def _picture_of(path: Path, problem: Problem, tinted: bool) -> tuple[Image.Image | None, bool]:
    """Draw the case of a file, if it can be read, and tell whether pixels of it are ignored."""
    try:
        case = load_case(path)
    except InputError:
        return None, False
    return _picture(case, problem, tinted), bool((case == -1).any())


def _picture(case: np.ndarray, problem: Problem, tinted: bool) -> Image.Image:
    """Draw one case, its masks outlined."""
    count = len(problem.channels)
    height, width = case.shape[:2]
    size = (max(1, round(SIDE * height / max(height, width))), max(1, round(SIDE * width / max(height, width))))
    image = resize_channels(displayed(case[..., :count], problem.channels), size)
    if 0 < image.max() < DARK:  # nearly black, and to be seen all the same
        image = image / image.max()
    masks = [resize_mask(case[..., count + k] == 1, size) for k in range(len(problem.classes))]
    colours = [ORANGE] if problem == LUNGS else [rgb_of(problem.colour(name)) for name in problem.classes]
    picture = draw_outlines(image, list(zip(masks, colours, strict=True)))
    hatch(picture, resize_mask((case[..., count:] == -1).all(axis=-1), size))
    if tinted:  # an outline alone does not tell on which side of it the mask is
        for mask, colour in zip(masks, colours, strict=True):
            picture.paste(colour, mask=Image.fromarray((TINT * mask).astype(np.uint8)))
    return picture


def _font() -> ImageFont.FreeTypeFont:
    """Return the font that comes with Matplotlib: that of Pillow has the letters of English alone."""
    import matplotlib

    return ImageFont.truetype(Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf"), FONT_SIZE)


def _two_lines(text: str, font: ImageFont.FreeTypeFont) -> tuple[str, str]:
    """Return a text in two lines, as much as there is room for."""
    first = text
    while font.getlength(first) > SIDE and " " in first:
        first = first.rpartition(" ")[0]
    return first, text[len(first) :].strip()


def _fitting(text: str, font: ImageFont.FreeTypeFont) -> str:
    """Return a text as it can stand below a picture: cut to its width, accents joined with their letters."""
    text = show(unicodedata.normalize("NFC", text))
    if font.getlength(text) <= SIDE:
        return text
    while font.getlength(f"{text}...") > SIDE:
        text = text[:-1]
    return f"{text}..."
