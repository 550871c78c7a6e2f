"""The public names of the package, and what its imports load."""

import os
import subprocess
import sys

import pytest

import lungseg
from lungseg._moved import NAMES

# What a module that needs no network must not wait for.
HEAVY = ["tensorflow", "keras", "jax", "torch", "requests", "pooch"]


def in_a_fresh_python(code):
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def loaded_by(code, modules):
    return in_a_fresh_python(f"import sys; {code}; print(*[m for m in {modules!r} if m in sys.modules])").split()


def test_importing_the_package_is_cheap():
    everything = [*HEAVY, "numpy", "scipy", "skimage", "pandas", "matplotlib", "pooch", "PIL"]
    assert loaded_by("import lungseg, lungseg.cli; dir(lungseg); lungseg.__version__", everything) == []


@pytest.mark.parametrize(
    "names",
    [
        "list_cases, load_case, split_cases, InputError",
        "cases, datasets, evaluation, masks, phantom, plotting, prediction, preparation, radiographs, report, runs",
    ],
)
def test_what_needs_no_network_does_without_tensorflow(names):
    assert loaded_by(f"from lungseg import {names}", [*HEAVY, "pandas"]) == []


# These go on working: a name that changes moves from the table in `lungseg/__init__.py` to `NAMES` in `_moved.py`.
PROMISED = (
    "DataGenerator build_unet encoder_block decoder_block dice_loss dice_crossentropy_loss Dice Jaccard InputError "
    "list_cases load_case split_cases train load_run load_pretrained evaluate segment"
)


@pytest.mark.parametrize("name", PROMISED.split())
def test_every_promised_name_is_there(name):
    assert name in {*lungseg.__all__, *NAMES.get("lungseg", {})}


@pytest.mark.parametrize("name", lungseg.__all__)
def test_every_public_name_is_there(name):
    assert name in dir(lungseg)
    thing = getattr(lungseg, name)
    assert thing.__name__ == name
    assert thing.__doc__


def test_all_of_them_at_once():
    names = {}
    exec("from lungseg import *", names)
    assert set(lungseg.__all__) <= set(names)


@pytest.mark.slow
@pytest.mark.thorough
def test_help_shows_the_names_by_task_and_nothing_of_tensorflow():
    code = "import lungseg; help(lungseg)"
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=quiet, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert "Feed a network" in run.stdout
    assert "untrusted" not in run.stdout


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'lungseg' has no attribute 'unet_builder'"):
        _ = lungseg.unet_builder
    with pytest.raises(ImportError):
        exec("from lungseg import unet_builder")
    assert not hasattr(lungseg, "unet_builder")


def test_the_version_is_that_of_the_installed_package():
    from importlib.metadata import version

    assert lungseg.__version__ == version("lungseg")
