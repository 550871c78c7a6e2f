"""One output of a cell that is drawn anew: a figure, and below it a line that changes more often."""

import html
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lungseg.plotting import NotebookFigure

LINE = "font-variant-numeric:tabular-nums;line-height:1.6;margin:2px 0 0 8px"


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
        self._still: dict[str, str] = {}

    def show(self, line: str, share: float, redraw: bool = True) -> None:
        """Show the figure with a line below it.

        Parameters
        ----------
        line : str
        share : float
            From 0 to 1: how far it is, for a bar beside the line.
        redraw : bool
            Whether the figure has changed. If not, it is sent as it was, and browsers, which know it, do not flicker.
        """
        if redraw or not self._still:
            self._still = self.figure._repr_mimebundle_()
        # The picture keeps its place while the browser takes the next one, which it shows at once.
        width, height = self.figure.get_size_inches() * self.figure.dpi
        place = f"aspect-ratio:{width:.0f}/{height:.0f};max-width:{width:.0f}px"
        bar = f'<progress value="{share:.3f}" style="vertical-align:middle"></progress>'
        below = f'<div style="{LINE}">{bar} {html.escape(line)}</div>'
        self._send(
            {
                "text/html": f'<div style="{place}">{self._still["text/html"]}</div>{below}',
                "text/plain": f"{line}\n{self._still['text/plain']}",
            }
        )

    def end(self) -> None:
        """Leave the figure alone, as any other figure of a notebook."""
        self._send(self._still)

    def _send(self, bundle: dict) -> None:
        from IPython.display import display

        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)
