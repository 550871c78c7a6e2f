"""The report of several classes, of classes that overlap, and of five channels, without what only lungs have."""

import json
import re

import pytest
from click.testing import CliRunner
from matplotlib.figure import Figure

from lungseg.cases import case_id
from lungseg.cli import main
from lungseg.report import evaluate_run
from lungseg.runs import Run, write_json
from pages import Page
from refusals import refusal
from several import BANDS, ORGANS, OVERLAPPING, reader, save_several

OF_LUNGS = ("lung", "radiolog", "The effect of cleaning", "By source", "components", "patient")


def make_run(folder, problem, shift=1, **settings):
    """A run folder: one case for training, two for validation, three for the test. Its network is a function."""
    cases = save_several(folder / "cases", problem, count=6)
    names = [case_id(path) for path in cases]
    (folder / "run").mkdir()
    described = {"cases": str(folder / "cases"), "problem": problem.described(), **settings}
    write_json(folder / "run" / "settings.json", described)
    write_json(folder / "run" / "split.json", {"train": names[:1], "validation": names[1:3], "test": names[3:]})
    (folder / "run" / "history.csv").write_text("loss,val_dice\n0.9,0.5\n0.5,0.6\n", encoding="utf-8")
    sizes = "".join(f"{name},0.5,2\n" for name in names[3:5])  # of two of the three test cases
    (folder / "cases" / "manifest.csv").write_text(f"case,pixel_height_mm,pixel_width_mm\n{sizes}", encoding="utf-8")
    run = Run(folder / "run")
    run.model = reader(problem, shift)
    return run


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """For each problem the run, its report, and the lines that were told; without pictures, which take long."""
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Figure, "savefig", undrawn)
        for name, problem in (("organs", ORGANS), ("overlapping", OVERLAPPING), ("bands", BANDS)):
            run = make_run(tmp_path_factory.mktemp(name), problem)
            patch.setattr("lungseg.report.workflow.load_run", lambda folder, run=run: run)
            result = CliRunner().invoke(main, ["evaluate", str(run.folder)])  # the command, from end to end
            assert result.exit_code == 0, result.output
            found[name] = run, Page(run.folder / "report.html"), result.stdout
    return found


def undrawn(figure, target, **settings):
    """Write a file that is no picture."""
    (target.write if hasattr(target, "write") else target.write_bytes)(b"\x89PNG")


@pytest.mark.parametrize("name", ["organs", "overlapping", "bands"])
def test_nothing_that_only_lungs_have(written, name):
    run, page, lines = written[name]
    for words in OF_LUNGS:
        assert words not in page.text, page.text[page.text.find(words) - 90 :][:150]
    assert "two parts" not in lines
    assert "nan" not in page.text.split() + lines.split()
    assert page.open == []
    images = page.all("img")
    assert len(images) == len({image["alt"] for image in images}) == len(page.all("figcaption"))
    assert page.text.startswith("Segmentation: evaluation of run")
    figures = {path.name for path in (run.folder / "figures").iterdir()}
    several = {"dice_by_class.png"} if name != "bands" else set()
    matrix = {"confusion.png"} if name == "organs" else set()
    assert figures == {"gallery.png", "history.png"} | several | matrix


def test_scores_by_class_and_the_confusion_matrix(written):
    run, page, lines = written["organs"]
    assert "left 3 0 0.875 0.875 to 0.875 0.875" in page.text
    assert "classes that exclude each other: left, right, heart; channels: red, green, blue" in page.text
    assert "What the network expects: the recipe “colour”. " in page.text
    assert "None: each pixel gets the most probable one of background, left, right, heart." in page.text
    assert "The effect of the threshold" not in page.text
    summary = json.loads((run.folder / "summary.json").read_text(encoding="utf-8"))
    row = summary["confusion"]["pixels"][1]
    assert " ".join(["left", *map(str, row)]) in page.text
    assert row == [12, 84, 0, 0]  # three cases of 32 pixels, one row of eight too low
    assert "left 0.1250 0.8750 0.0000 0.0000" in page.text
    assert any(image["alt"].startswith("Confusion matrix of 768 pixels") for image in page.all("img"))
    assert summary["evaluated"]["problem"] == ORGANS.described()
    assert summary["evaluated"]["threshold"] is None
    assert re.search(r"^heart +3  0\.875", lines, re.MULTILINE)
    for name in ORGANS.classes:
        assert f"{{ background: {ORGANS.colour(name)}; }}" in page.source


def test_distances_in_millimetres_where_they_are_known(written):
    _, page, lines = written["organs"]
    assert (
        "mean HD95, mm 0.50 0.50 to 0.50 The same in millimetres, of the 2 cases whose pixel size is known."
        in page.text
    )
    assert "HD95, mm ASSD, mm left 3" in page.text
    assert "in millimetres, of 2 of 3 cases: HD95 0.5, ASSD " in lines
    assert "mean HD95, mm 0.50" in written["bands"][1].text


def test_classes_that_overlap_have_thresholds_and_no_matrix(written):
    _, page, _ = written["overlapping"]
    assert "confusion" not in page.text.lower()
    assert "On 2 of the 2 validation cases" in page.text
    assert "Pixels whose probability of the class is 0.5 or more are of it." in page.text
    assert "cell 3 " in page.text


def test_a_single_class_has_no_table_of_classes(written):
    _, page, _ = written["bands"]
    assert "By class" not in page.text
    assert "Area of water" in page.text
    assert "Pixels whose probability of water is 0.5 or more are water." in page.text
    assert "channels: infrared, blue, green, red, height" in page.text


def test_what_does_not_fit_is_refused_before_anything_is_written(written, tmp_path):
    run, *_ = written["organs"]
    others = save_several(tmp_path / "others", BANDS)
    said = refusal(evaluate_run, run, others[0].parent, out=tmp_path / "out", report=lambda line: None)
    assert "Received: the channels infrared, blue, green, red, height and the class water" in said
    said = refusal(evaluate_run, run, out=tmp_path / "out", clean=True, report=lambda line: None)
    assert "Leave cleaning out" in said
    assert not (tmp_path / "out").exists()
