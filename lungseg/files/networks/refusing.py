"""Why a file of a network is not loaded."""

MAKE_OWN = "Train again, or ask for the file that Keras wrote"


class Refused(Exception):
    """What was expected, what came, and what to do; without a full stop, and without the name of the file."""


def quoted(text: object) -> str:
    """Return a text from a file, short enough for a line."""
    return repr(str(text)[:80])
