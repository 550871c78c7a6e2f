"""The cells of a notebook that were run: what stood in them, what became of them, and which names they left."""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType

from lungseg_course.engine.notebook.cell_text import assigned

_watched: "Cells | None" = None


@dataclass(frozen=True)
class Run:
    """A cell, as it was run once.

    Attributes
    ----------
    count : int
        The number that stands beside the cell, `[7]`.
    cell : str or None
        The id of the cell, where the program in which the notebook is open tells it.
    text : str
        As it stood in the cell.
    stopped : str
        The name of the error that it ended with; empty if there was none.
    unread : str
        What Python said, if it could not read the cell: then nothing of it was run.
    saved : tuple or None
        The time and size of the notebook's file when the run began. When they are others now, it was saved since.
    """

    count: int
    cell: str | None
    text: str
    stopped: str
    unread: str
    saved: tuple[int, int] | None


class Cells:
    """What was run in the kernel of a notebook, from the import of this package on.

    Parameters
    ----------
    shell : IPython.core.interactiveshell.InteractiveShell

    Attributes
    ----------
    runs : list of Run
        The cells that have ended, in the order in which they were run.
    running : str
        The text of the cell that is run now.
    started : Path
        The working directory at the beginning, which for most programs is the folder of the notebook.
    """

    def __init__(self, shell):
        self.runs: list[Run] = []
        self.started = Path.cwd()
        self._shell = shell
        self.running = ""
        self._saved = file_state(self.file)
        self._origins: dict[str, tuple[object, Run | None]] = {}
        self._note_names(None)

    @property
    def file(self) -> Path | None:
        """The notebook's file, if it is known: VS Code tells it, and so does the server of Jupyter."""
        told = self._shell.user_ns.get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME", "")
        return Path(told) if str(told).endswith(".ipynb") and Path(told).is_absolute() else None

    @property
    def folders(self) -> list[Path]:
        """The folders in which the notebook may lie, the likeliest first."""
        # A kernel that is started from a notebook, to run another one, has the session's name of the former.
        told = [self.file.parent] if self.file and self.file.is_file() else []
        certain = "__vsc_ipynb_file__" in self._shell.user_ns
        return [*told, self.started] if certain else [self.started, *told]

    @property
    def tells_ids(self) -> bool:
        """Whether cells can be told apart by their ids."""
        return len({run.cell for run in self.runs} - {None}) > 1

    def origin(self, name: str, thing) -> Run | None:
        """Return the run that gave a name its meaning; None if that is not known, or it means something else."""
        known, run = self._origins.get(name, (None, None))
        return run if known is thing and self._shell.user_ns.get(name) is thing else None

    def before_a_cell(self, info=None) -> None:
        self.running = getattr(info, "raw_cell", "")
        self._saved = file_state(self.file)

    def after_a_cell(self, result=None) -> None:
        run = _run_of(result, self._saved)
        if run is not None:
            self.runs.append(run)
        self._note_names(run)

    def _note_names(self, run: Run | None) -> None:
        # No arrays and no networks: this must not keep them in memory.
        now = {
            name: thing
            for name, thing in self._shell.user_ns.items()
            if isinstance(thing, (FunctionType, type)) or (isinstance(thing, str) and name.startswith("answer"))
        }
        # A function that is defined again is another one. The letter "a", written again, is the same.
        again = assigned(run.text) if run and not (run.unread or run.stopped) else None
        for name, thing in now.items():
            known = name in self._origins and self._origins[name][0] is thing
            if not known or (isinstance(thing, str) and name in (again or ())):
                self._origins[name] = (thing, run)
        for name in self._origins.keys() - now.keys():
            del self._origins[name]


def watched() -> Cells | None:
    """Return the cells of the notebook in which this runs; None if it is none."""
    return _watched


def watch(shell) -> Cells:
    """Follow from now on what is run in a notebook."""
    global _watched
    cells = _watched = Cells(shell)
    for event, note in (("pre_run_cell", cells.before_a_cell), ("post_run_cell", cells.after_a_cell)):
        shell.events.register(event, _in_silence(note))
    return cells


def file_state(file: Path | None) -> tuple[int, int] | None:
    """Return the time and size of a file, which change when it is saved; None if there is none."""
    with contextlib.suppress(OSError):
        if file is not None:
            facts = file.stat()
            return facts.st_mtime_ns, facts.st_size
    return None


def _in_silence(note):
    def call(*facts):
        # IPython would print a traceback of ours under a cell of the student's.
        with contextlib.suppress(Exception):
            note(*facts)

    return call


def _run_of(result, saved) -> Run | None:
    """Return what IPython tells of a cell that has ended; None of what runs behind the scenes."""
    info = getattr(result, "info", None)
    if info is None or not info.store_history or not result.execution_count:
        return None
    unread, stopped = "", ""
    if result.error_before_exec is not None:
        unread = _reason(result.error_before_exec)
    elif result.error_in_exec is not None:
        stopped = type(result.error_in_exec).__name__
    return Run(result.execution_count, getattr(info, "cell_id", None), info.raw_cell, stopped, unread, saved)


def _reason(error: BaseException) -> str:
    if isinstance(error, SyntaxError) and error.msg:
        return f"line {error.lineno}: {error.msg}" if error.lineno else error.msg
    return type(error).__name__
