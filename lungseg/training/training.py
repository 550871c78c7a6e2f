"""train(): from a folder of cases to a run folder with the best network."""

import os
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import keras

from lungseg.cases import case_group, case_id, check_cases, list_cases
from lungseg.environment import describe_device
from lungseg.errors import InputError, counted
from lungseg.files import as_folder, case_key, folder_lock, open_folder, telling_of_a_full_disk
from lungseg.generator import DataGenerator
from lungseg.losses import DiceCrossentropyLoss, dice_crossentropy_loss
from lungseg.metrics import Dice, Jaccard
from lungseg.problems import LUNGS, Problem, problem_of
from lungseg.runs import SETTINGS, SPLIT, Run, load_run, write_json
from lungseg.splits import Split, balance_sources, save_split
from lungseg.training.bar import choose_progress
from lungseg.training.callbacks import CosineDecay, StopAtNaN, make_callbacks
from lungseg.training.conditions import check_precision
from lungseg.training.network import find_network
from lungseg.training.parts import choose_split
from lungseg.training.resume import STATE, KeepState, cut_history
from lungseg.training.settings import Settings, describe_run, earlier_settings


def train(
    cases: str | Path | Sequence[str | Path],
    run: str | Path,
    split: str | Split = "default",
    *,
    model: keras.Model | None = None,
    start: str | Path | Run | None = None,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    report: Callable[[str], object] = print,
    progress: bool = False,
    **settings: Any,
) -> Run:
    """Train a U-Net, keep its best epoch, and leave all that is needed to evaluate it.

    Call it again with the same arguments after an interruption, however it came, and it goes on after the last finished
    epoch. The same seed gives the same weights, bit for bit, on a CPU: with the same versions of the libraries and the
    same number of threads, which `settings.json` names. (TensorFlow takes one thread for each core that it finds; fix
    their number with the environment variable TF_NUM_INTRAOP_THREADS if it is to be the same on another computer.)

    Parameters
    ----------
    cases : folder, or sequence of paths
        The cases of all three parts of the split.
    run : str or Path
        The run folder, made if need be. See `lungseg.runs.Run`.
    split : str or Split, default "default"
        "default", "gaal2020", or a split of your own, see `split_cases`; or one of the folds of a cross-validation,
        "fold 2 of 5", see `lungseg.cross_validate`.
    model : keras.Model, optional
        A network of your own, in place of `build_unet`, from images (B, H, W, 1) to masks (B, H, W, 1). It is
        compiled here. To go on after an interruption, give one that is newly built.
    start : str, Path or Run, optional
        A run to begin with, or "pretrained", in place of random weights
        (fine-tuning): a few dozen cases of another hospital may be enough then.
        Its network is taken too. Give it cases of about the size that it was
        trained on (256 x 256 for "pretrained"): at another scale it knows little.
    callbacks : sequence of keras.callbacks.Callback
        Your own, in addition to those of `make_callbacks`.
    report : callable
        Is given each line about the progress; `print` by default.
    progress : bool, default False
        Show a progress bar, if there is a terminal.
    seed : int, default 0
        Fixes the default split, the first weights, dropout and the order of the cases.
    epochs : int, default 15
        At most so many; with the schedule "plateau" the training stops earlier if `val_dice` no longer rises.
    groups : optional
        Cases that stay in one part of the split, as those of a patient: a table, a pattern of the names, a mapping or a
        function, see `split_cases`.
    batch_size : int, default 8
    learning_rate : float, default 0.002
        Of Adam, at the start.
    loss : callable, keras.losses.Loss or str, default dice_crossentropy_loss
    augment : callable, optional
        See `DataGenerator` and `lungseg.augmentation`; for the training cases only.
    schedule : {"plateau", "cosine"}, default "plateau"
        Of the learning rate. "plateau" lowers it when `val_dice` stands still, and stops when that does not help.
        "cosine" lowers it steadily, over all the epochs; it suits a longer training with augmentation.
    balance : bool, default False
        Whether Montgomery, Shenzhen and all others should have the same weight:
        an epoch then repeats the cases of the smaller sets, see `balance_sources`.
    keep : {"best", "last"}, default "best"
        Which epoch `best.keras` holds: the one with the highest `val_dice`, or the last one. With the schedule
        "cosine" and few cases to validate, the last is the better choice: the end of the schedule is no accident, and
        the highest of many noisy scores is one.
    filters, depth : int, default 16 and 4
        Of `build_unet`.
    dropout : float, default 0.1
        Of `build_unet`.

    Returns
    -------
    Run

    Raises
    ------
    InputError
        If a case cannot be used or is in two parts of the split, a number is out of its range, the run folder is that
        of the cases, holds a run with other settings or another training is at work in it, the network is in plain
        float16, `augment` adds channels, or the loss stops being a number.
    """
    began = time.perf_counter()
    asked = Settings(split, **settings)
    run = as_folder(run, "run")
    parts = _settle_split(cases, asked)
    _check_place(run, cases, parts)
    paths = [*parts.train, *parts.validation, *parts.test]
    size, problem = check_cases(paths), problem_of(paths)
    keras.utils.set_random_seed(asked.seed)
    network = find_network(size, asked.unet, model, start, problem)
    check_precision(network.model)
    described = describe_run(asked, parts, size, network, problem)

    training, validation = _make_generators(asked, parts)
    cosine = [CosineDecay(asked.learning_rate, len(training), asked.epochs)] if asked.schedule == "cosine" else None
    watching = [*make_callbacks(run, cosine, asked.keep), *callbacks]
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
        for line in _first_lines(asked, parts, len(training), state.epochs_done, described["seen_before"]):
            report(line)
        if described["groups"]:
            report(f"The cases are of {described['groups'].split(',')[0]}, each in one part.")
        for line in _what_changed(earlier or {}, described):
            report(line)
        compile_model(network.model, asked.learning_rate, asked.loss, problem)
        watcher = choose_progress(progress)(report, len(training), asked.epochs, began)
        try:
            with closing(watcher):
                _fit(network.model, training, validation, asked.epochs, [*watching, watcher, state], state.epochs_done)
        except KeyboardInterrupt:
            report(f"Interrupted after epoch {state.epochs_done}. The same call goes on from there.")
            raise
    return load_run(run)


