"""Where a training of notebook 4 writes, and which one the run folder holds in the end."""

import zipfile
from types import SimpleNamespace

import numpy as np
import pytest

from lungseg.errors import InputError
from lungseg.runs import load_run
from lungseg.splits import split_cases
from lungseg_course.training import begin_training
from lungseg_course.training.folders import score_of

NEW = SimpleNamespace(optimizer=SimpleNamespace(iterations=0))
SETTINGS = {"epochs": 3, "size": [8, 8], "learning_rate": 0.002, "cases": "/somewhere", "keras": "3.14.1"}


@pytest.fixture
def cases(tmp_path):
    folder = tmp_path / "cases"
    folder.mkdir()
    for n in range(12):
        np.save(folder / f"PHANTOM_{n:04d}_0.npy", np.full((8, 8, 2), n % 2, dtype="float32"))
    return sorted(folder.iterdir())


@pytest.fixture
def begin(tmp_path, cases):
    """Begin a training as the notebook does; settings that are given are others than usual."""

    def begin(again=False, seed=0, model=NEW, code=(score_of,), **others):
        return begin_training(
            tmp_path / "results" / "run", {**SETTINGS, **others}, split_cases(cases, seed), model, code, again
        )

    return begin


@pytest.fixture
def results(tmp_path):
    return tmp_path / "results"


def learn(folder, *scores):
    """What the callbacks of a notebook leave after so many epochs."""
    rows = [f"{epoch},{score}" for epoch, score in enumerate(scores)]
    (folder / "history.csv").write_text("\n".join(["epoch,val_dice", *rows]), encoding="utf-8")
    with zipfile.ZipFile(folder / "best.keras", "w") as file:
        file.writestr("config.json", f"the network with {max(scores, default=0)}")


def train(attempt, *scores, interrupted=False):
    with attempt.interruptible():
        if scores:
            learn(attempt.folder, *scores)
        if interrupted:
            raise KeyboardInterrupt


def words(capsys):
    """Return what was printed, which is in lines of some length, in one."""
    return " ".join(capsys.readouterr().out.split())


