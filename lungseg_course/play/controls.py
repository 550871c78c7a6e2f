"""What a student may change in a figure: a number, one of several things, or on and off.

Each knows its first value, and makes the widget that changes it. ipywidgets is imported only there, so that a figure
can be drawn where it is not installed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WIDTH = {"width": "26em", "max_width": "100%"}
LABEL = {"description_width": "11em"}  # labels are words, and not to be cut


@dataclass(frozen=True)
class Slider:
    """A number between two others, in steps.

    Parameters
    ----------
    label : str
        What stands in front of the slider.
    low, high, step : int or float
        All of them whole, and the value is; it comes as an int then.
    start : int or float
        The first value.

    Examples
    --------
    >>> Slider("threshold", 0.05, 0.95, step=0.05, start=0.5).start
    0.5
    """

    label: str
    low: float
    high: float
    step: float
    start: float

    def widget(self) -> Any:
        """Return the slider as a widget; arrow keys move it, too."""
        import ipywidgets

        numbers = (self.low, self.high, self.step, self.start)
        whole = all(isinstance(number, int) for number in numbers)
        kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
        return kind(
            min=self.low,
            max=self.high,
            step=self.step,
            value=self.start,
            description=self.label,
            style=LABEL,
            layout=WIDTH,
        )


@dataclass(frozen=True)
class Choice:
    """One of several things, by their names.

    Parameters
    ----------
    label : str
    options : sequence of str
    start : str, optional
        The first one, if no other is named.

    Examples
    --------
    >>> Choice("case", ["the best", "the worst"]).start
    'the best'
    """

    label: str
    options: Sequence[str]
    start: str = ""

    def __post_init__(self):
        object.__setattr__(self, "start", self.start or self.options[0])

    def widget(self) -> Any:
        """Return the choice as a widget, a list that opens."""
        import ipywidgets

        return ipywidgets.Dropdown(
            options=list(self.options), value=self.start, description=self.label, style=LABEL, layout=WIDTH
        )


@dataclass(frozen=True)
class Switch:
    """Something that is on or off.

    Parameters
    ----------
    label : str
    start : bool

    Examples
    --------
    >>> Switch("show the outlines").start
    True
    """

    label: str
    start: bool = True

    def widget(self) -> Any:
        """Return the switch as a widget, a box to tick."""
        import ipywidgets

        return ipywidgets.Checkbox(value=self.start, description=self.label, indent=True, style=LABEL, layout=WIDTH)
