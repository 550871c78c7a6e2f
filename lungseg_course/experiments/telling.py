"""What is told while the trainings go on: one line in a notebook, which is written anew; elsewhere one for each."""

import time
from collections.abc import Callable
from typing import Any

from lungseg.errors import counted
from lungseg_course.engine.in_notebook import is_in_a_notebook


class Telling:
    """Tells which training is at work, and how long it still takes.

    Parameters
    ----------
    todo : int
        Trainings.
    """

    def __init__(self, todo: int):
        self.todo, self.done = todo, 0
        self._began = self._told = time.perf_counter()
        self._display = display_in_a_notebook()
        self._handle: Any = None

    def begin(self, seconds: float, guessed: bool) -> None:
        """Tell how long all of it will take, before the first training.

        Parameters
        ----------
        seconds : float
        guessed : bool
            Whether nothing is known yet of how fast this computer is.
        """
        if self.todo:
            where = ", if this computer has two processor cores" if guessed else ""
            line = f"{counted(self.todo, 'training')} to do: about {_roughly(seconds)}{where}."
            self._tell(line)

    def step(self, what: str, done: int, steps: int) -> None:
        """Tell how far a training is, at most once a second.

        Parameters
        ----------
        what : str
            Which training: the variant and the seed.
        done, steps : int
            Of this training.
        """
        now = time.perf_counter()
        if self._display is None or now - self._told < 1:
            return
        self._told = now
        share = (self.done + done / steps) / self.todo
        left = (now - self._began) * (1 - share) / share
        self._write(f"Training {self.done + 1} of {self.todo}: {what}, step {done} of {steps}. {_left(left)}")

    def finished(self, what: str, dice: float, seconds: float) -> None:
        """Tell that a training is finished."""
        self.done += 1
        if self._display is None:
            print(f"{self.done} of {self.todo}: {what}, Dice {dice:.4f}, {seconds:.0f} s", flush=True)

    def end(self, line: str) -> None:
        """Put a last line in the place of all that was told."""
        self._tell(line)

    def _tell(self, line: str) -> None:
        if self._display is None:
            print(line, flush=True)
        else:
            self._write(line)

    def _write(self, line: str) -> None:
        data = {"text/plain": line}
        if self._handle is None:
            assert self._display is not None
            self._handle = self._display(data, raw=True, display_id=True)
        else:
            self._handle.update(data, raw=True)


def _left(seconds: float) -> str:
    return f"About {_roughly(seconds)} are left."


def _roughly(seconds: float) -> str:
    """Return a time in words: nobody knows it to the second.

    Examples
    --------
    >>> _roughly(52), _roughly(130)
    ('50 seconds', '2 minutes')
    """
    return f"{max(round(seconds, -1), 10):.0f} seconds" if seconds < 90 else f"{seconds / 60:.0f} minutes"


def display_in_a_notebook() -> Callable | None:
    """Return the function that shows things in a notebook; None outside of one."""
    if not is_in_a_notebook():
        return None
    from IPython.display import display

    return display
