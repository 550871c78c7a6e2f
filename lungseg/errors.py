"""What is meant for the person at the keyboard: the one exception, and warnings; and the words of both."""

import re
import sys
import warnings

# A terminal obeys the first of these, ends a line at some, writes backwards from others on, and cannot show the last.
# A name of a file may hold them all.
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class InputError(ValueError):
    """Input that cannot be used.

    The message is a single line that names the file or setting, says what was expected and what came, and ends with
    what to do. The command line prints that line and stops, and so does a notebook; anything else that is raised is a
    fault of the package. Signs that cannot be seen, of a name perhaps, are shown as Python writes them: ``\\x1b``.

    Examples
    --------
    >>> str(InputError("a\\nb.png: expected an image."))
    'a\\\\nb.png: expected an image.'
    """

    def __str__(self) -> str:
        return UNSEEN.sub(lambda sign: sign[0].encode("unicode_escape").decode("ascii"), super().__str__())

    def _render_traceback_(self) -> list[str]:
        """Tell IPython to show the line alone: the calls that led here would hide it."""
        return [f"{type(self).__name__}: {self}"]


LONGEST_REASON = 300  # characters
LONGEST_QUOTE = 60


def one_line(error: BaseException, most: int = LONGEST_REASON) -> str:
    """Return the message of an error on one line, without a full stop; its name, if it has no message.

    Parameters
    ----------
    error : BaseException
    most : int
        Characters; a longer message is cut. What a library says of a damaged file may hold most of the file.

    Returns
    -------
    str

    Examples
    --------
    >>> one_line(ValueError("expected a number.\\nReceived: text.")), one_line(KeyError())
    ('expected a number. Received: text', 'KeyError')
    """
    text = " ".join(str(error).split()).rstrip(".") or type(error).__name__
    return text if len(text) <= most else text[: most - 1] + "…"


def quote(value: object, most: int = LONGEST_QUOTE) -> str:
    """Return a value as a message shows it: short, on one line, and printable, whoever made it up.

    Parameters
    ----------
    value : object
        As it was read: of a JSON file, a cell of a table, a name.
    most : int
        Characters; more are cut.

    Returns
    -------
    str

    Examples
    --------
    >>> quote("../thesis.docx"), quote(None), quote("a" * 100, most=8), quote([1, [2]]), quote([7] * 99)
    ("'../thesis.docx'", 'nothing', "'aaaaaaa…'", '[1, [2]]', 'a list of 99 entries')
    """
    if value is None:
        return "nothing"
    if isinstance(value, (list, tuple, set, dict)):
        whole = str(value) if len(value) <= most else ""
        if 0 < len(whole) <= most and whole.isprintable():
            return whole
        entries = "entry" if len(value) == 1 else "entries"
        return (
            f"an object of {len(value)} {entries}" if isinstance(value, dict) else f"a list of {len(value)} {entries}"
        )
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**most:
        return f"a number of more than {most} digits"  # Python writes no number of more than 4300 digits
    if not isinstance(value, str):
        text = str(value)
        return text if len(text) <= most else text[: most - 1] + "…"
    text = value if len(value) <= most else value[: most - 1] + "…"
    return repr(text).encode("utf-8", "backslashreplace").decode("utf-8")


def counted(number: int, thing: str, several: str = "") -> str:
    """Return a number with what is counted, in the right plural.

    Parameters
    ----------
    number : int
    thing : str
        One of them.
    several : str
        Several of them, if that is not the one with an s.

    Returns
    -------
    str

    Examples
    --------
    >>> counted(1, "case"), counted(1704, "case"), counted(0, "batch", "batches")
    ('1 case', '1,704 cases', '0 batches')
    """
    return f"{number:,} {thing if number == 1 else several or f'{thing}s'}"


def warn_caller(said: str) -> None:
    """Warn, at the line of whoever called the package.

    Parameters
    ----------
    said : str
    """
    depth, frame = 1, sys._getframe()
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] == "lungseg":
        depth, frame = depth + 1, frame.f_back
    warnings.warn(said, UserWarning, stacklevel=depth)
