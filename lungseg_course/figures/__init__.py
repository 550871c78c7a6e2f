"""Figures of the notebooks: drawn here, so that the cells there hold what the course is about."""

from lungseg_course.figures.blocks import plot_network
from lungseg_course.figures.curves import plot_constant_answers, plot_curves
from lungseg_course.figures.found import fresh_chests, plot_found
from lungseg_course.figures.in_cases import plot_in_cases, traits_of
from lungseg_course.figures.mistakes import three_mistakes, unsure_prediction
from lungseg_course.figures.overlaps import disc, plot_overlaps, plot_overlays, thin_line
from lungseg_course.figures.strides import plot_strides
from lungseg_course.figures.thorax import plot_ratios
from lungseg_course.figures.two_networks import both_networks, plot_both_networks

__all__ = [
    "both_networks",
    "disc",
    "fresh_chests",
    "plot_both_networks",
    "plot_constant_answers",
    "plot_curves",
    "plot_found",
    "plot_in_cases",
    "plot_network",
    "plot_overlaps",
    "plot_overlays",
    "plot_ratios",
    "plot_strides",
    "thin_line",
    "three_mistakes",
    "traits_of",
    "unsure_prediction",
]