def compile_model(
    model: keras.Model,
    learning_rate: float = 2e-3,
    loss: Callable | str = dice_crossentropy_loss,
    problem: Problem = LUNGS,
) -> None:
    """Compile a network as `train` does: Adam, and Dice and Jaccard as metrics; of several classes, each one's Dice.

    Parameters
    ----------
    model : keras.Model
    learning_rate, loss
        See `train`.
    problem : Problem
    """
    if loss is dice_crossentropy_loss and not problem.exclusive:
        loss = DiceCrossentropyLoss(exclusive=False)
    metrics = [Dice(exclusive=problem.softmax), Jaccard(exclusive=problem.softmax)]
    if len(problem.classes) > 1:
        first = problem.outputs - len(problem.classes)
        metrics += [
            Dice(name=f"dice_{name}", exclusive=problem.softmax, channel=first + number)
            for number, name in enumerate(problem.classes)
        ]
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss=loss, metrics=metrics)


def _settle_split(cases: str | Path | Sequence[str | Path], asked: Settings) -> Split:
    """Return the three parts; refuse parts that are empty or share a case, which the split tells by its name."""
    paths = list_cases(cases) if isinstance(cases, (str, Path)) else list(cases)
    parts = choose_split(paths, asked.seed, asked.split, asked.groups)
    seen: dict[str, str] = {}
    for part, members in parts._asdict().items():
        if part != "test" and not members:
            raise InputError(f"The {part} part of the split is empty. Expected at least one case in it.")
        for path in members:
            name = case_id(path)
            if name in seen:
                raise InputError(
                    f"{path}: the case {name} is in the {seen[name]} part of the split already. Expected each name "
                    "once, also of files from several folders. Rename it, or take it out of one part."
                )
            seen[name] = part
    return parts


def _check_place(run: Path, cases: str | Path | Sequence[str | Path], parts: Split) -> None:
    """Refuse to begin a run among the cases: both folders would be of no use to others."""
    folders = {Path(path).parent for part in parts for path in part}
    if isinstance(cases, str | Path):
        folders.add(Path(cases))
    if os.path.realpath(run) in map(os.path.realpath, folders) and not (run / STATE).exists():
        raise InputError(f"{run}: expected a folder for the run alone. Received: that of the cases. Name another.")


