"""compare: what it trains, what it finds again, and what it shows."""

import json

import keras
import numpy as np
import pytest

from lungseg.errors import InputError
from lungseg.phantom import write_phantoms
from lungseg_course import compare, scores_of
from lungseg_course.experiments import training
from lungseg_course.experiments.cases import Cases
from lungseg_course.experiments.chart import plot_comparison
from lungseg_course.experiments.network import build_network
from lungseg_course.experiments.refusing import TrainsWhilePlanning, refusing_to_train
from lungseg_course.experiments.settings import Settings, settings_of

TINY = {"size": 16, "depth": 1, "filters": 2, "steps": 2, "batch_size": 2}


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    return write_phantoms(tmp_path_factory.mktemp("cases"), count=12, size=32)


@pytest.fixture
def trained(monkeypatch):
    """Note which trainings are done; each takes no time, and its score tells which it was."""
    done = []

    def train(settings, arrays, seed, after_step):
        done.append((settings, seed))
        after_step(settings.steps)
        return {"dice": 0.9 + seed / 100 - (not settings.skips) / 10, "parameters": 1000, "seconds": 2.0}

    monkeypatch.setattr(training, "train_once", train)
    return done


VARIANTS = {"with skips": {}, "without skips": {"skips": False}}


def test_a_table_with_a_row_for_each_variant_and_a_column_for_each_seed(cases, trained, tmp_path):
    table = compare(VARIANTS, cases, seeds=3, basis=TINY, folder=tmp_path)
    assert list(table.columns) == ["mean", "low", "high", "seed 0", "seed 1", "seed 2", "parameters", "seconds"]
    assert table.loc["without skips", ["mean", "seed 0", "seed 2"]].tolist() == [0.81, 0.8, 0.82]
    assert scores_of(table, "with skips").tolist() == [0.9, 0.91, 0.92]
    assert table.loc["with skips", "low"] == pytest.approx(0.91 - 4.303 * 0.01 / 3**0.5, abs=1e-4)
    with pytest.raises(InputError, match="expected one of the variants 'with skips', 'without skips'"):
        scores_of(table, "skips")


def test_what_is_done_is_not_trained_again(cases, trained, tmp_path, capsys):
    compare(VARIANTS, cases, seeds=2, basis=TINY, folder=tmp_path)
    assert "4 trainings; 8 seconds." in capsys.readouterr().out
    again = compare(VARIANTS, cases, seeds=3, basis=TINY, folder=tmp_path)
    assert "6 trainings, 4 of them done before; 4 seconds." in capsys.readouterr().out
    assert [seed for _, seed in trained] == [0, 1, 0, 1, 2, 2]
    compare({"another name": {}, "and once more": {}}, cases, seeds=3, basis=TINY, folder=tmp_path)
    assert "6 trainings, all of them done before." in capsys.readouterr().out
    assert again.notna().all(axis=None)


def test_how_long_it_takes_is_told_before_the_first_training(cases, trained, tmp_path, capsys):
    larger = {**TINY, "steps": 250}
    compare({"a": {}}, cases, seeds=2, basis=larger, folder=tmp_path)
    first = capsys.readouterr().out.splitlines()[0]
    assert first == "2 trainings to do: about 10 seconds, if this computer has two processor cores."
    compare({"a": {}, "twice": {"filters": 4}}, cases, seeds=60, basis=larger, folder=tmp_path)
    # 58 of 2 seconds each, as those before, and 60 of 4.
    assert capsys.readouterr().out.splitlines()[0] == "118 trainings to do: about 6 minutes."
    compare({"a": {}}, cases, seeds=2, basis=larger, folder=tmp_path)
    assert capsys.readouterr().out == "2 trainings, all of them done before.\n"


@pytest.mark.parametrize(
    ("shapes", "words"),
    [
        ([(32, 32)] * 6, ""),
        ([(32, 32)] * 5 + [(40, 48)], "The cases have 2 sizes, from 32 × 32 to 40 × 48 pixels."),
        ([(32, 48)] * 6, "The cases have 32 × 48 pixels."),
    ],
)
def test_that_cases_of_other_sizes_are_made_squares_is_said_once(trained, tmp_path, capsys, shapes, words):
    paths = [tmp_path / f"PHANTOM_{place:04}_{place % 2}.npy" for place in range(len(shapes))]
    for path, shape in zip(paths, shapes, strict=True):
        np.save(path, np.zeros((*shape, 2), dtype="float32"))
    variants = {"16": {}, "8": {"size": 8}}
    compare(variants, paths, seeds=2, basis={**TINY, "training_cases": 4}, folder=tmp_path / "kept")
    told = " ".join(capsys.readouterr().out.split())
    assert told.count("The networks see each of them as a square, of 16 × 16 here") == bool(words)
    assert words in told


def test_other_cases_and_other_settings_are_other_trainings(cases, trained, tmp_path):
    for change in ({}, {"filters": 3}, {"learning_rate": 0.1}, {"training_cases": 4}):
        compare({"a": change}, cases, seeds=1, basis=TINY, folder=tmp_path)
    compare({"a": {}}, cases[:-1], seeds=1, basis=TINY, folder=tmp_path)
    assert len(trained) == 5


