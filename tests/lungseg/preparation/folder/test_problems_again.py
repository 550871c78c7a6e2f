"""A folder of cases of any problem that is prepared once more, or of which nothing comes."""

import numpy as np
import pytest

from lungseg.preparation import Recipe, read_manifest
from lungseg.preparation.folder import problem_cases
from lungseg.problems import read_problem
from problem_sources import INDEX, NUMBERS, images, masks_of, prepare
from radiographs import chest, refusal, save
from raw_sources import contents


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


def test_what_is_done_stays_and_what_has_changed_is_made_anew(tmp_path):
    source, out = images(tmp_path / "source"), tmp_path / "out"
    for name in "ab":
        save(source / "masks" / f"{name}.png", INDEX)
    assert prepare(source, out, classes=NUMBERS).written == 2
    save(source / "masks" / "b.png", INDEX.T.copy())
    again = prepare(source, out, classes=NUMBERS)
    assert (again.written, again.reused) == (1, 1)
    assert masks_of(out, "b") == "0022 0022 1100 1102"
    other = prepare(source, out, classes=["water=2", "road=1"], overwrite=True)
    assert (other.written, other.reused) == (2, 0)
    assert read_problem(out).classes == ("water", "road")


def test_cases_of_other_classes_are_not_mixed(tmp_path):
    for name, letter in (("first", "a"), ("second", "c")):
        images(tmp_path / name, letter)
        save(tmp_path / name / "masks" / f"{letter}.png", INDEX)
    out = tmp_path / "out"
    prepare(tmp_path / "first", out, classes=NUMBERS)
    said = refusal(prepare, tmp_path / "second", out, classes=["water=2", "road=1"])
    assert "by which 1 case in it was prepared, classes road=1 water=2. Received: classes water=2 road=1." in said
    assert prepare(tmp_path / "second", out, classes=NUMBERS).kept == 1
    assert prepare(tmp_path / "second", out, classes=["water=2", "road=1"], overwrite=True).kept == 0
    assert sorted(path.name for path in out.glob("*.npy")) == ["c.npy"]


def test_an_interrupted_run_goes_on(tmp_path, monkeypatch):
    source, out = images(tmp_path / "source", "abc"), tmp_path / "out"
    for name in "abc":
        save(source / "masks" / f"{name}.png", INDEX)
    read = problem_cases.read_labels

    def interrupted(files, *others):
        if files[0].stem == "c":
            raise KeyboardInterrupt
        return read(files, *others)

    with monkeypatch.context() as patch:
        patch.setattr(problem_cases, "read_labels", interrupted)
        with pytest.raises(KeyboardInterrupt):
            prepare(source, out, classes=NUMBERS)
    report = prepare(source, out, classes=NUMBERS)
    assert (report.written, report.reused) == (1, 2)


def test_a_folder_of_lungs_becomes_one_of_another_problem_and_back(tmp_path):
    source, out = tmp_path / "source", tmp_path / "out"
    film, lungs = chest(60, 60)
    save(source / "images" / "a.png", film.astype(np.uint8))
    save(source / "masks" / "a.png", lungs.astype(np.uint8))
    prepare(source, out, 32, recipe="lungs")
    before = (out / "a.npy").read_bytes()
    assert not (out / "cases.json").exists()
    assert "recipe lungs. Received: recipe grey" in refusal(prepare, source, out, 32, recipe="grey", classes=["lung"])
    prepare(source, out, 32, recipe="grey", classes=["lung"], overwrite=True)
    assert read_problem(out).recipe == "grey"
    assert "recipe grey. Received: recipe lungs" in refusal(prepare, source, out, 32, recipe="lungs")
    assert prepare(source, out, 32, recipe="lungs", overwrite=True).written == 1
    assert (out / "a.npy").read_bytes() == before
    assert sorted(path.name for path in out.iterdir()) == ["a.npy", "manifest.csv", "overview.png"]
