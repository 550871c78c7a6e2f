"""The command line: the whole path, bad input in one line, and a quick `--help`."""

import csv
import json
import os
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner
from PIL import Image

from lungseg.cases import load_case
from lungseg.cli import main
from lungseg.phantom import write_phantoms, write_raw_phantoms
from lungseg.problems import read_problem
from trainings import computing_eagerly

COMMANDS = ["phantom", "download", "prepare", "train", "evaluate", "predict", "doctor"]
QUICK = ["--filters", "2", "--depth", "1", "--epochs", "1"]


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def expect_one_line(result, *parts):
    """The command failed with one line that holds all the parts, and nothing like a traceback."""
    assert result.exit_code != 0
    assert isinstance(result.exception, SystemExit), result.exception
    errors = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 1, result.stderr
    assert "Traceback" not in result.output
    for part in parts:
        assert str(part) in errors[0]


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    """Ten raw phantoms with masks."""
    folder = tmp_path_factory.mktemp("raw")
    write_raw_phantoms(folder, count=10, size=96)
    return folder


@pytest.fixture(scope="module")
def trained(raw, tmp_path_factory):
    """Cases prepared from the raw phantoms, and a run trained on them."""
    base = tmp_path_factory.mktemp("trained")
    prepared = run("prepare", raw, base / "cases", "--size", 32, "--jobs", 1)
    assert prepared.exit_code == 0, prepared.output
    with computing_eagerly():
        result = run("train", base / "cases", base / "run", *QUICK)
    assert result.exit_code == 0, result.output
    assert "Next: lungseg evaluate" in result.output
    return base


@pytest.mark.slow
def test_from_raw_radiographs_to_evaluated_predictions(trained, raw, tmp_path):
    evaluated = run("evaluate", trained / "run", "--out", tmp_path / "evaluated")
    assert evaluated.exit_code == 0, evaluated.output
    assert "test part" in evaluated.output
    rows = list(csv.DictReader((tmp_path / "evaluated" / "evaluation.csv").open(encoding="utf-8")))
    split = json.loads((trained / "run" / "split.json").read_text())
    assert [row["case"] for row in rows] == split["test"]
    assert json.loads((tmp_path / "evaluated" / "summary.json").read_text())["count"] == len(split["test"])
    names = {path.name for path in (tmp_path / "evaluated" / "figures").iterdir()}
    assert names == {"dice_by_group.png", "gallery.png", "history.png"}

    predicted = run("predict", raw / "images", "--model", trained / "run", "--out", tmp_path / "masks")
    assert predicted.exit_code == 0, predicted.output
    assert len(list((tmp_path / "masks").glob("*.png"))) == 10
    assert Image.open(next((tmp_path / "masks").glob("*.png"))).size == (96, 96)


@pytest.mark.slow
def test_evaluate_on_a_folder_without_the_part_that_was_asked_for(trained, tmp_path):
    others, out = tmp_path / "others", tmp_path / "out"
    (path,) = write_phantoms(others, count=1, size=32)
    path.rename(others / "OTHER_0001_0.npy")
    result = run("evaluate", trained / "run", "--cases", others, "--part", "test", "--out", out)
    expect_one_line(result, "test cases", "--part all")
    assert not out.exists()


def test_phantom_draws_cases_or_raw_radiographs(tmp_path):
    assert run("phantom", tmp_path / "cases", "--count", 2, "--size", 32).exit_code == 0
    assert len(list((tmp_path / "cases").glob("PHANTOM_*.npy"))) == 2
    assert run("phantom", tmp_path / "raw", "--count", 2, "--size", 64, "--raw").exit_code == 0
    assert len(list((tmp_path / "raw" / "masks").glob("*.png"))) == 2


def test_phantom_draws_the_masks_that_are_asked_for(tmp_path):
    thorax = ["--count", 1, "--size", 32, "--classes", "thorax"]
    assert run("phantom", tmp_path / "cases", *thorax).exit_code == 0
    assert read_problem(tmp_path / "cases").classes == ("right lung", "left lung", "heart")
    assert run("phantom", tmp_path / "raw", *thorax[:-1], "overlapping", "--raw").exit_code == 0
    assert (tmp_path / "raw" / "masks" / "heart").is_dir()


