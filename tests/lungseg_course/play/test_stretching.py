"""The figure of cropping and stretching."""

import re

import numpy as np
import pytest

from lungseg.preparation import HIGH, LOW
from lungseg_course.play import stretching


def numbers(crop, low, high):
    """The grey values that are stretched to 0 and 1, and the percentage of pixels that are all black or white."""
    words = stretching.draw(crop, low, high).alt_text
    found = re.search(r"grey values from (\S+) to (\S+) are stretched to 0 and 1\. (\d+) % of the pixels", words)
    return float(found[1]), float(found[2]), int(found[3])


def test_it_begins_as_lungseg_prepares():
    still = stretching.play_with_stretching().still
    assert f"from the {LOW:.0f}th to the {HIGH:.0f}th percentile, the border cropped" in still.alt_text


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"crop": False}, "black"),  # the border takes up the lowest percentiles
        ({"low": 30, "high": 70}, "lost"),
        ({"low": 0, "high": 100}, "nothing"),
    ],
)
def test_what_the_text_below_it_says(change, expected):
    dark, _, lost = numbers(True, 5, 95)
    new_dark, _, new_lost = numbers(**({"crop": True, "low": 5, "high": 95} | change))
    assert 10 <= lost < 15  # a tenth, and what is as dark or bright as the percentiles themselves
    assert dark > 0.1
    match expected:
        case "black":
            assert new_dark == 0
        case "lost":
            assert new_lost > 50
        case "nothing":
            assert new_lost == 0


def test_the_film_has_a_border_and_little_contrast():
    film, box = stretching.film()
    kept = box.cut(film)
    assert kept.size < 0.95 * film.size
    assert np.diff(np.percentile(kept, (LOW, HIGH))) < 0.6
