"""Figures to play with: moving a slider redraws them, and where nothing can move they stand still.

`Play` joins controls to a function that draws; each of the other files is a figure of a notebook.
"""

from lungseg_course.play.controls import Choice, Slider, Switch
from lungseg_course.play.playing import Play

__all__ = ["Choice", "Play", "Slider", "Switch"]
