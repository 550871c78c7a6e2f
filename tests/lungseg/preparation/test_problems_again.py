"""A folder of cases of any problem that is prepared once more, or of which nothing comes."""

import numpy as np
import pytest

from lungseg.preparation import Recipe, problem_cases, read_manifest
from lungseg.problems import read_problem
from problem_sources import INDEX, images, prepare
from radiographs import refusal, save
from raw_sources import contents

NUMBERS = ["road=1", "water=2"]


@pytest.mark.parametrize(
    ("options", "before", "now"),
    [
        ({"classes": ["road=1,2"]}, "classes road=1 water=2", "classes road=1,2"),
        ({"recipe": "grey"}, "recipe colour, channels red,green,blue", "recipe grey, channels grey"),
        ({"channels": "a,b,c"}, "channels red,green,blue", "channels a,b,c"),
        ({"size": None, "tile": 4}, "tiled False", "tiled True"),
        ({"size": (4, 2)}, "cases of size 4x2", "a folder with cases of size 4"),
        ({"recipe": Recipe("colour", ("red", "green", "blue"), "values", low=0, high=9)}, "", "stretch values, low 0"),
    ],
)
def test_cases_made_otherwise_are_replaced_only_if_somebody_says_so(tmp_path, options, before, now):
    source, out = images(tmp_path / "source"), tmp_path / "out"
    for name in "ab":
        save(source / "masks" / f"{name}.png", INDEX)
    prepare(source, out, classes=NUMBERS)
    held = contents(out)
    if "size" not in options or options.get("tile"):
        before = f"the settings by which 2 cases in it were prepared, {before}"
    said = refusal(prepare, source, out, **{"classes": NUMBERS} | options)
    assert f"{out}: expected {before}" in said
    assert f"Received: {now}" in said
    assert "Prepare into a new folder, or make this one anew (--overwrite; in Python overwrite=True)." in said
    assert contents(out) == held
    report = prepare(source, out, **{"classes": NUMBERS, "overwrite": True} | options)
    assert report.written == 2


def test_other_colours_are_told_and_make_nothing_anew(tmp_path):
    source, out = images(tmp_path / "source", "a"), tmp_path / "out"
    save(source / "masks" / "a.png", INDEX)
    prepare(source, out, classes=NUMBERS, colours={"road": "#ff0000", "water": "#56b4e9"})
    report = prepare(source, out, classes=NUMBERS, colours={"road": "#00ff00", "water": "#56b4e9"})
    assert report.reused == 1
    assert "classes drawn in other colours than before: road #00ff00 in place of #ff0000" in report.notes
    assert read_problem(out).colours["road"] == "#00ff00"
    same = prepare(source, out, classes=NUMBERS, colours=read_problem(out).colours)
    assert not any("colours" in note for note in same.notes)


def test_an_overwriting_run_that_is_interrupted_mixes_no_classes(tmp_path, monkeypatch):
    source, out = images(tmp_path / "source", "abc"), tmp_path / "out"
    for name in "abc":
        save(source / "masks" / f"{name}.png", INDEX)
    prepare(source, out, classes=NUMBERS)
    read = problem_cases.read_labels

    def interrupted(files, *others):
        if files[0].stem == "b":
            raise KeyboardInterrupt
        return read(files, *others)

    monkeypatch.setattr(problem_cases, "read_labels", interrupted)
    with pytest.raises(KeyboardInterrupt):
        prepare(source, out, classes=["water=2", "road=1"], overwrite=True)
    assert read_problem(out).classes == ("water", "road")
    assert [path.name for path in out.glob("*.npy")] == ["a.npy"]
    assert list(read_manifest(out)) == ["a"]


@pytest.mark.parametrize("earlier", ["nothing", "an empty folder", "cases of another recipe"])
def test_a_run_that_makes_nothing_leaves_nothing(tmp_path, earlier):
    source, out = images(tmp_path / "source"), tmp_path / "deep" / "out"
    for name in "ab":
        save(source / "masks" / f"{name}.png", INDEX)
    if earlier != "nothing":
        out.mkdir(parents=True)
    if earlier == "cases of another recipe":
        prepare(source, out, classes=NUMBERS, recipe="grey")
        (out / "manifest.csv").write_bytes((out / "manifest.csv").read_bytes() + b"\r\n")  # as a spreadsheet leaves it
    before = contents(out) if out.exists() else None
    refusal(prepare, source, out, classes=["road=1"], overwrite=True)  # each mask has a value that nobody named
    assert (contents(out) if out.exists() else None) == before
    assert (tmp_path / "deep").exists() == (earlier != "nothing")


def test_where_all_masks_overlap_it_is_said_how_many_and_which(tmp_path):
    source, out = images(tmp_path / "source", "abcde"), tmp_path / "out"
    for name in "abcde":
        save(source / "masks" / "road" / f"{name}.png", INDEX == 1)
        save(source / "masks" / "wet" / f"{name}.png", np.ones((4, 4), bool))
    said = refusal(prepare, source, out)
    assert "5 that failed, all for one reason (images/a.png, images/b.png, images/c.png and 2 more): " in said
    assert "4 pixels that are road and wet. Draw them apart, or say that classes overlap (--overlapping" in said
