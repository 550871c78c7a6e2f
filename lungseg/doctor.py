"""What `lungseg doctor` looks at: versions, device, data, and what to mend."""

import importlib.metadata
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from lungseg.environment.keras_settings import find_faults
from lungseg.errors import InputError, counted

PACKAGES = (
    "lungseg",
    "tensorflow",
    "keras",
    "numpy",
    "scikit-image",
    "matplotlib",
    "scikit-learn",
    "pandas",
    "jupyterlab",
)
# For the notebooks only; the package does without it.
OPTIONAL = {"jupyterlab"}
# The same modules without what a graphics card needs; where there is none, the set-up of the course takes this one.
LIGHT_TENSORFLOW = "tensorflow-cpu"
# What a file in the folder of the notebooks must not be called: Python would take it for the package.
MODULES = (
    *("lungseg", "lungseg_course", "tensorflow", "keras", "jax", "torch", "numpy", "scipy", "skimage", "sklearn"),
    *("matplotlib", "pandas", "PIL", "pydicom", "joblib", "pooch", "tqdm", "click", "filelock", "jinja2", "h5py"),
)
# Beside Keras, these are compiled for one version of NumPy.
COMPILED = ("scipy", "skimage", "sklearn", "pandas", "matplotlib.pyplot")
WINDOWED = ("tk", "qt", "gtk", "wx", "macosx", "nbagg")  # how the names of Matplotlib's interactive back ends begin
SPACE_NEEDED = 2e9
MEMORY_NEEDED = 2e9
TRIAL = """
import keras
from lungseg.environment import describe_device
print(keras.backend.backend(), "on", describe_device())
"""
TRIAL_OF_COMPILED = """
import importlib, sys
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except Exception as error:
        print(name, f"{type(error).__name__}: {error}".splitlines()[0][:200], sep="\\t")
"""


def examine(report: Callable[[str], object] = print) -> int:
    """Report on this computer, line by line.

    Parameters
    ----------
    report : callable
        Is given each line.

    Returns
    -------
    int
        How many things must be mended: 0 if all is well.
    """
    problems = []
    report(f"Python {platform.python_version()} at {sys.executable}")
    for name in PACKAGES:
        try:
            report(f"{name} {_version(name)}")
        except importlib.metadata.PackageNotFoundError:
            report(f"{name} is missing")
            if name not in OPTIONAL:
                problems.append(f"{name} is missing: run `pip install {name}`.")
    problems += _examine_python()
    problems += [*_twice_installed(), *_too_old()]
    hiding = _shadows(Path.cwd())
    problems += hiding or [*_examine_keras(report), *_examine_compiled()]
    problems += _examine_drawing()
    problems += _examine_memory(report)
    problems += _examine_data(report)
    report("")
    for problem in problems:
        report(f"To mend: {problem}")
    if not problems:
        report("All is well.")
    return len(problems)


def _examine_python() -> list[str]:
    if sys.maxsize < 2**32:
        return ["this Python has 32 bits, for which there is no TensorFlow: install one of 64 bits."]
    return []


def _shadows(folder: Path) -> list[str]:
    """Name files of a folder that Python, started there, would take for a package."""
    problems = []
    for name in sorted({*MODULES, *sys.stdlib_module_names}):
        for path in (folder / f"{name}.py", folder / name / "__init__.py"):
            if path.is_file() and not _is_the_package(name, path):
                shown = path if path.name != "__init__.py" else path.parent
                problems.append(f"{shown} hides the package {name} from a Python that starts there: rename it.")
    return problems


def _is_the_package(name: str, path: Path) -> bool:
    """Return whether a file is the package itself, as in a copy of the repository."""
    if name not in ("lungseg", "lungseg_course"):
        return False
    return (Path(__file__).parent.parent / name / "__init__.py").resolve() == path.resolve()


def _version(name: str) -> str:
    """Return which version of a package is installed.

    Raises
    ------
    importlib.metadata.PackageNotFoundError
        If none is.
    """
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        if name != "tensorflow":
            raise
        return f"{importlib.metadata.version(LIGHT_TENSORFLOW)}, without graphics cards"


def _twice_installed() -> list[str]:
    problems = []
    both = ("tensorflow", LIGHT_TENSORFLOW)
    if all(list(importlib.metadata.distributions(name=name)) for name in both):
        first, second = map(importlib.metadata.version, both)
        if first != second:  # one lies over the other
            problems.append(
                f"{both[0]} {first} and {both[1]} {second} are both installed, in one place: run "
                f"`pip uninstall {both[1]}`, then `pip install --force-reinstall --no-deps tensorflow=={first}`."
            )
    for name in ("keras", "tensorflow", "numpy"):
        folders = sorted({str(found.locate_file("")) for found in importlib.metadata.distributions(name=name)})
        if len(folders) > 1:
            problems.append(
                f"{name} is installed {len(folders)} times, in {' and '.join(folders)}: "
                f"run `pip uninstall {name}` until it is gone, then `pip install {name}`."
            )
    return problems


