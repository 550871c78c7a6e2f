"""Reads JSON of any origin: of any encoding that JSON has, but not of any size or depth."""

import json
import math
from pathlib import Path
from typing import Any

from lungseg.errors import InputError, one_line, quote
from lungseg.files.untrusted.contents import read_bytes

LARGEST = 16 * 2**20  # bytes: a split of half a million cases
DEEPEST = 50  # brackets within brackets
COPY_AGAIN = "Copy the file again."


def read_json(
    path: str | Path, remedy: str = COPY_AGAIN, largest: int = LARGEST, finite: bool = True
) -> dict[str, Any]:
    """Read a JSON object.

    Parameters
    ----------
    path : str or Path
    remedy : str
        The end of the message: what to do if the file is no such object.
    largest : int
        Bytes; a larger file is refused.
    finite : bool
        Refuse NaN and infinity, which no other program takes for JSON.

    Returns
    -------
    dict

    Raises
    ------
    InputError
        If the file cannot be read, is too large, is not JSON, holds brackets within brackets to no end, a key twice or
        something that is not an object.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "settings.json"
    >>> _ = path.write_text('{"seed": 0}', encoding="utf-8")
    >>> read_json(path)
    {'seed': 0}
    """
    content = read_bytes(path, largest, remedy)
    try:
        # JSON is UTF-8, UTF-16 or UTF-32, with a mark at the start or without.
        found = json.loads(content, object_pairs_hook=_object)
    except (RecursionError, MemoryError):
        raise InputError(f"{path}: expected JSON. Received: brackets that are nested too deeply. {remedy}") from None
    except ValueError as error:  # of the decoder too, and of numbers with thousands of digits
        raise InputError(f"{path}: expected JSON. Received: {_reason(error)}. {remedy}") from None
    if not isinstance(found, dict):
        kind = quote(found) if isinstance(found, (list, type(None))) else f"a {type(found).__name__}"
        raise InputError(f"{path}: expected a JSON object. Received: {kind}. {remedy}")
    _check_values(found, path, remedy, finite)
    return found


def _object(pairs: list[tuple[str, object]]) -> dict[str, Any]:
    """Return an object whose keys differ: of two values, which one counts would be a matter of the program."""
    content = dict(pairs)
    if len(content) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in content if keys.count(key) > 1)
        raise ValueError(f"the key {quote(twice)} comes twice")
    return content


def _reason(error: ValueError) -> str:
    """Say in a few words what a file holds that is no JSON."""
    if isinstance(error, json.JSONDecodeError):
        return (
            f"{error.msg[0].lower()}{error.msg[1:]}, in line {error.lineno}" if error.doc.strip() else "an empty file"
        )
    return one_line(error, 100)


def _check_values(content: dict[str, Any], path: str | Path, remedy: str, finite: bool) -> None:
    """Refuse what lies too deep, and numbers that are none, without recursion."""
    waiting: list[tuple[dict[str, Any] | list[Any], int]] = [(content, 1)]
    while waiting:
        found, depth = waiting.pop()
        if depth > DEEPEST:
            raise InputError(f"{path}: expected JSON. Received: brackets that are nested too deeply. {remedy}")
        for value in found.values() if isinstance(found, dict) else found:
            if isinstance(value, (dict, list)):
                waiting.append((value, depth + 1))
            elif finite and isinstance(value, float) and not math.isfinite(value):
                raise InputError(f"{path}: expected finite numbers. Received: {value}. {remedy}")
