"""What a network is compiled with: optimizer, loss, and metrics, which are made here."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import keras

from lungseg.errors import InputError
from lungseg.losses import dice_crossentropy_loss
from lungseg.metrics import Dice, Jaccard
from lungseg.problems import LUNGS, Problem
from lungseg.training.loss import LossLike, known_loss, known_weights, make_loss
from lungseg.training.optimizers import make_optimizer

MetricLike: TypeAlias = Callable[..., Any] | keras.metrics.Metric | str


def make_metrics(problem: Problem = LUNGS, own: Sequence[MetricLike] = ()) -> list[MetricLike]:
    """Return what is measured: Dice and Jaccard, of several classes each one's Dice, and the user's own.

    Parameters
    ----------
    problem : Problem
    own : sequence of names, functions or keras.metrics.Metric

    Returns
    -------
    list

    Raises
    ------
    InputError
        If one is no metric, or two would be logged under one name.

    Examples
    --------
    >>> [metric.name for metric in make_metrics(Problem(classes=("lung", "heart")))]
    ['dice', 'jaccard', 'dice_lung', 'dice_heart']
    """
    metrics = [Dice(exclusive=problem.softmax), Jaccard(exclusive=problem.softmax)]
    if len(problem.classes) > 1:
        first = problem.outputs - len(problem.classes)
        metrics += [
            Dice(name=f"dice_{name}", exclusive=problem.softmax, channel=first + number)
            for number, name in enumerate(problem.classes)
        ]
    taken = {"epoch", "loss", "learning_rate", *(metric.name for metric in metrics)}
    for name in describe_metrics(own):
        if name in taken:
            raise InputError(
                f"metrics: expected one of another name than {', '.join(sorted(taken))}. Received: {name!r} once more. "
                "Give it a name of its own, or leave it out: Dice and Jaccard are measured anyway."
            )
        taken.add(name)
    return [*metrics, *own]


def describe_metrics(own: Sequence[MetricLike]) -> list[str]:
    """Return the names under which metrics are logged.

    Parameters
    ----------
    own : sequence of names, functions or keras.metrics.Metric

    Returns
    -------
    list of str

    Raises
    ------
    InputError
        If one is no metric.

    Examples
    --------
    >>> from lungseg import dice_loss
    >>> describe_metrics(["accuracy", dice_loss, keras.metrics.MeanSquaredError(name="squares")])
    ['accuracy', 'dice_loss', 'squares']
    """
    if isinstance(own, str) or not isinstance(own, Sequence):
        raise InputError(f'metrics: expected a list, ["accuracy"] for one. Received: {own!r}.')
    return [_name_of_metric(metric) for metric in own]


def _name_of_metric(metric: MetricLike) -> str:
    if isinstance(metric, keras.metrics.Metric):
        return str(metric.name)
    if isinstance(metric, str):
        try:
            if metric not in ("accuracy", "crossentropy"):  # Keras chooses among several of them
                keras.metrics.get(metric)
            return metric
        except ValueError:
            pass
    elif callable(metric) and not isinstance(metric, type) and hasattr(metric, "__name__"):
        return metric.__name__
    raise InputError(
        "metrics: expected functions of (y_true, y_pred), instances of keras.metrics.Metric, or names that Keras "
        f"knows. Received: {metric!r}."
    )


def compile_model(
    model: keras.Model,
    learning_rate: float | None = None,
    loss: LossLike = dice_crossentropy_loss,
    problem: Problem = LUNGS,
    *,
    optimizer: str | keras.optimizers.Optimizer = "adam",
    metrics: Sequence[MetricLike] = (),
    class_weights: Mapping[str, float] | None = None,
) -> None:
    """Compile a network as `train` does: Adam, and Dice and Jaccard as metrics; of several classes, each one's Dice.

    Parameters
    ----------
    model : keras.Model
    learning_rate, loss, optimizer, metrics, class_weights
        See `lungseg.train`.
    problem : Problem

    Raises
    ------
    InputError
        If one of them is none that can be used.
    """
    model.compile(
        optimizer=make_optimizer(optimizer, learning_rate),
        loss=make_loss(known_loss(loss), problem, known_weights(class_weights)),
        metrics=make_metrics(problem, metrics),
    )
