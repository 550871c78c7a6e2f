"""Attempts in a process of their own, which may hang, crash and eat the memory without harm to the others."""

import multiprocessing
import os
import resource
import signal
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

from fuzzing.attempts import LARGEST_GROWTH, Outcome, Target, attempt, listen

Job = tuple[str, str | None, bytes]  # a file below the folder, a file that goes, and what is in the first one
WAIT = 60.0  # seconds until an attempt is stopped: other programs may need the processor, too
START = 180.0  # seconds that a new process may take for its first file, with all imports
UNUSABLE = "the whole file cannot be used"
MOST_GROWTH = 3 * LARGEST_GROWTH  # from here on it is stopped, before the computer is


def _serve(connection: Connection, target: Target, whole: Path, sandbox: Path, first: Job) -> None:
    """Try what comes through the connection, until it ends."""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (16_000_000_000, hard))  # what is asked for is not yet used
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    tempfile.tempdir = str(sandbox.with_name("temporary"))  # which anybody may write into
    Path(tempfile.tempdir).mkdir(exist_ok=True)
    attempt(target, whole, sandbox, *first)  # imports and caches of the first call are not what is measured
    listen()
    connection.send(attempt(target, whole, sandbox, *first))
    while (job := connection.recv()) is not None:
        connection.send(attempt(target, whole, sandbox, *job))


class Worker:
    """A process that tries damaged files on one target, and is started anew when it ends.

    Parameters
    ----------
    target : Target
    whole : Path
        What `target.make` has made.
    first : (str, str or None, bytes)
        A whole file and its place. It is tried first, in each process, and must be read.
    sandbox : Path
        A folder of its own.
    limit : float
        Seconds after which an attempt is stopped.
    """

    def __init__(self, target: Target, whole: Path, first: Job, sandbox: Path, limit: float = WAIT):
        self.arguments = target, whole, sandbox, first
        self.limit = limit
        self.process: multiprocessing.process.BaseProcess | None = None

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *error: object) -> None:
        if self.process is not None:
            self.connection.send(None)
            self.process.join(5)
        self._stop()

    def _start(self) -> Outcome:
        """Start the process; return what came of the whole file."""
        context = multiprocessing.get_context("spawn")
        self.connection, other = context.Pipe()
        self.process = context.Process(target=_serve, args=(other, *self.arguments), daemon=True)
        self.process.start()
        other.close()
        return self._wait(START)

    def _stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.connection.close()
            self.process = None

    def _resident(self) -> float:
        assert self.process is not None
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
            return 1024.0 * int(status.split("VmRSS:")[1].split()[0])
        except (OSError, IndexError):  # not Linux, or ended
            return 0.0

    def _wait(self, limit: float) -> Outcome:
        """Return the answer of the process, or what became of it."""
        assert self.process is not None
        start, before = time.perf_counter(), self._resident()
        while not self.connection.poll(0.02):
            seconds, growth = time.perf_counter() - start, self._resident() - before
            if seconds > limit:
                return Outcome(False, f"takes more than {limit:g} s", "stopped", seconds, growth)
            if growth > MOST_GROWTH and limit != START:
                return Outcome(False, f"grows by more than {LARGEST_GROWTH / 1e6:.0f} MB", "stopped", seconds, growth)
        try:
            return self.connection.recv()
        except EOFError:
            self.process.join()
            code = self.process.exitcode or 0
            name = signal.Signals(-code).name if code < 0 else f"exit status {code}"
            return Outcome(False, f"crash: {name}", f"the process ended with {name}", time.perf_counter() - start)

    def attempt(self, file: str, instead_of: str | None, data: bytes) -> Outcome:
        """Try one damaged file, see `fuzzing.attempts.attempt`."""
        if self.process is None:
            outcome = self._start()
            if outcome.refused or outcome.fault:
                self._stop()
                return outcome._replace(fault=UNUSABLE, said=f"{outcome.fault}\n{outcome.said}")
        self.connection.send((file, instead_of, data))
        outcome = self._wait(self.limit)
        if outcome.said == "stopped" or outcome.fault.startswith("crash") or outcome.growth > LARGEST_GROWTH / 2:
            self._stop()  # a fresh one, with little memory
        return outcome
