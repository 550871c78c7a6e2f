"""The size of a pixel, from the manifest beside the cases."""

import pytest

from lungseg.evaluation import spacing_of
from refusals import refusal


@pytest.fixture
def write(tmp_path):
    def write(text):
        (tmp_path / "manifest.csv").write_text(text, encoding="utf-8")
        return [tmp_path / "a_mask.npy", tmp_path / "b.npy"]

    return write


def test_height_and_width_by_the_case(write):
    first, second = write("case,size,pixel_height_mm,pixel_width_mm\na,64,0.8,0.4\nb,64,1.5,1.5\n")
    assert spacing_of([first, str(second), 7, ("x", "y")]) == {first: (0.8, 0.4), str(second): (1.5, 1.5)}


@pytest.mark.parametrize(
    "text", ["case,size\na,64\n", "case,pixel_height_mm,pixel_width_mm\na,,\n", "", "something;else\n1;2\n"]
)
def test_nothing_is_known_where_nothing_is_told(write, text):
    assert spacing_of(write(text)) == {}


def test_without_a_manifest_nothing_is_known(tmp_path):
    assert spacing_of([tmp_path / "a.npy"]) == {}


@pytest.mark.parametrize("sizes", ["0.8,", "0,1", "-1,1", "nan,1", "inf,1", "wide,1"])
def test_a_size_that_is_none_is_refused(write, sizes):
    said = refusal(spacing_of, write(f"case,pixel_height_mm,pixel_width_mm\na,{sizes}\n"))
    assert "case a: expected pixel_height_mm and pixel_width_mm above 0. Received: " in said
    assert "manifest.csv" in said
