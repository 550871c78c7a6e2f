"""What `lungseg doctor` looks at: versions, device, data, and what to mend."""

import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from lungseg.errors import InputError

PACKAGES = (
    "lungseg",
    "tensorflow",
    "keras",
    "numpy",
    "scikit-image",
    "matplotlib",
    "scikit-learn",
    "pandas",
    "jupyter",
)
# For the notebooks only; the package does without it.
OPTIONAL = {"jupyter"}
SPACE_NEEDED = 2e9
TRIAL = """
import keras
from lungseg.environment import describe_device
print(keras.backend.backend(), "on", describe_device())
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
            report(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            report(f"{name} is missing")
            if name not in OPTIONAL:
                problems.append(f"{name} is missing: run `pip install {name}`.")
    problems += _examine_device(report)
    problems += _examine_data(report)
    report("")
    for problem in problems:
        report(f"To mend: {problem}")
    if not problems:
        report("All is well.")
    return len(problems)


def _examine_device(report: Callable[[str], object]) -> list[str]:
    # In a process of its own, and Keras before lungseg, which holds back what TensorFlow writes: on a processor that
    # lacks what TensorFlow was built for, it ends the whole process, and says why on the error stream only.
    trial = subprocess.run([sys.executable, "-c", TRIAL], capture_output=True, text=True, errors="replace")
    if trial.returncode == 0:
        report(f"Keras computes with {trial.stdout.splitlines()[-1]}")
        return []
    said = [line for line in trial.stderr.splitlines() if line.strip()] or [f"it ended with {trial.returncode}"]
    return [f"Keras does not start: {said[-1].strip()[:300]}. Install again: pip install -r requirements.txt"]


def _examine_data(report: Callable[[str], object]) -> list[str]:
    from lungseg.cases import list_cases
    from lungseg.datasets.cache import cache_folder
    from lungseg.datasets.default import data_folder

    problems = []
    folder = data_folder()
    if folder:
        try:
            report(f"LUNGSEG_DATA: {len(list_cases(folder))} cases in {folder}")
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
    return problems
