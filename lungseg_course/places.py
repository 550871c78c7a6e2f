"""Where what a student makes is kept, on machines that are not the student's own: Colab, JupyterHub, Binder."""

import importlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

from lungseg.errors import InputError, one_line
from lungseg_course.engine.panel import show, title_and_text
from lungseg_course.record import CHOSEN, FILE, course_root

NAME = "lungseg-course"  # no name of a package: Python would take the folder for that
MOUNTED_AT = "/content/drive"
IN_DRIVE = Path(MOUNTED_AT, "MyDrive", NAME)
ASK = (
    "Colab forgets what you hand in when the session ends. To keep it, run `lungseg_course.keep_in_drive()` in a new "
    "cell. Google then asks whether this notebook may use your Drive. The course uses a folder of its own there, "
    f"{NAME}, and nothing else. Without it all works as well, until the session ends."
)


def find_course() -> None:
    """Find the folder of the course, in which is kept what you hand in; say so if it is not that of the notebook.

    The first cell of each notebook calls this. On most machines there is nothing to find and nothing to say.
    `LUNGSEG_COURSE` names the folder, if you want another one.

    Raises
    ------
    InputError
        If `LUNGSEG_COURSE` names a folder that cannot be used.
    """
    if os.environ.get(CHOSEN):
        _use(course_root())
    elif "google.colab" in sys.modules:
        if IN_DRIVE.parent.is_dir():  # the student has mounted it
            _use(IN_DRIVE)
            _tell(f"What you hand in is kept in your Google Drive, in the folder {NAME}.")
        else:
            _tell(ASK)
    elif not _can_write(course_root()):
        _use_home()
    _mind_the_cache()


def keep_in_drive() -> None:
    """On Google Colab: keep what you hand in, your progress and your trained network in your Google Drive.

    Google asks whether this notebook may use it. What you have handed in so far is copied there.

    Raises
    ------
    InputError
        If this is not Colab, or the Drive cannot be used.
    """
    try:
        drive = importlib.import_module("google.colab.drive")
    except ImportError:
        raise InputError(
            "keep_in_drive expected Google Colab. This is another machine: what you hand in is kept in "
            f"{course_root()} already."
        ) from None
    before = course_root()
    try:
        drive.mount(MOUNTED_AT)
    except Exception as error:  # the student said no, or Google did
        raise InputError(f"Your Google Drive cannot be used ({one_line(error)}). All goes on without it.") from None
    _use(IN_DRIVE)
    _copy_small_files(before, IN_DRIVE)
    _tell(f"From now on, what you hand in is kept in your Google Drive, in the folder {NAME}.")


def _use(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        problem = "" if _can_write(folder) else "one that cannot be written to"
    except OSError as error:
        problem = one_line(error)
    if problem:
        raise InputError(f"{CHOSEN}: expected a folder of your own. Received: {folder}, {problem}. Name another one.")
    os.environ[CHOSEN] = str(folder)


def _use_home() -> None:
    here, home = course_root(), Path(os.path.expanduser("~"))
    try:
        _use(home / NAME)
    except InputError:
        _tell(
            f"Nothing can be written to {here} or to {home}, so what you hand in cannot be kept. Set the environment "
            f'variable {CHOSEN} to a folder of your own: os.environ["{CHOSEN}"] = "/path/to/it"'
        )
    else:
        _tell(f"Nothing can be written to {here}, so what you hand in is kept in ~/{NAME}.")


def _mind_the_cache() -> None:
    """Where the home folder cannot be written to, keep there what programs keep at home: phantoms, lists of fonts."""
    home = Path(os.path.expanduser("~"))
    if _can_write(home) or not _can_write(course_root()):
        return
    for name, folder in (("LUNGSEG_CACHE", "cache"), ("MPLCONFIGDIR", "cache/matplotlib")):
        os.environ.setdefault(name, str(course_root() / folder))


def _tell(text: str) -> None:
    show("note", *title_and_text(text))


def _can_write(folder: Path) -> bool:
    """Whether a file can be made in a folder; what permissions say of it is not true everywhere."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _copy_small_files(source: Path, target: Path) -> None:
    from lungseg_course.handing_in.handing import FILES

    for path in (FILE, *(file.path for file in FILES)):
        if (source / path).is_file() and not (target / path).exists():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / path, target / path)
