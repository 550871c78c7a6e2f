"""The evaluation of a cross-validation: each case by the network that has not seen it, and one table of all."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import lungseg.report
import lungseg.training.folds
from lungseg import cross_validate, evaluate, split_cases
from lungseg.cases import case_id
from lungseg.cli import main
from lungseg.evaluation import read_evaluation
from lungseg.report import evaluate_folds
from lungseg.runs import Run, write_json
from lungseg.splits import save_split
from refusals import refusal
from stand_ins import threshold_network

pytestmark = pytest.mark.usefixtures("undrawn")


def save_folds(run, cases):
    """Two folds of ten cases, as a training leaves them. The first network takes what is bright, the second all."""
    for number, split in enumerate(split_cases(cases, folds=2), start=1):
        fold = run / f"fold_{number}"
        fold.mkdir(parents=True)
        threshold_network(scale=50.0 if number == 1 else 0.0).save(fold / "best.keras")
        settings = {"split": f"fold {number} of 2", "cases": str(cases[0].parent), "groups": "10 groups, 0"}
        write_json(fold / "settings.json", settings)
        save_split(split, fold / "split.json")
        (fold / "history.csv").write_text("loss,val_dice\n0.9,0.5\n0.5,0.6\n", encoding="utf-8")


@pytest.fixture(scope="module")
def run(tmp_path_factory, phantom_cases):
    run = tmp_path_factory.mktemp("crossed") / "run"
    save_folds(run, phantom_cases)
    return run


@pytest.fixture(scope="module")
def evaluated(run, undrawn):
    lines = []
    return evaluate_folds(run, report=lines.append), lines


def test_every_case_is_in_the_table_once_with_its_fold(evaluated, run, phantom_cases):
    table, _ = evaluated
    assert sorted(table["case"]) == list(map(case_id, phantom_cases))
    for number, split in enumerate(split_cases(phantom_cases, folds=2), start=1):
        rows = table[table["fold"] == number]
        assert sorted(rows["case"]) == list(map(case_id, split.test))
    everything = table[table["fold"] == 2]
    assert (everything["fn"] == 0).all()  # the second network calls all of the image lung
    assert (everything["tp"] + everything["fp"] == 32 * 32).all()


def test_table_summary_and_reports_are_written(evaluated, run):
    table, lines = evaluated
    read = read_evaluation(run)
    assert read["fold"].tolist() == table["fold"].tolist()
    assert read["dice"].tolist() == table["dice"].tolist()
    summary = json.loads((run / "summary.json").read_text(encoding="utf-8"))
    assert summary["count"] == 10
    assert summary["dice"]["mean"] == pytest.approx(table["dice"].mean())
    expected = {"run": "run", "folds": 2, "groups": "10 groups, 0", "part": "test", "clean": False}
    assert summary["evaluated"] == expected
    folds = pd.read_csv(run / "folds.csv").set_index("fold")
    assert folds["dice"]["all cases"] == pytest.approx(table["dice"].mean())
    assert folds["dice"]["mean of folds"] == pytest.approx(table.groupby("fold")["dice"].mean().mean())
    assert all((run / f"fold_{number}" / "report.html").exists() for number in (1, 2))
    assert any("SD of folds" in line for line in lines)


def test_in_python_the_folder_of_the_folds_gives_the_table_alone(run, evaluated):
    table = evaluate(run)
    reported = evaluated[0]
    assert table[["case", "fold", "dice"]].equals(reported[["case", "fold", "dice"]])


def test_the_command_evaluates_folds_as_it_does_a_run(run, monkeypatch):
    refused = CliRunner().invoke(main, ["evaluate", str(run), "--part", "train"])
    assert refused.exit_code == 1
    assert "the test parts of the folds. Received: 'train'" in refused.stderr
    asked = []
    monkeypatch.setattr(lungseg.report, "evaluate_folds", lambda *given, **settings: asked.append(given))
    assert CliRunner().invoke(main, ["evaluate", str(run), "--out", "elsewhere", "--clean"]).exit_code == 0
    assert asked == [(run, None, None, Path("elsewhere"), True)]


def test_folds_that_test_a_case_twice_are_refused(phantom_cases, tmp_path):
    save_folds(tmp_path / "run", phantom_cases)
    other = split_cases(phantom_cases, folds=2, seed=1)[1]
    save_split(other, tmp_path / "run" / "fold_2" / "split.json")
    text = refusal(evaluate_folds, tmp_path / "run")
    assert "in the test part of one fold. Received: PHANTOM_" in text
    assert not (tmp_path / "run" / "evaluation.csv").exists()


def test_cross_validate_trains_and_evaluates(monkeypatch):
    asked = []
    monkeypatch.setattr(
        lungseg.training.folds, "train_folds", lambda *given, **settings: asked.append((given, settings))
    )
    monkeypatch.setattr(lungseg.report.cross_validation, "evaluate_folds", lambda run, **settings: [run, *settings])
    assert cross_validate("cases", "run", 2, "....$", epochs=3) == ["run", "report", "progress"]
    assert asked == [(("cases", "run", 2, "....$"), {"report": print, "progress": False, "epochs": 3})]


def test_what_a_function_loads_is_trained_and_evaluated_fold_by_fold(monkeypatch, phantom_cases, tmp_path):
    def load(number):
        loaded.append(number)
        return np.full((32, 32), number / 20), np.full((32, 32, 1), number >= 10)

    def train_folds(items, run, folds, groups, **settings):
        asked.append(settings)
        save_folds(run, phantom_cases)
        runs = [Run(run / f"fold_{number}") for number in (1, 2)]
        for one, split in zip(runs, split_cases(items, folds=folds, groups=groups), strict=True):
            save_split(split, one.folder / "split.json")
        return runs

    asked, loaded, lines = [], [], []
    monkeypatch.setattr(lungseg.training.folds, "train_folds", train_folds)
    items = [1, 2, 3, 4, 5, 15, 16, 17, 18, 19]
    table = cross_validate(iter(items), tmp_path / "run", 2, load=load, report=lines.append, epochs=3)
    assert asked == [{"load": load, "report": lines.append, "progress": False, "epochs": 3}]
    assert sorted(loaded) == items
    for number, split in enumerate(split_cases(items, folds=2), start=1):
        assert table.loc[table["fold"] == number, "case"].tolist() == [
            str(item) for item in items if item in split.test
        ]
    first = table[table["fold"] == 1]  # by the network that takes what is bright; the other one takes all
    assert (first["dice"] == 1).all()
    assert (table.loc[table["fold"] == 2, "tp"] + table.loc[table["fold"] == 2, "fp"] == 32 * 32).all()
    assert read_evaluation(tmp_path / "run")["dice"].tolist() == table["dice"].tolist()
    assert {path.name for path in (tmp_path / "run").glob("*.*")} == {"evaluation.csv", "folds.csv", "summary.json"}
    assert lines[-1].startswith("There is no report.html")
