"""A training of notebook 4: it writes into a folder of its own, and replaces the one before only if it is better."""

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from lungseg.cases import mark_cases
from lungseg.errors import InputError, counted
from lungseg.files import folder_lock, open_folder
from lungseg.runs import BEST_MODEL, SETTINGS, SPLIT, Run, load_run, write_json
from lungseg.splits import Split, save_split
from lungseg_course.engine.lines import say
from lungseg_course.training.code_mark import mark_code
from lungseg_course.training.folders import (
    are_comparable,
    change_places,
    epochs_in,
    free_folder,
    is_finished,
    score_of,
    shown,
    trainings,
)

if TYPE_CHECKING:
    import keras

    from lungseg_course.training.reporter import Reporter

COPY = ".best_before.keras"  # of the best network, while a better one is written


class Attempt:
    """A training, and the folder that it writes into.

    Attributes
    ----------
    folder : Path
        Where this training is: the run folder, or one beside it.
    run_folder : Path
        The run folder, which notebook 5 reads.
    cases : sequence of paths
        Those to validate with, of which the figure shows two.
    finished : bool
        Whether it came to its end.
    """

    def __init__(self, folder: Path, run_folder: Path, cases: Sequence[Path] = (), finished: bool = False):
        self.folder, self.run_folder, self.cases, self.finished = folder, run_folder, cases, finished
        self._reporter: Reporter | None = None

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Train within: at the end the better network is kept, and an interrupt ends the training with a sentence.

        Raises
        ------
        InputError
            If this training has been at work before, or another one is at work in its folder.
        """
        if self.finished or epochs_in(self.folder):
            how = "is finished. To train anew, write TRAIN_AGAIN = True in the first cell"
            if not self.finished:
                how = f"has ended after {counted(epochs_in(self.folder), 'epoch')}, and cannot go on. To train anew"
            raise InputError(f"{shown(self.folder)}: this training {how}, restart the kernel and run all cells.")
        began = time.perf_counter()
        try:
            with folder_lock(self.folder):
                yield
        except KeyboardInterrupt:
            self._mend()
            say(self._what_an_interrupt_left())
            return
        finally:
            if self._reporter is not None:
                self._reporter.end()
            with suppress(OSError):
                (self.folder / COPY).unlink(missing_ok=True)
        took = time.perf_counter() - began
        of_them = self._reporter.what_it_took(took) if self._reporter is not None else ""
        say(f"The training took {took:.0f} seconds{of_them}.")
        self._finish()

    def reporter(self, batches: int, epochs: int) -> "Reporter":
        """Return a callback that shows how the training goes, and keeps a copy of the best network meanwhile.

        Parameters
        ----------
        batches, epochs : int
            In an epoch, and in all.
        """
        from lungseg_course.training.reporter import Reporter

        best, copy = self.folder / BEST_MODEL, self.folder / COPY

        def keep_a_copy() -> None:
            if best.exists():  # Keras writes a better one into the file itself
                shutil.copyfile(best, copy)

        self._reporter = Reporter(batches, epochs, self.cases, keep_a_copy)
        return self._reporter

    def show(self) -> None:
        """Show the figure of a training that is finished: its curves, and what its best network predicts."""
        from lungseg_course.training.reporter import show_finished

        if score_of(self.folder) is not None:
            show_finished(load_run(self.folder), self.cases)

    def load(self) -> Run:
        """Return what the training has left; if it has not finished an epoch, the one in the run folder.

        Raises
        ------
        InputError
            If there is no network in either.
        """
        if score_of(self.folder) is not None:
            return load_run(self.folder)
        if score_of(self.run_folder) is not None:
            say(f"There is nothing of this training to show. What follows is of the one in {shown(self.run_folder)}.")
            return load_run(self.run_folder)
        raise InputError(
            "there are no curves yet, as no epoch of a training was finished. Expected one at least. Run all cells, "
            "and let it train for some epochs."
        )

    def take(self) -> None:
        """Make this training the one in the run folder, whatever its score. The one before stays, beside it."""
        if self.folder == self.run_folder:
            say(f"{shown(self.run_folder)} holds this training already.")
        elif score_of(self.folder) is None:
            say(f"There is no network of this training to take. {self._former_stays()}".rstrip())
        else:
            say(self._move())

    def _move(self) -> str:
        former = change_places(self.folder, self.run_folder)
        self.folder = self.run_folder
        where = f" The one before is in {shown(former)} now." if former else ""
        return f"{shown(self.run_folder)} holds this training now.{where}"

    def _finish(self) -> None:
        score = score_of(self.folder)
        if score is None:
            say(f"But it has left no network whose val_dice is a number. {self._former_stays()}".rstrip())
            return
        write_json(self.folder / SETTINGS, {**load_run(self.folder).settings, "finished": True})
        self.finished = True
        if self.folder == self.run_folder:
            say(f"The best network, with a val_dice of {score:.4f}, is in {shown(self.folder)}.")
            return
        former = score_of(self.run_folder)
        if former is None:
            say(self._move())
        elif not are_comparable(self.folder, self.run_folder):
            say(
                f"It is in {shown(self.folder)}. {self._former_stays()} That one was validated on other cases, so that "
                f"their scores cannot be compared. To take this one: attempt.take()"
            )
        elif score > former:
            say(f"Its val_dice is {score:.4f}, and was {former:.4f} before: it is better. {self._move()}")
        else:
            say(
                f"Its val_dice is {score:.4f}, no better than the {former:.4f} before, so it is in "
                f"{shown(self.folder)}. {self._former_stays()} To take this one all the same: attempt.take()"
            )

    def _mend(self) -> None:
        """Put the copy of the best network in place of one that was only half written."""
        copy = self.folder / COPY
        if copy.exists() and score_of(self.folder) is None:
            copy.replace(self.folder / BEST_MODEL)

    def _what_an_interrupt_left(self) -> str:
        done = epochs_in(self.folder)
        score = score_of(self.folder)
        if score is None:
            return f"Interrupted before the first epoch was finished: nothing is kept of it. {self._former_stays()}"
        return (
            f"Interrupted after epoch {done}: its best network so far, with a val_dice of {score:.4f}, is in "
            f"{shown(self.folder)}. {self._former_stays()}{self._may_be_deleted()}".rstrip()
        )

    def _may_be_deleted(self) -> str:
        if self.folder == self.run_folder:
            return ""
        return f" If you do not need this one, you may delete the folder {shown(self.folder)}."

    def _former_stays(self) -> str:
        if self.folder == self.run_folder or score_of(self.run_folder) is None:
            return ""
        return f"{shown(self.run_folder)} is as it was, and notebook 5 will use it."


def begin_training(
    run_folder: Path, settings: dict, split: Split, model: "keras.Model", code: Sequence, again: bool = False
) -> Attempt:
    """Find a finished training with the same settings and the same code, or a place for a new one.

    Parameters
    ----------
    run_folder : Path
        What notebook 5 reads. If there is a network already, a new training writes beside it.
    settings : dict
        What is to be trained, for `settings.json`.
    split : Split
    model : keras.Model
        Compiled, and not trained yet.
    code : sequence of functions and classes
        All that the student wrote for this training.
    again : bool
        Train, even if this very training is there and finished.

    Returns
    -------
    Attempt

    Raises
    ------
    InputError
        If the network is not compiled or has been trained already, or the folder cannot be written, or another
        training is at work in it.
    """
    optimizer = getattr(model, "optimizer", None)
    if optimizer is None:
        raise InputError("the network is not compiled. Expected one that is. Run the cells above, exercise 4.3 first.")
    steps = int(optimizer.iterations)
    if steps:
        raise InputError(
            f"this network was trained for {counted(steps, 'step')} already. Expected a new one. Run the cells from "
            "the top, or from the one that builds the network."
        )
    fingerprint = {part: mark_cases(paths) for part, paths in split._asdict().items()}
    settings = {**settings, "fingerprint": fingerprint, "code_mark": mark_code(code), "finished": False}
    for folder in trainings(run_folder):
        if not again and is_finished(folder, settings):
            return _found(Attempt(folder, run_folder, split.validation, finished=True))
    attempt = Attempt(free_folder(run_folder), run_folder, split.validation)
    open_folder(attempt.folder, "Name another run folder with LUNGSEG_RUN.")
    with folder_lock(attempt.folder):
        save_split(split, attempt.folder / SPLIT)
        write_json(attempt.folder / SETTINGS, settings)
    say(f"A new training, in {shown(attempt.folder)}.{_about_the_former(attempt)}")
    return attempt


def _found(attempt: Attempt) -> Attempt:
    if attempt.folder != attempt.run_folder and score_of(attempt.run_folder) is None:
        attempt.take()  # the computer went off while it was to move there
    history, score = load_run(attempt.folder).history, score_of(attempt.folder)
    best = int(history["val_dice"].idxmax()) + 1
    say(
        f"This training is finished: it is in {shown(attempt.folder)}, with a val_dice of {score:.4f} after epoch "
        f"{best} of {len(history)}. To train once more, write TRAIN_AGAIN = True in the first cell, and run all cells."
    )
    return attempt


def _about_the_former(attempt: Attempt) -> str:
    former = score_of(attempt.run_folder)
    if former is None:
        return ""
    where = shown(attempt.run_folder)
    if load_run(attempt.run_folder).settings.get("finished") is False:
        return (
            f" The one in {where} was interrupted, with a val_dice of {former:.4f} so far. In a notebook no training "
            "can go on where it stopped; but that one stays until there is a better one."
        )
    return f" The one in {where}, with a val_dice of {former:.4f}, stays there until there is a better one."
