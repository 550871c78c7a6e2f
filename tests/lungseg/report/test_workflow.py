"""The evaluation of a run, from its cases to its files: each case predicted once, from Python as from the shell."""

import json
import re
import shutil
from collections import Counter

import numpy as np
import pytest
from click.testing import CliRunner
from matplotlib.figure import Figure

from lungseg import InputError
from lungseg.cases import case_id
from lungseg.cli import main
from lungseg.report import evaluate_run
from lungseg.runs import Run, write_json
from pages import Page


class Network:
    """Calls the dark half of a radiograph lung, and counts how often it sees which image."""

    def __init__(self):
        self.seen = Counter()

    def __call__(self, images):
        self.seen.update(image.tobytes() for image in images if image.any())  # without the filling of a batch
        return np.clip(1.1 - images, 0, 1)


@pytest.fixture(autouse=True)
def undrawn(monkeypatch):
    """Leave the pictures away, which take most of the time."""

    def savefig(figure, target, **settings):
        (target.write if hasattr(target, "write") else target.write_bytes)(b"\x89PNG")

    monkeypatch.setattr(Figure, "savefig", savefig)


@pytest.fixture
def run(phantom_cases, tmp_path):
    """A run folder: two cases for training, three for validation, five for the test. Only the network is a function."""
    names = [case_id(path) for path in phantom_cases]
    folder = tmp_path / "run"
    folder.mkdir()
    write_json(folder / "settings.json", {"cases": str(phantom_cases[0].parent)})
    write_json(folder / "split.json", {"train": names[:2], "validation": names[2:5], "test": names[5:]})
    (folder / "history.csv").write_text("loss,val_dice\n0.9,0.5\n0.5,0.6\n", encoding="utf-8")
    run = Run(folder)
    run.model = Network()
    return run


@pytest.fixture
def others(phantom_cases, tmp_path):
    """A folder of three cases whose names the run does not know."""
    folder = tmp_path / "others"
    folder.mkdir()
    for path in phantom_cases[:3]:
        shutil.copy(path, folder / path.name.replace("PHANTOM", "OTHER"))
    return folder


def quiet(line):
    """Take a line and show it to nobody."""


def files_in(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(("part", "count"), [(None, 5 + 3), ("validation", 3), ("train", 2 + 3), ("all", 10)])
@pytest.mark.parametrize("clean", [False, True])
def test_each_case_is_predicted_once(run, part, count, clean, tmp_path):
    """For table, figures and report together; the validation cases too, which show the effect of the threshold."""
    evaluate_run(run, part=part, out=tmp_path / "out", clean=clean, report=quiet)
    assert len(run.model.seen) == count
    assert set(run.model.seen.values()) == {1}
    words = "On 3 of the 3 validation cases" + (", with cleaned predictions, the" if clean else " the mean Dice")
    assert words in Page(tmp_path / "out" / "report.html").text


@pytest.mark.parametrize("clean", [False, True])
def test_validation_cases_that_are_evaluated_too_give_the_same_thresholds(run, clean, tmp_path):
    sections = []
    for part in ("test", "all"):
        evaluate_run(run, part=part, out=tmp_path / part, clean=clean, report=quiet)
        page = (tmp_path / part / "report.html").read_text(encoding="utf-8")
        sections.append(re.search(r"The effect of the threshold</h2>.*?</section>", page, re.DOTALL)[0])
    assert sections[0] == sections[1]


def test_the_command_and_the_function_write_the_same(run, tmp_path, monkeypatch):
    monkeypatch.setattr("lungseg.report.workflow.load_run", lambda folder: run)
    lines = []
    cases = run.settings["cases"]
    evaluation = evaluate_run(run, cases, "all", tmp_path / "out", clean=True, report=lines.append)
    written = files_in(tmp_path / "out")
    shutil.rmtree(tmp_path / "out")
    arguments = ["run", "--cases", cases, "--part", "all", "--out", str(tmp_path / "out"), "--clean"]
    result = CliRunner().invoke(main, ["evaluate", *arguments])
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == "\n".join(lines).splitlines()
    assert files_in(tmp_path / "out") == written
    assert {"report.html", "evaluation.csv", "summary.json", "figures/gallery.png"} < set(written)
    assert all(name in lines[-1] for name in written)
    assert list(evaluation.masks) == evaluation.table["case"].tolist() == [case_id(path) for path in evaluation.cases]


def test_other_cases_leave_the_threshold_to_the_validation_cases_of_the_run(run, others, phantom_cases, tmp_path):
    evaluate_run(run, others, out=tmp_path / "a", report=quiet)
    page = Page(tmp_path / "a" / "report.html").text
    assert "3 cases that the run does not know" in page
    assert "On 3 of the 3 validation cases the mean Dice" in page

    # A case of another hospital that has the name of a validation case has no say in it either.
    (others / f"{run.split_ids['validation'][0]}.npy").write_bytes(phantom_cases[0].read_bytes())
    evaluate_run(run, others, out=tmp_path / "b", report=quiet)
    assert "On 3 of the 3 validation cases the mean Dice" in Page(tmp_path / "b" / "report.html").text
    summary = json.loads((tmp_path / "b" / "summary.json").read_text(encoding="utf-8"))
    assert summary["evaluated"] == {
        "run": "run",
        "cases": "others",
        "part": "not seen in training",
        "seen_in_training": 0,
        "clean": False,
        "threshold": 0.5,
    }


def test_without_the_folder_of_the_training_the_report_is_written_all_the_same(run, others, tmp_path):
    run.settings["cases"] = str(tmp_path / "gone")
    evaluate_run(run, others, out=tmp_path / "out", report=quiet)
    assert "None of the run's 3 validation cases is at hand" in Page(tmp_path / "out" / "report.html").text


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_without_a_history_there_are_no_curves_but_all_the_rest(run, tmp_path, content):
    (run.folder / "history.csv").unlink()
    if content:
        (run.folder / "history.csv").write_bytes(content)
    lines = []
    evaluate_run(run, out=tmp_path / "out", report=lines.append)
    assert any("There will be no training curves." in line for line in lines)
    assert "report.html" in files_in(tmp_path / "out")
    assert "figures/history.png" not in files_in(tmp_path / "out")


def test_cases_of_the_training_that_lie_elsewhere_now_are_asked_for(run, tmp_path):
    run.settings["cases"] = str(tmp_path / "gone")
    with pytest.raises(InputError, match=r"gone: .* --cases DIR --part test"):
        evaluate_run(run, report=quiet)
    with pytest.raises(InputError, match="absent: ") as raised:
        evaluate_run(run, tmp_path / "absent", report=quiet)
    assert "--cases" not in str(raised.value)


def test_a_run_without_a_folder_of_cases_needs_two(run, others, tmp_path):
    del run.settings["cases"]
    with pytest.raises(InputError, match="--cases DIR --out DIR"):
        evaluate_run(run, others, report=quiet)
    with pytest.raises(InputError, match="tset"):
        evaluate_run(run, others, "tset", tmp_path / "out", report=quiet)
