"""The network of a training: a new U-Net, the network of an earlier run, or one of the user's own."""

import hashlib
from pathlib import Path
from typing import Any, NamedTuple

import keras

from lungseg.errors import InputError
from lungseg.files.networks import load_network
from lungseg.problems import LUNGS, Problem, describe_problem
from lungseg.runs import BEST_MODEL, Run, load_run
from lungseg.training.own_network import check_own_network
from lungseg.unet import build_unet


class Network(NamedTuple):
    """A network to train, and where it comes from.

    Attributes
    ----------
    model : keras.Model
        Not compiled yet.
    made_by : dict or str
        The arguments of `build_unet` that give it, or "own".
    start : Run or None
        The run that its weights come from, if they are not random.
    """

    model: keras.Model
    made_by: dict[str, Any] | str
    start: Run | None = None


def find_network(
    size: tuple[int, int],
    unet: dict[str, Any],
    model: keras.Model | None = None,
    start: str | Path | Run | None = None,
    problem: Problem = LUNGS,
) -> Network:
    """Build the network of a training, or load the one it starts from.

    Parameters
    ----------
    size : (int, int)
        Height and width of the cases.
    unet : dict
        The arguments of `build_unet`, if there is neither a model nor a start.
    model, start
        See `lungseg.train`.
    problem : Problem
        The channels and classes of the cases.

    Returns
    -------
    Network

    Raises
    ------
    InputError
        If a model and a start are given, or the network does not suit the cases, see `check_own_network`.
    """
    if start is not None:
        if model is not None:
            raise InputError("train expected either a model or a run to start from. Received: both.")
        start = start if isinstance(start, Run) else load_run(start)
        if (start.problem.channels, start.problem.names_of_outputs) != (problem.channels, problem.names_of_outputs):
            raise InputError(
                f"{start.folder}: expected a network for {describe_problem(problem)}, as the cases have them. "
                f"Received: one for {describe_problem(start.problem)}. Start without it, or from another run."
            )
        if isinstance(start.settings.get("network"), dict):
            return Network(start.build(size), start.settings["network"], start)
        model = load_network(start.folder / BEST_MODEL)  # not that of the run, which would be trained on
        check_own_network(model, size, problem)
        return Network(model, "own", start)
    if model is not None:
        check_own_network(model, size, problem)
        return Network(model, "own")
    shape = (*size, len(problem.channels))
    return Network(build_unet(shape, **unet, classes=problem.outputs, exclusive=problem.exclusive), unet)


def mark_weights(model: keras.Model) -> str:
    """Return a short text that differs if any weight does, wherever the file of the weights lies."""
    digest = hashlib.sha256()
    for array in model.get_weights():
        digest.update(array.tobytes())
    return digest.hexdigest()[:16]


def seen_by(start: Run | None) -> list[str]:
    """Return the ids of all cases that trained or chose a network, and those that it started from."""
    if start is None:
        return []
    own = (start.split_ids.get(part, ()) for part in ("train", "validation"))
    return sorted(start.seen_before.union(*own))
