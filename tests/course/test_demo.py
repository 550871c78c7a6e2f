"""make demo: what it tells while notebooks run, and what it shows at the end."""

import io
from types import SimpleNamespace

import nbformat
import pytest

import demo


@pytest.fixture
def follower():
    cells = [nbformat.v4.new_code_cell("1"), nbformat.v4.new_markdown_cell("words"), nbformat.v4.new_code_cell("2")]
    follower = demo.Follower(nbformat.v4.new_notebook(cells=cells), demo.ROOT)
    follower.count(cells[0], 0, {})
    return follower


class Terminal(io.StringIO):
    def isatty(self):
        return True


LINES = [
    "before the training; the first batch takes longest",
    "epoch 1 of 2 · batch 1 of 9",
    "epoch 1 of 2 · val_dice 0.700 · about 9 s left",
    "epoch 2 of 2 · batch 8 of 9 · val_dice 0.700 · about 1 s left",
    "epoch 2 of 2 · val_dice 0.900",
]


@pytest.mark.parametrize(
    ("stream", "told"),
    [
        (io.StringIO, ["epoch 1 of 2 · val_dice 0.700 · about 9 s left", "epoch 2 of 2 · val_dice 0.900"]),
        (Terminal, [f"cell 2 of 2: {line}" for line in LINES[1:]]),
    ],
)
def test_the_training_is_followed(follower, monkeypatch, stream, told):
    out, passed_on = stream(), []
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr(demo.NotebookClient, "process_message", lambda self, msg, *where: passed_on.append(msg))
    for at, line in enumerate(LINES):
        kind = "update_display_data" if at else "display_data"
        message = {"msg_type": kind, "content": {"data": {"text/plain": f"{line}\nAlt"}}}
        follower.process_message(message, follower.nb.cells[2], 2)
    assert [line.strip() for line in out.getvalue().replace("\r", "\n").splitlines() if line.strip()] == told
    assert max(map(len, out.getvalue().replace("\r", "\n").splitlines())) < 80
    assert len(passed_on) == len(LINES)


@pytest.mark.parametrize(
    ("variables", "platform", "stream", "opened"),
    [
        ({"DISPLAY": ":0"}, "linux", Terminal, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", Terminal, True),
        ({}, "darwin", Terminal, True),
        ({}, "win32", Terminal, True),
        ({}, "linux", Terminal, False),
        ({"DISPLAY": ":0", "CI": "true"}, "linux", Terminal, False),
        ({"SSH_CONNECTION": "a"}, "darwin", Terminal, False),
        ({"DISPLAY": ":0"}, "linux", io.StringIO, False),
    ],
)
def test_the_report_is_opened_on_a_desktop_alone(variables, platform, stream, opened, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "CI", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout", stream())
    monkeypatch.setattr(demo.sys, "platform", platform)
    assert demo.is_a_desktop() is opened


def test_the_picture_comes_first_and_the_report_is_made(monkeypatch, tmp_path, capsys):
    run, made, opened = tmp_path / "results" / "demo" / "run", [], []
    (run / "figures").mkdir(parents=True)
    for name in ("gallery", "history"):
        (run / "figures" / f"{name}.png").touch()
    names = {"ROOT": tmp_path, "RESULTS": run.parent, "RUN": run}
    names |= {"PICTURE": run / "figures" / "gallery.png", "REPORT": run / "report.html"}
    names |= {"read_evaluation": lambda folder: folder, "summary_text": lambda summary: "The table."}
    names |= {"summarise": lambda table: {"dice": {"mean": 0.95}, "count": 46}, "is_a_desktop": lambda: True}
    names |= {"evaluate_run": lambda folder, report: made.append(folder)}
    names |= {"webbrowser": SimpleNamespace(open=lambda address: opened.append(address) or True)}
    for name, value in names.items():
        monkeypatch.setattr(demo, name, value)
    demo.show_results(83)
    lines = capsys.readouterr().out.split("\n")
    assert lines[1] == "The result, as a picture: results/demo/run/figures/gallery.png"
    assert "Test Dice: 0.950 (mean of 46 test cases)" in lines
    assert "  results/demo/run/figures/history.png" in lines
    assert made == [run]
    assert opened == [(run / "report.html").as_uri()]
    (run / "report.html").touch()  # notebook 5 has made it
    demo.show_results(83)
    assert made == [run]
