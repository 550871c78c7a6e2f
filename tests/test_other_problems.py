"""The problems of docs/other_problems.md at a small size: their code, from files to a report, and their commands."""

import re
import shlex
from pathlib import Path

import keras
import numpy as np
import pytest
import tifffile
from click.testing import CliRunner
from matplotlib.figure import Figure
from PIL import Image

import lungseg
import lungseg.preparation.folder.running
import lungseg.report.workflow
import lungseg.training.training
from drawing_problems import write_problem_files
from lungseg.cli import main
from lungseg.evaluation import read_evaluation
from lungseg.phantom import write_raw_phantoms
from trainings import computing_eagerly

pytestmark = pytest.mark.slow
PAGE = (Path(__file__).resolve().parents[1] / "docs" / "other_problems.md").read_text(encoding="utf-8")
SMALL = {"filters": 2, "depth": 1, "epochs": 1, "batch_size": 4}
CLASSES = {
    "nuclei": ["nucleus", "edge"],
    "thorax": ["right lung", "left lung", "heart"],
    "fibres": ["cell", "fibre"],
    "land": ["water", "forest", "building"],
}


def blocks(language):
    """The code of each problem in a language, by the name of its folder."""
    found = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return {name: code for code in found for name in CLASSES if f"{name}_cases" in code}


@pytest.fixture(autouse=True)
def small(tmp_path, monkeypatch):
    """Work in a folder of its own, with small files, and with the functions of the page at a small size."""

    def savefig(figure, target, **settings):  # pictures take most of the time
        (target.write if hasattr(target, "write") else target.write_bytes)(b"\x89PNG")

    def prepare(source, out, size=None, tile=None, **settings):
        small_ones = {"size": size and 32, "tile": tile and 32, "n_jobs": 1, "progress": False}
        return original["prepare"](source, out, **small_ones, **settings)

    def train(cases, run, **settings):
        return original["train"](cases, run, report=lambda line: None, **{**settings, **SMALL})

    def segment(run, image, tile=None):
        return original["segment"](run, image, **({"tile": 32} if tile else {}))

    def evaluate_run(run):
        return original["evaluate_run"](run, report=lambda line: None)

    original = {name: getattr(lungseg, name) for name in ("prepare", "train", "segment")}
    original["evaluate_run"] = lungseg.report.evaluate_run
    for function in (prepare, train, segment):
        monkeypatch.setattr(lungseg, function.__name__, function, raising=False)
    monkeypatch.setattr(lungseg.report, "evaluate_run", evaluate_run)
    monkeypatch.setattr(Figure, "savefig", savefig)
    monkeypatch.setattr(lungseg.report.workflow, "save_evaluation_figures", lambda *given: [])
    monkeypatch.setattr(lungseg.preparation.folder.running, "write_overview", lambda *given, **settings: None)
    monkeypatch.chdir(tmp_path)
    with computing_eagerly():
        yield


@pytest.fixture
def shortened(monkeypatch):
    """No step of the training, and no report: a network as it is built, in a run folder as any other."""

    def no_fit(model, training, validation, epochs, callbacks, epochs_done):
        first = keras.callbacks.CallbackList(callbacks, model=model)
        first.on_train_begin()
        first.on_epoch_begin(0)
        first.on_epoch_end(0, {"loss": 1.0, "val_loss": 1.0, "dice": 0.1, "val_dice": 0.1})
        first.on_train_end()

    def no_report(run, evaluation, cases, folder, candidates, progress):
        path = folder / "report.html"
        path.write_text("not drawn", encoding="utf-8")
        return path

    monkeypatch.setattr(lungseg.training.training, "fit_network", no_fit)
    monkeypatch.setattr(lungseg.report.workflow, "write_report", no_report)


def draw(problem):
    """Draw the files of a problem into the folder that one is in."""
    if problem == "thorax":
        write_raw_phantoms("thorax", 6, 64, classes="thorax")
    elif problem == "land":
        write_problem_files("land", "land", count=3, size=64)
        write_problem_files("land", "scene", count=1, size=80, seed=1)
    else:
        write_problem_files(problem, problem, count=6, size=32)


