"""One attempt: a damaged file among whole ones, a function of the package, and a look at all that it did."""

import os
import shutil
import sys
import tempfile
import time
import traceback
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from hypothesis import strategies as st

from fuzzing.damage import Damaged
from lungseg.errors import InputError

LONGEST_LINE = 500  # characters, without the names of folders
LARGEST_GROWTH = 500e6  # bytes
SLOWEST = 10.0  # seconds of work
SENTINELS = ("thesis.docx", "mine", "mine.npy", "mine.png")  # what the damaged files would have overwritten


class Place(NamedTuple):
    """A place for damaged files.

    Attributes
    ----------
    file : str
        Below the folder of the target.
    whole : bytes
        A file that is in order.
    damaged : strategy
        Of `Damaged`.
    instead_of : str or None
        A file that goes.
    """

    file: str
    whole: bytes
    damaged: st.SearchStrategy[Damaged]
    instead_of: str | None = None


@dataclass(frozen=True)
class Target:
    """A part of the package that is given damaged files.

    Attributes
    ----------
    make : callable
        Writes whole files into a folder.
    places : callable
        From that folder, made once, to the places for damaged files of each kind.
    use : callable
        Gives a folder with a damaged file to the package. Returns the lines by which files were refused, or
        raises InputError; raises `Broken` if something happened that must not.
    may_write : tuple of str
        The folders below it that may change.
    """

    make: Callable[[Path], None]
    places: Callable[[Path], dict[str, list[Place]]]
    use: Callable[[Path, Path], list[str]]
    may_write: tuple[str, ...] = ()


class Broken(Exception):
    """Raised where the package has done what it must not do."""


class Outcome(NamedTuple):
    """What came of an attempt: `fault` is empty if all went well."""

    refused: bool
    fault: str = ""
    said: str = ""
    seconds: float = 0.0
    growth: float = 0.0


def attempt(target: Target, whole: Path, sandbox: Path, file: str, instead_of: str | None, data: bytes) -> Outcome:
    """Try one damaged file.

    Parameters
    ----------
    target : Target
    whole : Path
        What `target.make` has made; it is copied.
    sandbox : Path
        A folder that is emptied and used.
    file, instead_of
        See `Place`.
    data : bytes
        Of the damaged file.
    """
    work, outside = sandbox / "work", sandbox / "outside"
    shutil.rmtree(sandbox, ignore_errors=True)
    shutil.copytree(whole, work)
    for folder in (sandbox, outside, work):
        folder.mkdir(exist_ok=True)
        for name in SENTINELS:
            (folder / name).write_text("of somebody", encoding="utf-8")
    (work / file).parent.mkdir(parents=True, exist_ok=True)
    data = data.replace(b"@OUTSIDE@", os.fsencode(outside)).replace(b"@WORK@", os.fsencode(work))
    (work / file).write_bytes(data)
    if instead_of and instead_of != file:
        (work / instead_of).unlink()
    writable = tuple(work / folder for folder in target.may_write)
    before, memory = _contents(sandbox, writable), _memory(reset=True)
    refused, fault, said, start = False, "", "", time.process_time()
    with _streams() as noise, _watching((*writable, Path(tempfile.gettempdir()))) as watch:
        try:
            lines = target.use(work, work / file)
        except InputError as error:
            refused, lines = True, [str(error)]
        except Broken as error:
            lines, fault, said = [], str(error), str(error)
        except BaseException as error:
            lines, fault = [], f"traceback: {type(error).__name__}"
            said = "".join(traceback.format_exception(error))[-4000:]
    seconds, growth = time.process_time() - start, _memory() - memory
    if not fault:
        said = "\n".join(lines)
        fault = next(filter(None, (wrong_line(line.replace(str(sandbox), "")) for line in lines)), "")
    if after := {name for name, _ in _contents(sandbox, writable) ^ before}:
        fault, said = "changes files outside", f"{sorted(after)}\n{said}"
    if watch:
        fault, said = f"does what it must not: {watch[0].split()[0]}", "\n".join([*watch, said])
    left = [path.name for folder in writable for path in folder.rglob(".*")]
    fault = fault or (f"leaves {left[0][-5:]} behind" if left else "")
    if noise:
        fault, said = fault or "writes to the terminal", f"{noise[0].decode(errors='replace')[:2000]}\n{said}"
    if seconds > SLOWEST:
        fault = f"takes more than {SLOWEST:g} s"
    elif growth > LARGEST_GROWTH:
        fault = fault or f"grows by more than {LARGEST_GROWTH / 1e6:.0f} MB"
    return Outcome(refused or bool(lines), fault, said, seconds, growth)


