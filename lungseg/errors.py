"""The one exception that is meant for the person at the keyboard."""


class InputError(ValueError):
    """Input that cannot be used.

    The message is a single line that names the file or setting, says what was
    expected and what came, and ends with what to do. The command line prints
    that line and stops; anything else that is raised is a fault of the package.
    """


def one_line(error: Exception) -> str:
    """Return the message of an error on one line, without a full stop; its name, if it has none."""
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
