"""One rule for every name that is read from a file."""

import os
import re
import unicodedata
from pathlib import Path

from lungseg.arguments import described
from lungseg.errors import InputError, quote

LONGEST_NAME = 255  # bytes; of UTF-16 units on Windows
# What Windows takes for a device, with any suffix.
DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{port}{n}" for port in ("com", "lpt") for n in "123456789¹²³"
}


def check_name(name: object, where: str | Path, suffix: str = "", windows: bool = os.name == "nt") -> str:
    """Return a name that was read from a file, if it is one: that of a file in the folder, and of nothing else.

    A table, a JSON file or an archive may have been made or changed by anybody. A name in it becomes a path that is
    written, replaced or deleted, so every one of them comes through here first.

    Parameters
    ----------
    name : object
        As it was read.
    where : str or Path
        The file, and perhaps the row or the key, with which the message begins.
    suffix : str
        What is put behind the name to make the file's name.
    windows : bool
        Also refuse what Windows does not take, or takes for another file: a colon, `con`, a dot at the end.

    Returns
    -------
    str
        The name as it is. To compare it with another one, see `name_key`.

    Raises
    ------
    InputError
        If it is no text, empty, `.` or `..`, has a separator of any system, a drive letter or a control character,
        or is too long for a disk.

    Examples
    --------
    >>> check_name("PHANTOM_0001_0", "manifest.csv", suffix=".npy")
    'PHANTOM_0001_0'
    >>> check_name("../thesis.docx", "predictions.csv")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    lungseg.errors.InputError: predictions.csv: expected the name of a file, without a folder. Received: '../thesis...
    """
    problem = _what_is_wrong(name, suffix, windows)
    if problem:
        raise InputError(
            f"{where}: expected {problem}. Received: {quote(name)}. Correct the name, or remove what names it."
        )
    return str(name)


def _what_is_wrong(name: object, suffix: str, windows: bool) -> str | None:
    """Return what was expected of a name that is none, or None."""
    if not isinstance(name, str) or not name.strip():
        return "the name of a file"
    whole = name + suffix
    if set(name) & set("/\\") or name.strip() in (".", "..") or re.match("[A-Za-z]:", name):
        return "the name of a file, without a folder"
    if any(unicodedata.category(letter) in ("Cc", "Zl", "Zp") for letter in name):
        return "the name of a file, without control characters"
    in_utf16 = os.name == "nt"
    if len(whole.encode("utf-16-le" if in_utf16 else "utf-8", "surrogatepass")) > LONGEST_NAME * (2 if in_utf16 else 1):
        return f"a name of at most {LONGEST_NAME} bytes"
    if windows and (
        set(whole) & set('<>:"|?*') or whole[-1] in ". " or whole.split(".")[0].strip().casefold() in DEVICES
    ):
        return "a name that Windows takes"
    return None


def as_folder(folder: str | os.PathLike[str], what: str) -> Path:
    """Return a folder that somebody has named, which an empty text does not: it would be the folder one is in.

    Parameters
    ----------
    folder : str or path
    what : str
        What the folder is for, with which the message begins.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        If it is no path, or the name is empty, as a variable of the shell is that nobody has set.

    Examples
    --------
    >>> as_folder("masks", "out").name
    'masks'
    """
    if not isinstance(folder, str | os.PathLike):
        raise InputError(f"{what}: expected the path of a folder. Received: {described(folder)}. Name one.")
    if not os.fspath(folder):
        raise InputError(
            f'{what}: expected a folder. Received: an empty name. Name one, or "." for the one you are in.'
        )
    return Path(folder)


def name_key(name: str) -> str:
    """Return a name in the form in which names are compared: letters with accents can be stored in two ways.

    Parameters
    ----------
    name : str

    Returns
    -------
    str

    Examples
    --------
    >>> name_key("Mu\u0308ller") == name_key("M\u00fcller"), name_key("a") == name_key("A")
    (True, False)
    """
    return unicodedata.normalize("NFC", name)


def case_key(name: str) -> str:
    """Return the name of a case in the form in which cases are compared.

    A split that somebody has written may hold names of files, `a.npy`, or their stems: `a_mask` of `a_mask.npy`.

    Parameters
    ----------
    name : str
        The id of a case, or the name of its file.

    Returns
    -------
    str

    Examples
    --------
    >>> case_key("CHNCXR_0317_0"), case_key("CHNCXR_0317_0_mask.npy")
    ('CHNCXR_0317_0', 'CHNCXR_0317_0')
    """
    return name_key(re.sub(r"(_mask)*(\.npy)?\Z", "", name))


def told_apart(first: str, second: str) -> tuple[str, str]:
    """Return two names as a message shows them: those that look the same, with the Unicode form they are stored in.

    Parameters
    ----------
    first, second : str

    Returns
    -------
    (str, str)

    Examples
    --------
    >>> told_apart("a.png", "A.png")
    ('a.png', 'A.png')
    >>> told_apart("M\u00fcller", "Mu\u0308ller") == ("M\u00fcller (in Unicode NFC)", "Mu\u0308ller (in Unicode NFD)")
    True
    """
    if first == second or name_key(first) != name_key(second):
        return first, second
    forms = [
        next((form for form in ("NFC", "NFD") if unicodedata.is_normalized(form, name)), "of both forms")
        for name in (first, second)
    ]
    return f"{first} (in Unicode {forms[0]})", f"{second} (in Unicode {forms[1]})"
