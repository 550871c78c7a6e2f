"""Pictures of radiographs with the outline of their masks."""

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from lungseg.masks.overlap import dice_of
from predicting import predict
from radiographs import chest, save


def test_an_overlay_has_the_outline_where_the_mask_ends(run, tmp_path):
    film = save(tmp_path / "film.png", chest()[0].astype(np.uint8))
    result, _ = predict(run, film, out=tmp_path / "out", options=["--overlay"])
    assert result.exit_code == 0
    picture = np.asarray(Image.open(tmp_path / "out" / "overlays" / "film.png")).astype(int)
    mask = np.asarray(Image.open(tmp_path / "out" / "film.png")) > 0
    orange = (picture == (213, 94, 0)).all(axis=-1)
    inside = np.pad(mask, 1)
    inside = mask & inside[2:, 1:-1] & inside[:-2, 1:-1] & inside[1:-1, 2:] & inside[1:-1, :-2]
    assert (mask & ~inside)[orange].sum() > 0.7 * orange.sum()
    assert orange[mask & ~inside].all()
    assert not orange[~mask].any()


MEMORY = """
import resource, sys
from click.testing import CliRunner
from lungseg.cli import main
from lungseg.prediction import open_model
open_model(sys.argv[2])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
result = CliRunner().invoke(main, ["predict", sys.argv[1], "--model", sys.argv[2], "--out", sys.argv[3], "--overlay"])
assert result.exit_code == 0, result.output
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux does")
def test_6000_x_5000_pixels(run, tmp_path):
    grey, lungs = chest(200, 160)
    large = Image.fromarray(grey.astype(np.uint8)).resize((5000, 6000), Image.Resampling.NEAREST)
    large.save(tmp_path / "large.tif")
    command = [sys.executable, "-c", MEMORY, str(tmp_path / "large.tif"), str(run), str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    mask = Image.open(tmp_path / "out" / "large.png")
    assert mask.size == (5000, 6000)
    small = np.asarray(mask.resize((160, 200), Image.Resampling.NEAREST))
    assert dice_of(small > 0, lungs) > 0.93
    assert max(Image.open(tmp_path / "out" / "overlays" / "large.png").size) == 2048
    assert int(done.stdout.split()[-1]) < 0.9e6, "kilobytes above those of Keras and the network"
