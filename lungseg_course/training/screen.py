"""One output of a cell that is drawn anew: a figure, and below it a line that changes more often."""

import base64
import html
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lungseg.plotting import NotebookFigure

LINE = "font-variant-numeric:tabular-nums;line-height:1.6;margin:2px 0 0 8px"


def is_in_a_notebook() -> bool:
    """Whether what is displayed is seen in a notebook, where it can be replaced; not so in a terminal."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return hasattr(shell, "kernel")


class Screen:
    """The output: it is displayed once, and replaced from then on, in JupyterLab, VS Code and Colab alike.

    Parameters
    ----------
    figure : NotebookFigure
        It may be drawn into later, see `show`.
    """

    def __init__(self, figure: "NotebookFigure"):
        self.figure = figure
        self._handle: Any = None
        self._picture = self._words = ""

    def show(self, line: str, share: float | None = None, redraw: bool = True) -> None:
        """Show the figure with a line below it.

        Parameters
        ----------
        line : str
        share : float, optional
            From 0 to 1: how far it is, for a bar beside the line.
        redraw : bool
            Whether the figure has changed. If not, it is sent as it was, and browsers, which know it, do not flicker.
        """
        from IPython.display import display

        if redraw or not self._picture:
            data, _ = self.figure._repr_mimebundle_()
            self._picture, self._words = self._in_its_place(as_html(data)), self.figure.alt_text
        bar = "" if share is None else f'<progress value="{share:.3f}" style="vertical-align:middle"></progress> '
        bundle = {
            "text/html": f'{self._picture}<div style="{LINE}">{bar}{html.escape(line)}</div>',
            "text/plain": f"{line}\n{self._words}",
        }
        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)

    def _in_its_place(self, picture: str) -> str:
        """Keep the place of a picture while the browser takes the next one, and let it show that at once."""
        width, height = self.figure.get_size_inches() * self.figure.dpi
        picture = picture.replace("<img ", '<img decoding="sync" ', 1)
        return f'<div style="aspect-ratio:{width:.0f}/{height:.0f};max-width:{width:.0f}px">{picture}</div>'


def as_html(data: dict) -> str:
    """Return the HTML of a figure, out of what it gives to a notebook."""
    if "text/html" in data:
        return data["text/html"]
    picture = base64.b64encode(data["image/png"]).decode("ascii")
    return f'<img src="data:image/png;base64,{picture}" alt="{html.escape(data["text/plain"])}">'
