"""train(): from a folder of cases to a run folder with the best network."""

import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import keras

from lungseg.cases import case_group, case_id, check_cases, list_cases
from lungseg.environment import describe_device
from lungseg.errors import InputError
from lungseg.files import folder_lock
from lungseg.generator import DataGenerator
from lungseg.losses import dice_crossentropy_loss
from lungseg.metrics import Dice, Jaccard
from lungseg.preparation.case import PREPARATION
from lungseg.runs import SETTINGS, SPLIT, PretrainedRun, Run, load_run, write_json
from lungseg.splits import Split, balance_sources, save_split, split_cases
from lungseg.training.callbacks import KEPT, SCHEDULES, CosineDecay, Progress, make_callbacks
from lungseg.training.resume import KeepState, cut_history
from lungseg.training.settings import (
    describe_augmentation,
    describe_loss,
    earlier_settings,
    mark_weights,
    seen_by,
)
from lungseg.unet import build_unet


def train(
    cases: str | Path | Sequence[str | Path],
    run: str | Path,
    split: str | Split = "default",
    seed: int = 0,
    epochs: int = 15,
    batch_size: int = 8,
    learning_rate: float = 2e-3,
    model: keras.Model | None = None,
    start: str | Path | Run | None = None,
    loss: Callable | keras.losses.Loss = dice_crossentropy_loss,
    augment: Callable | None = None,
    schedule: str = "plateau",
    balance: bool = False,
    keep: str = "best",
    filters: int = 16,
    depth: int = 4,
    dropout: float = 0.1,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    report: Callable[[str], object] = print,
) -> Run:
    """Train a U-Net, keep its best epoch, and leave all that is needed to judge it.

    Call it again with the same arguments after an interruption, and it goes on
    after the last finished epoch. The same seed gives the same weights, bit
    for bit, on a CPU.

    Parameters
    ----------
    cases : folder, or sequence of paths
        The cases of all three parts of the split.
    run : str or Path
        The run folder, made if need be. See `lungseg.runs.Run`.
    split : str or Split
        "default", "gaal2020", or a split of your own. See `split_cases`.
    seed : int
        Fixes the default split, the first weights, dropout and the order of
        the cases.
    epochs : int
        At most so many; with the schedule "plateau" the training stops earlier
        if `val_dice` no longer rises.
    batch_size : int
    learning_rate : float
        Of Adam, at the start.
    model : keras.Model, optional
        A network of your own, in place of `build_unet`, from images (B, H, W, 1)
        to masks (B, H, W, 1). It is compiled here. To go on after an
        interruption, give one that is newly built.
    start : str, Path or Run, optional
        A run to begin with, or "pretrained", in place of random weights
        (fine-tuning): a few dozen cases of another hospital may be enough then.
        Its network is taken too. Give it cases of about the size that it was
        trained on (256 x 256 for "pretrained"): at another scale it knows little.
    loss : callable or keras.losses.Loss
    augment : callable, optional
        See `DataGenerator` and `lungseg.augmentation.pipeline`; for the training cases only.
    schedule : str
        Of the learning rate. "plateau" lowers it when `val_dice` stands still,
        and stops when that does not help. "cosine" lowers it steadily, over
        all the epochs; it suits a longer training with augmentation.
    balance : bool
        Whether Montgomery, Shenzhen and all others should have the same weight:
        an epoch then repeats the cases of the smaller sets, see `balance_sources`.
    keep : {"best", "last"}
        Which epoch `best.keras` holds: the one with the highest `val_dice`, or
        the last one. With the schedule "cosine" and few cases to validate, the
        last is the better choice: the end of the schedule is no accident, and
        the highest of many noisy scores is one.
    filters, depth, dropout
        Of `build_unet`.
    callbacks : sequence of keras.callbacks.Callback
        Your own, in addition to those of `make_callbacks`.
    report : callable
        Is given each line about the progress; `print` by default.

    Returns
    -------
    Run

    Raises
    ------
    InputError
        If a case cannot be used or is in two parts of the split, a number is
        out of its range, the folder holds a run with other settings or another
        training is at work in it, or the loss stops being a number.
    """
    began = time.perf_counter()
    batch_size, learning_rate, loss = int(batch_size), float(learning_rate), keras.losses.get(loss)
    for name, value, least in (("seed", seed, 0), ("number of epochs", epochs, 1), ("batch size", batch_size, 1)):
        if value < least:
            raise InputError(f"train expected a {name} from {least} upwards. Received: {value!r}.")
    if not (learning_rate > 0 and math.isfinite(learning_rate)):
        raise InputError(f"train expected a learning rate above 0. Received: {learning_rate!r}. Try 0.002.")
    if schedule not in SCHEDULES:
        raise InputError(f"train expected the schedule {' or '.join(SCHEDULES)}. Received: {schedule!r}.")
    if keep not in KEPT:
        raise InputError(f"train expected to keep the {' or the '.join(KEPT)} epoch. Received: {keep!r}.")

    paths = list_cases(cases) if isinstance(cases, (str, Path)) else list(cases)
    parts = split if isinstance(split, Split) else split_cases(paths, seed, split)
    used = [*parts.train, *parts.validation, *parts.test]
    _check_parts(parts)
    height, width = check_cases(used)
    keras.utils.set_random_seed(seed)
    network = {"filters": filters, "depth": depth, "dropout": dropout}
    if start is not None:
        if model is not None:
            raise InputError("train expected either a model or a run to start from. Received: both.")
        start = start if isinstance(start, Run) else load_run(start)
        model, network = start.build((height, width)), start.settings["network"]
    elif model is not None:
        network = "own"
        _check_network(model, height, width)
    else:
        model = build_unet((height, width, 1), **network)
    folders = {str(Path(path).parent.resolve()) for path in used}
    settings = {
        "cases": folders.pop() if len(folders) == 1 else None,
        "count": {part: len(items) for part, items in parts._asdict().items()},
        "size": [height, width],
        "split": split if isinstance(split, str) else "own",
        "seed": seed,
        "epochs": epochs,
        "batch_size": batch_size,
        "learning_rate": learning_rate,
        "loss": describe_loss(loss),
        "augment": describe_augmentation(augment),
        # A cosine over other epochs is another one.
        "schedule": schedule if schedule == "plateau" else f"{schedule} over {epochs} epochs",
        "balance": "source" if balance else None,  # None, too, in the settings of older runs
        "keep": keep,
        "start": "pretrained" if isinstance(start, PretrainedRun) else start and str(start.folder.resolve()),
        "start_weights": start and mark_weights(model),
        "seen_before": seen_by(start),
        "network": network,
        "parameters": model.count_params(),
        "preparation": PREPARATION,
        "precision": keras.mixed_precision.global_policy().name,
        "keras": keras.version(),
        "backend": keras.backend.backend(),
    }

    run = Path(run)
    training = DataGenerator(
        balance_sources(parts.train) if balance else parts.train, batch_size, seed=seed, augment=augment
    )
    validation = DataGenerator(parts.validation, batch_size, shuffle=False)
    cosine = [CosineDecay(learning_rate, len(training), epochs)] if schedule == "cosine" else None
    watching = make_callbacks(run, cosine, keep)
    state = KeepState(run, [*watching, *callbacks])
    before = earlier_settings(run, settings, parts)
    if before is not None and state.finished and before["epochs"] >= epochs:
        report(f"{run}: this training is finished. Raise the number of epochs to go on, or name a new folder.")
        return load_run(run)

    run.mkdir(parents=True, exist_ok=True)
    with folder_lock(run):
        save_split(parts, run / SPLIT)
        if state.finished:
            state.reopen()
        write_json(run / SETTINGS, settings)
        cut_history(run, state.epochs_done)
        # Before `fit`, which may read the first batches before any callback is called.
        training.start_epoch(state.epochs_done)
        report(
            f"Training on {describe_device()}: {len(parts.train)} cases in {len(training)} batches, "
            f"{len(parts.validation)} to validate, {len(parts.test)} kept for the test."
        )
        if state.epochs_done:
            report(f"Going on after epoch {state.epochs_done} of an earlier training.")

        if balance and len({case_group(path).source for path in parts.train}) == 1:
            report("Nothing to balance: to judge by their names, all training cases are of one source.")
        known = set(settings["seen_before"]) & {case_id(path) for path in parts.test}
        if known:
            report(
                f"{len(known)} of the test cases trained or chose the network to start from, so their scores will "
                "flatter. Give a split whose test part it has not seen."
            )

        compile_model(model, learning_rate, loss)
        progress = Progress(report, len(training), epochs, began)
        try:
            model.fit(
                training,
                validation_data=validation,
                initial_epoch=state.epochs_done,
                epochs=epochs,
                callbacks=[*watching, *callbacks, progress, state],
                shuffle=False,  # the generator shuffles; Keras would mix the order of its batches once more
                verbose=0,
            )
        except KeyboardInterrupt:
            report(f"Interrupted after epoch {state.epochs_done}. The same call goes on from there.")
            raise
        except Exception as error:
            raise _as_input_error(error) from None
    return load_run(run)