def test_from_files_to_a_report_in_python():
    run_code_of("land")
    assert "building" in Path("land_run", "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("problem", [name for name in CLASSES if name != "land"])
@pytest.mark.usefixtures("shortened")
def test_the_same_road_without_steps_of_the_training(problem):
    run_code_of(problem)


def run_code_of(problem):
    """Run the code of the page, and look at what it leaves behind."""
    draw(problem)
    code = blocks("python")[problem]
    assert len([line for line in code.splitlines() if line.strip()]) <= 15
    names = {}
    exec(code, names)
    assert names["run"].problem.classes == tuple(CLASSES[problem])
    assert names["run"].problem.exclusive == (problem != "fibres")
    table = read_evaluation(f"{problem}_run")
    assert {f"dice_{name}" for name in CLASSES[problem]} <= set(table.columns)
    assert len(table) == len(names["table"])
    assert Path(f"{problem}_run", "report.html").exists()
    if problem != "fibres":
        side = {"nuclei": 32, "thorax": 64, "land": 80}[problem]
        assert names["masks"].shape == (side, side, len(CLASSES[problem]))
        assert names["masks"].sum(axis=-1).max() <= 1
    same_by_command(problem)


def same_by_command(problem):
    """The command of the page prepares the very cases that its code did."""
    lines = blocks("sh")[problem].splitlines()
    for line in lines:
        if line.startswith("echo"):  # of the recipe: 'TEXT' > FILE
            _, text, _, file = shlex.split(line)
            Path(file).write_text(text, encoding="utf-8")
    (command,) = (shlex.split(line) for line in lines if line.startswith("lungseg prepare"))
    arguments = ["again" if word == f"{problem}_cases" else "32" if word == "128" else word for word in command[1:]]
    result = CliRunner().invoke(main, [*arguments, "--jobs", "1"])
    assert result.exit_code == 0, result.output
    made = [
        {path.name: path.read_bytes() for path in Path(place).glob("*.npy")} for place in (f"{problem}_cases", "again")
    ]
    assert made[0] == made[1]
    assert Path("again", "cases.json").read_bytes() == Path(f"{problem}_cases", "cases.json").read_bytes()


def test_the_page_has_a_command_for_each_step():
    for problem, lines in blocks("sh").items():
        words = [line.split()[1] for line in lines.splitlines() if line.startswith("lungseg ")]
        assert words[-4:] == ["prepare", "train", "evaluate", "predict"], problem


# ---- The files -------------------------------------------------------------------------------


def test_nuclei_have_an_edge_all_around_and_are_dark(tmp_path):
    write_problem_files("nuclei", tmp_path, count=2, size=64)
    image, labels = (np.asarray(Image.open(tmp_path / kind / "nuclei_001.png")) for kind in ("images", "masks"))
    assert image.shape == (64, 64, 3)
    assert set(np.unique(labels)) == {0, 1, 2}
    assert image[labels > 0].mean() < image[labels == 0].mean() - 40
    inner = np.pad(labels == 1, 1)
    for shift in (1, -1):
        for axis in (0, 1):  # no nucleus touches the background
            assert not (np.roll(inner, shift, axis)[1:-1, 1:-1] & (labels == 0)).any()


def test_cells_and_fibres_overlap(tmp_path):
    write_problem_files("fibres", tmp_path, count=1, size=64)
    cell, fibre = (
        np.asarray(Image.open(tmp_path / "masks" / name / "fibres_000.png")) > 0 for name in ("cell", "fibre")
    )
    image = np.asarray(Image.open(tmp_path / "images" / "fibres_000.png"))
    assert (cell & fibre).any()
    assert image[fibre & ~cell][:, 0].mean() > image[cell & ~fibre][:, 0].mean()  # red
    assert image[cell & ~fibre][:, 1].mean() > image[fibre & ~cell][:, 1].mean()  # green


def test_land_has_five_bands_and_clouds_that_count_nowhere(tmp_path):
    write_problem_files("land", tmp_path, count=1, size=128)
    bands = tifffile.imread(tmp_path / "images" / "land_000.tif")
    labels = np.asarray(Image.open(tmp_path / "masks" / "land_000.png"))
    assert (bands.shape, bands.dtype) == ((128, 128, 5), np.uint16)
    assert set(np.unique(labels)) == {0, 1, 2, 3, 255}
    assert (bands[labels == 255] == 8000).all()
    assert bands[labels == 1][:, 3].mean() < 1000 < bands[labels == 2][:, 3].mean()  # water is black in infrared
    again = tmp_path / "again"
    write_problem_files("land", again, count=1, size=128)
    assert (again / "images" / "land_000.tif").read_bytes() == (tmp_path / "images" / "land_000.tif").read_bytes()
