"""Figures are written whole, and shown once."""

import base64
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from matplotlib.figure import Figure
from PIL import Image

from drawings import history_table
from lungseg.errors import InputError
from lungseg.plotting import alt_text, plot_history, save_figure
from lungseg.plotting.in_notebooks import picture


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
    assert set(data) == {"text/html", "text/plain"}
    assert metadata == {}
    assert data["text/plain"] == alt_text(figure)
    image = BeautifulSoup(data["text/html"], "html.parser").img
    assert image["alt"] == alt_text(figure)
    assert base64.b64decode(image["src"].removeprefix("data:image/png;base64,")).startswith(b"\x89PNG")
    assert alt_text(Figure()) == ""  # one of another make


def test_a_notebook_that_uses_pyplot_gets_no_second_picture():
    """Pyplot teaches a notebook to show each figure of Matplotlib as a PNG."""
    pylabtools = pytest.importorskip("IPython.core.pylabtools")
    shell = pytest.importorskip("IPython.core.interactiveshell").InteractiveShell.instance()
    try:
        pylabtools.select_figure_formats(shell, {"png", "svg"})
        figure = plot_history(history_table())
        for _ in range(2):
            assert set(shell.display_formatter.format(figure)[0]) == {"text/html", "text/plain"}
        other = Figure()
        other.subplots()
        assert {"image/png", "image/svg+xml"} <= set(shell.display_formatter.format(other)[0])
    finally:
        type(shell).clear_instance()


def test_words_cannot_break_out_of_the_picture():
    tag = BeautifulSoup(picture(b"PNG", '"><script>alert(1)</script> & <b>', 400), "html.parser")
    assert [each.name for each in tag.find_all()] == ["img"]
    assert tag.img["alt"] == '"><script>alert(1)</script> & <b>'
    assert tag.img["width"] == "400"


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