def compile_model(model: keras.Model, learning_rate: float = 2e-3, loss=dice_crossentropy_loss) -> None:
    """Compile a network as `train` does: Adam, and Dice and Jaccard as metrics."""
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss=loss, metrics=[Dice(), Jaccard()])


def _check_parts(parts: Split) -> None:
    """Refuse parts that are empty or share a case: the split tells cases apart by their names."""
    seen: dict[str, str] = {}
    for part, paths in parts._asdict().items():
        if part != "test" and not paths:
            raise InputError(f"The {part} part of the split is empty. Expected at least one case in it.")
        for path in paths:
            name = case_id(path)
            if name in seen:
                raise InputError(
                    f"{path}: the case {name} is in the {seen[name]} part of the split already. Expected each name "
                    "once, also of files from several folders. Rename it, or take it out of one part."
                )
            seen[name] = part


def _check_network(model: keras.Model, height: int, width: int) -> None:
    shapes = model.input_shape, model.output_shape
    for shape in shapes:
        if len(shape) != 4 or shape[3] != 1 or shape[1] not in (None, height) or shape[2] not in (None, width):
            raise InputError(
                f"train expected a network from images (B, {height}, {width}, 1) to masks (B, {height}, {width}, 1). "
                f"Received: one from {shapes[0]} to {shapes[1]}. Build it for these cases; for several classes or "
                "channels, compile and fit it yourself."
            )


def _as_input_error(error: Exception) -> Exception:
    """Dig the line about a bad case out of what a backend wraps around it."""
    if isinstance(error, InputError):
        return error
    for line in str(error).splitlines():
        if "InputError: " in line:
            return InputError(line.split("InputError: ", 1)[1])
    return error
