"""Makes a folder of cases of any problem: `prepare`, by a recipe."""

from __future__ import annotations

import dataclasses
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from lungseg.errors import InputError, counted
from lungseg.preparation.classes.mask_file import open_mask
from lungseg.preparation.classes.masks import values_of
from lungseg.preparation.classes.palettes import check_palettes
from lungseg.preparation.classes.smooth import NAME_EACH, about_many_values
from lungseg.preparation.classes.table import ClassTable, Said, Value, as_colour, how_to_name, read_table_of_classes
from lungseg.preparation.folder.lungs import prepare_folder
from lungseg.preparation.folder.problem_cases import ProblemCases
from lungseg.preparation.folder.report import PreparationReport
from lungseg.preparation.folder.running import check_call, prepare_all
from lungseg.preparation.recipe import Recipe
from lungseg.preparation.recipes import find_recipe
from lungseg.preparation.resizing import height_width
from lungseg.preparation.sources.class_layouts import FoundPairs, Pair, scan_classes
from lungseg.preparation.sources.swapped import check_not_swapped
from lungseg.problems import Problem
from lungseg.radiographs.channels import read_channels
from lungseg.radiographs.limits import MAX_MEGAPIXELS

SIZE = 256  # pixels
SINGLE = "object"  # the one class of masks, if nobody names it
SHOWN = 8  # values in a message
LOOKED_AT = 20  # masks, if there are so many values that they are edges, perhaps
UNKNOWN = " 255 is often where nobody knows: --ignore 255."