def wrong_line(line: str) -> str:
    """Return what is wrong with a line for the person at the keyboard, "" if nothing is."""
    if len(line.splitlines()) != 1:
        return "not one line"
    if len(line) > LONGEST_LINE:
        return f"a line of more than {LONGEST_LINE} characters"
    strange = {unicodedata.category(letter) for letter in line} & {"Cc", "Cs"}
    if strange:  # a terminal obeys the first and cannot show the other
        return "a line with control characters"
    name = line.split(": ")[1] if line.count(": ") > 1 else ""
    return f"swallowed: {name}" if name.endswith(("Error", "Exception", "Warning")) else ""


# --------------------------------------------------------------------------- what it did


def _contents(folder: Path, without: tuple[Path, ...]) -> set[tuple[str, object]]:
    """Return each file of a folder with what is in it."""
    found: set[tuple[str, object]] = set()
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if Path(parent, name) not in without]
        found |= {(os.path.join(parent, name), None) for name in folders}
        for name in files:
            path = Path(parent, name)
            about = path.lstat()
            found.add((str(path), (about.st_mtime_ns, about.st_ino, path.read_bytes() if about.st_size < 1e5 else b"")))
    return found


def _memory(reset: bool = False) -> float:
    """Return the largest size of this process in bytes since it was reset; 0 where Linux does not tell."""
    try:
        if reset:
            Path("/proc/self/clear_refs").write_text("5")
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0.0
    return 1024.0 * int(status.split("VmRSS:" if reset else "VmHWM:")[1].split()[0])


@contextmanager
def _streams() -> Iterator[list[bytes]]:
    """Collect what is written to the streams, by libraries in C too."""
    noise: list[bytes] = []
    sys.stdout.flush()
    sys.stderr.flush()
    kept = os.dup(1), os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 1)
        os.dup2(held.fileno(), 2)
        try:
            yield noise
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for number, stream in zip((1, 2), kept, strict=True):
                os.dup2(stream, number)
                os.close(stream)
            held.seek(0)
            noise += filter(None, [held.read()])


# --------------------------------------------------------------------------- what Python tells of it

_watched: list[str] | None = None
_allowed: tuple[Path, ...] = ()
WRITES = {"os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod"}
RUNS = {"pickle.find_class", "os.system", "subprocess.Popen", "os.exec", "os.posix_spawn", "socket.connect"}


def _hear(event: str, values: tuple) -> None:
    """Note each file that is written outside the folders that may be written, and each piece of foreign code."""
    if _watched is None:
        return
    if event in RUNS:
        _watched.append(f"{event} {values}"[:300])
    elif event == "marshal.loads" and "importlib" not in sys._getframe(1).f_code.co_filename:
        _watched.append("marshal.loads")
    elif (event in WRITES and values[-1] in (-1, None)) or (
        event == "open" and values[2] and values[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    ):
        for path in values[: 1 + (event in ("os.rename", "os.link", "os.symlink"))]:
            if not isinstance(path, str | bytes | os.PathLike):
                continue
            real = Path(os.path.realpath(os.fsdecode(path)))
            if not any(real == folder or folder in real.parents for folder in (*_allowed, Path(os.devnull))):
                _watched.append(f"{event} {real}"[:300])


def listen() -> None:
    """Let Python tell of each file that is opened; for the rest of the process, so only for one of its own."""
    sys.addaudithook(_hear)


@contextmanager
def _watching(allowed: tuple[Path, ...]) -> Iterator[list[str]]:
    global _watched, _allowed
    watched: list[str] = []
    _watched, _allowed = watched, tuple(folder.resolve() for folder in allowed)
    try:
        yield watched
    finally:
        _watched = None
