"""Names of older versions, of other libraries and of other languages: what an error speaks of, and its name of today.

The tables are in `former_tables` and `former_keras`. Each row there is a name
that answers copied from the web hold, and what to write in its place.
"""

import re
from dataclasses import dataclass

from lungseg_course.engine.mistakes.former_tables import FAMILIES
from lungseg_course.engine.mistakes.name_family import Family
from lungseg_course.engine.verdict import Wrong


@dataclass(frozen=True)
class Spoken:
    """What an error speaks of: a name, of which kind it is, and of which module or type."""

    kind: str
    name: str
    owner: str = ""


# The pattern of a message, and the kind of name that it speaks of.
_MESSAGES = (
    (r"unexpected keyword argument '(?P<name>\w+)'", "argument"),
    (r"[Uu]nrecognized keyword arguments?.*?[{\[]'(?P<name>\w+)'", "argument"),
    (r"not recognized: [{\[]'(?P<name>\w+)'", "argument"),
    (r"module '(?P<owner>[\w.]+)' has no attribute '(?P<name>\w+)'", "attribute"),
    (r"'(?P<owner>[\w.]+)' object has no attribute '(?P<name>\w+)'", "attribute"),
    (r"type object '(?P<owner>\w+)' has no attribute '(?P<name>\w+)'", "attribute"),
    (r"(?P<owner>\w+) object has no attribute '(?P<name>\w+)'", "attribute"),  # TensorFlow's
    (r"`(?P<owner>np)\.(?P<name>\w+)` was removed", "attribute"),
    (r"No (?P<owner>skimage[\w.]*) attribute (?P<name>\w+)", "attribute"),
    (r"cannot import name '(?P<name>\w+)' from '(?P<owner>[\w.]+)'", "attribute"),
    (r"No module named '(?P<name>[\w.]+)'", "module"),
    (r"name '(?P<name>\w+)' is not defined", "name"),
)


def spoken_of(error: BaseException) -> Spoken | None:
    """Return what the message of an error speaks of, None if it is no name.

    Examples
    --------
    >>> spoken_of(AttributeError("module 'numpy' has no attribute 'float'"))
    Spoken(kind='attribute', name='float', owner='numpy')
    """
    for pattern, kind in _MESSAGES:
        if found := re.search(pattern, str(error), re.DOTALL):
            return Spoken(kind, **found.groupdict())
    return None


def find_former(error: BaseException, line: str) -> Wrong | None:
    """Return what the student is told if an error speaks of a name of another time or place, None if it does not.

    Parameters
    ----------
    error : BaseException
    line : str
        The student's line in which it was raised.
    """
    spoken = spoken_of(error)
    if re.search(r"missing \d+ required positional argument", str(error)):  # perhaps it has another name in the line
        written = re.findall(r"(\w+)\s*=(?!=)", line)
        known = (name for name in written if any(name in family.rows for family in FAMILIES["argument"]))
        spoken = next((Spoken("argument", name) for name in known), None)
    if spoken is None or not line:
        return None
    is_called = re.search(rf"(?<![\w.]){re.escape(spoken.name)}\s*\(", line)
    for family in FAMILIES[spoken.kind]:
        if spoken.name not in family.rows or (family.called and not is_called):
            continue
        if not family.owner or re.search(rf"^(.*\.)?({family.owner})$", spoken.owner):
            return family.wrong(spoken.name)
    return _of_the_backend(spoken) if spoken.kind == "attribute" else None


def _of_the_backend(spoken: Spoken) -> Wrong | None:
    """Most functions of `keras.backend` are in `keras.ops` now, under the same name."""
    if not re.search(r"\bbackend$", spoken.owner):
        return None
    from keras import ops

    if not hasattr(ops, spoken.name):
        return None
    return Family("Keras 3", f"{spoken.name} keras.ops.{spoken.name}").wrong(spoken.name)
