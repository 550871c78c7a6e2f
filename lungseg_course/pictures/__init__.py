"""Pictures of the opening chapter, where the notebooks teach what they show.

The files beside this one are copies from images/, and words.json has what the chapter says to those who cannot see
them. `course/build.py` brings them here, so that they are at hand wherever the package is installed: in a student's
folder, where notebooks are graded, or on Colab.
"""

import json
from functools import cache
from pathlib import Path

from lungseg.errors import InputError

FOLDER = Path(__file__).parent
WIDTH = 560  # pixels, on a page that is wide enough


class Picture:
    """A picture that a notebook shows when it is the last line of a cell.

    Attributes
    ----------
    alt_text : str
        What it shows, in words.
    """

    def __init__(self, name: str, alt_text: str):
        self.name, self.alt_text = name, alt_text

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        from lungseg.plotting import in_notebooks  # it brings Matplotlib, which takes a while

        png = (FOLDER / f"{self.name}.png").read_bytes()
        return {"text/html": in_notebooks.picture(png, self.alt_text, WIDTH), "text/plain": self.alt_text}


def picture(name: str) -> Picture:
    """Return a picture of the opening chapter.

    Parameters
    ----------
    name : str
        "strides" is that of `images/strides.png`.

    Raises
    ------
    InputError
        If there is none of this name.

    Examples
    --------
    >>> picture("strides").alt_text.partition(".")[0]
    'Step by step, with numbers'
    """
    words = _words()
    if name not in words:
        raise InputError(f"picture expected one of {', '.join(sorted(words))}. Received: {name!r}.")
    return Picture(name, words[name])


@cache
def _words() -> dict[str, str]:
    return json.loads((FOLDER / "words.json").read_text(encoding="utf-8"))
