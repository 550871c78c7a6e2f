"""Figures of the notebooks: drawn here, so that the cells there hold what the course is about."""

from lungseg_course.figures.blocks import plot_network
from lungseg_course.figures.found import fresh_chests, plot_found
from lungseg_course.figures.strides import plot_strides

__all__ = ["fresh_chests", "plot_found", "plot_network", "plot_strides"]
