"""What predicts: a network, with what its channels and outputs mean and how its images are prepared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from lungseg.environment import without_retracing
from lungseg.errors import InputError, counted, quote, warn_caller
from lungseg.prediction.cases import check_output
from lungseg.prediction.preparing import recipe_of_run
from lungseg.prediction.shapes import check_shapes_of_network
from lungseg.prediction.tiles import OVERLAP, check_overlap
from lungseg.preparation.recipe import Recipe
from lungseg.preparation.recipes import find_recipe
from lungseg.problems import LUNGS, Problem
from lungseg.runs import Run, load_run

if TYPE_CHECKING:
    import keras

MOST_GUESSED = 16  # channels, or outputs: more of them are rather rows and columns, of a network with channels first
ANY_SIZE = 256  # pixels: at which a network that takes any size is used, if nobody knows that of its training


@dataclass(frozen=True)
class OpenModel:
    """A network that is ready to predict images.

    Attributes
    ----------
    network : keras.Model
    problem : Problem
        What its channels and its outputs are.
    recipe : Recipe
        How its images are prepared.
    size : (int, int)
        Height and width of the images that it is given: whole ones, or tiles.
    tiled : bool
        Whether images are cut into tiles and not resized.
    overlap : float
        The share of a tile that neighbours have in common.
    cases : str or None
        The folder of the cases that the network was trained on, if that is known.
    resized : bool
        Whether somebody has asked for images to be resized, with `tile=False`.
    """

    network: keras.Model
    problem: Problem
    recipe: Recipe
    size: tuple[int, int]
    tiled: bool = False
    overlap: float = OVERLAP
    cases: str | None = None
    resized: bool = False

    @property
    def of_lungs(self) -> bool:
        """Whether its masks are those of both lungs on a chest X-ray."""
        return self.recipe.lungs and tuple(self.problem.classes) == tuple(LUNGS.classes)

    @property
    def components(self) -> int | None:
        """How many components cleaning keeps of a mask; None if nobody has said."""
        # Two are a pair of lungs. If right lung, left lung and heart are classes of their own, that tells nothing.
        return None if self.recipe.lungs and not self.of_lungs else self.recipe.components

    def predict(self, image: np.ndarray, name: str | Path) -> np.ndarray:
        """Return the probabilities that the network gives.

        Parameters
        ----------
        image : numpy.ndarray, shape (h, w) or (h, w, C)
            Prepared, of the size of the network.
        name : str or Path
            With which a message begins.

        Returns
        -------
        numpy.ndarray of float32, shape (h, w) of one class, (h, w, outputs) of several

        Raises
        ------
        InputError
            If the image has other channels, or the network does not return probabilities.
        """
        batch = image.reshape(1, *image.shape[:2], -1).astype(np.float32, copy=False)  # (1, h, w, C)
        if batch.shape[-1] != len(self.problem.channels):
            raise InputError(
                f"{name}: expected {len(self.problem.channels)} channels, as the network takes them. Received: "
                f"{batch.shape[-1]} from the recipe {quote(self.recipe.name)}. Name another recipe."
            )
        with without_retracing():
            output = self.network.predict_on_batch(batch)
        return check_output(output, batch, [name], self.problem)[0]


def open_network(
    model: keras.Model | Run | str | Path,
    recipe: str | Recipe | None = None,
    problem: Problem | None = None,
    tile: int | Sequence[int] | bool | None = None,
    overlap: float | None = None,
    array: bool = False,
) -> OpenModel:
    """Return a network with all that a prediction needs to know of it.

    Parameters
    ----------
    model, recipe, problem, tile, overlap
        See `lungseg.segment`.
    array : bool
        Whether the image comes as an array, and not from a file.

    Returns
    -------
    OpenModel

    Raises
    ------
    InputError
        If the model is none, its shapes are not those of the problem, nobody knows how its images are prepared, or it
        does not take tiles of this size.
    """
    check_overlap(OVERLAP if overlap is None else overlap)
    sides = None if tile is None or tile is False else _sides(tile)  # what is wrong is said before a model is read
    if isinstance(model, (str, Path)):
        model = load_run(model)
    run = model if isinstance(model, Run) else None
    guessed = run is None and problem is None
    if run is not None:
        problem = problem or run.problem
        found = recipe_of_run(run, problem, array) if recipe is None else find_recipe(recipe)
        network: Any = run.model
    else:
        network = model
        problem = problem or _guess(network, None if recipe is None else find_recipe(recipe))
        found = find_recipe(problem.recipe if recipe is None else recipe)
    check_shapes_of_network(network, problem)
    if guessed and problem is not LUNGS and recipe is None:
        warn_caller(
            f"Nobody says how images are prepared for this network of {counted(len(problem.channels), 'channel')}, and "
            f'the recipe {found.name} is assumed. Say recipe="{found.name}", or '
            "problem=Problem(channels=..., classes=..., recipe=...)."
        )
    if tile is None and found.tiled:
        sides = True
    if sides is None and overlap is not None:
        raise InputError(
            f"overlap: expected none, as no tiles are asked for and the image is resized. Received: {overlap!r}. Name "
            "their size, too, tile=512 for one (on the command line --tile 512); or leave it out."
        )
    known = (run and _pair(run.settings.get("size"))) or (ANY_SIZE, ANY_SIZE)
    height, width = network.input_shape[1:3]
    size = height or known[0], width or known[1]
    if sides is not None and sides is not True:
        network, size = _for_tiles(network, run, sides, problem), sides
    cases = run.settings.get("cases") if run is not None else None
    shared = OVERLAP if overlap is None else overlap
    return OpenModel(network, problem, found, size, sides is not None, shared, cases, resized=tile is False)


def open_model(model: keras.Model | Run | str | Path) -> keras.Model:
    """Return the network of a run folder or a run; a network is returned as it is.

    Parameters
    ----------
    model : keras.Model, Run, str or Path

    Returns
    -------
    keras.Model

    Raises
    ------
    InputError
        If it is none of these, or is of a run of which nobody knows how its cases were prepared.
    """
    return open_network(model).network


def _guess(network: Any, recipe: Recipe | None) -> Problem:
    """Return what a network without a run can be for, from its shapes: C channels, K classes with plain names."""
    taken, given = (getattr(network, name, None) for name in ("input_shape", "output_shape"))
    if not all(isinstance(shape, tuple) and len(shape) == 4 and shape[-1] for shape in (taken, given)):
        return LUNGS  # which says what was expected
    assert isinstance(taken, tuple)
    assert isinstance(given, tuple)
    channels, outputs = taken[-1], given[-1]
    channels_first = taken[1] in (1, 3) and channels > MOST_GUESSED
    if (channels, outputs) == (1, 1) or channels_first or outputs > MOST_GUESSED:
        return LUNGS
    softmax = outputs > 1 and _ends_in_softmax(network)
    names = recipe.channels if recipe else {1: ("grey",), 3: ("red", "green", "blue")}.get(channels, ())
    if len(names) != channels:
        names = tuple(f"channel_{n}" for n in range(1, channels + 1))
    classes = tuple(f"class_{n}" for n in range(1, outputs + (not softmax)))
    name = recipe.name if recipe else {1: "grey"}.get(channels, "colour")
    return Problem(names, classes, exclusive=softmax or len(classes) == 1, recipe=name)


def _ends_in_softmax(network: Any) -> bool:
    """Tell whether the last layer of a network is a softmax."""
    last = getattr(network, "layers", [None])[-1]
    activation = getattr(last, "activation", None)
    return "softmax" in (getattr(activation, "__name__", ""), type(last).__name__.lower())


# --------------------------------------------------------------------------- tiles


def _sides(tile: int | Sequence[int] | bool) -> tuple[int, int] | Literal[True]:
    """Return height and width of a tile; True stands for the size of the network."""
    if isinstance(tile, bool):
        return True
    sides = _pair(tile)
    if sides is None:
        raise InputError(
            f"tile: expected a whole number of pixels above 0, or (height, width). Received: {quote(tile)}. Try 512."
        )
    return sides


def _pair(size: Any) -> tuple[int, int] | None:
    """Return two whole numbers above 0, of one number twice the same; None of anything else."""
    sides = tuple(size) if isinstance(size, Sequence) and not isinstance(size, str) else (size, size)
    whole = all(isinstance(side, int | np.integer) and not isinstance(side, bool) and side > 0 for side in sides)
    return (int(sides[0]), int(sides[1])) if whole and len(sides) == 2 else None


def _multiples(side: int, step: int) -> str:
    """Return the multiples of a step that lie next to a number."""
    below = side // step * step
    return f"{below} or {below + step}" if below else str(step)


def _for_tiles(network: Any, run: Run | None, sides: tuple[int, int], problem: Problem) -> Any:
    """Return the network for tiles of a size."""
    own = network.input_shape[1:3]
    received = f"{sides[0]} x {sides[1]}"
    if sides == own:
        return network
    if None not in own:
        if run is None or not isinstance(run.settings.get("network"), dict):
            raise InputError(
                f"tile: expected {own[0]} x {own[1]} pixels, which this network takes and no other size. Received: "
                f"{received}. Say tile={own[0] if own[0] == own[1] else own}."
            )
        try:
            return run.build(sides)
        except InputError as fault:
            step = 2 ** run.settings["network"].get("depth", 0)
            near = " and ".join(_multiples(side, step) for side in dict.fromkeys(sides) if side % step)
            if not near:
                raise InputError(f"tile: {fault}") from None
            raise InputError(
                f"tile: expected sides that {step} divides, as this network halves images "
                f"{counted(run.settings['network']['depth'], 'time')}. Received: {received}. Take {near}."
            ) from None
    try:
        given = network.compute_output_shape((1, *sides, len(problem.channels)))
    except Exception:  # of Keras, from the layer where two sizes do not fit
        given = None
    if given is None or tuple(given[1:3]) != sides:
        raise InputError(
            f"tile: expected a size that the network takes, most often a multiple of 32. Received: {received}. Try 512."
        )
    return network
