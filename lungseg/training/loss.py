"""The loss of a training, with weights for the classes if there are any; and how it is written down."""

import math
import numbers
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import keras

from lungseg.errors import InputError
from lungseg.losses import DiceCrossentropyLoss, DiceLoss, dice_crossentropy_loss, dice_loss
from lungseg.problems import LUNGS, Problem

LossLike: TypeAlias = Callable[..., Any] | keras.losses.Loss | str
# Losses of the package by their names on the command line; keras.losses.get knows its own.
OWN_LOSSES = {"dice": dice_loss, "dice_crossentropy": dice_crossentropy_loss}


def known_loss(loss: LossLike) -> Callable[..., Any] | keras.losses.Loss:
    """Return a loss, which may be given by its name.

    Parameters
    ----------
    loss : callable, keras.losses.Loss or str

    Returns
    -------
    callable or keras.losses.Loss

    Raises
    ------
    InputError
        If there is none of that name, it wants labels in place of masks, or Keras could not save it beside the network.

    Examples
    --------
    >>> known_loss("dice") is dice_loss
    True
    """
    try:
        found = OWN_LOSSES[loss] if isinstance(loss, str) and loss in OWN_LOSSES else keras.losses.get(loss)
    except ValueError:
        found = None
    if found is None:
        raise InputError(
            f"train expected as loss a function, a keras.losses.Loss, {' or '.join(map(repr, OWN_LOSSES))}, or a name "
            f"that Keras knows. Received: {loss!r}."
        )
    if describe_loss(found).startswith("sparse_"):
        raise InputError(
            f"train expected a loss of masks with a channel for each class. Received: {describe_loss(found)}, which is "
            'one of labels. Take "categorical_crossentropy", or the default.'
        )
    return found


def make_loss(
    loss: Callable[..., Any] | keras.losses.Loss,
    problem: Problem = LUNGS,
    class_weights: Mapping[str, float] | None = None,
) -> Callable[..., Any] | keras.losses.Loss:
    """Return the loss of a problem: for classes that overlap, and with weights for the classes, if there are any.

    Parameters
    ----------
    loss : callable or keras.losses.Loss
        Of `known_loss`.
    problem : Problem
    class_weights : mapping of str to float, optional
        See `lungseg.train`.

    Returns
    -------
    callable or keras.losses.Loss

    Raises
    ------
    InputError
        If there are weights and the loss is none of the package, or it has settings for another problem.

    Examples
    --------
    >>> organs = Problem(classes=("lung", "heart"))
    >>> make_loss(dice_loss, organs, {"heart": 2}).get_config()["class_weights"]
    [1.0, 1.0, 2.0]
    """
    settings: dict[str, Any] = {}
    if class_weights:
        settings["class_weights"] = _weights_of_outputs(class_weights, problem)
    if loss is dice_crossentropy_loss and not problem.exclusive:
        settings["exclusive"] = False
    if not settings:
        _check_own(loss, problem)
        return loss
    if loss is dice_loss:
        return DiceLoss(**settings)
    if loss is dice_crossentropy_loss:
        return DiceCrossentropyLoss(**settings)
    raise InputError(
        f"class_weights: expected a loss that takes them, {' or '.join(map(repr, OWN_LOSSES))}. Received: "
        f"{describe_loss(loss)}. Weigh the classes in that loss itself."
    )


def _check_own(loss: Callable[..., Any] | keras.losses.Loss, problem: Problem) -> None:
    """Refuse a loss of the package whose settings are those of another problem."""
    if not isinstance(loss, DiceLoss | DiceCrossentropyLoss):
        return
    settings = loss.get_config()
    weights = settings.get("class_weights")
    if weights is not None and len(weights) != problem.outputs:
        raise InputError(
            f"loss: expected class_weights for {', '.join(problem.names_of_outputs)}. Received: {len(weights)} of "
            "them. Give them to train by their names, class_weights={...}, with the loss by its name."
        )
    alone = settings.get("exclusive", True) and isinstance(loss, DiceCrossentropyLoss)
    if alone and not problem.exclusive and problem.outputs > 1:
        raise InputError(
            "loss: expected one of classes that overlap, DiceCrossentropyLoss(exclusive=False). Received: "
            f"{describe_loss(loss)}, for classes of which a pixel has one. Take that, or the default."
        )


def _weights_of_outputs(class_weights: Mapping[str, float], problem: Problem) -> list[float]:
    """Return a weight for each channel of the network's output, 1 for those that are not named."""
    if problem.outputs == 1:
        raise InputError(
            f"class_weights: expected several classes. Received: weights for {', '.join(map(str, class_weights))}, and "
            f"one class, {problem.classes[0]}: there is nothing to weigh it against. Leave them out."
        )
    weights = dict.fromkeys(problem.names_of_outputs, 1.0)
    for name, weight in class_weights.items():
        if name not in weights:
            raise InputError(
                f"class_weights: expected names of {', '.join(weights)}. Received: {name!r}. Mend the name."
            )
        weights[name] = float(weight)
    if not any(weights.values()):
        raise InputError("class_weights: expected at least one above 0. Received: 0 for all. Leave some out.")
    return list(weights.values())


def known_weights(class_weights: Mapping[str, float] | None) -> dict[str, float] | None:
    """Return the weights of classes as a dict of floats, None if there are none.

    Parameters
    ----------
    class_weights : mapping of str to float, or None

    Returns
    -------
    dict of str to float, or None

    Raises
    ------
    InputError
        If it is no mapping, or a weight is no number from 0 upwards.
    """
    if class_weights is None:
        return None
    if not isinstance(class_weights, Mapping):
        raise InputError(
            f'class_weights: expected weights by the names of classes, {{"heart": 2.0}} for one. Received: '
            f"{class_weights!r}."
        )
    for name, weight in class_weights.items():
        number = isinstance(weight, numbers.Real) and not isinstance(weight, bool)
        if not number or not (math.isfinite(weight) and weight >= 0):
            raise InputError(f"class_weights: expected a number from 0 upwards for {name}. Received: {weight!r}.")
    return {str(name): float(weight) for name, weight in class_weights.items()} or None


def describe_loss(loss: Callable[..., Any] | keras.losses.Loss) -> str:
    """Name a loss and its settings.

    Parameters
    ----------
    loss : callable or keras.losses.Loss

    Returns
    -------
    str

    Raises
    ------
    InputError
        If Keras could not save it beside the network.

    Examples
    --------
    >>> describe_loss(dice_loss), describe_loss(DiceLoss(smooth=2))
    ('dice_loss', 'dice_loss(smooth=2)')
    """
    if not hasattr(loss, "__name__") and not hasattr(loss, "get_config"):
        raise InputError(
            "train expected as loss a function, a name that Keras knows, or a keras.losses.Loss. Received: "
            f"{type(loss).__name__}. With settings of your own, take a class: DiceLoss(smooth=10)."
        )
    config = loss.get_config() if hasattr(loss, "get_config") else {}
    own = ", ".join(f"{k}={v}" for k, v in config.items() if k not in ("name", "reduction", "dtype"))
    name = getattr(loss, "__name__", getattr(loss, "name", type(loss).__name__))
    return f"{name}({own})" if own else name
