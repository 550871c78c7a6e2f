"""docs/compared.md: the lines are counted as it says, and the program with lungseg does what the page says."""

import inspect
import json
import re
import runpy
import sys
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest
from PIL import Image

import lungseg
from lungseg.runs import Run
from three_classes import compare
from three_classes.compare import CLASSES, PROGRAMS, lines_of_code, write_files
from three_classes.sizes import size_of_keras, size_of_torch

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "compared.md").read_text(encoding="utf-8")


def test_lines_are_those_that_hold_code(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        '"""At the top.\n\nx = 1\n"""\n\nimport sys  # 1\n\n# none\nx = [\n    1,  # 2 to 5\n\n    2,\n]\n'
        'print("""a\nb""")\n',
        encoding="utf-8",
    )
    assert lines_of_code(script) == 7


def test_the_lines_of_the_page_are_those_of_the_programs():
    counted = [lines_of_code(script) for script in PROGRAMS.values()]
    (row,) = re.findall(r"^\| lines of code \|(.*)\|$", PAGE, re.MULTILINE)
    assert [int(cell) for cell in row.split("|")] == counted


def test_the_program_with_lungseg_writes_the_numbers_of_the_classes(tmp_path, monkeypatch):
    def prepare(*given, **settings):
        out = signature["prepare"].bind(*given, **settings).arguments["out"]
        out.mkdir()
        for image in (tmp_path / "images").iterdir():
            np.save(out / f"{image.stem}.npy", np.zeros((4, 4, 4)))

    def train(*given, **settings):
        asked = signature["train"].bind(*given, **settings).arguments
        assert (asked["epochs"], asked["seed"]) == (4, 7)
        trained.append(asked["split"])
        return Run(asked["run"])

    def segment(run, image):
        mask = np.asarray(Image.open(tmp_path / "masks" / Path(image).name))
        return np.stack([mask == number for number in range(1, len(CLASSES) + 1)], axis=-1)

    trained = []
    signature = {name: inspect.signature(getattr(lungseg, name)) for name in ("prepare", "train")}
    for function in (prepare, train, segment):
        monkeypatch.setattr(lungseg, function.__name__, function, raising=False)
    write_files(tmp_path, count=6, size=32)
    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.setattr(sys, "argv", ["with_lungseg.py", str(tmp_path), str(out), "4", "7"])
    runpy.run_path(str(PROGRAMS["lungseg"]))
    (split,) = trained
    images = sorted(path.stem for path in (tmp_path / "images").iterdir())
    assert sorted(path.stem for part in split for path in part) == images
    written = sorted(out.glob("*.png"))
    assert [path.stem for path in written] == sorted(path.stem for path in split.test) != []
    for path in written:
        assert (np.asarray(Image.open(path)) == np.asarray(Image.open(tmp_path / "masks" / path.name))).all()


# A 3 x 3 convolution with stride 2 from 1 to 5 channels on 8 x 8, and back up with 2 x 2 to 3 channels.
SIZE = {"parameters": 9 * 5 + 5 + 4 * 5 * 3 + 3, "multiplications": 4 * 4 * 9 * 5 + 4 * 4 * 4 * 5 * 3}


def test_the_size_of_a_network_of_keras():
    image = keras.Input((8, 8, 1))
    x = keras.layers.Conv2D(5, 3, strides=2, padding="same")(image)
    x = keras.layers.BatchNormalization(center=False, scale=False)(x)
    assert size_of_keras(keras.Model(image, keras.layers.Conv2DTranspose(3, 2, strides=2)(x))) == SIZE


def test_the_size_of_a_network_of_torch():
    torch = pytest.importorskip("torch")
    layers = torch.nn.Conv2d(1, 5, 3, 2, 1), torch.nn.InstanceNorm2d(5), torch.nn.ConvTranspose2d(5, 3, 2, 2)
    assert size_of_torch(torch.nn.Sequential(*layers), torch.zeros(1, 1, 8, 8)) == SIZE


def test_the_page_has_the_size_of_the_network_of_lungseg():
    size = size_of_keras(lungseg.build_unet((128, 128, 1), classes=4))
    said = [re.search(rf"^\| {name} \| ([\d.]+) million", PAGE, re.MULTILINE)[1]
            for name in ("parameters", "multiplications for an image")]  # fmt: skip
    assert said == [f"{size['parameters'] / 1e6:.2f}", f"{size['multiplications'] / 1e6:.0f}"]


def test_what_is_trained_already_is_not_trained_again(tmp_path, monkeypatch, capsys):
    def run_program(python, script, raw, out, epochs, seed):
        if len(trained) == 3 and not broken:
            broken.append(script)
            raise KeyboardInterrupt
        trained.append((script, epochs, seed))
        out.mkdir(exist_ok=True)
        for case in json.loads((raw / "split.json").read_text(encoding="utf-8"))["test"]:
            (out / f"{case}.png").write_bytes((raw / "masks" / f"{case}.png").read_bytes())
        return {"seconds": 10.0 * len(trained), "of processors": 1.0}

    trained, broken = [], []
    monkeypatch.setattr(compare, "run_program", run_program)
    monkeypatch.setattr(compare, "size_of", lambda *given: SIZE)
    monkeypatch.setattr(compare, "write_files", lambda raw, count: write_files(raw, count, size=32))
    command = ["compare.py", str(tmp_path / "out"), "--count", "6", "--epochs", "2", "--seeds", "0", "1"]
    monkeypatch.setattr(sys, "argv", command)
    with pytest.raises(KeyboardInterrupt):
        compare.main()
    compare.main()
    assert trained == [(script, 2, seed) for seed in (0, 1) for script in PROGRAMS.values()]
    rows = pd.read_csv(tmp_path / "out" / "results.csv")
    assert rows["seconds"].tolist() == [10, 20, 30, 40]
    assert (rows["multiplications"] == SIZE["multiplications"]).all()
    assert (rows["heart, min"] == 1).all()
    assert f"{SIZE['multiplications']:,}" in capsys.readouterr().out.splitlines()[-10]
    monkeypatch.setattr(sys, "argv", [*command[:-4], "3"])
    with pytest.raises(SystemExit, match="epochs"):
        compare.main()
    assert len(trained) == 4


def test_a_folder_of_something_else_stays_as_it_is(tmp_path, monkeypatch):
    (tmp_path / "raw").mkdir()
    monkeypatch.setattr(sys, "argv", ["compare.py", str(tmp_path)])
    with pytest.raises(SystemExit, match="not empty"):
        compare.main()
    assert [path.name for path in tmp_path.iterdir()] == ["raw"]