def prepare(
    source: str | os.PathLike[str],
    out: str | os.PathLike[str],
    size: int | tuple[int, int] | None = None,
    *,
    recipe: str | Path | Recipe = "lungs",
    channels: str | Sequence[str] | None = None,
    classes: Mapping[str, Said] | Iterable[str] | None = None,
    ignore: Said = None,
    overlapping: bool = False,
    colours: Mapping[str, str] | None = None,
    tile: int | tuple[int, int] | None = None,
    images: str | os.PathLike[str] | None = None,
    masks: str | os.PathLike[str] | None = None,
    lung_values: str | float | Sequence[str | float] | None = None,
    corrected: str | os.PathLike[str] | None = None,
    n_jobs: int = -1,
    progress: bool = True,
    overwrite: bool = False,
    max_megapixels: float = MAX_MEGAPIXELS,
) -> PreparationReport:
    """Turn images and their masks into cases, in parallel: `lungseg prepare`.

    With the recipe "lungs" and nothing said of channels and classes these are radiographs with masks of the lungs, see
    :func:`lungseg.preparation.prepare_folder`. Otherwise images of anything: a mask holds a number, or a colour, for
    each class; or each class has a folder of masks, or a file of its own. A resized mask has the class that covers most
    of a pixel.

    Beside the cases lie `cases.json` (channels and classes), `recipe.json`, `manifest.csv` (of what file and size each
    case is, and how many pixels of each class) and `overview.png`. A file that cannot be used is named and does not
    stop the rest. Run again, finished cases whose files have not changed are reused.

    Parameters
    ----------
    source : str or Path
        A folder with images and masks: `images/` and `masks/`, `images/` and `masks/CLASS/`, or `images/` and `masks/`
        with `NAME_CLASS.png`.
    out : str or Path
        The folder for the cases; made if it is missing.
    size : int or (int, int), optional
        Height and width of the cases in pixels, or one number for both; 256, if neither `size` nor `tile` is given.
        Radiographs with masks of lungs alone become squares.
    recipe : str, Path or Recipe
        How image files become images: "lungs", "grey", "colour", one of your own, or a file with one.
    channels : str or sequence of str, optional
        The names of the image's channels, ``"red,green,blue,nir"``. Without it, those of the recipe, or numbers.
    classes : mapping of str to values, or iterable of str, optional
        Which values or colours of a mask are which class: ``{"road": 1, "house": "#ff0000"}`` or ``["road=1"]``; names
        alone, where each class has masks of its own. Not needed for folders of masks that are called like the classes,
        and for a single class. 0 and black are background, if no other values are named "background".
    ignore : values, optional
        Values, or colours, of pixels that are not to count.
    overlapping : bool
        Whether a pixel may belong to several classes.
    colours : mapping of str to str, optional
        The colours in which classes are drawn, ``{"road": "#e69f00"}``.
    tile : int or (int, int), optional
        Cut images, at their own size, into tiles of this height and width, each a case: NAME_r0_c0, NAME_r0_c1, ...
    images, masks : str or Path, optional
        The folder in the source that holds them, where the names of the folders do not tell.
    lung_values, corrected
        Of radiographs with masks of lungs, see :func:`lungseg.preparation.prepare_folder`.
    n_jobs : int
        Processes; -1 is one per core.
    progress : bool
        Show a progress bar.
    overwrite : bool
        Make every case anew, and remove what an earlier run left in ``out``.
    max_megapixels : float
        A file with more million pixels is refused.

    Returns
    -------
    PreparationReport

    Warns
    -----
    UserWarning
        If images or masks were left out: how many, and why the first of them. The report names them all.

    Raises
    ------
    InputError
        The source has no usable image; masks hold several values and nobody says what they are; ``out`` is the source,
        or holds other cases, or another command is at work in it; or a setting is out of range.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from PIL import Image
    >>> from lungseg import load_case
    >>> folder = Path(tempfile.mkdtemp())
    >>> mask = np.repeat([[0, 0, 1, 1, 2, 2, 2, 2]], 8, axis=0)
    >>> for name, pixels in (("images", np.full((8, 8, 3), 51)), ("masks", mask)):
    ...     (folder / name).mkdir()
    ...     Image.fromarray(pixels.astype(np.uint8)).save(folder / name / "field.png")
    >>> report = prepare(
    ...     folder, folder / "cases", 4, recipe="colour", classes=["road=1", "water=2"], n_jobs=1, progress=False
    ... )
    >>> load_case(folder / "cases" / "field.npy")[0, :, 3:].tolist()  # road and water, along the first row
    [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]
    """
    chosen = find_recipe(recipe)
    asked = any(said is not None for said in (channels, classes, ignore, colours, tile)) or overlapping
    if chosen == find_recipe("lungs") and not asked:
        whole = SIZE if size is None else size
        options = (images, masks, lung_values, corrected)
        return prepare_folder(source, out, whole, n_jobs, progress, overwrite, max_megapixels, *options)  # type: ignore[arg-type]
    source, out = check_call(source, out, n_jobs, max_megapixels)
    for name, option in (("lung_values", lung_values), ("corrected", corrected)):
        if option is not None:
            raise InputError(
                f"{name}: expected with masks of lungs alone (the recipe lungs). Received: it with other classes. Name "
                "the values of each class with --class; in Python with classes."
            )
    shape = _shape(size, tile, chosen)
    chosen = dataclasses.replace(chosen, tiled=tile is not None)
    table = read_table_of_classes(classes, ignore, overlapping)
    found = scan_classes(source, table.names, bool(table.names) and not table.values, out, images, masks)
    check_not_swapped(source, found.radiographs, max_megapixels)
    if isinstance(classes, Mapping):
        _check_no_colours(classes, found.radiographs, max_megapixels)
    files = ((path, part) for pair in found.radiographs for path, part in zip(pair.masks, pair.parts, strict=True))
    check_palettes(files, table, max_megapixels)
    table = _with_names(table, found, n_jobs, max_megapixels)
    names = _channels(channels, chosen, found.radiographs, max_megapixels)
    drawn = {**table.colours, **(colours or {})}
    problem = Problem(names, table.names, exclusive=not overlapping, recipe=chosen.name, colours=drawn)
    found.notes.append(
        f"channels {', '.join(problem.channels)}; classes {', '.join(problem.classes)}; recipe {chosen.name}"
    )
    maker = ProblemCases(problem, chosen, table, shape, max_megapixels)
    return prepare_all(source, out, found, maker, n_jobs, progress, overwrite)


def _check_no_colours(classes: Mapping[str, Said], pairs: list[Pair], max_megapixels: float) -> None:
    """Refuse three numbers that are a colour, of masks in colour: each would be read as a value of its own."""
    for name, said in classes.items():
        colour = as_colour(said)
        if colour and any(_shows(pair.masks[0], colour, max_megapixels) for pair in pairs[:LOOKED_AT]):
            raise InputError(
                f"class {name}: expected values, or colours as #ff0000. Received: {said}, and masks in colour. Write "
                f'classes={{"{name}": "{colour}"}}.'
            )


def _shows(path: Path, colour: str, max_megapixels: float) -> bool:
    """Tell whether a mask is in colour; of one with a palette, where numbers are places in it, whether it has this."""
    with suppress(InputError):
        mask = open_mask(path, max_megapixels)
        painted = Value(int(colour[1:], 16), int(colour[1:], 16), colour=True)
        return mask.coloured[0] or (mask.coloured[1] and bool(mask.has(painted).any()))
    return False


def _shape(size: int | tuple[int, int] | None, tile: int | tuple[int, int] | None, recipe: Recipe) -> tuple[int, int]:
    """Return height and width of the cases."""
    if tile is None:
        return height_width(SIZE if size is None else size)
    if size is not None:
        raise InputError("size: expected size or tile. Received: both. Tiles are cut from images at their own size.")
    if recipe.crop:
        raise InputError(
            f"tile: expected a recipe that does not crop. Received: {recipe.name}. Take grey or colour, or your own."
        )
    return height_width(tile)


