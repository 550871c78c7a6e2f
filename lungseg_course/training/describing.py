"""What a run folder tells of a training of notebook 4: what is trained, on what, and whose code it is."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lungseg.cases import load_case
from lungseg.splits import Split

if TYPE_CHECKING:
    import keras


def describe_training(
    split: Split,
    model: "keras.Model",
    parts: Sequence,
    loss: Callable,
    *,
    seed: int,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    **network: float,
) -> dict:
    """Return what `settings.json` is to hold.

    Parameters
    ----------
    split : Split
    model : keras.Model
    parts : sequence of functions and classes
        What may come from the student or from the package.
    loss : callable
    seed, epochs, batch_size, learning_rate
        As the training uses them.
    **network
        The arguments of `build_unet`.

    Returns
    -------
    dict
    """
    import keras

    from lungseg.problems import LUNGS
    from lungseg.training.examples import Examples
    from lungseg.training.known_preparation import describe_preparation

    height, width = load_case(split.train[0]).shape[:2]
    return {
        "cases": str(Path(split.train[0]).resolve().parent),
        "count": {part: len(paths) for part, paths in split._asdict().items()},
        "size": [height, width],
        "split": "default",
        "seed": seed,
        "epochs": epochs,
        "batch_size": batch_size,
        "learning_rate": learning_rate,
        "loss": loss.__name__,
        "network": network,
        "parameters": model.count_params(),
        **describe_preparation(Examples(split, LUNGS, None, (height, width), {})),
        "code": {part.__name__: whose(part) for part in parts},
        "keras": keras.version(),
        "backend": keras.backend.backend(),
    }


def whose(part) -> str:
    """Tell whether a function or a class comes from the package or from a student."""
    return "lungseg" if part.__module__.split(".")[0] == "lungseg" else "student"
