"""Cells in a picture of three colours, and the problems of finding them."""

import numpy as np

from lungseg.problems import Problem

CELLS = Problem(("red", "green", "blue"), ("nucleus", "edge"), recipe="colour", colours={"edge": "#0000ff"})
LABELS = Problem(("red", "green", "blue"), ("nucleus", "edge"), exclusive=False, recipe="colour")
PICTURE = np.zeros((40, 60, 3), np.uint8)
PICTURE[5:20, 10:30, 0] = 255  # a nucleus is red
PICTURE[15:35, 25:50, 1] = 200  # an edge is green; where both are, red is brighter
RED, GREEN = PICTURE[..., 0] > 127, PICTURE[..., 1] > 127