@pytest.mark.parametrize(("folder", "typed"), [("my cases", '"my cases"'), ("Fälle", "Fälle")])
def test_the_next_command_can_be_typed_as_it_is_printed(folder, typed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert f"Next: lungseg train {typed} RUN" in run("phantom", folder, "--count", 1, "--size", 32).output
    assert f"Next: lungseg prepare {typed} CASES" in run("phantom", folder, "--count", 1, "--size", 32, "--raw").output


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command):
    result = run(command, "--help")
    assert result.exit_code == 0
    assert len(result.output.splitlines()[2].strip()) > 30


def test_python_m_lungseg_is_the_same_command():
    result = subprocess.run([sys.executable, "-m", "lungseg", "--help"], capture_output=True, text=True, check=True)
    assert result.stdout.startswith("Usage: lungseg ")


# ---- Bad input -------------------------------------------------------------------------------


def test_unknown_option_and_command_are_named():
    result = run("train", "cases", "run", "--fliters", "8")
    assert result.exit_code == 2
    assert "--fliters" in result.stderr
    assert "--filters" in result.stderr
    assert "lungseg" not in run("trian").stdout
    assert "trian" in run("trian").stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("prepare", "{}/absent", "{}/out"),
        ("train", "{}/absent", "{}/out"),
        ("evaluate", "{}/absent"),
        ("predict", "{}/absent", "--out", "{}/out"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_missing_folder(arguments, tmp_path):
    expect_one_line(run(*(a.format(tmp_path) for a in arguments)), tmp_path / "absent")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("phantom", ""),
        ("prepare", "", "out"),
        ("prepare", "raw", ""),
        ("train", "cases", ""),
        ("evaluate", "run", "--out", ""),
        ("evaluate", "run", "--cases", ""),
        ("predict", "films", "--out", ""),
        ("predict", "films", ""),
    ],
    ids=" ".join,
)
def test_an_empty_name_is_not_the_folder_one_is_in(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    expect_one_line(run(*arguments), "expected a folder. Received: an empty name")
    assert list(tmp_path.iterdir()) == []


def test_a_bad_radiograph_is_reported_at_the_end_and_the_rest_is_done(tmp_path):
    write_raw_phantoms(tmp_path / "raw", count=3, size=96)
    bad = min((tmp_path / "raw" / "images").iterdir())
    bad.write_bytes(bad.read_bytes()[:500])
    result = run("prepare", tmp_path / "raw", tmp_path / "cases", "--size", 32, "--jobs", 1)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert len([line for line in result.output.splitlines() if bad.name in line]) == 1
    assert len(list((tmp_path / "cases").glob("*.npy"))) == 2


@pytest.mark.parametrize(("command", "status"), [("train", 130), ("evaluate", 1)])
def test_the_exit_status_after_an_interruption(tmp_path, monkeypatch, command, status):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("lungseg.training.training.train", interrupted)
    monkeypatch.setattr("lungseg.report.evaluate_run", interrupted)
    arguments = {"train": [tmp_path, tmp_path / "run"], "evaluate": [tmp_path]}
    assert run(command, *arguments[command]).exit_code == status


def test_the_exit_status_of_doctor_is_the_number_of_things_to_mend(monkeypatch):
    monkeypatch.setattr("lungseg.doctor.examine", lambda report: 3)
    assert run("doctor").exit_code == 3


def test_images_that_are_no_cases_are_told_of_recipes(tmp_path):
    (tmp_path / "leaf.png").touch()
    expect_one_line(run("train", tmp_path, tmp_path / "run"), "`lungseg prepare` (of anything but lungs with --recipe")


def test_images_of_anything_are_prepared(tmp_path):
    write_raw_phantoms(tmp_path / "raw", count=2, size=96, classes="thorax")
    organs = ["--class", "right lung=1", "--class", "left lung=2", "--class", "heart=3"]
    prepare = ["prepare", tmp_path / "raw", tmp_path / "cases", "--jobs", 1]
    expect_one_line(run(*prepare, "--recipe", "grey"), "1 (in 2 files), 2 (in 2 files), 3 (in 2 files)", "--class")
    result = run(*prepare, "--recipe", "grey", "--size", "32x64", *organs)
    assert result.exit_code == 0
    assert "classes right lung, left lung, heart; recipe grey" in result.output
    assert load_case(next((tmp_path / "cases").glob("*.npy"))).shape == (32, 64, 4)
    expect_one_line(run(*prepare, "--recipe", "grey", "--size", "64", *organs), "size 32x64")
    assert "256x128" in run(*prepare, "--size", "large").stderr


def test_a_size_that_cannot_be_halved_names_the_sizes_that_can(tmp_path):
    write_phantoms(tmp_path / "cases", count=6, size=40)
    expect_one_line(run("train", tmp_path / "cases", tmp_path / "run", "--depth", 4), "40", "32 and 48")
    assert not (tmp_path / "run").exists()


def test_gaal2020_on_other_cases(tmp_path):
    write_phantoms(tmp_path / "cases", count=6, size=32)
    expect_one_line(run("train", tmp_path / "cases", tmp_path / "run", "--split", "gaal2020"), "gaal2020", "default")


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    expect_one_line(run("phantom", tmp_path / "file" / "out", "--count", 1, "--size", 32), "file")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("settings.json", b"{", "expected JSON"),
        ("settings.json", b"[1, 2]", "expected a JSON object"),
        ("settings.json", b'{"cases": 5}', "expected cases to be text"),
        ("settings.json", b'{"count": 3}', "expected count to be an object"),
        ("settings.json", b'{"network": {"evil": 1}}', "expected network to be"),
        ("split.json", b'{"train": [', "expected JSON"),
        ("split.json", b"[" * 100_000, "nested too deeply"),
        ("split.json", b'{"train": 5, "validation": [], "test": []}', "expected train to be a list of names"),
        ("split.json", b'{"train": ["../a"], "validation": [], "test": []}', "expected train to be a list of names"),
        ("split.json", b"[]", "expected a JSON object"),
        ("best.keras", b"PK\x03\x04 cut off", "it is damaged"),
        ("best.keras", "flipped", "expected a Keras model"),
    ],
)
def test_a_damaged_run_folder_is_told_in_one_line(trained, tmp_path, name, content, said):
    folder = tmp_path / "run"
    shutil.copytree(trained / "run", folder)
    if content == "flipped":
        content = bytearray((folder / name).read_bytes())
        content[len(content) // 2 :: 7] = bytes(len(content[len(content) // 2 :: 7]))
    (folder / name).write_bytes(content)
    expect_one_line(run("evaluate", folder, "--out", tmp_path / "out"), folder / name, said)


def test_the_limit_of_pixels_is_an_option(raw, tmp_path):
    commands = (["prepare", raw, tmp_path / "cases"], ["predict", raw / "images", "--model", "pretrained"])
    for command in commands:
        result = run(*command, "--max-megapixels", "0.001", *(["--out", tmp_path] * (command[0] == "predict")))
        assert result.exit_code == 1
        assert "expected at most 0.001 million pixels. Received: 96 x 96" in result.output
        expect_one_line(
            run(*command, "--max-megapixels", 0), "max_megapixels: expected a number above 0. Received: 0.0"
        )


@pytest.mark.parametrize(
    ("typed", "backend"),
    [(["phantom", "out", "--count", "0"], "agg"), (["doctor", "--help"], "nonsense"), (None, "nonsense")],
)
def test_commands_draw_into_files_whatever_mplbackend_says(monkeypatch, typed, backend):
    """But for the one that tells of it, and a call from Python, in a notebook perhaps."""
    monkeypatch.setenv("MPLBACKEND", "nonsense")
    monkeypatch.setattr("sys.argv", ["lungseg", *(typed or [])])
    with pytest.raises(SystemExit):
        main() if typed else main(["--version"])
    assert os.environ["MPLBACKEND"] == backend


def test_a_figure_is_drawn_where_mplbackend_is_nonsense():
    code = "import sys; sys.argv[1:] = ['--version']; from lungseg.cli import main; main(standalone_mode=False)"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; from matplotlib import pyplot; pyplot.figure(); print(pyplot.get_backend())"],
        env={**os.environ, "MPLBACKEND": "nonsense"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split()[-1:] == ["agg"], done.stderr
