"""Predicts cases and compares each prediction with the true mask: a table with a row for each case."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from lungseg.arguments import true_or_false
from lungseg.errors import InputError
from lungseg.evaluation.comparison import columns_of, evaluate_masks
from lungseg.evaluation.evaluation import progress_bar
from lungseg.evaluation.folds import find_folds, is_cross_validation
from lungseg.evaluation.spacing import spacing_of
from lungseg.evaluation.subject import open_subject
from lungseg.loading import Load
from lungseg.masks.cleaning import THRESHOLD
from lungseg.prediction.cases import predict_cases
from lungseg.prediction.image import check_threshold
from lungseg.prediction.outcome import components_to_keep, predicted, tidy, without_ignored
from lungseg.problems import Problem

if TYPE_CHECKING:
    import keras
    import pandas as pd

    from lungseg.runs import Run


@overload
def evaluate(
    model: "Run | str | Path",
    cases: str | Path | Iterable[Any] | None = None,
    batch_size: int = 8,
    threshold: float = THRESHOLD,
    clean: bool = False,
    progress: bool = False,
    load: Load | None = None,
    problem: Problem | None = None,
) -> "pd.DataFrame": ...


@overload
def evaluate(
    model: "keras.Model | Callable[..., Any]",
    cases: str | Path | Iterable[Any],
    batch_size: int = 8,
    threshold: float = THRESHOLD,
    clean: bool = False,
    progress: bool = False,
    load: Load | None = None,
    problem: Problem | None = None,
) -> "pd.DataFrame": ...


def evaluate(
    model: Any,
    cases: Any = None,
    batch_size: int = 8,
    threshold: float = THRESHOLD,
    clean: bool = False,
    progress: bool = False,
    load: Load | None = None,
    problem: Problem | None = None,
) -> "pd.DataFrame":
    """Predict cases and compare each prediction with the true mask.

    Memory holds one batch at a time. Each batch has the same size (the last one is filled up with black images, whose
    predictions are discarded), so that Keras compiles the network once.

    Parameters
    ----------
    model : Run, str, Path, keras.Model or callable
        A run, a run folder, that of a cross-validation (its table has a column `fold`) or "pretrained". Or a network:
        an object with a method `predict_on_batch`, or a function that takes float32 images of shape (B, H, W, C) in
        [0, 1] and returns probabilities, shape (B, H, W, outputs); for one class (B, H, W) will do.
    cases : sequence of paths, or one path, optional
        `.npy` files, for instance the test part of a split. Cases of several sizes are welcome if the network takes
        them; neighbours of one size share a batch. Of a folder, all its cases are taken; with a run, those that it has
        not trained on. By default the test part of the run's split.
    batch_size : int
        How many images are predicted at a time.
    threshold : float
        Probabilities from here on count as lung. Choose another one on the validation part, never on the test part.
        Classes that exclude each other have none: each pixel gets the most probable one.
    clean : bool
        Keep the two largest components of each prediction and fill their
        holes (see `lungseg.masks.cleaning.clean_mask`) before it is evaluated. For lungs; of others as many as the
        recipe of the cases names.
    progress : bool
        Show a progress bar.
    load : callable, optional
        `load(item)` returns the image and the mask of an item of `cases`, as for `lungseg.DataGenerator`.
    problem : Problem, optional
        Channels and classes; by default those that `cases.json` beside the cases names. `load` needs it, if there is
        no run.

    Returns
    -------
    pandas.DataFrame
        A row for each case, in the order given; the columns are those of `evaluate_masks`.

    Raises
    ------
    InputError
        If there are no cases, a case cannot be used (the message names it), the network expects images of another
        size or other channels, or what it returns is not one probability for each pixel and output.

    Warns
    -----
    UserWarning
        If the cases are known to be prepared by another recipe than those that a run was trained on.

    Examples
    --------
    A "network" that calls every bright pixel lung:

    >>> import tempfile
    >>> import numpy as np
    >>> path = Path(tempfile.mkdtemp()) / "PHANTOM_0001_0.npy"
    >>> case = np.zeros((4, 4, 2))
    >>> case[:2] = 1
    >>> np.save(path, case)
    >>> evaluate(lambda images: images, [path])[["case", "dice"]].to_dict("records")
    [{'case': 'PHANTOM_0001_0', 'dice': 1.0}]
    """
    import pandas as pd

    check_threshold(threshold)
    clean = true_or_false(clean, "evaluate", "clean")
    if cases is None and isinstance(model, str | Path) and is_cross_validation(model):
        folds = enumerate(find_folds(model), start=1)
        tables = [evaluate(fold, None, batch_size, threshold, clean, progress).assign(fold=n) for n, fold in folds]
        return pd.concat(tables, ignore_index=True)
    network, cases, problem = open_subject(model, cases, load, problem)
    if problem.softmax and threshold != THRESHOLD:
        raise InputError(
            f"threshold: expected none, as each pixel gets the most probable of {', '.join(problem.classes)} and "
            f"background. Received: {threshold!r}. Leave it out."
        )
    predictions = predict_cases(network, cases, batch_size, load, problem)
    components = components_to_keep(problem, cases) if clean else None
    spacings = spacing_of(cases)
    rows = []
    for path, truth, probability in progress_bar(predictions, len(cases), progress):
        truth, probability = without_ignored(truth, probability)
        masks = predicted(probability, problem, threshold)  # (H, W) or (H, W, K)
        masks = masks if components is None else tidy(masks, components, problem)
        spacing = spacings.get(path) if isinstance(path, str | Path) else None
        rows.append(evaluate_masks(path, truth, masks, problem, spacing))
    return pd.DataFrame(rows, columns=columns_of(problem, millimetres=bool(spacings)))
