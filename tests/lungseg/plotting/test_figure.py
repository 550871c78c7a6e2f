"""Figures are written whole, and shown once."""

import subprocess
import sys

import pytest
from matplotlib.figure import Figure
from PIL import Image

from drawings import history_table
from lungseg.errors import InputError
from lungseg.plotting import alt_text, plot_history, save_figure


def test_a_file_is_whole_or_not_there(tmp_path, monkeypatch):
    figure = plot_history(history_table())
    path = save_figure(figure, tmp_path / "history.png")
    before = path.read_bytes()

    def full_disk(self, target, **kwargs):
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Figure, "savefig", full_disk)
    with pytest.raises(InputError, match=r"history.png: the disk is full"):
        save_figure(figure, path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_figure_has_the_same_bytes_each_time(tmp_path):
    first, second = (save_figure(plot_history(history_table()), tmp_path / name) for name in ("a.png", "b.png"))
    assert first.read_bytes() == second.read_bytes()
    with Image.open(first) as image:
        assert "Software" not in image.text  # it would name the version of Matplotlib


def test_the_ending_tells_the_format(tmp_path):
    figure = plot_history(history_table())
    assert save_figure(figure, tmp_path / "new" / "a.PDF").read_bytes().startswith(b"%PDF")
    assert b"<svg" in save_figure(figure, tmp_path / "a.svg").read_bytes()
    with pytest.raises(InputError, match=r"Received: '.docx'. Try a.png"):
        save_figure(figure, tmp_path / "a.docx")
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be written"):
        save_figure(figure, tmp_path / "file" / "a.png")


def test_a_notebook_gets_one_picture_and_its_text():
    display = pytest.importorskip("IPython.core.formatters").DisplayFormatter()
    figure = plot_history(history_table())
    data, metadata = display.format(figure)
    assert set(data) == {"image/png", "text/plain"}
    assert data["text/plain"] == metadata["image/png"]["alt"] == alt_text(figure)
    assert data["image/png"].startswith(b"\x89PNG")
    assert alt_text(Figure()) == ""  # one of another make


def test_no_figure_stays_open_and_nothing_heavy_is_imported():
    """A figure that pyplot knows would be shown a second time at the end of a notebook cell."""
    script = (
        "import sys, numpy as np, lungseg.plotting as p\n"
        "mask = np.eye(8)\n"
        "p.plot_overlay(mask, mask, mask); p.plot_batch(mask[None], mask[None]); p.plot_case(np.ones((8, 8, 2)))\n"
        "p.plot_history({'loss': [2, 1]})._repr_mimebundle_()\n"
        "print([m for m in ('matplotlib.pyplot', 'tensorflow', 'keras') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")