def _channels(
    named: str | Sequence[str] | None, recipe: Recipe, pairs: list[Pair], max_megapixels: float
) -> tuple[str, ...]:
    """Return the names of the channels: those that somebody has named, or as many as the first image has."""
    if named is not None:
        return tuple(name.strip() for name in named.split(",")) if isinstance(named, str) else tuple(named)
    for pair in pairs:
        with suppress(InputError):  # it is named when its turn comes
            values = read_channels(pair.image, None, max_megapixels).values
            count = 1 if values.ndim == 2 else values.shape[2]
            if count == len(recipe.channels) or (count, len(recipe.channels)) in ((3, 1), (1, 3)):
                return recipe.channels
            return tuple(f"channel {number}" for number in range(1, count + 1))
    return recipe.channels


def _with_names(table: ClassTable, found: FoundPairs, n_jobs: int, max_megapixels: float) -> ClassTable:
    """Return the table of classes with the names that folders tell; refuse masks whose values nobody has named."""
    if found.classes or table.values:
        return dataclasses.replace(table, names=found.classes or table.names)
    values = _values(found.radiographs, n_jobs, max_megapixels)
    several = [value for value in values if value not in ("0", "#000000")]
    if table.background or table.ignored:  # what these are is said
        several = [value for value in several if value not in map(str, (*table.background, *table.ignored))]
    if not values or (len(several) < 2 and len(table.names) < 2):  # of none, no mask can be read: each is named
        return dataclasses.replace(table, names=table.names or (SINGLE,))
    if not several:
        raise InputError(
            f"{found.radiographs[0].masks[0].parent}: expected masks of {', '.join(table.names)}, each in a folder "
            f"or a file of its own (NAME_{table.names[0]}.png), or their values, {how_to_name({table.names[0]: '1'})}. "
            "Received: masks of 0 alone."
        )
    shown = [f"{value} (in {counted(values[value], 'file')})" for value in several[:SHOWN]]
    more = f" and {len(several) - SHOWN} more" if len(several) > SHOWN else ""
    if len(several) > SHOWN:
        path, remedy = _what_they_are(found, table.names[0] if table.names else SINGLE, max_megapixels)
        if remedy:
            raise InputError(
                f"{path}: expected a value for each class. Received: {', '.join(shown)}{more}, beside 0. {remedy}"
            )
    names = list(table.names) or ["NAME1", "NAME2"]
    example = how_to_name(dict(zip(names, several, strict=False)))
    name = names[0] if table.names else SINGLE
    all_of_one = how_to_name({name: f"{','.join(several[:2])},..." if several[0].startswith("#") else "1-65535"})
    raise InputError(
        f"{found.radiographs[0].masks[0].parent}: expected to be told which values of the masks are which class. "
        f"Received: {', '.join(shown)}{more}, beside 0. Name each, {example}, and so on; or, if all are of one class, "
        f"{all_of_one}.{UNKNOWN * (len(several) > 2 and '255' in several)}"
    )


def _what_they_are(found: FoundPairs, name: str, max_megapixels: float) -> tuple[Path, str]:
    """Say of the first masks what their values are, if they are no labels; first of one that has several classes."""
    said: list[tuple[Path, str]] = []
    for pair in found.radiographs[:LOOKED_AT]:
        with suppress(InputError):
            said.append((pair.masks[0], about_many_values(open_mask(pair.masks[0], max_megapixels), name)))
    said.sort(key=lambda one: (NAME_EACH not in one[1], not one[1]))
    return said[0] if said else (found.radiographs[0].masks[0], "")


def _values(pairs: list[Pair], n_jobs: int, max_megapixels: float) -> Counter[str]:
    """Return the values of all masks, sorted, and how many files have each."""
    from joblib import Parallel, delayed

    files = [path.absolute() for pair in pairs for path in pair.masks]
    found = Parallel(n_jobs=n_jobs)(delayed(_values_of)(path, max_megapixels) for path in files)
    total = Counter[str](value for values in found for value in values)
    return Counter({value: total[value] for value in sorted(total, key=_order)})


def _values_of(path: Path, max_megapixels: float) -> list[str]:
    """Return the values of a mask; of one that cannot be read, none: it is named when its turn comes."""
    try:
        return values_of(path, max_megapixels)
    except InputError:
        return []


def _order(value: str) -> tuple[bool, float, str]:
    """Return by what values are sorted: numbers, then colours."""
    return (True, 0.0, value) if value.startswith("#") else (False, float(value), "")
