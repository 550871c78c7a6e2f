"""A figure with controls: the first state as a still picture, and in its place a moving one where widgets work."""

import uuid
from collections.abc import Callable
from typing import Any

from matplotlib.figure import Figure

from lungseg.plotting.figure import alt_text, as_html
from lungseg_course.engine.in_notebook import is_in_a_notebook
from lungseg_course.play.controls import Choice, Slider, Switch


class Play:
    """A figure that is drawn anew, in its place, when one of its controls is moved.

    A notebook shows it when it is the last line of a cell. The first state is an output of its own, a still picture
    with its text. Where widgets are alive, they hide it and stand in its place; where they are not (in print, in
    feedback, in a notebook that was closed and opened again, without ipywidgets), it stays.

    Parameters
    ----------
    draw : callable
        Takes the values of the controls by their names and returns a figure
        of `lungseg.plotting`, or one with an `alt_text` of its own. All its
        figures should have the same size, so that the page does not jump.
    **controls : Slider, Choice or Switch
        By the names of the arguments of `draw`.

    Attributes
    ----------
    still : matplotlib.figure.Figure
        The first state.

    Examples
    --------
    >>> from lungseg.plotting import NotebookFigure
    >>> def draw(threshold):
    ...     figure = NotebookFigure(figsize=(2, 1))
    ...     figure.alt_text = f"The threshold is {threshold}."
    ...     return figure
    >>> alt_text(Play(draw, threshold=Slider("threshold", 0.0, 1.0, step=0.1, start=0.5)).still)
    'The threshold is 0.5.'
    """

    def __init__(self, draw: Callable[..., Figure], **controls: Slider | Choice | Switch):
        self.draw, self.controls = draw, controls
        self.still = draw(**{name: control.start for name, control in controls.items()})
        self._mark = f"lungseg-play-{uuid.uuid4().hex[:12]}"
        self._first = as_html(self.still)

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self.still_output(), raw=True)
        if widgets_work():
            words = f"In a notebook that runs one can move: {', '.join(each.label for each in self.controls.values())}."
            display({**self.widget()._repr_mimebundle_(), "text/plain": words}, raw=True)

    def still_output(self) -> dict[str, str]:
        """Return the first state as a notebook stores it: HTML with its alternative text, and that text alone."""
        # In a notebook that was closed and opened again JupyterLab finds no widget, and says so in red: not here.
        output = f".jp-OutputArea-child:has(.{self._mark}) + .jp-OutputArea-child"
        quiet = f"<style>{output}:not(:has(.widget-box)) {{ display: none; }}</style>"
        return {
            "text/html": f'<div class="{self._mark}">{self._first}{quiet}</div>',
            "text/plain": alt_text(self.still),
        }

    def widget(self) -> Any:
        """Return the controls and the figure as one widget, which hides the still picture while it is there."""
        import ipywidgets

        hidden = f"<style>.{self._mark} {{ display: none; }}</style>"
        picture = ipywidgets.HTML(hidden + self._first)
        movable = {name: control.widget() for name, control in self.controls.items()}

        def redraw(_change):
            picture.value = hidden + as_html(self.draw(**{name: each.value for name, each in movable.items()}))

        for each in movable.values():
            each.observe(redraw, names="value")
        return ipywidgets.VBox([*movable.values(), picture])


def widgets_work() -> bool:
    """Say whether there is a kernel that widgets can talk to, and ipywidgets."""
    if not is_in_a_notebook():
        return False
    try:
        import ipywidgets  # noqa: F401
    except ImportError:
        return False
    return True
