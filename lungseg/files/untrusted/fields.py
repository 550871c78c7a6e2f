"""What a JSON file may hold, key by key: checked when it is read, so that nothing later trips over it."""

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from lungseg.errors import InputError, quote
from lungseg.files import check_name, name_key


class Field(NamedTuple):
    """What is expected of a value: in words that follow "expected … to be", and as a test."""

    words: str
    fits: Callable[[object], bool]


def check_fields(
    content: Mapping[str, Any],
    fields: Mapping[str, Field],
    where: str | Path,
    remedy: str,
    needed: tuple[str, ...] = (),
) -> None:
    """Refuse an object with a value that is not what its key expects. Other keys may hold anything.

    Parameters
    ----------
    content : mapping
        The object, as it was read.
    fields : mapping of str to Field
        What is expected, by key.
    where : str or Path
        The file, with which the message begins.
    remedy : str
        The end of the message: what to do.
    needed : tuple of str
        Keys that must be there.

    Raises
    ------
    InputError

    Examples
    --------
    >>> check_fields({"epochs": "many"}, {"epochs": whole(1, 9)}, "a.json", "Train again.")
    Traceback (most recent call last):
    ...
    lungseg.errors.InputError: a.json: expected epochs to be a whole number from 1 to 9. Received: 'many'. Train again.
    """
    for key in needed:
        if key not in content:
            raise InputError(f"{where}: expected the key {key}. Received: none. {remedy}")
    for key, field in fields.items():
        if key in content and not field.fits(content[key]):
            raise InputError(f"{where}: expected {key} to be {field.words}. Received: {quote(content[key])}. {remedy}")


def whole(least: int, most: int) -> Field:
    """A whole number; a fraction or True is none."""
    upwards = f"from {least} to {most}" if most < 10**9 else f"from {least} upwards"
    return Field(
        f"a whole number {upwards}",
        lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most,
    )


def number(least: float, most: float, finite: bool = True) -> Field:
    """A number; infinity and NaN only where they are expected."""

    def fits(value: object) -> bool:
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            return False
        return least <= value <= most or not (finite or math.isfinite(value))

    return Field(f"a number from {least:g} to {most:g}", fits)


def text(longest: int = 100_000) -> Field:
    """Text that can be shown and written."""
    return Field("text", lambda value: isinstance(value, str) and len(value) <= longest and "\0" not in value)


def truth() -> Field:
    """True or false."""
    return Field("true or false", lambda value: isinstance(value, bool))


def one_of(*values: object) -> Field:
    """One of a few values."""
    return Field(" or ".join(map(str, values)), lambda value: value in values)


def either(*fields: Field) -> Field:
    """What fits one of several."""
    return Field(" or ".join(field.words for field in fields), lambda value: any(field.fits(value) for field in fields))


def nothing() -> Field:
    """null."""
    return Field("null", lambda value: value is None)


def names() -> Field:
    """Names of files, each once."""

    def fits(value: object) -> bool:
        if not isinstance(value, list):
            return False
        try:
            checked = [name_key(check_name(name, "")) for name in value]
        except InputError:
            return False
        return len(set(checked)) == len(checked)

    return Field("a list of names of cases, each once", fits)


def items(field: Field, least: int, most: int) -> Field:
    """A list of so many values."""
    count = str(least) if least == most else f"{least} to {most}"
    return Field(
        f"a list of {count}, each {field.words}",
        lambda value: isinstance(value, list) and least <= len(value) <= most and all(map(field.fits, value)),
    )


def entries(fields: Mapping[str, Field], others: Field | None = None, needed: tuple[str, ...] = ()) -> Field:
    """An object with these keys, and with others only if it is said of what kind."""

    def fits(value: object) -> bool:
        if not isinstance(value, dict) or not set(needed) <= set(value):
            return False
        expected = (fields.get(key, others) for key in value)
        return all(field is not None and field.fits(item) for field, item in zip(expected, value.values(), strict=True))

    each = ", ".join(f"{name} ({field.words})" for name, field in fields.items())
    return Field(f"an object of {each}" if each else "an object", fits)
