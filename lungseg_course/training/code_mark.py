"""Whether a network was trained by the same code: a mark of the functions and classes that a training uses."""

import hashlib
import inspect
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FunctionType

from lungseg.errors import InputError
from lungseg_course.handing_in.carrying import as_literal
from lungseg_course.handing_in.reading_source import names_used, source_of_class, source_of_function


def mark_code(parts: Sequence) -> str | None:
    """Return a short text that differs if the code of a part does, or that of what it uses of the notebook.

    Parameters
    ----------
    parts : sequence of functions and classes
        Of a notebook, or of a file; of a file all of it counts.

    Returns
    -------
    str or None
        None if the code of one of them is not known.
    """
    texts: dict[str, str] = {}
    try:
        for part in parts:
            _gather(part.__name__, part, texts)
    except (InputError, OSError, UnicodeError, SyntaxError, AttributeError, KeyError):
        return None
    return hashlib.sha256("\0".join(texts.values()).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _gather(name: str, thing, texts: dict[str, str]) -> None:
    """Add the source of a function or class, and those of the functions, classes and constants that it names."""
    module = sys.modules[thing.__module__]
    file = getattr(module, "__file__", None)
    if file:
        texts[file] = Path(file).read_text(encoding="utf-8")
        return
    if isinstance(thing, type):
        source = source_of_class(thing, vars(module))
    else:
        source, _ = source_of_function(name, thing, inspect.unwrap(thing))
    texts[name] = source
    for used in sorted(set.union(*names_used(source)) & vars(module).keys() - texts.keys()):
        value = vars(module)[used]
        if isinstance(value, (type, FunctionType)):
            if value.__module__ == module.__name__:
                _gather(used, value, texts)
        elif (literal := as_literal(value)) is not None:
            texts[used] = f"{used} = {literal}"
