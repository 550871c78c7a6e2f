"""A limit on the time that a student's code may take, which no `except:` in it can put off."""

import ctypes
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

from lungseg_course.engine.panel import show_in_place_of_traceback
from lungseg_course.engine.students_code import line_of, students_frames

CPU_SECONDS = 10.0  # for the whole of a check; right answers take at most three
BY_THE_CLOCK = 6  # times as long it may take by the clock, for code that sleeps
TICK = 0.05  # seconds between two looks at the clocks
CLEANING_UP = 0.5  # seconds for a library to put its things in order, before it is stopped once more

_in_this_thread = threading.local()


class OutOfTime(BaseException):
    """The student's code has had its time. Not an `Exception`, so that most of what they may catch lets it pass."""


class Interrupted(KeyboardInterrupt):
    """The student has stopped a check. Jupyter shows its message alone, without the calls that led to it."""

    def _render_traceback_(self) -> list[str]:
        return show_in_place_of_traceback(self, str(self))


class TimeLimit:
    """Stop what runs in a `with` block as soon as it has had its time, by raising `OutOfTime` in it.

    What counts is the CPU time of the thread, so that a busy machine does not
    make a right answer wrong; on macOS and Windows, where nobody can ask for
    that of another thread, the time of the whole process. Time in which
    modules are imported does not count. The same limit may be used for
    several blocks, which share its time.

    In the main thread the watching thread sends SIGINT, which ends a sleep,
    too; an interrupt by the student arrives in the same way, and raises
    `Interrupted`. Both are raised again and again, for as long as code of the
    student's catches them and goes on. (A call into a library that does not
    come back to Python is not ended by anything.)

    Parameters
    ----------
    seconds : float, optional
        Of CPU time; `CPU_SECONDS` by default. By the clock it is `BY_THE_CLOCK` times as much.

    Attributes
    ----------
    stopped : bool
        Whether it had to stop something in the latest block.
    slept : bool
        Whether that had waited rather than computed.
    place : tuple of int and str, or None
        The number and the text of the student's line that was running then.
    """

    def __init__(self, seconds: float | None = None):
        self.seconds = CPU_SECONDS if seconds is None else seconds
        self.computed = self.elapsed = 0.0
        self.stopped = self.slept = False
        self.place: tuple[int, str] | None = None

    def __enter__(self) -> "TimeLimit":
        self._is_outer = running_limit() is None  # an answer may call `check` itself
        if not self._is_outer:
            return self
        self.stopped = self.slept = False
        self.place = None
        self._raised: BaseException | None = None
        self._raised_at = 0.0
        self._sent = self._is_handling = False
        self._outside = sys._getframe(1)  # what stands above the block, such as the cell that calls `check`
        self._over = threading.Event()
        self._thread = threading.get_ident()
        self._trace = sys.gettrace()
        self._former_handler: Any = None
        if threading.current_thread() is threading.main_thread():
            self._former_handler = signal.getsignal(signal.SIGINT)
        if self._former_handler is not None:
            signal.signal(signal.SIGINT, self._on_signal)
        _in_this_thread.limit = self
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()
        return self

    def __exit__(self, *error: Any) -> None:
        if not self._is_outer:
            return
        while self._watcher.is_alive():
            try:
                self._over.set()
                self._watcher.join()
            except OutOfTime:  # in the last moment, in another thread than the main one
                continue
        _in_this_thread.limit = None
        if self._former_handler is not None:
            signal.signal(signal.SIGINT, self._former_handler)
        if self._raised is not None:
            sys.settrace(self._trace)

    def allow(self, seconds: float) -> None:
        """Let the next block take so many seconds of CPU time, whatever was used before."""
        self.seconds, self.computed, self.elapsed = seconds, 0.0, 0.0

    # ---- In the watching thread ------------------------------------------------------------------

    def _watch(self) -> None:
        clock = _cpu_clock(self._thread)
        cpu, wall = clock(), time.monotonic()
        while not self._over.wait(TICK):
            cpu_before, cpu, wall_before, wall = cpu, clock(), wall, time.monotonic()
            frame = sys._current_frames().get(self._thread)
            if not _is_importing(frame):
                self.computed += cpu - cpu_before
                # A tick that took longer is a machine that is busy, or was asleep.
                self.elapsed += min(wall - wall_before, 2 * TICK)
            used_up = self.computed > self.seconds or self.elapsed > BY_THE_CLOCK * self.seconds
            if used_up or self._raised is not None:  # raised already, and caught by the student's code
                self._stop(frame)

    def _stop(self, frame: FrameType | None) -> None:
        if self._former_handler is None:  # raised at the next step of Python in that thread
            self._note(students_frames(frame, self._outside))
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread), ctypes.py_object(OutOfTime))
            return
        if self._sent or self._is_handling:
            return
        self._sent = True
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(self._thread, signal.SIGINT)
        else:
            signal.raise_signal(signal.SIGINT)

    # ---- In the thread of the student's code -----------------------------------------------------

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._is_handling = True
        try:
            sent, self._sent = self._sent, False
            if sent and self._over.is_set():
                return
            raised = self._what_to_raise(sent, frame)
        finally:
            self._is_handling = False
        if raised is not None:
            raise raised

    def _what_to_raise(self, sent: bool, frame: FrameType | None) -> BaseException | None:
        own = students_frames(frame, self._outside)
        if self._raised is None or not sent:
            self._raised = OutOfTime() if sent else Interrupted(_stopped_by_the_student(own))
        elif not own or (own[0] is not frame and time.monotonic() < self._raised_at + CLEANING_UP):
            return None  # on its way out: what the libraries and the checks put in order now is left in peace
        if isinstance(self._raised, OutOfTime):
            self._note(own)
        self._raised_at = time.monotonic()
        # Should theirs catch it, it is raised once more at the next line of theirs: at the latest that of `except:`.
        for each in own:
            each.f_trace = self._raise_again
        sys.settrace(self._raise_again)
        return self._raised

    def _raise_again(self, frame: FrameType, event: str, _: Any) -> Callable | None:
        if event == "call":  # another function, perhaps one that puts things in order
            return None
        if event == "line" and self._raised is not None and not self._over.is_set():
            raise self._raised
        return self._raise_again

    def _note(self, own: list[FrameType]) -> None:
        if self.stopped:
            return
        self.stopped, self.slept = True, self.computed <= self.seconds
        self.place = line_of(own[0]) if own else None


def running_limit() -> TimeLimit | None:
    """Return the limit in whose block this thread is, or None."""
    return getattr(_in_this_thread, "limit", None)


def _cpu_clock(thread: int) -> Callable[[], float]:
    if hasattr(time, "pthread_getcpuclockid"):
        return partial(time.clock_gettime, time.pthread_getcpuclockid(thread))
    return time.process_time


def _is_importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


def _stopped_by_the_student(own: list[FrameType]) -> str:
    where = ""
    if own:
        number, text = line_of(own[0])
        where = f", in line {number} of your cell:  {text}"
    return f"The check was stopped, as you asked for{where}"
