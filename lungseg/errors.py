"""The one exception that is meant for the person at the keyboard."""


class InputError(ValueError):
    """Input that cannot be used.

    The message is a single line that names the file or setting, says what was expected and what came, and ends with
    what to do. The command line prints that line and stops, and so does a notebook; anything else that is raised is a
    fault of the package.
    """

    def _render_traceback_(self) -> list[str]:
        """Tell IPython to show the line alone: the calls that led here would hide it."""
        return [f"{type(self).__name__}: {self}"]


def one_line(error: BaseException) -> str:
    """Return the message of an error on one line, without a full stop; its name, if it has no message.

    Parameters
    ----------
    error : BaseException

    Returns
    -------
    str

    Examples
    --------
    >>> one_line(ValueError("expected a number.\\nReceived: text.")), one_line(KeyError())
    ('expected a number. Received: text', 'KeyError')
    """
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
