"""What one sees of a training: a figure that is drawn anew after each epoch; where none can be shown, lines."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import keras
import numpy as np

from lungseg.cases import case_group, case_id, load_case
from lungseg.environment import describe_device
from lungseg.errors import InputError
from lungseg.plotting.live import TrainingFigure
from lungseg.problems import problem_of
from lungseg.runs import Run
from lungseg.training.callbacks import duration
from lungseg.training.clock import Clock
from lungseg_course.engine.in_notebook import is_in_a_notebook
from lungseg_course.engine.lines import say
from lungseg_course.training.screen import Screen

SHOWN = ("loss", "dice", "val_loss", "val_dice")
PAUSE = 1.0  # seconds between two looks at the batches, at least


class Reporter(keras.callbacks.Callback):
    """Show how a training goes.

    Parameters
    ----------
    batches, epochs : int
        In an epoch, and in all.
    cases : sequence of paths
        The validation cases, of which two are shown.
    before_epoch : callable
        Is called before each epoch.

    Attributes
    ----------
    seconds : float
        How long drawing and predicting for the figure have taken.
    """

    def __init__(self, batches: int, epochs: int, cases: Sequence[Path], before_epoch: Callable[[], object]):
        super().__init__()
        self.clock = Clock(batches, epochs)
        self.before_epoch = before_epoch
        self.seconds = 0.0
        self._cases = cases
        self._history: dict[str, list[float]] = {name: [] for name in SHOWN}
        self._screen: Screen | None = None
        self._told = 0.0

    def on_train_begin(self, logs=None):
        clock = self.clock
        say(f"Training on {describe_device()}: {clock.batches} batches an epoch, {clock.epochs} epochs at most.")
        if is_in_a_notebook():
            with self._timed():
                self._picture = Picture(self.clock.epochs, self._cases)
                self._screen = Screen(self._picture.figure)
                self._picture.draw(self._history, self.model)
                self._screen.show("before the training; the first batch takes longest", 0)

    def on_epoch_begin(self, epoch, logs=None):
        self.before_epoch()
        self.clock.begin(epoch)

    def on_train_batch_end(self, batch, logs=None):
        self.clock.count(batch)
        if self._screen is not None and time.perf_counter() - self._told >= PAUSE:
            with self._timed():
                done = (self.clock.epoch + self.clock.batch / self.clock.batches) / self.clock.epochs
                self._screen.show(self._line(self.clock.epoch + 1), done, redraw=False)

    def on_epoch_end(self, epoch, logs=None):
        for name, values in self._history.items():
            if name in (logs or {}):
                values.append(float(logs[name]))
        self.clock.end()
        if self._screen is None:
            print(self._one_line(epoch + 1))
            return
        with self._timed():
            self._picture.draw(self._history, self.model)
            self._screen.show(self._line(epoch + 1), (epoch + 1) / self.clock.epochs)

    def end(self) -> None:
        """Leave the figure as it is, also of a training that was interrupted."""
        if self._screen is not None:
            self._screen.end()
            self._screen = None

    def what_it_took(self, seconds: float) -> str:
        """Say how much of a time was for the figure; nothing if there was none."""
        if not self.seconds:
            return ""
        return f", {self.seconds:.1f} of them ({self.seconds / max(seconds, 1e-9):.1%}) to draw the figure"

    def _line(self, epoch: int) -> str:
        """Return what stands below the figure."""
        clock, left, scores = self.clock, self.clock.left(), self._history["val_dice"]
        parts = [f"epoch {epoch} of {clock.epochs}"]
        parts += [f"batch {clock.batch} of {clock.batches}"] if clock.batch else []
        parts += [f"val_dice {scores[-1]:.3f}"] if scores else []
        parts += [f"about {duration(left)} left"] if left and left >= 1 else []
        return " · ".join(parts)

    def _one_line(self, epoch: int) -> str:
        """Return an epoch in a line that fits into 80 columns."""
        numbers = "  ".join(f"{name} {values[-1]:.3f}" for name, values in self._history.items() if values)
        left = self.clock.left() or 0
        return f"epoch {epoch:2d}/{self.clock.epochs}  {numbers}" + (f"  {left:.0f} s left" if left >= 1 else "")

    @contextmanager
    def _timed(self) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self._told = time.perf_counter()
        self.seconds += self._told - began


class Picture:
    """The figure of a training, with two of its validation cases.

    Parameters
    ----------
    epochs : int
        How many there will be at most.
    cases : sequence of paths
        The validation cases.
    """

    def __init__(self, epochs: int, cases: Sequence[Path]):
        chosen = choose_two(cases)
        try:
            problem = problem_of(chosen)
            arrays = [load_case(path, problem) for path in chosen]  # (H, W, C + K) each
        except InputError:  # gone meanwhile: no reason to end a training
            chosen, arrays, problem = [], [], problem_of([])
        images = [array[..., : len(problem.channels)] for array in arrays]
        masks = [array[..., len(problem.channels) :] for array in arrays]
        self.images = np.stack(images).astype("float32") if images else None
        self.figure = TrainingFigure(epochs, images, masks, list(map(case_id, chosen)), problem)

    def draw(self, history: dict, model: keras.Model) -> None:
        """Draw the curves so far, and what the network predicts now."""
        predictions = None if self.images is None else look(model, self.images)
        try:
            self.figure.redraw(history, predictions)
        except InputError:  # what the network gives are no probabilities
            self.figure.redraw(history, None)


def show_finished(run: Run, cases: Sequence[Path]) -> None:
    """Show the figure of a training that has ended; where no figure can be shown, nothing."""
    if not is_in_a_notebook():
        return
    from IPython.display import display

    history = {name: list(run.history[name]) for name in SHOWN if name in run.history}
    picture = Picture(len(run.history), cases)
    picture.draw(history, run.model)
    display(picture.figure)


def choose_two(cases: Sequence[Path]) -> list[Path]:
    """Return two of the cases, of different diagnosis if there are such; one or none if there are no more."""
    first_of: dict[str, Path] = {}
    for path in cases:
        first_of.setdefault(case_group(path).diagnosis, path)
    others = [path for path in cases if path not in first_of.values()]
    return [*first_of.values(), *others][:2]


def look(model: keras.Model, images: np.ndarray) -> np.ndarray | None:
    """Predict, and leave no trace: no random number is drawn, and no statistic of the network changes.

    Parameters
    ----------
    model : keras.Model
    images : numpy.ndarray of float32, shape (B, H, W, C)

    Returns
    -------
    numpy.ndarray of float32, shape (B, H, W, outputs)
        None if the network cannot predict them.
    """
    # `predict` would trace the network a second time, which takes longer than all the looks together.
    before = [(variable, keras.ops.convert_to_numpy(variable)) for variable in model.non_trainable_variables]
    probabilities = None
    with suppress(Exception):  # whatever a student's network does here, the training goes on
        probabilities = keras.ops.convert_to_numpy(model(images, training=False)).astype("float32")
    for variable, value in before:
        if not np.array_equal(keras.ops.convert_to_numpy(variable), value):
            variable.assign(value)
    return probabilities
