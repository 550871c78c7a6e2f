"""The network that comes with the package."""

import csv
import json
from importlib import resources

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image
from scipy.ndimage import gaussian_filter

from lungseg import InputError, evaluate, load_pretrained, load_run
from lungseg.cli import main
from lungseg.evaluation.summary import summary_text
from lungseg.masks.plausibility import doubts
from lungseg.phantom import write_phantoms, write_raw_phantoms
from lungseg.prediction import predict_file
from lungseg.pretrained import copy_pretrained, write_pretrained
from lungseg.runs import PretrainedRun
from networks import answer


@pytest.fixture(scope="module")
def model():
    return load_pretrained()


def test_it_is_small_and_of_the_course_s_kind(model):
    files = list(PretrainedRun().folder.iterdir())
    assert sum(path.stat().st_size for path in files) <= 8e6
    assert model.count_params() <= 10e6
    assert model.input_shape == model.output_shape == (None, 256, 256, 1)
    kinds = {type(layer).__name__ for layer in model.layers}
    assert {"Conv2DTranspose", "Concatenate", "BatchNormalization", "SpatialDropout2D"} <= kinds


@pytest.mark.slow
def test_it_finds_the_lungs_of_phantoms_which_it_has_never_seen(model, tmp_path):
    table = evaluate(model, write_phantoms(tmp_path, count=8, size=256, seed=3), clean=True)
    assert table["dice"].mean() > 0.9


@pytest.mark.slow
def test_it_takes_other_sizes():
    assert load_pretrained((64, 96)).output_shape == (None, 64, 96, 1)
    assert load_pretrained(64).output_shape == (None, 64, 64, 1)
    assert load_pretrained((None, None))(np.zeros((1, 32, 64, 1))).shape == (1, 32, 64, 1)
    with pytest.raises(InputError, match="32"):
        load_pretrained((100, 100))


def test_no_test_case_of_the_published_split_was_trained_on():
    text = resources.files("lungseg").joinpath("data/gaal2020.csv").read_text(encoding="utf-8")
    published = {"train": set(), "validation": set(), "test": set()}
    for row in csv.DictReader(text.splitlines()):
        published[row["part"]].add(row["case"])
    used = {part: set(ids) for part, ids in PretrainedRun().split_ids.items()}
    assert used["test"] == published["test"]
    assert used["train"] | used["validation"] == published["train"] | published["validation"]
    assert not used["train"] & used["validation"]


def test_the_card_tells_the_figures_of_the_summary():
    run = PretrainedRun()
    summary = json.loads((run.folder / "summary.json").read_text(encoding="utf-8"))
    assert summary_text(summary) in run.card
    assert summary["count"] == len(run.split_ids["test"])
    assert "not for diagnosis" in run.card
    assert f"{run.model.count_params():,} parameters" in run.card
    assert "cases" not in run.settings  # no path of the computer that trained it


