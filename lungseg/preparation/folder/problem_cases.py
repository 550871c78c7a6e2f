"""How an image of any problem and its masks become a case, or several tiles of one size."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lungseg.errors import InputError, counted
from lungseg.files import write_text
from lungseg.files.untrusted import read_shape
from lungseg.masks.drawn import NEGATIVE, is_around
from lungseg.preparation.classes.labels import Labels, read_labels
from lungseg.preparation.classes.mask_file import JPEG
from lungseg.preparation.classes.table import ClassTable
from lungseg.preparation.cropping import CropBox, around, find_borders
from lungseg.preparation.folder.doubts import NONE_HAS, doubt_columns
from lungseg.preparation.folder.origin import is_unchanged
from lungseg.preparation.folder.running import Row, image_of
from lungseg.preparation.folder.tiles import TILE, cut_tiles
from lungseg.preparation.folder.turned import about_turned, turned_column
from lungseg.preparation.geometry import Geometry
from lungseg.preparation.manifest import geometry_columns, size_text
from lungseg.preparation.recipe import Recipe
from lungseg.preparation.recipes import RECIPE, read_file
from lungseg.preparation.sources.class_layouts import Pair
from lungseg.problems import CASES_FILE, LUNGS, Problem, read_problem, write_problem
from lungseg.radiographs.channels import ARRAYS
from lungseg.radiographs.mask_values import OTHER_RECIPE
from lungseg.radiographs.modes import is_transparent

EDGES = "edges"  # a column of the manifest: what blurred edges of the mask were cut at, or "JPEG"
TRANSPARENT = "transparent"  # a column: whether a pixel of the image is, in part
LARGEST = "largest"  # a column: the largest number of an image that is nearly black, and what it became
DARK = 0.1  # of the largest number: 12 bits in 16 reach 0.06


@dataclass(frozen=True)
class ProblemCases:
    """How an image and its masks become cases, and when these may stay as they are: a `Maker`.

    Parameters
    ----------
    problem : Problem
    recipe : Recipe
        If it is tiled, images are cut into tiles of that shape, at their own size; otherwise they are resized to it.
    table : ClassTable
    shape : (int, int)
        Height and width of the cases.
    max_megapixels : float
        A file with more million pixels is refused.
    """

    problem: Problem
    recipe: Recipe
    table: ClassTable
    shape: tuple[int, int]
    max_megapixels: float

    @property
    def size(self) -> str:
        return size_text(self.shape)

    @property
    def settings(self) -> str:
        recipe = json.dumps({key: value for key, value in self.recipe.described().items() if key != "channels"})
        return f"{recipe} channels {','.join(self.problem.channels)} classes {self.table.described()}"

    def begin(self, out: Path, earlier: dict[str, Row]) -> list[str]:
        before = self.problem
        with suppress(InputError):  # a damaged file, which is replaced
            before = read_problem(out) if (out / CASES_FILE).exists() else before
        if self.problem == LUNGS:  # which needs none
            (out / CASES_FILE).unlink(missing_ok=True)
        write_problem(self.problem, out)
        write_text(out / RECIPE, json.dumps(self.recipe.described(), indent=1) + "\n")
        names = [name for name in self.problem.classes if name in before.classes]
        drawn = [(name, before.colour(name), self.problem.colour(name)) for name in names]
        changed = [f"{name} {now} in place of {former}" for name, former, now in drawn if former != now]
        return [f"classes drawn in other colours than before: {', '.join(changed)}"] if changed else []

    def own_names(self, out: Path, ones: Sequence[Pair]) -> set[str]:
        names = {one.case for one in ones}
        tiles = {path.stem for path in out.glob("*.npy") if TILE.search(path.stem)} if self.recipe.tiled else set()
        return names | {name for name in tiles if TILE.split(name)[0] in names}

    def notes(self, rows: list[Row]) -> list[str]:
        total = Counter[str]()
        for row in rows:
            total.update({name: int(row.get(f"pixels_{name}") or 0) for name in self.problem.classes})
        absent = [name for name in self.problem.classes if rows and not total[name]]
        return (
            about_turned(rows)
            + _about_transparent(rows)
            + _about_dark(rows, self)
            + _about_edges(rows)
            + [f"{NONE_HAS} {' or '.join(absent)}"] * bool(absent)
        )

    def is_done(self, one: Pair, rows: list[Row], origin: dict[str, str], out: Path) -> bool:
        shape = (*self.shape, len(self.problem.channels) + len(self.problem.classes))
        return (
            bool(rows)
            and all(row.get("settings") == self.settings for row in rows)
            and (not self.recipe.tiled or str(len(rows)) == str(rows[0].get("tiles")))
            and all(read_shape(out / f"{row['case']}.npy") == shape for row in rows)
            and is_unchanged(one, rows[0], origin)
        )

    def make(self, one: Pair) -> Iterator[tuple[Row, np.ndarray]]:
        channels = len(self.problem.channels)
        if channels == 1 and self.recipe.lungs and one.image.suffix.lower() == ARRAYS:
            raise InputError(
                f"{one.image}: expected a radiograph, as PNG, JPEG, TIFF, GIF or DICOM. Received: an array of NumPy. "
                f"{OTHER_RECIPE}"
            )
        read = read_file(self.recipe, one.image, channels, self.max_megapixels)
        seen = {TRANSPARENT: "yes"} if channels < 4 and is_transparent(one.image) else {}
        seen |= turned_column(one.image, one.masks)
        labels = read_labels(one.masks, one.parts, self.table, read.values.shape[:2], one.image, self.max_megapixels)
        try:
            cut = self._tiles if self.recipe.tiled else self._whole
            for row, case in cut(one, read.values, labels, read.spacing):
                yield row | seen | {"settings": self.settings}, case
        except InputError as fault:  # of the image, which the recipe does not know by its name
            raise InputError(f"{one.image}: {str(fault).removeprefix('image: ')}") from None

    @property
    def _by_range(self) -> bool:
        """Whether the numbers that become 0 and 1 are the same for all images, whatever these hold."""
        return self.recipe.function is None and self.recipe.stretch != "percentiles"

    def _largest(self, image: np.ndarray, prepared: np.ndarray) -> Row:
        """Return the largest number of an image that uses little of the range, and how much of it, in a column."""
        dark = self._by_range and prepared.max() < DARK and image.min() < image.max()
        return {LARGEST: f"{float(image.max()):.10g} {max(0.0, float(prepared.max())):.4f}"} if dark else {}

    def _whole(
        self, one: Pair, image: np.ndarray, labels: Labels, spacing: tuple[float, float] | None
    ) -> Iterator[tuple[Row, np.ndarray]]:
        """Give the image as one case."""
        box: bool | CropBox = False
        if self.recipe.crop:
            classes = np.logical_or.reduce([labels.mask(k) for k in range(len(labels.names))])
            box = around(classes, find_borders(image))
        prepared, geometry = self.recipe.prepare_image(image, self.shape, box)
        masks = labels.cut(geometry.crop).resized(self.shape)
        row = {"case": one.case, **geometry_columns(geometry, spacing)}
        row |= _columns(labels, masks, _doubts_about(image, prepared, self._by_range)) | self._largest(image, prepared)
        yield row, _stacked(prepared, masks)

    def _tiles(
        self, one: Pair, image: np.ndarray, labels: Labels, spacing: tuple[float, float] | None
    ) -> Iterator[tuple[Row, np.ndarray]]:
        """Give the tiles of the image, at its own size; those of which every pixel is ignored are left out."""
        height, width = image.shape[:2]
        if height < self.shape[0] or width < self.shape[1]:
            raise InputError(
                f"expected an image of at least one tile, {self.shape[0]} x {self.shape[1]} pixels. Received: {height} "
                f"x {width}. Choose smaller tiles (--tile), or prepare it by itself."
            )
        window = self.recipe.window(image)
        largest = self._largest(image, self.recipe.scale(image, window)) if self._by_range else {}
        tiles = cut_tiles((height, width), self.shape)
        kept = {name: box for name, box in tiles.items() if not box.cut(labels.ignored).all()}
        if not kept:
            raise InputError("expected a pixel that is not ignored. Received: none. Leave it out.")
        for name, box in kept.items():
            part = labels.cut(box)
            masks = part.resized(self.shape)
            row: Row = {"case": one.case + name, "whole": one.case, "tiles": len(kept)}
            row |= geometry_columns(Geometry(height, width, box, self.shape, *window), spacing)
            row |= _columns(part, masks, of_a_tile=True)
            yield row | largest, _stacked(self.recipe.scale(box.cut(image), window), masks)


def _stacked(image: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """Return a case: float32 (h, w, C + K)."""
    image = image[..., None] if image.ndim == 2 else image
    return np.concatenate([image, masks], axis=-1, dtype=np.float32)


def _doubts_about(image: np.ndarray, prepared: np.ndarray, by_range: bool) -> list[str]:
    """Say what is odd about the numbers of an image."""
    low, high = image.min(), image.max()
    if low == high:
        return ["all pixels of the image have one value"]
    if by_range and prepared.max() < DARK:
        return ["the image is nearly black, the range is ten times as large: a recipe of values, or grey?"]
    return ["the image has two values: is it a mask?"] * bool(((image == low) | (image == high)).all())


def _columns(labels: Labels, masks: np.ndarray, more: list[str] | None = None, of_a_tile: bool = False) -> Row:
    """Return how many pixels each class has, at the size of the file, and what is odd about image and masks."""
    pixels = labels.counted()
    gone = [name for k, name in enumerate(labels.names) if pixels[name] and not (masks[..., k] == 1).any()]
    doubts = [f"{name} is thinner than a pixel" for name in gone]
    if not of_a_tile:
        doubts += _negatives(labels)
        doubts += ["no pixel has a class"] * (not any(pixels[name] for name in labels.names))
        doubts += [f"every pixel is {name}" for name in labels.names if pixels[name] == labels.ignored.size]
    doubts += more or []
    edges = {EDGES: ",".join(labels.edges)} if labels.edges else {}
    return {f"pixels_{name}": count for name, count in pixels.items()} | edges | doubt_columns(doubts)


def _negatives(labels: Labels) -> list[str]:
    """Say which masks are around something; of classes that share no pixel, one may well be around the others."""
    if len(labels.names) == 1:
        return [NEGATIVE] * is_around(labels.mask(0))
    if labels.index.ndim == 2:
        return []
    around = [name for number, name in enumerate(labels.names) if is_around(labels.mask(number))]
    return [NEGATIVE.replace("mask", f"mask of {name}") for name in around]


def _about_transparent(rows: list[Row]) -> list[str]:
    """Say how many images are transparent, which makes them darker than they look in some programs."""
    count = len({image_of(row) for row in rows if row.get(TRANSPARENT)})
    said = f"{counted(count, 'image')} partly transparent: laid on black, and darker by that"
    return [f"{said}; save without alpha, if it means nothing"] * bool(count)


def _about_dark(rows: list[Row], maker: ProblemCases) -> list[str]:
    """Say how much of the range dark images use, and which recipe suits them."""
    dark = {image_of(row): str(row[LARGEST]).split() for row in rows if row.get(LARGEST)}
    if not dark:
        return []
    largest, share = (max(float(pair[place]) for pair in dark.values()) for place in (0, 1))
    recipe = {"recipe": "mine", "channels": [*maker.problem.channels], "stretch": "values", "low": 0, "high": largest}
    whole = "the range of their type" if maker.recipe.stretch == "type" else "the range of the recipe"
    said = json.dumps(recipe).replace(f"{largest}", f"{largest:.10g}")
    return [
        f"{counted(len(dark), 'image')} {'uses' if len(dark) == 1 else 'use'} {100 * share:.2g} % of {whole}, up to "
        f"{largest:.10g}: write a recipe, {said}, into mine.json and add --recipe mine.json (in Python "
        f'Recipe("mine", {tuple(maker.problem.channels)}, "values", 0, {largest:.10g})), or take --recipe grey; then '
        "--overwrite"
    ]


def _about_edges(rows: list[Row]) -> list[str]:
    """Say of how many images the masks had blurred edges, and what became of these."""
    edges = {image_of(row): str(row.get(EDGES) or "") for row in rows}
    total = Counter(edge for several in edges.values() for edge in several.split(",") if edge)
    lossy = total.pop(JPEG, 0)
    notes = [
        f"masks of {counted(lossy, 'image')} are JPEG, which blurs edges: each pixel has the value that is nearest to "
        "its own. PNG keeps masks as they are"
    ] * bool(lossy)
    if total:
        at = ", ".join(sorted(total, key=float))
        notes.append(
            f"masks of {counted(sum(total.values()), 'image')} have grey edges, as smoothing leaves: cut at {at}"
        )
    return notes