def files(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_first_training_is_in_the_run_folder_and_found_again_the_next_day(begin, results, capsys):
    attempt = begin()
    train(attempt, 0.8, 0.9, 0.85)
    assert "The best network, with a val_dice of 0.9000, is in results/run." in words(capsys)
    before = files(results)
    found = begin(cases="/elsewhere", keras="3.15")
    assert (found.finished, found.folder) == (True, results / "run")
    assert "finished: it is in results/run, with a val_dice of 0.9000 after epoch 2 of 3." in words(capsys)
    assert list(found.load().history["val_dice"]) == [0.8, 0.9, 0.85]
    assert files(results) == before


def test_an_interrupt_leaves_the_network_before_and_that_of_its_own(begin, results, capsys):
    train(begin(), 0.8, 0.9)
    before = files(results)
    for scores, told in (((), "Interrupted before the first epoch was finished"), ((0.7, 0.95), "after epoch 2")):
        attempt = begin(again=True)
        train(attempt, *scores, interrupted=True)
        said = words(capsys)
        assert told in said
        assert "results/run is as it was, and notebook 5 will use it." in said
        assert ("you may delete the folder results/run_1." in said) == bool(scores)
        assert before.items() <= files(results).items()
        shown = attempt.load()
        assert shown.folder == results / ("run_1" if scores else "run")
    assert load_run(results / "run_1").history["val_dice"].max() == 0.95


def test_an_interrupted_first_training_serves_until_there_is_a_better_one(begin, results, capsys):
    train(begin(), 0.7, interrupted=True)
    said = words(capsys)
    assert said.endswith(
        "Interrupted after epoch 1: its best network so far, with a val_dice of 0.7000, is in results/run."
    )
    attempt = begin()
    assert "was interrupted, with a val_dice of 0.7000 so far. In a notebook no training" in words(capsys)
    train(attempt, 0.8)
    assert score_of(results / "run") == 0.8
    assert score_of(results / "run_2") == 0.7
    assert load_run(results / "run").settings["finished"] is True


def test_a_training_that_is_interrupted_before_its_first_epoch_leaves_its_place_to_the_next(begin, results):
    for _ in range(2):
        attempt = begin()
        assert attempt.folder == results / "run"
        train(attempt, interrupted=True)
        with pytest.raises(InputError, match="there are no curves yet, as no epoch of a training was finished"):
            attempt.load()


def test_a_better_one_takes_the_place_and_the_one_before_stays_whole(begin, results, capsys):
    train(begin(), 0.9)
    (results / "run" / "evaluation.csv").write_text("case\n", encoding="utf-8")
    before = {path.name: content for path, content in files(results / "run").items()}
    attempt = begin(learning_rate=0.01)
    assert attempt.folder == results / "run_1"
    train(attempt, 0.92)
    said = words(capsys)
    assert "Its val_dice is 0.9200, and was 0.9000 before: it is better. results/run holds this training now." in said
    assert "The one before is in results/run_2 now." in said
    assert attempt.folder == results / "run"
    assert score_of(results / "run") == 0.92
    assert not (results / "run" / "evaluation.csv").exists(), "it is of the other network"
    assert {path.name: content for path, content in files(results / "run_2").items()} == before


@pytest.mark.parametrize("score", [0.9, 0.8])
def test_one_that_is_no_better_stays_beside_unless_it_is_taken(begin, results, capsys, score):
    train(begin(), 0.9)
    attempt = begin(learning_rate=0.01)
    train(attempt, score)
    said = words(capsys)
    assert "no better than the 0.9000 before, so it is in results/run_1. results/run is as it was" in said
    assert "attempt.take()" in said
    assert attempt.load().folder == results / "run_1"
    again = begin(learning_rate=0.01)
    assert (again.finished, again.folder) == (True, results / "run_1")
    again.take()
    again.take()
    assert words(capsys).endswith("results/run holds this training already.")
    assert load_run(results / "run").settings["learning_rate"] == 0.01
    assert begin().folder == results / "run_2"


def test_trainings_on_other_cases_are_not_compared(begin, results, capsys):
    train(begin(), 0.7)
    train(begin(seed=2), 0.9)
    assert "It is in results/run_1. results/run is as it was" in words(capsys)
    assert score_of(results / "run") == 0.7


@pytest.mark.parametrize(
    "others", [{"learning_rate": 0.01}, {"epochs": 9}, {"seed": 3}, {"code": (learn,)}, {"again": True}]
)
def test_other_settings_other_code_and_other_cases_are_another_training(begin, others):
    train(begin(), 0.9)
    assert not begin(**others).finished


def test_changed_pixels_are_other_cases(begin, cases):
    train(begin(), 0.9)
    np.save(cases[0], np.ones((8, 8, 2), dtype="float32"))
    assert not begin().finished


def test_code_that_is_not_known_is_never_the_same(begin):
    unknown = eval("lambda: 0", {"__name__": "nowhere"})
    train(begin(code=[unknown]), 0.9)
    assert not begin(code=[unknown]).finished


def test_a_network_that_was_trained_already_is_refused(begin, results):
    trained = SimpleNamespace(optimizer=SimpleNamespace(iterations=42))
    with pytest.raises(InputError, match=r"trained for 42 steps already. Expected a new one"):
        begin(model=trained)
    assert not results.exists()


def test_a_network_that_is_not_compiled_is_refused(begin):
    with pytest.raises(InputError, match="not compiled"):
        begin(model=SimpleNamespace(optimizer=None))


def test_a_training_that_is_at_work_keeps_its_folder(begin, results):
    attempt = begin()
    before = files(results)
    with attempt.interruptible():
        with pytest.raises(InputError, match="another command is at work"):
            begin(learning_rate=0.01)
        learn(attempt.folder, 0.8)
        assert before.items() <= files(results).items()
    assert attempt.finished


@pytest.mark.parametrize("interrupted", [True, False])
def test_the_cell_of_the_training_run_twice_spoils_nothing(begin, results, interrupted):
    attempt = begin()
    train(attempt, 0.9, interrupted=interrupted)
    before = files(results)
    with pytest.raises(InputError, match=r"To train anew, .*restart the kernel and run all cells"):
        train(attempt, 0.1)
    assert files(results) == before


def test_a_run_folder_of_an_older_version_and_one_without_a_network_count_as_what_they_are(begin, results, capsys):
    train(begin(), 0.9)
    settings = (results / "run" / "settings.json").read_text(encoding="utf-8")
    assert '"finished": true' in settings
    (results / "run" / "settings.json").write_text('{"size": [8, 8]}', encoding="utf-8")
    attempt = begin()
    assert (attempt.finished, attempt.folder) == (False, results / "run_1")
    (results / "run" / "best.keras").write_text("damaged", encoding="utf-8")
    train(attempt, 0.5)
    assert score_of(results / "run") == 0.5
    assert (results / "run_2" / "best.keras").read_text(encoding="utf-8") == "damaged"


def test_a_training_whose_scores_are_no_numbers_takes_no_place(begin, results, capsys):
    train(begin(), 0.9)
    attempt = begin(again=True)
    with attempt.interruptible():
        (attempt.folder / "history.csv").write_text("epoch,val_dice\n0,nan\n", encoding="utf-8")
    assert "it has left no network whose val_dice is a number. results/run is as it was" in words(capsys)
    assert attempt.load().folder == results / "run"
    assert not attempt.finished
    assert begin(again=True).folder == results / "run_2", "its curves stay"


def test_a_move_that_was_cut_off_is_made_up_for(begin, results):
    train(begin(), 0.9)
    (results / "run").rename(results / "run_1")
    (results / "run").mkdir()
    assert begin().finished
    assert sorted(path.name for path in results.iterdir()) == ["run"]


def test_a_network_that_was_half_written_at_an_interrupt_is_the_one_before(begin, results):
    attempt = begin()
    reporter = attempt.reporter(batches=3, epochs=2)
    with attempt.interruptible():
        learn(attempt.folder, 0.8)
        reporter.on_epoch_begin(1)
        (attempt.folder / "best.keras").write_bytes(b"PK half")
        raise KeyboardInterrupt
    assert score_of(results / "run") == 0.8
    assert {path.name for path in (results / "run").iterdir()} == {
        "best.keras",
        "history.csv",
        "settings.json",
        "split.json",
    }


def test_a_folder_that_cannot_be_moved_leaves_both_where_they_are(begin, results, monkeypatch):
    train(begin(), 0.8)
    attempt = begin(learning_rate=0.01)
    before = files(results / "run")
    rename = type(results).rename

    def refuse(path, target):
        if path.name == "run_1":
            raise PermissionError(13, "Permission denied")
        return rename(path, target)

    monkeypatch.setattr(type(results), "rename", refuse)
    with pytest.raises(InputError, match=r"expected a folder that can be moved. Received: Permission denied"):
        train(attempt, 0.9)
    assert files(results / "run") == before
    assert score_of(results / "run_1") == 0.9
    assert attempt.finished
