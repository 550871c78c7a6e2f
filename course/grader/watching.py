"""Watches over a kernel, and stops a cell that takes too long."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psutil

GRACE = 5  # seconds between an interrupt and the end


class Watch:
    """Looks at a kernel all the time, and stops the cell that runs where it takes too long.

    Parameters
    ----------
    kernel : psutil.Process
    until : float
        When all has to be done.
    """

    def __init__(self, kernel: psutil.Process, until: float):
        self.kernel, self.until = kernel, until
        self._over, self._lock = threading.Event(), threading.Lock()
        self._since: float | None = None  # processor time of the kernel when the cell began
        self._seconds, self._idle, self._why = 0.0, 0.0, ""
        self._moved = (0.0, 0.0)  # the processor time, and the clock, when it was last seen to compute
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    @contextmanager
    def over(self, seconds: float, idle: float) -> Iterator[Callable[[], str]]:
        """Watch over a cell; yield what tells why it was stopped, "" if it was not.

        Parameters
        ----------
        seconds : float
            Of processor time that it may use.
        idle : float
            Seconds by the clock that it may wait without computing.
        """
        with self._lock:
            self._since, self._seconds, self._idle, self._why = self._used(), seconds, idle, ""
            self._moved = (self._since, time.monotonic())
        try:
            yield lambda: self._why
        finally:
            with self._lock:
                self._since = None

    def _look(self) -> None:
        while not self._over.wait(0.5):
            with self._lock:
                if self._since is None:
                    continue
                why, since = self._reason(), self._since
            if why:
                self._stop(why, since)

    def end(self) -> None:
        """Stop watching, and end what the kernel has started."""
        self._over.set()
        self._thread.join()
        _end_group(self.kernel.pid)

    def _reason(self) -> str:
        used, now = self._used(), time.monotonic()
        if used - self._moved[0] > 0.05:
            self._moved = (used, now)
        if self._since is not None and used - self._since > self._seconds:
            return f"it was stopped after {self._seconds:.0f} seconds of processor time"
        if now - self._moved[1] > self._idle:
            return f"it was stopped after {self._idle:.0f} seconds in which it only waited"
        if time.time() > self.until:
            return "it was stopped as the time of this student is up"
        return ""

    def _stop(self, why: str, since: float) -> None:
        self._why = why
        with suppress(psutil.Error, OSError):
            if os.name == "posix":
                self.kernel.send_signal(signal.SIGINT)
            self._over.wait(GRACE)
            if self._since == since:  # the same cell, still
                self.kernel.kill()

    def _used(self) -> float:
        try:
            times = self.kernel.cpu_times()
            return times.user + times.system
        except psutil.Error:
            return 0.0


def _end_group(pid: int) -> None:
    """End a kernel and all that it has started: each kernel has a group of its own."""
    if os.name == "posix":
        with suppress(OSError):
            os.killpg(pid, signal.SIGKILL)
