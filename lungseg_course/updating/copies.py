"""The student's folder: copies of the notebooks to work in, which git does not see, brought up to date by `update`."""

import importlib.util
import itertools
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import nbformat

from lungseg.errors import InputError, one_line
from lungseg.files import writing
from lungseg_course.engine.exercises import NOTEBOOKS
from lungseg_course.engine.lines import say
from lungseg_course.handing_in.handing import FILES
from lungseg_course.record import FILE as PROGRESS
from lungseg_course.record import read_book
from lungseg_course.start_page import FILE as START_PAGE
from lungseg_course.start_page import write_start_page
from lungseg_course.updating.installed import installed_notebooks
from lungseg_course.updating.marks import ONLY_RUN, work_in, work_in_notebook
from lungseg_course.updating.merging import merge
from lungseg_course.updating.reading import is_conflict, read_notebook
from lungseg_course.updating.running import running_lab, start_lab
from lungseg_course.where import where_they_are

FOLDER, BACKUPS = "my_course", "backups"
REFS = ("MERGE_HEAD", "HEAD", "@{upstream}")  # where git may hold a notebook as the course gives it


def update(earlier: str | Path | None = None, root: str | Path | None = None) -> None:
    """Bring the notebooks in `my_course` up to date with those of the course, and keep what you wrote into them.

    Text, checks and new exercises come from the course. Your answers stay, and the cells that you added. What a
    notebook was like before is kept in `my_course/backups`. What you wrote into the notebooks of the course themselves
    is moved to `my_course`, or to its backups if you have worked there, too. A line says what happened to each, and
    what is left to do.

    Parameters
    ----------
    earlier : str or Path, optional
        The folder of another copy of the course, whose notebooks you have worked in, to take that over.
    root : str or Path, optional
        The folder of the course; by default the one you are in.

    Raises
    ------
    InputError
        If there is no course.
    """
    bring_up_to_date(earlier, root)
    print("In a notebook, restart the kernel: until then it has the checks from before.")


def bring_up_to_date(earlier: str | Path | None = None, root: str | Path | None = None) -> bool:
    """Do what `update` does, and return whether nothing is left to do."""
    root = Path(root) if root is not None else course_folder()
    folders = [] if earlier is None else [Path(earlier) / FOLDER, Path(earlier)]
    if folders and not folders[-1].is_dir():
        raise InputError(f"{earlier}: expected the folder of an earlier copy of the course. Received: none.")
    run = _Update(root)
    there = [(folder, where_they_are(folder)) for folder in folders]
    for path in NOTEBOOKS.values():
        try:
            run.bring(path, next((folder / places[path] for folder, places in there if path in places), None))
        except InputError as error:
            run.left(str(error))
        except OSError as error:
            run.left(f"{path}: {error.strerror or one_line(error)}. It is as it was.")
    for folder in (*folders, root):
        run.bring_small_files(folder)
    write_start_page(run.mine, read_book(run.mine))
    return run.all_done()


def lab(arguments: Sequence[str] = (), root: str | Path | None = None) -> int:
    """Bring the notebooks in `my_course` up to date, and open JupyterLab with the page that shows what is next.

    Where it runs already, no second one is started, as both would write the same notebooks; its address is told.

    Parameters
    ----------
    arguments : sequence of str
        For JupyterLab.
    root : str or Path, optional
        See `update`.

    Returns
    -------
    int
        JupyterLab's exit status; 0 where it runs already.
    """
    root = Path(root) if root is not None else course_folder()
    if importlib.util.find_spec("jupyterlab") is None:
        raise InputError("JupyterLab is not installed. Run `pip install -r requirements.txt`, then the same again.")
    bring_up_to_date(root=root)
    if (address := running_lab(root, f"{FOLDER}/{START_PAGE}")) is not None:
        print(
            f"JupyterLab runs in this folder already: open {address} in your browser. To start it anew, choose "
            "*Shut Down* in its menu *File* first, and run the same again."
        )
        return 0
    return start_lab(root, f"{FOLDER}/{START_PAGE}", arguments)


