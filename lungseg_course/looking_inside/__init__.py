"""A trained network from inside: its first filters, its maps, what its skips hand across, and what it looks at.

It works with any network that Keras knows layer by layer, whatever the layers are called; `look_into` sees to that.
"""

from lungseg_course.looking_inside.activations import plot_filters, plot_maps
from lungseg_course.looking_inside.graph import look_into
from lungseg_course.looking_inside.receptive import play_with_view
from lungseg_course.looking_inside.skips import plot_without_skips

__all__ = ["look_into", "play_with_view", "plot_filters", "plot_maps", "plot_without_skips"]