def test_predict_takes_it_by_its_name(tmp_path):
    file = write_raw_phantoms(tmp_path / "films", count=1, size=300)[0]
    result = CliRunner().invoke(main, ["predict", str(file), "--model", "pretrained", "--out", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    mask = np.asarray(Image.open(tmp_path / "out" / f"{file.stem}.png")) > 0
    truth = np.asarray(Image.open(tmp_path / "films" / "masks" / f"{file.stem}.png")) > 0
    assert 2 * (mask & truth).sum() / (mask.sum() + truth.sum()) > 0.85


Y, X = np.mgrid[0:1:300j, 0:1:300j]


def grain():
    return np.random.default_rng(0).random(X.shape)


def lateral_view():
    """A chest seen from the side: one lung field, the heart in front of it, the spine behind."""
    body = (np.abs(X - 0.5) < 0.3 + 0.05 * Y) & (Y > 0.03)
    lung = ((X - 0.5) / 0.25) ** 2 + ((Y - 0.45) / 0.36) ** 2 < 1
    lung &= Y < 0.7 + 0.3 * (X - 0.5)
    heart = ((X - 0.4) / 0.14) ** 2 + ((Y - 0.6) / 0.15) ** 2 < 1
    spine = np.abs(X - 0.71) < 0.045
    grey = 0.05 + body * (0.5 + 0.15 * Y) - 0.3 * lung + 0.22 * (heart & lung) + spine * (0.15 + 0.05 * np.sin(80 * Y))
    return gaussian_filter(grey, 4) + 0.03 * grain()


def hand():
    bones = (Y > 0.45) & (np.abs(X - 0.5) < 0.22)
    for finger in range(5):
        bones |= (np.abs(X - 0.3 - 0.1 * finger) < 0.035) & (0.08 + 0.05 * abs(finger - 2) < Y) & (Y < 0.5)
    return 0.2 + 0.6 * gaussian_filter(bones.astype(float), 2)


def landscape():
    return np.where(0.45 + 0.1 * np.sin(6 * X) > Y, 0.8 - 0.2 * Y, 0.35 + 0.25 * grain())


def clouds():
    return gaussian_filter(grain(), 12)


@pytest.mark.parametrize(
    "picture", [lateral_view, lambda: lateral_view()[:, ::-1], hand, landscape, clouds, lambda: X, grain]
)
def test_what_is_no_frontal_radiograph_is_doubted(picture, model, tmp_path):
    values = picture()
    values = (values - values.min()) / np.ptp(values)
    Image.fromarray((255 * values).astype(np.uint8)).save(tmp_path / "film.png")
    assert doubts(predict_file(model, tmp_path / "film.png", clean=True))


@pytest.mark.slow
def test_most_phantoms_are_not(model, tmp_path):
    files = write_raw_phantoms(tmp_path, count=8, size=300, seed=1)
    assert sum(doubts(predict_file(model, file, clean=True)) == [] for file in files) >= 6


def test_evaluate_wants_the_folders_that_it_cannot_know():
    result = CliRunner().invoke(main, ["evaluate", "pretrained"])
    assert result.exit_code == 1
    assert "--cases DIR --out DIR" in result.output


def test_a_folder_of_that_name_goes_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert isinstance(load_run("pretrained"), PretrainedRun)
    (tmp_path / "pretrained").mkdir()
    with pytest.raises(InputError, match=r'expected a run folder.*"pretrained"'):
        load_run("pretrained")


@pytest.mark.slow
def test_a_copy_is_a_run_folder_to_evaluate_it_on_other_cases(model, tmp_path):
    cases = write_phantoms(tmp_path / "cases", count=3, size=64)
    run = copy_pretrained(tmp_path / "run", cases)
    assert run.find_split(cases) == ([], [], cases)
    assert run.model.input_shape == (None, 64, 64, 1)
    for kept, array in zip(run.model.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(kept, array)
    assert run.settings["count"] == {"train": 554, "validation": 8, "test": 3}
    assert len(run.history) > 0
    assert len(run.seen_before) == 554 + 8  # a network that starts from the copy has seen them, too


def test_a_copy_is_not_evaluated_on_cases_that_trained_it(tmp_path):
    seen = tmp_path / f"{PretrainedRun().split_ids['train'][0]}.npy"
    write_phantoms(tmp_path, count=1, size=64)[0].rename(seen)
    with pytest.raises(InputError, match=r"has not seen.*1 that trained it"):
        copy_pretrained(tmp_path / "run", [seen])
    assert not (tmp_path / "run").exists()


@pytest.mark.slow
def test_half_precision_changes_next_to_nothing(model, tmp_path):
    rng = np.random.default_rng(0)
    exact = PretrainedRun()
    exact.model.set_weights([array + 1e-5 * rng.normal(size=array.shape) for array in model.get_weights()])
    write_pretrained(exact, exact.settings["network"], tmp_path)
    kept = PretrainedRun()
    kept.folder = tmp_path
    image = rng.random((1, 256, 256, 1)).astype("float32")
    np.testing.assert_allclose(answer(kept.model, image), answer(exact.model, image), atol=0.02)
