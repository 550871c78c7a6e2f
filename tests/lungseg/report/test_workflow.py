"""The evaluation of a run, from its cases to its files: each case predicted once, from Python as from the shell."""

import errno
import json
import os
import re
import shutil
from collections import Counter
from contextlib import nullcontext

import numpy as np
import pytest
from click.testing import CliRunner

from lungseg import InputError
from lungseg.cases import case_id, mark_cases
from lungseg.cli import main
from lungseg.files import DiskFull, folder_lock, remove_unfinished, write_text
from lungseg.report import evaluate_run, workflow
from lungseg.report.workflow import _appearing_together
from lungseg.runs import Run, write_json
from pages import Page

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("undrawn")]


class Network:
    """Calls the dark half of a radiograph lung, and counts how often it sees which image."""

    def __init__(self):
        self.seen = Counter()

    def __call__(self, images):
        self.seen.update(image.tobytes() for image in images if image.any())  # without the filling of a batch
        return np.clip(1.1 - images, 0, 1)


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


@pytest.mark.parametrize(
    ("part", "count", "clean"),
    [(None, 5 + 3, False), (None, 5 + 3, True), ("validation", 3, False), ("train", 2 + 3, True), ("all", 10, True)],
)
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


def test_results_do_not_lie_among_the_cases(run, others):
    before = files_in(others)
    for out in (others, others / "figures" / ".."):
        with pytest.raises(InputError, match=r"expected a folder for the results. Received: that of the cases"):
            evaluate_run(run, others, out=out, report=quiet)
    with pytest.raises(InputError, match=r"out: expected a folder. Received: an empty name"):
        evaluate_run(run, others, out="", report=quiet)
    assert files_in(others) == before


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


# ---- The folder of the results ---------------------------------------------------------------


OLD = (
    "evaluation.csv",
    "summary.json",
    "report.html",
    "figures/gallery.png",
    "figures/history.png",
    "figures/mine.png",
)


@pytest.fixture
def evaluated(tmp_path):
    """What an earlier evaluation has left, in a folder that holds something else too."""
    out = tmp_path / "out"
    (out / "figures").mkdir(parents=True)
    for name in OLD:
        (out / name).write_text("old")
    return out


def test_two_evaluations_into_one_folder_at_once_are_refused_before_anything_is_measured(run, evaluated):
    before = files_in(evaluated)
    run.model.seen.clear()
    with folder_lock(evaluated), pytest.raises(InputError, match="out: another command is at work in this folder"):
        evaluate_run(run, out=evaluated, report=quiet)
    with folder_lock(run.folder):  # a training goes on: other folders are free
        evaluate_run(run, out=evaluated.parent / "other", report=quiet)
    assert len(run.model.seen) == 8
    assert files_in(evaluated) == before


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_a_folder_that_cannot_be_written_is_told_before_anything_is_measured(run, tmp_path, monkeypatch, number):
    def refuse(dir):
        raise OSError(number, os.strerror(number), str(dir))

    monkeypatch.setattr("lungseg.files.disk.tempfile.TemporaryFile", refuse)
    says = "the disk is full. Nothing was changed" if number == errno.ENOSPC else "expected a folder that can be writ"
    with pytest.raises(InputError, match=f"out: {says}"):
        evaluate_run(run, out=tmp_path / "out", report=quiet)
    assert not run.model.seen
    with pytest.raises(InputError, match=r"history\.csv.out: expected a folder that can be written"):
        evaluate_run(run, out=run.folder / "history.csv" / "out", report=quiet)


@pytest.mark.parametrize("fails", ["measure_cases", "save_figure", "write_report"])
def test_nothing_changes_where_an_evaluation_fails(run, evaluated, monkeypatch, fails):
    def full(*arguments, **settings):
        raise OSError(errno.ENOSPC, "full", str(evaluated / "a file"))

    monkeypatch.setattr(workflow, fails, full)
    with pytest.raises(DiskFull, match=r"a file: the disk is full. The results of before, if any, are as they were\."):
        evaluate_run(run, out=evaluated, report=quiet)
    assert files_in(evaluated) == dict.fromkeys(OLD, b"old")


def write_anew(folder):
    with _appearing_together(folder) as unseen:
        (unseen / "figures").mkdir()
        for name in ("evaluation.csv", "summary.json", "figures/gallery.png", "report.html"):
            write_text(unseen / name, "new")


def moved_until(moment, fault, monkeypatch):
    """Let the renaming of that number fail."""
    real, calls = os.replace, []

    def replace(source, target):
        if not source.name.startswith("."):  # no temporary file
            calls.append(target)
            if len(calls) == moment:
                raise fault
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)


class Killed(BaseException):
    """Of a process: nothing is put right after it."""


@pytest.mark.parametrize("moment", range(1, 9))
def test_a_kill_between_two_renamings_leaves_no_report_beside_another_table(evaluated, monkeypatch, moment):
    moved_until(moment, Killed(), monkeypatch)
    monkeypatch.setattr(workflow.shutil, "rmtree", lambda *arguments, **settings: None)
    with pytest.raises(Killed) if moment < 8 else nullcontext():
        write_anew(evaluated)
    files = files_in(evaluated)
    assert files["evaluation.csv"] == files.get("report.html", files["evaluation.csv"])
    monkeypatch.undo()
    remove_unfinished(evaluated)
    write_anew(evaluated)
    new = ("evaluation.csv", "summary.json", "figures/gallery.png", "report.html")
    assert files_in(evaluated) == {"figures/mine.png": b"old", **dict.fromkeys(new, b"new")}  # no old history


def test_a_table_that_cannot_be_replaced_keeps_its_report(evaluated, monkeypatch):
    moved_until(4, PermissionError(errno.EACCES, "open in another program"), monkeypatch)
    with pytest.raises(PermissionError):
        write_anew(evaluated)
    assert files_in(evaluated) == dict.fromkeys(OLD, b"old")


def test_a_full_disk_names_the_file_and_not_the_hidden_folder(evaluated):
    named = pytest.raises(DiskFull, match=r"out.figures.gallery\.png: the disk is full")
    with named, _appearing_together(evaluated) as new:
        raise DiskFull(new / "figures" / "gallery.png")
    with pytest.raises(OSError, match="full") as caught, _appearing_together(evaluated) as new:
        raise OSError(errno.ENOSPC, "full", str(new / "evaluation.csv"))
    assert caught.value.filename == str(evaluated / "evaluation.csv")
    assert files_in(evaluated) == dict.fromkeys(OLD, b"old")


def test_a_folder_is_not_left_empty(run, tmp_path, monkeypatch):
    monkeypatch.setattr(workflow, "measure_cases", lambda *arguments, **settings: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        evaluate_run(run, out=tmp_path / "out", report=quiet)
    assert not (tmp_path / "out").exists()


def test_cases_of_the_same_names_and_other_pixels_get_a_word(run, phantom_cases, tmp_path):
    def said(**settings):
        lines = []
        evaluate_run(run, out=tmp_path / "out", report=lines.append, **settings)
        return any("but other pixels than when the network was trained" in line for line in lines)

    parts = {part: [path for path in phantom_cases if case_id(path) in ids] for part, ids in run.split_ids.items()}
    run.settings["fingerprint"] = {part: mark_cases(paths) for part, paths in parts.items()}
    assert not said()
    run.settings["fingerprint"] |= {"test": "other", "train": "other"}
    assert [said(), said(part="train"), said(part="validation")] == [True, True, False]
    assert not said(cases=run.settings["cases"], part="all")
