"""Which values or colours of a mask are which class, as somebody has said it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral

from lungseg.errors import InputError, quote
from lungseg.problems import NAME

BACKGROUND = "background"
COLOUR = re.compile(r"#[0-9a-f]{6}")
RANGE = re.compile(r"(\d+(?:\.\d+)?)\s*-\s*(\d+(?:\.\d+)?)")
REMEDY = "Write NAME=1, NAME=1,2, NAME=1-9 or NAME=#ff0000, after a look at the mask."
IN_PYTHON = 'Write classes={"NAME": 1}, or [1, 2], "1-9" or "#ff0000" in place of 1, after a look at the mask.'
Said = str | float | Sequence[str | float] | None  # the values of a class, as somebody writes them


@dataclass(frozen=True)
class Value:
    """A value of a mask, a range of values (both ends belong to it), or a colour as 0xRRGGBB."""

    first: float
    last: float
    colour: bool = False

    def __str__(self) -> str:
        if self.colour:
            return f"#{int(self.first):06x}"
        return f"{self.first:.10g}" if self.first == self.last else f"{self.first:.10g}-{self.last:.10g}"


@dataclass(frozen=True)
class ClassTable:
    """Which values of a mask are which class.

    Attributes
    ----------
    names : tuple of str
        The classes, without background.
    values : dict of str to tuple of Value
        By class. Without one for any class, a mask holds a single class, or a file is of a single class.
    background : tuple of Value
        Empty: 0, or black, is background.
    ignored : tuple of Value
        Pixels of which nobody says what they are.
    overlapping : bool
        Whether a pixel may belong to several classes.
    """

    names: tuple[str, ...]
    values: Mapping[str, tuple[Value, ...]]
    background: tuple[Value, ...] = ()
    ignored: tuple[Value, ...] = ()
    overlapping: bool = False

    @property
    def colours(self) -> dict[str, str]:
        """The first colour of each class that has one: that in which it is drawn, too."""
        found = {name: [value for value in values if value.colour] for name, values in self.values.items()}
        return {name: str(values[0]) for name, values in found.items() if values}

    def said_of(self, names: Sequence[str]) -> tuple[Value, ...]:
        """Return all values that a file of some of the classes may have; none, if not all of them are named."""
        if not all(self.values.get(name) for name in names):
            return ()
        classes = [value for name in names for value in self.values[name]]
        return tuple(dict.fromkeys((*(self.background or (Value(0, 0),)), *self.ignored, *classes)))

    def described(self) -> str:
        """Return the table as a line, which differs where another table would give other cases.

        Examples
        --------
        >>> read_table_of_classes(["road=1,2", "water=3"], ignore=[255]).described()
        'road=1,2 water=3 ignore=255'
        """
        listed = [(name, self.values.get(name, ())) for name in self.names]
        listed += [(BACKGROUND, self.background)] * bool(self.background) + [("ignore", self.ignored)] * bool(
            self.ignored
        )
        said = [f"{name}={','.join(map(str, values))}" if values else name for name, values in listed]
        return " ".join(said + ["overlapping"] * self.overlapping)


def read_table_of_classes(
    classes: Mapping[str, Said] | Iterable[str] | None = None, ignore: Said = None, overlapping: bool = False
) -> ClassTable:
    """Read the classes of masks as the command line, or Python, names them.

    Parameters
    ----------
    classes : mapping of str to values, or iterable of str, optional
        ``{"road": 1, "water": [2, 3], "house": "#ff0000"}``; or texts, ``["road=1", "water=2,3"]``. Names alone,
        ``["nucleus", "edge"]``, are for a file for each class. "background" names what is none.
    ignore : values, optional
        Those of pixels to be ignored.
    overlapping : bool
        Whether a pixel may belong to several classes.

    Returns
    -------
    ClassTable

    Raises
    ------
    InputError
        If a name or a value is none, or stands twice.

    Examples
    --------
    >>> table = read_table_of_classes({"road": 1, "house": "#FF0000"}, ignore=255)
    >>> table.names, table.colours, [str(value) for value in table.ignored]
    (('road', 'house'), {'house': '#ff0000'}, ['255'])
    """
    if isinstance(classes, str):
        classes = [classes]
    remedy = IN_PYTHON if isinstance(classes, Mapping) else REMEDY
    pairs = list(classes.items()) if isinstance(classes, Mapping) else [_pair(text) for text in classes or ()]
    found: dict[str, tuple[Value, ...]] = {}
    for name, said in pairs:
        check_class(name)
        if name in found:
            both = ",".join(map(str, (*found[name], *read_values(said, f"class {name}"))))
            raise InputError(
                f"class {name}: expected it once. Received: it twice. Write its values behind one another"
                + (f': "{name}={both}".' if both else ".")
            )
        found[name] = read_values(said, f"class {name}", remedy)
    ignored = read_values(ignore, "ignore")
    background = found.pop(BACKGROUND, ())
    _check_once({**found, BACKGROUND: background, "ignore": ignored}, overlapping)
    without = [name for name, values in found.items() if not values]
    if without and len(without) < len(found):
        raise InputError(
            f"class {without[0]}: expected values, as the other classes have. Received: its name alone. {remedy}"
        )
    return ClassTable(
        tuple(found), {name: values for name, values in found.items() if values}, background, ignored, overlapping
    )


def how_to_name(values: Mapping[str, str]) -> str:
    """Return how somebody says which values are which class: on the command line, and in Python.

    Parameters
    ----------
    values : mapping of str to str
        By class.

    Returns
    -------
    str

    Examples
    --------
    >>> print(how_to_name({"road": "1", "house": "#ff0000"}))
    --class "road=1" --class "house=#ff0000" (in Python classes={"road": 1, "house": "#ff0000"})
    """
    typed = " ".join(f'--class "{name}={said}"' for name, said in values.items())
    written = ", ".join(
        f'"{name}": {said}' if said.isdigit() else f'"{name}": "{said}"' for name, said in values.items()
    )
    return f"{typed} (in Python classes={{{written}}})"


def as_colour(said: object) -> str | None:
    """Return three whole numbers from 0 to 255 as the colour that they may be, "#00c800" of (0, 200, 0).

    Parameters
    ----------
    said : object
        The values of a class.

    Returns
    -------
    str or None
        None, if they are something else.

    Examples
    --------
    >>> as_colour((0, 200, 0)), as_colour([1, 2]), as_colour("1-9")
    ('#00c800', None, None)
    """
    if not isinstance(said, tuple | list) or len(said) != 3:
        return None
    whole = all(isinstance(number, Integral) and 0 <= int(number) <= 255 for number in said)
    return f"#{bytes(map(int, said)).hex()}" if whole else None


def check_class(name: object) -> str:
    """Return the name of a class, if it can be one: it becomes part of names of files and of columns.

    Parameters
    ----------
    name : object

    Returns
    -------
    str

    Raises
    ------
    InputError

    Examples
    --------
    >>> check_class("left lung")
    'left lung'
    """
    if name in ("ignore", "ignored"):
        raise InputError(f"class: expected the name of a class. Received: {name!r}. Name such values with --ignore.")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise InputError(
            "class: expected a name of letters, digits, spaces and - _ . + that begins with a letter or a digit. "
            f"Received: {quote(name)}. {_meant(str(name))}"
        )
    return name


def _meant(name: str) -> str:
    """Return what to do about a name that can be none: `road:1` is a name and its value, perhaps."""
    begin, _, values = (part.strip() for part in name.partition(":"))
    valued = NAME.fullmatch(begin) and all(COLOUR.fullmatch(one) or one.isdigit() for one in values.lower().split(","))
    return f"Write {how_to_name({begin: values})}." if valued else "Choose another name."


def read_values(said: Said, where: str, remedy: str = REMEDY) -> tuple[Value, ...]:
    """Read values, ranges and colours.

    Parameters
    ----------
    said : str, number, or sequence of them, or None
    where : str
        With which a message begins.
    remedy : str
        With which it ends.

    Returns
    -------
    tuple of Value

    Raises
    ------
    InputError

    Examples
    --------
    >>> [str(value) for value in read_values("1, 4-9,#FF0000", "class road")]
    ['1', '4-9', '#ff0000']
    """
    if said is None:
        return ()
    pieces = said.split(",") if isinstance(said, str) else said if isinstance(said, Iterable) else [said]
    values = []
    for piece in pieces:
        text = str(piece).strip().lower()
        between = RANGE.fullmatch(text)
        if COLOUR.fullmatch(text):
            values.append(Value(int(text[1:], 16), int(text[1:], 16), colour=True))
        elif between and float(between[1]) <= float(between[2]):
            values.append(Value(float(between[1]), float(between[2])))
        else:
            try:
                number = float(text)
                if isinstance(piece, bool) or not math.isfinite(number):
                    raise ValueError
            except ValueError:
                raise InputError(
                    f"{where}: expected values, or colours as #ff0000. Received: {quote(text)}. {remedy}"
                ) from None
            values.append(Value(number, number))
    if not values:
        raise InputError(f"{where}: expected at least one value. Received: none. {remedy}")
    return tuple(values)


def _pair(text: object) -> tuple[str, str | None]:
    """Split a text as the command line has it: `road=1,2`, or a name alone."""
    if not isinstance(text, str):
        raise InputError(f"classes: expected texts as road=1. Received: {quote(text)}. {REMEDY}")
    name, is_said, values = text.partition("=")
    return name.strip(), values if is_said else None


def _check_once(found: Mapping[str, tuple[Value, ...]], overlapping: bool) -> None:
    """Refuse a value that stands for two things."""
    flat = [(name, value) for name, values in found.items() for value in values]
    for place, (name, value) in enumerate(flat):
        for other_name, other in flat[:place]:
            apart = value.colour != other.colour or value.first > other.last or other.first > value.last
            both_classes = not {name, other_name} & {BACKGROUND, "ignore"}
            if not apart and name != other_name and not (overlapping and both_classes):
                raise InputError(
                    f"class {name}: expected values of its own. Received: {value}, which is {other_name}, too. Give it "
                    "to one of them, or say that classes overlap (--overlapping; in Python overlapping=True)."
                )