def course_folder() -> Path:
    """Return the folder with the notebooks of the course, from anywhere in it.

    Raises
    ------
    InputError
        If there is none.
    """
    here = Path.cwd()
    installed = installed_notebooks()
    # The outermost: the student's folder, and its backups, lie in that of the course.
    for folder in reversed((here, *here.parents)):
        if any((folder / path).is_file() for path in NOTEBOOKS.values()):
            return folder.parent if installed and folder.name == FOLDER else folder
    if installed:  # the student has the wheel alone, and begins here
        return here
    raise InputError(
        f"{here}: expected the folder of the course, which holds {NOTEBOOKS['4']}. Go there first: cd FOLDER"
    )


class _Update:
    """One run of `update`: what it writes, and what it says."""

    def __init__(self, root: Path):
        self.root, self.mine = root, root / FOLDER
        here = any((root / path).is_file() for path in NOTEBOOKS.values())
        self.given = root if here else installed_notebooks() or root
        self.places = where_they_are(self.mine)
        self.backups = self._new_backups()
        self.backed_up = 0
        self.said: list[str] = []
        self.problems: list[str] = []

    def _new_backups(self) -> Path:
        now = time.strftime("%Y-%m-%d_%H%M%S")
        names = (f"{now}{'_' * bool(number)}{number or ''}" for number in itertools.count())
        return next(folder for name in names if not (folder := self.mine / BACKUPS / name).exists())

    def left(self, line: str) -> None:
        self.problems.append(line)

    def bring(self, path: str, earlier: Path | None) -> None:
        """Bring one notebook up to date."""
        given, place = self.given / path, self.places.get(path, path)
        mine = self.mine / place
        new, ref = self._as_given(path)
        if earlier is not None and work_in(earlier) is None:
            earlier = None
        if ref is not None:  # somebody has worked in the notebook of the course itself
            if earlier is None and work_in(mine) is None:
                earlier = given
            else:
                self._put_aside(path, ref, place)
        if earlier is not None and work_in(mine) is not None:
            self.left(
                f"{FOLDER}/{place} and {earlier} hold work, both. The first one is brought up to date, and the "
                "second one stays as it is. To take that one, put the first one aside under another name."
            )
            earlier = None
        source = earlier or mine
        before = self._read(source, path) if source.is_file() else None
        is_new = not mine.is_file()
        merged = merge(new, before, path.removesuffix(".ipynb")) if before is not None else new
        if source == mine and before == merged:
            return
        if source.is_file():
            self._back_up(source, place)
        self._write(mine, merged)
        if source == given:
            self._restore(path, ref)
        self.said.append(f"{FOLDER}/{place}: {self._what_happened(source, is_new, before, merged)}")

    def _what_happened(self, source: Path, is_new: bool, before, merged) -> str:
        if before is None:
            return "new."
        if not source.is_relative_to(self.mine):
            return f"new, with what you wrote in {source}." if is_new else f"has what you wrote in {source} now."
        texts = {(cell.cell_type, cell.source) for cell in before.cells}
        changed = sum((cell.cell_type, cell.source) not in texts for cell in merged.cells)
        return f"up to date, with {changed} new or changed cell{'s' * (changed != 1)}; what you wrote is kept."

    def _as_given(self, path: str) -> tuple[nbformat.NotebookNode, str | None]:
        """Return a notebook as the course gives it, and where git has it if the file was changed."""
        given = self.given / path
        if given.is_file() and work_in(given) is None:
            return nbformat.read(given, as_version=4), None
        for ref in REFS:
            shown = self._git("show", f"{ref}:./{path}")
            if shown is None:
                continue
            try:
                notebook = nbformat.reads(shown, as_version=4)
            except (ValueError, AttributeError, nbformat.ValidationError):
                continue
            if work_in_notebook(notebook) is None:
                return notebook, ref
        raise InputError(
            f"{given}: expected this notebook as the course gives it. Received: "
            f"{'one that was changed' if given.is_file() else 'none'}. Get the course anew into another folder, and "
            f"run there: python -m lungseg_course update --from {self.root}"
        )

    def _read(self, source: Path, path: str) -> nbformat.NotebookNode:
        """Read what a student has; of a conflict, the version that git has put aside."""
        versions = []
        if source == self.root / path and is_conflict(source):
            versions = [text for stage in (2, 3) if (text := self._git("show", f":{stage}:./{path}")) is not None]
        return read_notebook(source, versions)

    def _git(self, *arguments: str) -> str | None:
        try:
            done = subprocess.run(["git", *arguments], cwd=self.root, capture_output=True, check=False)
        except OSError:  # there is no git
            return None
        return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None

    def _back_up(self, source: Path, path: str) -> None:
        copy = self.backups / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, copy)
        self.backed_up += 1

    def _put_aside(self, path: str, ref: str, place: str) -> None:
        """Keep a notebook of the course that somebody has worked in, where there is other work in the student's."""
        given = self.root / path
        kept = self.backups / "outside" / path
        kept.parent.mkdir(parents=True, exist_ok=True)
        work = work_in(given)
        shutil.copy2(given, kept)
        where = f"is kept in {kept.relative_to(self.root).as_posix()}, and git has its own again."
        if work == ONLY_RUN:
            self.said.append(f"{path}, outside of {FOLDER}: held outputs and no answers. It {where}")
        else:
            self.said.append(
                f"{path}, outside of {FOLDER}: held work, as {FOLDER}/{place} does. It {where} Open both in "
                f"JupyterLab, and copy what you want from it into {FOLDER}/{place}."
            )
        self._restore(path, ref)

    def _write(self, path: Path, notebook: nbformat.NotebookNode) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with writing(path) as temporary:
            temporary.write_text(nbformat.writes(notebook).rstrip("\n") + "\n", encoding="utf-8")

    def _restore(self, path: str, ref: str | None) -> None:
        """Give the course's own notebook back to git, now that what was written into it is elsewhere."""
        if ref is None or self._git("checkout", ref, "--", path) is None:
            self.left(f"{path}: is still changed, and git cannot bring a new version. Run: git checkout HEAD -- {path}")

    def bring_small_files(self, folder: Path) -> None:
        """Copy what was handed in, and the record of the progress, unless the student's folder has its own."""
        for path in (PROGRESS, *(file.path for file in FILES)):
            source, target = folder / path, self.mine / path
            if source.is_file() and not target.exists() and folder != self.mine:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
                self.said.append(f"{FOLDER}/{path}: copied from {source}.")

    def _under_other_names(self) -> list[str]:
        lines = []
        for path, place in self.places.items():
            if place != path:
                blank = f" The one in {FOLDER}/{path} is blank: delete it." if (self.mine / path).is_file() else ""
                lines.append(
                    f"{FOLDER}/{place}: is your {path}, in another place. It stays there, and the start page leads "
                    f"to it.{blank}"
                )
        return lines

    def all_done(self) -> bool:
        for line in [*self._under_other_names(), *self.said, *self.problems]:
            print(line)
        if self.backed_up:
            they_are = "As it was before, it is" if self.backed_up == 1 else "As they were before, they are"
            say(
                f"{they_are} in {FOLDER}/{BACKUPS}/{self.backups.name}. If {'it' if self.backed_up == 1 else 'one'} is "
                "open in JupyterLab, choose `Reload Notebook from Disk` in its menu File. What you typed there and "
                "have not saved is not among it: copy it before that."
            )
        if not self.said and not self.problems:
            print(f"The notebooks in {FOLDER} are up to date.")
        return not self.problems
