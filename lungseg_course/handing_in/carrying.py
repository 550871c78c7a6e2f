"""How a value that a notebook uses is written into a file: as a literal, or as the import that brings it."""

import math
import sys
from pathlib import Path
from types import ModuleType

import numpy as np

from lungseg.errors import InputError
from lungseg_course.record import course_root

_LONGEST = 10_000  # characters
_NO_HOME = ("__main__", "__mp_main__", "IPython")


def as_literal(value) -> str | None:
    """Return a simple constant as Python writes it, or None if it is none.

    Examples
    --------
    >>> as_literal((1, "a", [None, 2.5]))
    "(1, 'a', [None, 2.5])"
    >>> as_literal(float("inf"))
    'float("inf")'
    >>> as_literal(np.zeros(3)) is None
    True
    """
    text = _literal(value)
    return text if text is not None and len(text) <= _LONGEST else None


def _literal(value) -> str | None:
    if isinstance(value, np.generic):
        value = value.item()
    if type(value) is float and not math.isfinite(value):
        return f'float("{value}")'
    if value is None or type(value) in (bool, int, float, complex, str, bytes):
        return repr(value)
    if type(value) is dict:
        pairs = [(_literal(key), _literal(item)) for key, item in value.items()]
        texts = [f"{key}: {item}" for key, item in pairs if key is not None and item is not None]
        return "{" + ", ".join(texts) + "}" if len(texts) == len(value) else None
    if type(value) not in (list, tuple, set):
        return None
    items = [text for text in map(_literal, value) if text is not None]
    if len(items) < len(value):
        return None
    if type(value) is set:
        return "{" + ", ".join(sorted(items)) + "}" if items else "set()"
    inside = ", ".join(items)
    return f"[{inside}]" if type(value) is list else f"({inside},)" if len(items) == 1 else f"({inside})"


def import_line(name: str, thing, notebook: str = "__main__") -> str | None:
    """Return the import that gives `thing` the name, or None if no module holds it.

    Public places are preferred: `keras.layers.Conv2D` lies in `keras.src`, which
    may look different in the next version.

    Parameters
    ----------
    name : str
    thing : object
    notebook : str
        The module that the notebook is, where nothing can be imported from.

    Raises
    ------
    InputError
        If it comes from a file beside the notebook.

    Examples
    --------
    >>> import functools, math
    >>> import_line("math", math), import_line("partial", functools.partial), import_line("up", math.ceil)
    ('import math', 'from functools import partial', 'from math import ceil as up')
    """
    home = getattr(thing, "__name__", "")
    if isinstance(thing, ModuleType) and _is_public(home) and sys.modules.get(home) is thing:
        return _import_module(home, name)
    for label in dict.fromkeys((home, name)):
        module = _module_with(label, thing, notebook)
        if module is not None:
            _expect_installed(name, module)
            return _from(module, label, name)
    if isinstance(thing, ModuleType) and home in sys.modules:
        return _import_module(home, name)  # `tf.keras` is a stand-in for a module that is loaded later
    return None


def _import_module(home: str, name: str) -> str:
    _expect_installed(name, home)
    package, _, last = home.rpartition(".")
    if home == name:
        return f"import {home}"
    return _from(package, last, name) if package else f"import {home} as {name}"


def say_what(value) -> str:
    """Say what a value is, for a message: "a list", "a numpy.ndarray"."""
    kind = type(value)
    # The notebook itself is no package: `__main__` holds a Net, `numpy` an ndarray.
    package = kind.__module__.partition(".")[0]
    what = f"{package}.{kind.__name__}" if hasattr(sys.modules.get(package), "__path__") else kind.__name__
    return f"{'an' if what[0].lower() in 'aeiou' else 'a'} {what}"


def _from(module: str, label: str, name: str) -> str:
    return f"from {module} import {label}" + ("" if label == name else f" as {name}")


def _module_with(label: str, thing, notebook: str) -> str | None:
    """Return the best of the modules in which `label` stands for `thing`."""
    origin = None if isinstance(thing, ModuleType) else getattr(thing, "__module__", None)
    origin = origin if isinstance(origin, str) else ""
    top = origin.partition(".")[0]
    found = [
        module
        for module, contents in list(sys.modules.items())
        if module.partition(".")[0] not in (notebook, *_NO_HOME)
        and (module.partition(".")[0] == top if top else not module.startswith(("builtins", "student_")))
        and _has(contents, label, thing)
    ]
    found.sort(key=lambda module: (module != top, not _is_public(module), module != origin, module.count("."), module))
    return found[0] if found else None


def _has(module, label: str, thing) -> bool:
    contents = getattr(module, "__dict__", {})
    return label in contents and contents[label] is thing


def _is_public(module: str) -> bool:
    return not any(part.startswith("_") or part == "src" for part in module.split("."))


def _expect_installed(name: str, module: str) -> None:
    top = module.partition(".")[0]
    file = getattr(sys.modules.get(top), "__file__", None)
    if top in ("lungseg", "lungseg_course") or not file:
        return
    place = Path(file).resolve().parent
    place = place.parent if Path(file).name == "__init__.py" else place
    if top.startswith("student_") or place in (Path.cwd().resolve(), course_root().resolve()):
        raise InputError(
            f"`{name}` comes from the file {Path(file).name} of your own, which other notebooks do not find. "
            "Copy what you use of it into a cell of this notebook."
        )
