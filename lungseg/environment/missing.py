"""A package that is not installed, told in one line."""

import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]

# Where the package is called otherwise than its module; Keras alone does not compute.
PACKAGE_OF = {"skimage": "scikit-image", "sklearn": "scikit-learn", "PIL": "pillow", "keras": "keras tensorflow"}


def say_what_to_install(error: ModuleNotFoundError) -> str | None:
    """Say in one line which package is missing, and how to install it.

    Parameters
    ----------
    error : ModuleNotFoundError

    Returns
    -------
    str or None
        None, if the module is one of this package, which is a fault of its own.

    Examples
    --------
    >>> say_what_to_install(ModuleNotFoundError("No module named 'skimage'", name="skimage"))
    'scikit-image is not installed. Run `pip install scikit-image`, or `lungseg doctor`, which tells all.'
    """
    module = (error.name or "").partition(".")[0]
    if module in ("", "lungseg"):
        return None
    name = PACKAGE_OF.get(module, module)
    shown = name.partition(" ")[0]
    activate = PROJECT / ".venv" / "bin" / "activate"  # of `make`, which a new terminal does not know of
    if activate.exists() and Path(sys.prefix).resolve() != activate.parents[1].resolve():
        return (
            f"{name.partition(' ')[0]} is not installed in this Python. Run `source {activate}` first, then this again."
        )
    return f"{shown} is not installed. Run `pip install {name}`, or `lungseg doctor`, which tells all."
