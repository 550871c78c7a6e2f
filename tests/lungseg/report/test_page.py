"""The page: what it holds, what it must not hold, and that its numbers are those that were measured."""

import re

import numpy as np
import pytest

import lungseg.report.page as page_module
from lungseg.cases import case_id
from lungseg.evaluation.summary import summarise
from lungseg.plotting.figure import as_png
from lungseg.report import write_report
from pages import Page


@pytest.fixture(scope="module")
def drawn(run, measured, test_part, phantom_cases, tmp_path_factory):
    """Two files of the same report, with their pictures at a few dots per inch."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page_module, "as_png", lambda figure: as_png(figure, dpi=20))
        folders = tmp_path_factory.mktemp("a"), tmp_path_factory.mktemp("b") / "new"
        return [write_report(run, measured, test_part, folder, candidates=phantom_cases) for folder in folders]


@pytest.fixture(scope="module")
def page(drawn):
    return Page(drawn[0])


def test_nothing_is_loaded_from_elsewhere(page):
    for _, attributes in page.tags:
        assert attributes.get("src", "data:").startswith("data:")
        assert attributes.get("href", "#").startswith("#")
        assert "srcset" not in attributes
        assert "style" not in attributes
    assert not {"script", "link", "iframe", "object", "form"} & {tag for tag, _ in page.tags}
    assert "url(" not in page.source
    assert "@import" not in page.source
    assert "http" not in re.sub(r"base64,[^\"]*|http-equiv", "", page.source)
    (policy,) = [meta["content"] for meta in page.all("meta") if "http-equiv" in meta]
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def test_each_image_has_its_own_alternative_text_and_a_caption(page):
    images = page.all("img")
    assert len(images) == len(page.all("figcaption")) == 7
    assert len({image["alt"] for image in images}) == 7
    assert all(len(image["alt"]) > 40 for image in images)
    assert all(image["src"].startswith("data:image/png;base64,iVBOR") for image in images)
    assert images[-1]["alt"].startswith("The worst cases, the worst first. True and predicted")


def test_the_structure_is_semantic(page):
    assert page.open == []
    assert page.source.startswith("<!DOCTYPE html>")
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert len(page.all("table")) == len(page.all("caption"))
    assert all(region["aria-label"] and region["tabindex"] == "0" for region in page.all("div"))
    assert all(cell["scope"] in ("row", "col") for cell in page.all("th"))
    targets = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert [link["href"][1:] for link in page.all("a")] == targets
    assert [section["aria-labelledby"] for section in page.all("section")] == targets
    assert "prefers-color-scheme: dark" in page.source
    assert "@media print" in page.source


def test_it_says_what_was_evaluated_and_how(page):
    words = (
        "For teaching and research, not for diagnosis",
        "evaluation of my run",
        "5 (Phantom 5)",
        "diagonal of the image",
    )
    for said in (*words, "within 2 pixels", "2,000 times", "Efron", "Bland", "Guo"):
        assert said in page.text
    assert "secret" not in page.source  # a report is shared with others
    assert "flatter the network" not in page.text


def test_the_same_input_gives_the_same_bytes(drawn):
    first, second = drawn
    assert first.read_bytes() == second.read_bytes()
    assert [file.name for file in second.parent.iterdir()] == ["report.html"]
    assert not re.search(r"20[2-9]\d-\d\d", re.sub(r"base64,[^\"]*", "", first.read_text(encoding="utf-8")))


# --- the numbers -----------------------------------------------------------------------------------------


def test_the_numbers_are_those_of_the_table(page, measured):
    summary = summarise(measured.table)
    assert f"the mean Dice is {summary['dice']['mean']:.3f} (95 % interval" in page.text
    assert f"median Dice {summary['dice']['median']:.3f}" in page.text
    assert f"mean HD95, pixels {summary['hd95']['mean']:.1f}" in page.text
    assert f"pooled F1 {summary['pooled_f1']:.3f}" in page.text
    worst = f"{summary['dice']['worst_case']}: Dice {summary['dice']['worst']:.3f}"
    assert any(worst in image["alt"] for image in page.all("img"))
    for name, group in summary["by_diagnosis"].items():
        assert f"{name} {group['count']} {group['dice']['mean']:.3f}" in page.text


SURFACES = {"hd95": 77.7, "assd": 55.55, "surface_dice": 0.321}
PAIRS = {"dice_raw": 0.4567, "dice_cleaned": 0.7654, "hd95_raw": 66.66, "hd95_cleaned": 44.44}
PLANTED = {"jaccard": 0.123, **SURFACES, **PAIRS}


COUNTS = {"tp": 300, "fp": 100, "fn": 200, "pixels": 1000}


def test_planted_numbers_appear(page, write):
    altered = write(change=lambda table: table.assign(**PLANTED))
    for value in PLANTED.values():
        assert str(value) in altered.text
        assert str(value) not in page.text


def test_planted_counts_change_f1_areas_and_calibration(page, write):
    calibration = np.zeros((3, 10))
    calibration[:, 3] = 1000, 900, 350
    altered = write(change=lambda table: table.assign(**COUNTS), calibration=calibration)
    for words in (
        "pooled F1 0.667 0.667 to 0.667",
        "by −10.00 % of the image on average (95 % interval −10.00 to −10.00); the true lungs cover 50.0 %",
        "limits of agreement are −10.00 and −10.00 %; 0 cases lie outside",
        "calibration error over all 1,000 pixels is 0.5500",
        "100.0 % of the pixels have a probability from 0.1 to 0.9; among them alone it is 0.550.",
        "0.3 to 0.4 1,000 0.350 0.900",
    ):
        assert words in altered.text
        assert words not in page.text
    pictures = " ".join(image["alt"] for image in altered.all("img"))
    assert "bias −10.00 % of the image, limits of agreement −10.00 to −10.00 %" in pictures
    assert "over 1,000 pixels: expected calibration error 0.5500" in pictures


# --- who trained it --------------------------------------------------------------------------------------


def test_cases_that_the_training_has_seen_are_named_as_such(run, phantom_cases, write):
    page = write(cases=list(phantom_cases))
    assert "2 belong to its training part, 3 belong to its validation part" in page.text
    assert "flatter the network" in page.text
    page = write(seen_before={case_id(path) for path in phantom_cases[5:7]})
    assert "2 trained the network that it started from" in page.text


@pytest.mark.parametrize(("keep", "chose"), [("best", True), ("last", False), (None, True)])
def test_validation_cases_chose_the_epoch_only_if_the_best_was_kept(phantom_cases, keep, chose, write):
    page = write(settings={"keep": keep} if keep else {}, candidates=phantom_cases)
    assert ("These cases also chose the epoch" in page.text) == chose


# --- odd input -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 3])
def test_few_cases_will_do(count, run, test_part, write):
    page = write(cases=test_part[:count])
    assert f"On {count} case{'s' * (count > 1)} the mean Dice is" in page.text
    assert "nan" not in page.text + str(page.all("img"))
    for words in ("bootstrap intervals: ", "dashed ones", "Groups whose", "Of all cases", "before rounding", "limits"):
        assert (words in page.text) == (count > 1), words
    assert "one case only" in page.text  # at least the first one, which alone is normal


def test_empty_masks(tmp_path, write):
    for name, truth in (("a", 0), ("b", 1), ("c", 0)):
        np.save(tmp_path / f"{name}.npy", np.stack([np.full((16, 16), 0.2), np.full((16, 16), truth)], axis=-1))
    page = write(cases=sorted(tmp_path.glob("*.npy")), model=np.zeros_like)
    assert any("a: Dice 1.000" in image["alt"] for image in page.all("img"))


HOSTILE = "<script>\"'&amp;{{ 7 * 7 }}"


def test_names_that_hold_html_stay_text(test_part, tmp_path, write):
    folder = tmp_path / "it's & more"  # angle brackets and double quotes are no part of a name on Windows
    folder.mkdir()
    cases = [folder / f"{path.stem} & 'x'.npy" for path in test_part]
    for path, case in zip(test_part, cases, strict=True):
        case.write_bytes(path.read_bytes())
    page = write(
        cases=cases,
        change=lambda table: table.assign(source=HOSTILE, diagnosis=[HOSTILE] * 3 + ["normal"] * 2),
        settings={"loss": HOSTILE, "stages": HOSTILE},
        folder=f"runs/{HOSTILE}",
    )
    assert not page.all("script")
    assert page.open == []
    for shown in (
        "evaluation of {}",
        "Run {}",
        "loss {}",
        "Stages {}",
        "5 ({} 5), of the folder it's & more",
        "{} 3 0.",
    ):
        assert shown.format(HOSTILE) in page.text
    pictures = " ".join(image["alt"] for image in page.all("img"))
    assert f"{HOSTILE}, normal: 2 cases" in pictures
    assert f"{cases[0].stem}: Dice" in pictures
