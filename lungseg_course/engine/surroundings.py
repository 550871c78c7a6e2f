"""What surrounds a student's code while it is checked: it cannot end Python, nor ask, nor fill the notebook."""

import builtins
import contextlib
import io
import logging
import os
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from lungseg_course.engine.lines import counted

SHOWN = 5  # lines that the student's code has printed
WIDEST = 100  # characters of such a line
_CONTROL = re.compile("\x1b\\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f]")


class Ended(SystemExit):
    """The student's code wants to end Python."""


class Asked(Exception):
    """The student's code wants somebody to type."""


class Held(io.TextIOBase):
    """What a student's code has printed and drawn: the first lines, and how many there were."""

    holds_back = True  # for what would rather show a panel

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.count = 0  # of the lines that have ended
        self.figures = 0
        self.displayed: list[dict] = []
        self._rest = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        """Keep what belongs to the first lines, and count the others."""
        *whole, self._rest = (self._rest + text).split("\n")
        self.count += len(whole)
        self.lines += whole[: SHOWN - len(self.lines)]
        if len(self._rest) > 100 * WIDEST:  # a line without an end
            self._rest = self._rest[-2 * WIDEST :]
        return len(text)

    def show(self) -> None:
        """Print the first lines, with the number of the others; show what was displayed once."""
        lines = [*self.lines, self._rest] if self._rest else self.lines
        count = self.count + bool(self._rest)
        lines = [line for line in map(_cleaned, lines[:SHOWN]) if line]
        if lines:
            print("Your code printed:")
            print(*(f"  {line}" for line in lines), sep="\n")
            if count > SHOWN:
                print(f"  ... and {counted(count - SHOWN, 'line')} more")
        if self.figures > 1:
            print(f"Your code drew {counted(self.figures, 'figure')} while it was checked. The first one is shown.")
        if self.displayed:
            import IPython

            IPython.get_ipython().display_pub.publish(**self.displayed[0])


def _cleaned(line: str) -> str:
    """Return a line as it is seen in the end: a progress bar has overwritten itself."""
    line = _CONTROL.sub("", line.rstrip("\r").rpartition("\r")[2]).rstrip()
    return line if len(line) <= WIDEST else f"{line[: WIDEST - 4]} ..."


@contextlib.contextmanager
def held_back(held: Held | None = None) -> Iterator[Held]:
    """Hold back what a student's code prints and draws; let it neither end Python nor ask, nor leave the folder.

    Parameters
    ----------
    held : Held, optional
        What keeps it, to be shown afterwards.
    """
    held = Held() if held is None else held
    with (
        contextlib.redirect_stdout(held),
        contextlib.redirect_stderr(held),
        contextlib.chdir("."),  # back to it, wherever the student's code goes
        np.printoptions(),
        _libraries_say_nothing(),
        _nothing_ends(),
        _nobody_is_asked(),
        _figures_once(held),
        _displayed_once(held),
    ):
        yield held


@contextlib.contextmanager
def _replaced(owner: Any, **new: Any) -> Iterator[None]:
    """Give an object, a module or a class other attributes for a while, where it has them."""
    before = {name: getattr(owner, name) for name in new if hasattr(owner, name)}
    for name in before:
        setattr(owner, name, new[name])
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(owner, name, value)


@contextlib.contextmanager
def _libraries_say_nothing() -> Iterator[None]:
    """Keras and TensorFlow log warnings through loggers that write to the real stderr."""
    loggers = [logging.getLogger(name) for name in ("absl", "tensorflow")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


@contextlib.contextmanager
def _nothing_ends() -> Iterator[None]:
    def ends(call: str, instead: Callable | None = None) -> Callable:
        def end(*args: Any, **_: Any) -> None:
            if instead is not None and os.getpid() != here:  # another process, which a library has started
                instead(*args)
            raise Ended(call)

        return end

    here = os.getpid()
    autocall = sys.modules.get("IPython.core.autocall")
    with contextlib.ExitStack() as stack:
        stack.enter_context(_replaced(builtins, exit=ends("exit()"), quit=ends("quit()")))
        stack.enter_context(_replaced(os, _exit=ends("os._exit()", os._exit), abort=ends("os.abort()", os.abort)))
        for kind in ("ExitAutocall", "ZMQExitAutocall"):  # what `exit` is in a notebook
            stack.enter_context(_replaced(getattr(autocall, kind, None), __call__=ends("exit()")))
        yield


@contextlib.contextmanager
def _nobody_is_asked() -> Iterator[None]:
    def ask(*_: Any, **__: Any) -> None:
        raise Asked("nobody can answer while the code is checked")

    with _replaced(builtins, input=ask), _replaced(sys, breakpointhook=ask):
        yield


@contextlib.contextmanager
def _figures_once(held: Held) -> Iterator[None]:
    """Leave one of the new figures open, which a notebook shows at the end of the cell."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    before = pyplot.get_fignums() if pyplot else []
    try:
        with _replaced(pyplot, show=lambda *_, **__: None):
            yield
    finally:
        pyplot = sys.modules.get("matplotlib.pyplot")
        drawn = [number for number in pyplot.get_fignums() if number not in before] if pyplot else []
        held.figures += len(drawn)
        for number in drawn[1:]:
            pyplot.close(number)  # type: ignore[union-attr]


@contextlib.contextmanager
def _displayed_once(held: Held) -> Iterator[None]:
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None:
        yield
        return
    from IPython.core.displaypub import CapturingDisplayPublisher

    publisher = CapturingDisplayPublisher()
    with _replaced(shell, display_pub=publisher):
        yield
    held.displayed += publisher.outputs[:1]