def test_a_score_that_is_spoilt_is_trained_again(cases, trained, tmp_path):
    compare({"a": {}}, cases, seeds=1, basis=TINY, folder=tmp_path)
    (file,) = tmp_path.iterdir()
    kept = json.loads(file.read_text(encoding="utf-8"))
    assert (kept["seed"], kept["settings"]["filters"]) == (0, 2)
    file.write_text("{", encoding="utf-8")
    compare({"a": {}}, cases, seeds=1, basis=TINY, folder=tmp_path)
    assert len(trained) == 2


def test_an_interrupt_keeps_what_is_finished(cases, trained, tmp_path, capsys, monkeypatch):
    train = training.train_once

    def stop(settings, arrays, seed, after_step):
        if seed == 1:
            raise KeyboardInterrupt
        return train(settings, arrays, seed, after_step)

    monkeypatch.setattr(training, "train_once", stop)
    table = compare({"a": {}}, cases, seeds=3, basis=TINY, folder=tmp_path)
    assert "Interrupted: 1 of 3 trainings finished, and kept." in capsys.readouterr().out
    assert table.loc["a", "mean"] == 0.9
    assert np.isnan(table.loc["a", ["low", "seed 1"]].astype(float)).all()
    assert "a: 0.9000, one training." in plot_comparison(table).alt_text


def test_a_folder_that_cannot_be_written_is_told(cases, trained, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="the score of a training cannot be written"):
        compare({"a": {}}, cases, seeds=1, basis=TINY, folder=tmp_path / "file")