def _too_old() -> list[str]:
    """Name packages that are older than lungseg asks for."""
    try:
        wanted = importlib.metadata.requires("lungseg") or []
    except importlib.metadata.PackageNotFoundError:
        return []
    problems = []
    for line in wanted:
        match = re.fullmatch(r"([\w.-]+)>=([\d.]+)", line)  # those of the extras end in a condition
        if match is None:
            continue
        name, oldest = match.groups()
        try:
            found = _version(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # said already, or not needed here
        if _numbers(found) < _numbers(oldest):
            problems.append(f'{name} {found} is too old: run `pip install "{name}>={oldest}"`.')
    return problems


def _numbers(version: str) -> list[int]:
    """Return the numbers that a version begins with.

    >>> _numbers("2.21.0rc1")
    [2, 21, 0]
    """
    return [int(number) for number in re.match(r"(\d+(?:\.\d+)*|)", version)[0].split(".") if number]  # type: ignore[index]


def _examine_keras(report: Callable[[str], object]) -> list[str]:
    faults = find_faults()
    # In a process of its own, and Keras before lungseg, which holds back what TensorFlow writes: on a processor that
    # lacks what TensorFlow was built for, it ends the whole process, and says why on the error stream only.
    trial = _run_trial(TRIAL)
    if trial.returncode == 0:
        report(f"Keras computes with {trial.stdout.splitlines()[-1]}")
    elif not any(fault.fatal for fault in faults):
        said = [line for line in trial.stderr.splitlines() if line.strip()] or [f"it ended with {trial.returncode}"]
        reason = said[-1].strip()[:300]
        mend = "Install again: pip install -r requirements.txt"
        if "AVX" in reason:
            mend = "This processor is too old for TensorFlow: pip install jax, and set KERAS_BACKEND=jax"
        return [*map(str, faults), f"Keras does not start: {reason}. {mend}"]
    return list(map(str, faults))


def _examine_compiled() -> list[str]:
    trial = _run_trial(TRIAL_OF_COMPILED, *COMPILED)
    problems = []
    for line in trial.stdout.splitlines():
        name, _, reason = line.partition("\t")
        if reason:
            problems.append(f"{name} cannot be imported ({reason}). Install again: pip install -r requirements.txt")
    return problems


def _run_trial(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python; what is wrong with MPLBACKEND is told elsewhere."""
    command, environment = [sys.executable, "-c", code, *arguments], {**os.environ, "MPLBACKEND": "agg"}
    return subprocess.run(command, capture_output=True, text=True, errors="replace", env=environment)


def _examine_drawing() -> list[str]:
    backend = os.environ.get("MPLBACKEND", "")
    if backend and not _matplotlib_starts():
        return [f"MPLBACKEND is {backend[:50]!r}, which Matplotlib does not know: unset it, or set it to Agg."]
    display = sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if backend.lower().startswith(WINDOWED) and not display:
        return [f"MPLBACKEND is {backend}, which needs a display, and there is none: unset it, or set it to Agg."]
    return []


def _matplotlib_starts() -> bool:
    """Return whether Matplotlib can be imported with this MPLBACKEND; where there is none, nothing is wrong with it."""
    trial = "import importlib.util as u; m = u.find_spec('matplotlib') and __import__('matplotlib')"
    return subprocess.run([sys.executable, "-c", trial], capture_output=True).returncode == 0


def _examine_memory(report: Callable[[str], object]) -> list[str]:
    try:
        free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # as on Windows and macOS
        return []
    report(f"Free memory: {free / 1e9:.1f} GB")
    if free < MEMORY_NEEDED:
        return [
            f"less than {MEMORY_NEEDED / 1e9:.0f} GB of memory is free: close other programs, or train at 128 pixels."
        ]
    return []


def _examine_data(report: Callable[[str], object]) -> list[str]:
    from lungseg.cases import list_cases
    from lungseg.datasets.cache import cache_folder
    from lungseg.datasets.default import data_folder

    problems = []
    folder = data_folder()
    if folder:
        try:
            report(f"LUNGSEG_DATA: {counted(len(list_cases(folder)), 'case')} in {folder}")
        except InputError as error:
            problems.append(f"LUNGSEG_DATA: {error}")
    else:
        report("LUNGSEG_DATA is not set: the notebooks use phantoms")
    cache = cache_folder()
    report(f"Cache: {cache}" + ("" if cache.exists() else " (made when it is needed)"))
    existing = next(parent for parent in (cache, *cache.parents) if parent.exists())
    free = shutil.disk_usage(existing).free
    report(f"Free space there: {free / 1e9:.1f} GB")
    if free < SPACE_NEEDED:
        problems.append(
            f"less than {SPACE_NEEDED / 1e9:.0f} GB is free at {existing}: make room, or set LUNGSEG_CACHE."
        )
    if not existing.is_dir():
        problems.append(f"{existing} is a file: set LUNGSEG_CACHE to a folder.")
    elif not os.access(existing, os.W_OK):
        if any(cache.glob("*/*.npy")):
            report("The cache cannot be written: the sets in it can be used, others cannot be made")
        else:
            problems.append(f"{existing} cannot be written: set LUNGSEG_CACHE to a folder of your own.")
    if not os.access(Path.cwd(), os.W_OK):
        problems.append(f"{Path.cwd()} cannot be written: work in a folder of your own.")
    try:
        tempfile.gettempdir()
    except OSError:
        problems.append("no folder for temporary files can be written: set TMPDIR to one of your own.")
    return problems
