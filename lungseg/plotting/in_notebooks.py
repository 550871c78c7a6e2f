"""A picture in a notebook, with its alternative text.

JupyterLab shows a picture that is an output of its own without any alternative text. In a piece of HTML it keeps it,
and so do VS Code, Colab and the pages that nbconvert makes.
"""

import base64
import html
import sys


def picture(png: bytes, words: str, width: int | None = None, height: int | None = None) -> str:
    """Return the HTML of a picture; it is never wider than the page.

    Parameters
    ----------
    png : bytes
        The picture, as the bytes of a PNG.
    words : str
        What it shows, for those who do not see it.
    width, height : int, optional
        In pixels, where there is room; by default its own.

    Returns
    -------
    str
        For `IPython.display.HTML`, for the value of an `ipywidgets.HTML`, or
        for "text/html" in an output.

    Examples
    --------
    >>> picture(b"PNG", 'Dice > 0.9, in "red"', 400)[:65]
    '<img alt="Dice &gt; 0.9, in &quot;red&quot;" width="400" decoding'
    """
    data = base64.b64encode(png).decode("ascii")
    size = "".join(f' {name}="{value}"' for name, value in (("width", width), ("height", height)) if value)
    # Its size is told and it is decoded at once: so the page does not move, nor flicker, when it takes another's place.
    return (
        f'<img alt="{html.escape(words)}"{size} decoding="sync" style="height:auto;max-width:100%" '
        f'src="data:image/png;base64,{data}">'
    )


def no_second_picture(kind: type) -> None:
    """See that this notebook does not store a figure of this kind as a picture, too.

    With pyplot a notebook learns to make a PNG of each figure of Matplotlib, and it would store that beside the HTML.

    Parameters
    ----------
    kind : type
        A class of figures.
    """
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    for mime, formatter in shell.display_formatter.formatters.items() if shell is not None else ():
        if mime.startswith("image/"):
            formatter.for_type(kind, lambda figure: None)