def test_more_cases_or_pixels_than_there_are_are_refused(cases, tmp_path):
    with pytest.raises(InputError, match=r"training_cases: expected at most \d, .* Received: 50\."):
        compare({"a": {"training_cases": 50}}, cases, basis=TINY, folder=tmp_path)
    with pytest.raises(InputError, match=r"size: expected at most 32, .* Received: 64\."):
        compare({"a": {"size": 64}}, cases, basis=TINY, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_scores_lie_in_the_results_of_the_project(cases, trained, tmp_path, monkeypatch):
    (tmp_path / "lungseg").mkdir()
    (tmp_path / "lungseg" / "__init__.py").touch()
    (tmp_path / "my_course").mkdir()
    monkeypatch.chdir(tmp_path / "my_course")
    monkeypatch.delenv("LUNGSEG_COURSE", raising=False)
    compare({"a": {}}, cases, seeds=1, basis=TINY)
    assert len(list((tmp_path / "results" / "experiments").glob("*.json"))) == 1
    (tmp_path / "course").mkdir()
    monkeypatch.setenv("LUNGSEG_COURSE", str(tmp_path / "course"))
    compare({"a": {}}, cases, seeds=1, basis=TINY)
    assert len(list((tmp_path / "course" / "results" / "experiments").glob("*.json"))) == 1


def test_fewer_cases_are_a_part_of_more(cases):
    both = Cases(cases)
    few, many = (both.arrays(settings_of({**TINY, "training_cases": count})) for count in (3, 6))
    assert np.array_equal(few.images, many.images[:3])
    assert few.images.shape == few.masks.shape == (3, 16, 16, 1)
    assert few.truth[0].shape == (32, 32)
    assert set(np.unique(few.masks)) == {0, 1}


# ---- Training ----------------------------------------------------------------------------------


def test_a_training_depends_on_its_seed_alone_and_leaves_chance_where_it_was(cases):
    settings = settings_of(TINY)
    arrays = Cases(cases).arrays(settings)
    np.random.seed(7)  # noqa: NPY002
    expected = np.random.random()  # noqa: NPY002
    np.random.seed(7)  # noqa: NPY002
    first, other, again = (training.train_once(settings, arrays, seed)["dice"] for seed in (0, 1, 0))
    assert first == again != other
    assert np.random.random() == expected  # noqa: NPY002
    assert 0 <= first <= 1


@pytest.mark.parametrize(
    "change",
    [
        {"skips": False, "batch_norm": False},
        {"spatial": False, "momentum": 0.5},
        {"dropout": 0, "loss": "crossentropy"},
        {"loss": "both", "augmentation": True},
        {"depth": 2, "filters": 3, "size": 8},
        {"training_cases": 1},
    ],
)
def test_each_setting_can_be_trained(cases, change):
    settings = settings_of({**TINY, "steps": 1, **change})
    done = []
    score = training.train_once(settings, Cases(cases).arrays(settings), 0, done.append)
    assert 0 <= score["dice"] <= 1
    assert done == [1]


def test_each_part_of_the_network_can_be_left_out():
    def kinds(**settings):
        return {type(layer).__name__ for layer in build_network(Settings(size=16, depth=1, **settings)).layers}

    usual = kinds()
    assert usual - kinds(skips=False) == {"Concatenate"}
    assert usual - kinds(batch_norm=False) == {"BatchNormalization"}
    assert usual - kinds(dropout=0) == {"SpatialDropout2D"}
    assert usual ^ kinds(spatial=False) == {"SpatialDropout2D", "Dropout"}
    (norm, *_) = (layer for layer in build_network(Settings(momentum=0.7)).layers if hasattr(layer, "momentum"))
    assert norm.momentum == 0.7


def build_small(input_shape, filters, depth, dropout):
    image = keras.Input(input_shape)
    return keras.Model(image, keras.layers.Conv2D(1, 3, padding="same", activation="sigmoid")(image))


def test_a_network_of_ones_own_is_trained_and_found_again(cases, tmp_path, capsys):
    for _ in range(2):
        table = compare({"mine": {"build": build_small}}, cases, seeds=1, basis=TINY, folder=tmp_path)
    assert table.loc["mine", "parameters"] == 10
    assert "1 training, all of them done before." in capsys.readouterr().out


def test_a_function_with_other_arguments_is_told_in_a_line_and_its_own_errors_as_they_are(cases, tmp_path):
    def own(input_shape, filters):
        raise AssertionError("it cannot be called like this")

    def faulty(input_shape, filters, depth, dropout):
        return filters + "x"

    words = r"called as build\(\(16, 16, 1\), filters=2, depth=1, dropout=0.1\). Received: .*'depth'"
    with pytest.raises(InputError, match=words):
        compare({"mine": {"build": own}}, cases, basis=TINY, folder=tmp_path)
    with pytest.raises(TypeError, match="unsupported operand"):
        compare({"mine": {"build": faulty}}, cases, basis=TINY, folder=tmp_path)


def test_a_function_that_builds_no_network_is_refused(cases, tmp_path):
    with pytest.raises(InputError, match=r"build: expected a network .* Received: NoneType"):
        compare({"mine": {"build": lambda *shape, **settings: None}}, cases, basis=TINY, folder=tmp_path)


# ---- The chart ---------------------------------------------------------------------------------


def test_the_chart_tells_all_in_words_and_draws_a_point_for_each_training(cases, trained, tmp_path):
    figure = plot_comparison(compare(VARIANTS, cases, seeds=3, basis=TINY, folder=tmp_path))
    (ax,) = figure.axes
    assert [label.get_text() for label in ax.get_yticklabels()] == ["with skips", "without skips"]
    seeds, points = ax.lines[:3], ax.lines[3]
    assert [line.get_xdata().tolist() for line in seeds] == [[0.9, 0.8], [0.91, 0.81], [0.92, 0.82]]
    assert points.get_xdata().tolist() == [0.9, 0.91, 0.92]
    assert "without skips: 0.8100, interval 0.7852 to 0.8348, 3 trainings from 0.8000 to 0.8200." in figure.alt_text


def test_a_plan_that_is_right_at_full_size_is_run_with_what_there_is_in_a_quick_test(
    cases, trained, tmp_path, monkeypatch, capsys
):
    plan = {"many": {"training_cases": 200}, "few": {"training_cases": 4}, "large": {"size": 128}}
    monkeypatch.setenv("LUNGSEG_FAST", "1")
    compare(plan, cases, seeds=1, basis=TINY, folder=tmp_path)
    most = len(Cases(cases).train)
    assert [(settings.training_cases, settings.size) for settings, _ in trained] == [(most, 16), (4, 16), (None, 32)]
    printed = capsys.readouterr().out
    assert f"LUNGSEG_FAST=1: many has training_cases {most} here, in place of 200." in printed
    assert "LUNGSEG_FAST=1: large has size 32 here, in place of 128." in printed
    assert "few has" not in printed
    monkeypatch.delenv("LUNGSEG_FAST")
    with pytest.raises(InputError, match=f"training_cases: expected at most {most}"):
        compare(plan, cases, seeds=1, basis=TINY, folder=tmp_path)


def test_a_deep_network_gets_images_that_can_be_halved_as_often_in_a_quick_test(cases, trained, tmp_path, monkeypatch):
    plan = {2: {"depth": 2}, 5: {"depth": 5}, 6: {"depth": 6}}
    with pytest.raises(InputError, match="so 32 must divide the size"):
        compare(plan, cases, seeds=1, basis=TINY, folder=tmp_path)
    monkeypatch.setenv("LUNGSEG_FAST", "1")
    table = compare(plan, cases, seeds=1, basis=TINY, folder=tmp_path)
    found = [(settings.depth, settings.size) for settings, _ in trained]
    assert found == [(2, 16), (5, 32)], "the cases have 32 pixels, so that 6 is trained as 5"
    assert scores_of(table, 5).tolist() == scores_of(table, "5").tolist()
    with pytest.raises(InputError, match="expected depth to be a whole number from 1 to 6"):
        compare({"deep": {"depth": "5"}}, cases, seeds=1, basis=TINY, folder=tmp_path)


def test_it_refuses_to_train_where_a_plan_is_wanted_and_trains_again_afterwards(cases, trained, tmp_path):
    with refusing_to_train(), pytest.raises(TrainsWhilePlanning):
        compare(VARIANTS, cases, seeds=1, basis=TINY, folder=tmp_path)
    assert trained == []
    compare(VARIANTS, cases, seeds=1, basis=TINY, folder=tmp_path)
    assert len(trained) == 2