def _make_generators(asked: Settings, parts: Split) -> tuple[DataGenerator, DataGenerator]:
    """Return the generators of the cases to train on, and of those to validate with."""
    repeated = balance_sources(parts.train) if asked.balance else parts.train
    training = DataGenerator(repeated, asked.batch_size, seed=asked.seed, augment=asked.augment)
    if asked.augment is not None:
        received = [array.shape[-1] for array in training[0]]
        assert training.problem is not None
        expected = [len(training.problem.channels), training.problem.outputs]
        if received != expected:
            raise InputError(
                f"train expected an augmentation that returns images of {counted(expected[0], 'channel')} and masks of "
                f"{expected[1]}. Received: {received[0]} and {received[1]}. Compile and fit a network for these "
                "yourself."
            )
    return training, DataGenerator(parts.validation, asked.batch_size, shuffle=False)


def _first_lines(asked: Settings, parts: Split, batches: int, epochs_done: int, seen_before: list[str]) -> list[str]:
    """Say on what is trained, and what the user should know before it takes its time."""
    lines = [
        f"Training on {describe_device()}: {counted(len(parts.train), 'case')} in "
        f"{counted(batches, 'batch', 'batches')}, "
        f"{len(parts.validation)} to validate, {len(parts.test)} kept for the test."
    ]
    if epochs_done:
        lines.append(f"Going on after epoch {epochs_done} of an earlier training.")
    if asked.balance and len({case_group(path).source for path in parts.train}) == 1:
        lines.append("Nothing to balance: by their names, all training cases are of one source.")
    known = set(seen_before) & {case_key(case_id(path)) for path in parts.test}
    if known:
        lines.append(
            f"{len(known)} of the test cases trained or chose the network to start from, so their scores will "
            "flatter. Give a split whose test part it has not seen."
        )
    return lines


def _what_changed(earlier: dict, described: dict) -> list[str]:
    """Say what keeps a training that goes on from ending as if it had not been interrupted."""
    lines = []
    before = earlier.get("fingerprint") or {}
    changed = [part for part, mark in described["fingerprint"].items() if before.get(part, mark) != mark]
    if changed:
        lines.append(
            f"The cases ({', '.join(changed)}) have the same names, but other pixels than when this training began. If "
            "that is not meant, prepare them as before, or train into a new folder."
        )
    if earlier.get("threads", described["threads"]) != described["threads"]:
        lines.append(
            f"Begun with {earlier['threads']} threads, going on with {described['threads']}: the last digits of the "
            "weights will not be those of a training without interruption."
        )
    return lines


def _what_is_kept(state: KeepState) -> str:
    """Say what a full disk leaves of a training."""
    if state.epochs_done:
        return f"All is kept as it was after epoch {state.epochs_done}, and the same call goes on from there."
    return "No epoch was kept."


def _fit(
    model: keras.Model,
    training: DataGenerator,
    validation: DataGenerator,
    epochs: int,
    callbacks: list[keras.callbacks.Callback],
    epochs_done: int,
) -> None:
    """Fit the network; of an error within Keras, raise the line about a bad case."""
    try:
        model.fit(
            training,
            validation_data=validation,
            initial_epoch=epochs_done,
            epochs=epochs,
            callbacks=callbacks,
            shuffle=False,  # the generator shuffles; Keras would mix the order of its batches once more
            verbose=0,
        )
    except Exception as error:
        raise _as_input_error(error, callbacks) from None


def _as_input_error(error: Exception, callbacks: list[keras.callbacks.Callback]) -> Exception:
    """Dig the line about a bad case out of what a backend wraps around it."""
    if isinstance(error, InputError):
        return error
    for line in str(error).splitlines():
        if "InputError: " in line:
            return InputError(line.split("InputError: ", 1)[1])
    if "all elements of input should be between 0 and 1" in str(error):  # PyTorch's cross-entropy met no number
        return next(c for c in callbacks if isinstance(c, StopAtNaN)).reason()
    return error
