"""train(): from a folder of cases to a run folder with the best network."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import keras

from lungseg.augmentation.applying import Augment
from lungseg.errors import InputError, counted
from lungseg.files import as_folder, folder_lock, open_folder, telling_of_a_full_disk
from lungseg.generator import DataGenerator
from lungseg.grouping import Groups
from lungseg.loading import Load
from lungseg.losses import dice_crossentropy_loss
from lungseg.problems import Problem
from lungseg.runs import SETTINGS, SPLIT, Run, load_run, write_json
from lungseg.splits import Split, balance_sources, save_split
from lungseg.training.bar import choose_progress
from lungseg.training.callbacks import CosineDecay, TellRate, known_callbacks, make_callbacks
from lungseg.training.compiling import MetricLike, compile_model
from lungseg.training.conditions import check_precision
from lungseg.training.earlier import earlier_settings
from lungseg.training.examples import Examples, look_at_examples, settle_split
from lungseg.training.fitting import fit_network
from lungseg.training.loss import LossLike
from lungseg.training.network import find_network
from lungseg.training.optimizers import OptimizerLike
from lungseg.training.resume import STATE, KeepState, cut_history
from lungseg.training.settings import Settings, describe_run
from lungseg.training.telling import first_lines, what_changed, what_is_not_used


def train(
    cases: str | Path | Sequence[Any],
    run: str | Path,
    split: str | Split = "default",
    *,
    groups: Groups | None = None,
    seed: int = 0,
    epochs: int = 15,
    batch_size: int = 8,
    learning_rate: float | None = None,
    optimizer: OptimizerLike = "adam",
    loss: LossLike = dice_crossentropy_loss,
    class_weights: Mapping[str, float] | None = None,
    metrics: Sequence[MetricLike] = (),
    augment: Augment | None = None,
    schedule: str = "plateau",
    balance: bool = False,
    keep: str = "best",
    filters: int = 16,
    depth: int = 4,
    dropout: float = 0.1,
    model: keras.Model | None = None,
    start: str | Path | Run | None = None,
    load: Load | None = None,
    problem: Problem | None = None,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    report: Callable[[str], object] = print,
    progress: bool = False,
) -> Run:
    """Train a U-Net, or a network of your own, keep its best epoch, and leave all that is needed to evaluate it.

    Call it again with the same arguments after an interruption, however it came, and it goes on after the last finished
    epoch. The same seed gives the same weights, bit for bit, on a CPU: with the same versions of the libraries and the
    same number of threads, which `settings.json` names. (TensorFlow takes one thread for each core that it finds; fix
    their number with the environment variable TF_NUM_INTRAOP_THREADS if it is to be the same on another computer.)

    Parameters
    ----------
    cases : folder, or sequence of paths
        The cases of all three parts of the split. Their channels and classes are those of `cases.json` beside them.
        With `load`, items of any kind: of each, the name in the split is that of its file, if it is a path; that of its
        first entry, if it is a pair or a list; else what `str` makes of it.
    run : str or Path
        The run folder, made if need be. See `lungseg.runs.Run`.
    split : str or Split, default "default"
        "default", "gaal2020", or a split of your own, see `split_cases`; or one of the folds of a cross-validation,
        "fold 2 of 5", see `lungseg.cross_validate`.
    groups : optional
        Cases that stay in one part of the split, as those of a patient: a table, a pattern of the names, a mapping or a
        function, see `split_cases`.
    seed : int, default 0
        Fixes the default split, the first weights, dropout and the order of the cases.
    epochs : int, default 15
        At most so many; with the schedule "plateau" the training stops earlier if `val_dice` no longer rises.
    batch_size : int, default 8
    learning_rate : float, default 0.002
        At the start; or that of an `optimizer` of your own.
    optimizer : str or keras.optimizers.Optimizer, default "adam"
        A name that Keras knows, or one with settings of your own, of which a copy is used.
    loss : callable, keras.losses.Loss or str, default dice_crossentropy_loss
        "dice", "dice_crossentropy", a name that Keras knows, or your own.
    class_weights : dict of str to float, optional
        What classes, and the background of classes that do not overlap, count in the loss: `{"heart": 2.0}`; 1 for
        those that are not named. For "dice" and "dice_crossentropy".
    metrics : sequence, optional
        What else is measured, beside Dice and Jaccard: functions, `keras.metrics.Metric`, or names that Keras knows.
    augment : callable, optional
        See `DataGenerator` and `lungseg.augmentation`; for the training cases only.
    schedule : {"plateau", "cosine", "constant"}, default "plateau"
        Of the learning rate. "plateau" lowers it when `val_dice` stands still, and stops when that does not help.
        "cosine" lowers it steadily, over all the epochs; it suits a longer training with augmentation. "constant"
        leaves it to the optimizer and to your own callbacks.
    balance : bool, default False
        Whether Montgomery, Shenzhen and all others should have the same weight:
        an epoch then repeats the cases of the smaller sets, see `balance_sources`.
    keep : {"best", "last"}, default "best"
        Which epoch `best.keras` holds: the one with the highest `val_dice` (the mean over the classes), or the last
        one. With the schedule "cosine" and few cases to validate, the last is the better choice: the end of the
        schedule is no accident, and the highest of many noisy scores is one.
    filters, depth : int, default 16 and 4
        Of `build_unet`.
    dropout : float, default 0.1
        Of `build_unet`.
    model : keras.Model, optional
        A network of your own, in place of `build_unet`, from images (B, H, W, C) to probabilities (B, H, W, K): a
        softmax (B, H, W, K + 1) over background and classes, if there are several that do not overlap. Keras must be
        able to save it. It is compiled here. To go on after an interruption, give one that is newly built.
    start : str, Path or Run, optional
        A run to begin with, or "pretrained", in place of random weights
        (fine-tuning): a few dozen cases of another hospital may be enough then.
        Its network is taken too. Give it cases of about the size that it was
        trained on (256 x 256 for "pretrained"): at another scale it knows little.
    load : callable, optional
        `load(item)` returns the image (H, W) or (H, W, C) in [0, 1], and its mask: (H, W, K) of 0 and 1, or (H, W) with
        0 for the background, k for the k-th class; -1 where a pixel is to be ignored. Needs a `problem`.
    problem : lungseg.problems.Problem, optional
        Channels and classes, where no `cases.json` tells them.
    callbacks : sequence of keras.callbacks.Callback
        Your own, in addition to those of `make_callbacks`.
    report : callable
        Is given each line about the progress; `print` by default.
    progress : bool, default False
        Show a progress bar, if there is a terminal.

    Returns
    -------
    Run

    Raises
    ------
    InputError
        If a case cannot be used or is in two parts of the split, a number is out of its range, an optimizer, a loss, a
        metric or a class is unknown, the network does not fit the cases or cannot be saved, the run folder is that of
        the cases, holds a run with other settings or another training is at work in it, the network is in plain
        float16, `augment` adds channels, or the loss stops being a number.

    Examples
    --------
    Discs in noise, of any size and number, from no file at all:

    >>> import tempfile
    >>> import numpy as np
    >>> from lungseg.problems import Problem
    >>> def draw(number):
    ...     rows, columns = np.mgrid[:32, :32]
    ...     disc = (rows - 8 - number % 16) ** 2 + (columns - 16) ** 2 < 36
    ...     return 0.5 * disc + 0.5 * np.random.default_rng(number).random((32, 32)), disc
    >>> settings = {"epochs": 1, "filters": 2, "depth": 1, "report": lambda line: None}
    >>> discs = Problem(classes=("disc",), recipe="grey")
    >>> run = train(range(12), tempfile.mkdtemp() + "/run", load=draw, problem=discs, **settings)
    >>> run.settings["load"], run.settings["problem"]["classes"]
    ('draw', ['disc'])
    """
    began = time.perf_counter()
    asked = Settings(
        split=split,
        groups=groups,
        seed=seed,
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=learning_rate,
        optimizer=optimizer,
        loss=loss,
        class_weights=class_weights,
        metrics=metrics,
        augment=augment,
        schedule=schedule,
        balance=balance,
        keep=keep,
        filters=filters,
        depth=depth,
        dropout=dropout,
    )
    run, callbacks = as_folder(run, "run"), known_callbacks(callbacks, report)
    parts = settle_split(cases, asked.split, asked.seed, load, asked.groups)
    _check_place(run, cases, parts, load)
    examples = look_at_examples(parts, load, problem)
    keras.utils.set_random_seed(asked.seed)
    network = find_network(examples.size, asked.unet, model, start, examples.problem)
    if network.made_by == "own":  # to try it may have drawn random numbers
        keras.utils.set_random_seed(asked.seed)
    check_precision(network.model)
    described = describe_run(asked, examples, network)

    training, validation = _make_generators(asked, examples)
    watching = [*make_callbacks(run, _steering(asked, len(training)), asked.keep), *callbacks]
    state = KeepState(run, watching)
    earlier = earlier_settings(run, described, parts)
    if earlier is not None and state.finished and earlier.get("epochs", 0) >= asked.epochs:
        with suppress(InputError, OSError), folder_lock(run):  # of a kill just before the end
            state.clear_up()
        report(f"{run}: this training is finished. Raise the number of epochs to go on, or name a new folder.")
        return load_run(run)

    open_folder(run, "Name another folder for the run.")
    with folder_lock(run), telling_of_a_full_disk(lambda: _what_is_kept(state)):
        state.clear_up()
        save_split(parts, run / SPLIT)
        if state.finished:
            state.reopen()
        write_json(run / SETTINGS, described)
        cut_history(run, state.epochs_done)
        # Before `fit`, which may read the first batches before any callback is called.
        training.start_epoch(state.epochs_done)
        for line in first_lines(asked, examples, described, len(training), state.epochs_done):
            report(line)
        for line in what_changed(earlier or {}, described):
            report(line)
        for line in what_is_not_used(asked, described, network):
            report(line)
        compile_model(
            network.model,
            asked.learning_rate,
            asked.loss,
            examples.problem,
            optimizer=asked.optimizer,
            metrics=asked.metrics,
            class_weights=asked.class_weights,
        )
        watcher = choose_progress(progress)(report, len(training), asked.epochs, began)
        try:
            with closing(watcher):
                everybody = [*watching, watcher, state]
                fit_network(network.model, training, validation, asked.epochs, everybody, state.epochs_done)
        except KeyboardInterrupt:
            report(f"Interrupted after epoch {state.epochs_done}. The same call goes on from there.")
            raise
    return load_run(run)


def _check_place(run: Path, cases: str | Path | Sequence[Any], parts: Split, load: Load | None) -> None:
    """Refuse to begin a run among the cases: both folders would be of no use to others."""
    folders = {Path(path).parent for part in parts for path in part} if load is None else set()
    if isinstance(cases, str | Path):
        folders.add(Path(cases))
    if os.path.realpath(run) in map(os.path.realpath, folders) and not (run / STATE).exists():
        raise InputError(f"{run}: expected a folder for the run alone. Received: that of the cases. Name another.")


def _make_generators(asked: Settings, examples: Examples) -> tuple[DataGenerator, DataGenerator]:
    """Return the generators of the cases to train on, and of those to validate with."""
    parts, problem = examples.parts, examples.problem
    source: dict[str, Any] = {"load": examples.load, "problem": problem}
    repeated = balance_sources(parts.train) if asked.balance else parts.train
    training = DataGenerator(repeated, asked.batch_size, seed=asked.seed, augment=asked.augment, **source)
    if asked.augment is not None:
        received = [array.shape[-1] for array in training[0]]
        expected = [len(problem.channels), problem.outputs]
        if received != expected:
            raise InputError(
                f"train expected an augmentation that returns images of {counted(expected[0], 'channel')} and masks of "
                f"{expected[1]}. Received: {received[0]} and {received[1]}. Compile and fit a network for these "
                "yourself."
            )
    return training, DataGenerator(parts.validation, asked.batch_size, shuffle=False, **source)


def _steering(asked: Settings, batches: int) -> list[keras.callbacks.Callback] | None:
    """Return what sets the learning rate; None for what `make_callbacks` takes by default."""
    assert asked.learning_rate is not None
    if asked.schedule == "cosine":
        return [CosineDecay(asked.learning_rate, batches, asked.epochs)]
    return [TellRate()] if asked.schedule == "constant" else None


def _what_is_kept(state: KeepState) -> str:
    """Say what a full disk leaves of a training."""
    if state.epochs_done:
        return f"All is kept as it was after epoch {state.epochs_done}, and the same call goes on from there."
    return "No epoch was kept."
