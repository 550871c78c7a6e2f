"""docs/compared.md: the lines are counted as it says, and the program with lungseg does what the page says."""

import inspect
import re
import runpy
import sys
from pathlib import Path

import numpy as np
from PIL import Image

import lungseg
from lungseg.runs import Run
from three_classes.compare import CLASSES, PROGRAMS, lines_of_code, write_files

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
