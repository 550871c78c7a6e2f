"""The settings of a training: how they are told, and whether those of an earlier one allow to go on with it."""

import hashlib
import json
from pathlib import Path

import keras

from lungseg.cases import case_id
from lungseg.errors import InputError
from lungseg.runs import BEST_MODEL, HISTORY, Run, load_run
from lungseg.splits import Split
from lungseg.training.resume import STATE

# Settings that an interrupted training must share with the one that goes on from it.
SAME_IN_A_RUN = (
    "split",
    "seed",
    "batch_size",
    "learning_rate",
    "loss",
    "size",
    "network",
    "parameters",
    "augment",
    "schedule",
    "balance",
    "start_weights",
    "keep",
)
# What runs of before had, that do not name it.
FORMER = {"keep": "best"}


def seen_by(start: Run | None) -> list[str]:
    """Return the ids of all cases that trained or chose a network, and those that it started from."""
    if start is None:
        return []
    own = (start.split_ids.get(part, ()) for part in ("train", "validation"))
    return sorted(start.seen_before.union(*own))


def describe_loss(loss) -> str:
    """Name a loss and its settings.

    Examples
    --------
    >>> from lungseg.losses import DiceLoss, dice_loss
    >>> describe_loss(dice_loss), describe_loss(DiceLoss(smooth=2))
    ('dice_loss', 'dice_loss(smooth=2)')

    Raises
    ------
    InputError
        If Keras could not save it beside the network.
    """
    if not hasattr(loss, "__name__") and not hasattr(loss, "get_config"):
        raise InputError(
            "train expected as loss a function, a name that Keras knows, or a keras.losses.Loss. Received: "
            f"{type(loss).__name__}. With settings of your own, take a class: DiceLoss(smooth=10)."
        )
    own = loss.get_config() if hasattr(loss, "get_config") else {}
    own = ", ".join(f"{k}={v}" for k, v in own.items() if k not in ("name", "reduction", "dtype"))
    name = getattr(loss, "__name__", None) or loss.name
    return f"{name}({own})" if own else name


def describe_augmentation(augment) -> str | None:
    """Name an augmentation and its settings, the same in each process."""
    if augment is None:
        return None
    if not hasattr(augment, "get_config"):
        return getattr(augment, "__name__", type(augment).__name__)
    return json.dumps(_essence(keras.saving.serialize_keras_object(augment)))


def _essence(value):
    """Leave out what Keras numbers anew in each process (names), and what is the same for all (dtype, module)."""
    if isinstance(value, dict) and "class_name" in value:
        settings = {k: _essence(v) for k, v in value["config"].items() if k not in ("name", "trainable", "dtype")}
        return {value["class_name"]: settings}
    return [_essence(item) for item in value] if isinstance(value, list) else value


def mark_weights(model: keras.Model) -> str:
    """Return a short text that differs if any weight does, wherever the file of the weights lies."""
    digest = hashlib.sha256()
    for array in model.get_weights():
        digest.update(array.tobytes())
    return digest.hexdigest()[:16]


def earlier_settings(run: Path, settings: dict, parts: Split) -> dict | None:
    """Return the settings of the training that is in the folder already, if it is the same one."""
    if not (run / STATE).exists():
        # A training may end in its first epoch, after the network was saved and before the state was. It has begun a
        # history, of the names of the columns and one epoch at most; a network that came from elsewhere may have none.
        history = run / HISTORY
        begun = history.exists() and len(history.read_bytes().splitlines()) <= 2
        if (run / BEST_MODEL).exists() and not begun:
            raise InputError(
                f"{run}: holds a trained network, but no {STATE}, which tells how to go on. Name a new folder."
            )
        return None
    earlier = load_run(run)
    for key in SAME_IN_A_RUN:
        former = earlier.settings.get(key, FORMER.get(key))
        if former != settings[key]:
            raise InputError(
                f"{run}: holds a training with {key} {former}. Received: {settings[key]}. Give the "
                "same settings to go on with it, or name a new folder."
            )
    try:
        known = earlier.split([*parts.train, *parts.validation, *parts.test])
    except InputError:
        known = None
    if known is None or [set(map(case_id, part)) for part in known] != [set(map(case_id, part)) for part in parts]:
        raise InputError(f"{run}: holds a training on other cases. Name a new folder for these.")
    return earlier.settings
