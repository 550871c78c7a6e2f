"""The page: what it holds, what it must not hold, and that its numbers are those that were measured."""

import re
import shutil
from html.parser import HTMLParser
from types import SimpleNamespace

import numpy as np
import pytest

import lungseg.report.page as room_of_pages
from lungseg.cases import case_id
from lungseg.errors import InputError
from lungseg.evaluation.evaluation import measure_cases
from lungseg.evaluation.summary import summarise
from lungseg.evaluation.thresholds import THRESHOLDS
from lungseg.plotting.figure import as_png
from lungseg.report import write_report
from lungseg.report.page import data_table, figure_block, paragraph, whole_page


class Page(HTMLParser):
    """Tags with their attributes, and the text between them."""

    def __init__(self, path):
        super().__init__()
        self.tags, self.words, self.open = [], [], []
        self.source = path if isinstance(path, str) else path.read_text(encoding="utf-8")
        self.feed(self.source)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes another tag"

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def network(images):
    """The dark half of a radiograph."""
    return np.clip(1.1 - images, 0, 1)


@pytest.fixture(scope="module", autouse=True)
def undrawn():
    """Leave the pictures away, which take most of the time; see `drawn`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room_of_pages, "as_png", lambda figure: b"\x89PNG")
        yield


@pytest.fixture(scope="module")
def drawn(undrawn):
    """Write a report with its pictures, at a few dots per inch."""

    def write(*arguments, **settings):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(room_of_pages, "as_png", lambda figure: as_png(figure, dpi=20))
            return write_report(*arguments, **settings)

    return write


@pytest.fixture(scope="module")
def run(phantom_cases):
    """Two cases for training, three for validation, five for the test."""
    names = [case_id(path) for path in phantom_cases]
    return SimpleNamespace(
        folder="runs/my run",
        settings={
            "preparation": {"low": 5.0, "high": 95.0, "crop": True},
            "size": [32, 32],
            "network": {"filters": 4, "depth": 2},
            "parameters": 1234,
            "cases": "/home/somebody/secret/cases",
        },
        split_ids={"train": names[:2], "validation": names[2:5], "test": names[5:]},
        seen_before=set(),
        model=network,
    )


@pytest.fixture(scope="module")
def test_part(phantom_cases):
    return list(phantom_cases[5:])


@pytest.fixture(scope="module")
def measured(test_part):
    return measure_cases(network, test_part)


@pytest.fixture(scope="module")
def path(drawn, run, measured, test_part, phantom_cases, tmp_path_factory):
    return drawn(run, measured, test_part, tmp_path_factory.mktemp("report"), candidates=phantom_cases)


@pytest.fixture(scope="module")
def page(path):
    return Page(path)


# --- the page --------------------------------------------------------------------------------------------


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


def test_the_structure_is_semantic(page):
    assert page.open == []
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert len(page.all("table")) == len(page.all("caption"))
    assert all(cell["scope"] in ("row", "col") for cell in page.all("th"))
    targets = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    assert {link["href"][1:] for link in page.all("a")} == targets
    assert "prefers-color-scheme: dark" in page.source
    assert "@media print" in page.source


def test_it_says_what_was_evaluated(page):
    for words in (
        "For teaching and research, not for diagnosis",
        "evaluation of my run",
        "5 (Phantom 5)",
        "test: 5 of its 5 cases",
        "1,234 parameters",
        "percentiles 5 and 95",
        "Empty masks",
        "diagonal of the image",
        "within 2 pixels",
        "2,000 times",
        "Bland",
        "Guo",
    ):
        assert words in page.text
    assert "secret" not in page.source  # where the cases lay is nobody's business
    assert "flatter the network" not in page.text


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"network": "own"}, "Network one that was given to the training, not that of build_unet; 1,234 parameters"),
        (
            {"start": "/home/somebody/runs/before", "seen_before": ["a", "b", "c"]},
            "fine-tuned from the network of before, which 3 cases had trained or chosen",
        ),
        ({"epochs": 7, "learning_rate": 0.002}, "epochs 7; learning rate 0.002"),
        ({"size": [32, 32]}, "resized to 32 × 32 pixels. Nobody can check that of cases"),
    ],
)
def test_it_tells_what_the_settings_tell(run, measured, test_part, tmp_path, settings, says):
    other = SimpleNamespace(**{**vars(run), "settings": {**run.settings, **settings}})
    page = Page(write_report(other, measured, test_part, tmp_path))
    assert says in page.text.replace("\u00a0", " ")
    assert "somebody" not in page.source


def test_the_size_of_the_cases_is_that_of_the_judged_ones(page, run, measured, test_part, tmp_path):
    height, width = np.load(test_part[0]).shape[:2]
    assert f"Size of the cases {height} × {width} pixels." in page.text.replace("\u00a0", " ")
    table = measured.table.copy()
    table.loc[0, ["height", "width"]] = 16, 24
    other = Page(write_report(run, measured._replace(table=table), test_part, tmp_path)).text.replace("\u00a0", " ")
    assert f"16 × 24 pixels: 1, {height} × {width} pixels: 4. A pixel is not the same" in other


def test_cases_of_the_training_are_named_as_such(run, phantom_cases, tmp_path):
    cases = list(phantom_cases)
    page = Page(write_report(run, measure_cases(network, cases), cases, tmp_path))
    assert "2 belong to its training part, 3 belong to its validation part" in page.text
    assert "flatter the network" in page.text
    assert "train: 2 of its 2 cases; validation: 3 of its 3 cases; test: 5 of its 5 cases" in page.text


@pytest.mark.parametrize(("keep", "chose"), [("best", True), ("last", False), (None, True)])
def test_validation_cases_chose_the_epoch_only_if_the_best_was_kept(run, phantom_cases, tmp_path, keep, chose):
    settings = {**run.settings, "stages": "first small, then large", **({"keep": keep} if keep else {})}
    trained = SimpleNamespace(**{**vars(run), "settings": settings})
    cases = list(phantom_cases[5:7])
    page = Page(write_report(trained, measure_cases(network, cases), cases, tmp_path, candidates=phantom_cases))
    assert ("These cases also chose the epoch" in page.text) == chose
    assert (f"the {keep} epoch kept" in page.text) == bool(keep)
    assert "first small, then large" in page.text


def test_cases_that_trained_the_network_it_started_from_are_named_too(run, phantom_cases, tmp_path):
    cases = list(phantom_cases[5:])
    trained = SimpleNamespace(**{**vars(run), "seen_before": {case_id(cases[0]), case_id(cases[1])}})
    page = Page(write_report(trained, measure_cases(network, cases), cases, tmp_path))
    assert "2 trained the network that it started from" in page.text


def test_the_same_input_gives_the_same_bytes(path, drawn, run, measured, test_part, phantom_cases, tmp_path):
    again = drawn(run, measured, test_part, tmp_path / "new", candidates=phantom_cases)
    assert again.read_bytes() == path.read_bytes()
    assert [file.name for file in again.parent.iterdir()] == ["report.html"]
    assert not re.search(r"20[2-9]\d-\d\d", page_without_pictures(path))


def page_without_pictures(path):
    return re.sub(r"base64,[^\"]*", "", path.read_text(encoding="utf-8"))


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


PLANTED = {
    "jaccard": 0.123,
    "hd95": 77.7,
    "assd": 55.55,
    "surface_dice": 0.321,
    "dice_raw": 0.4567,
    "dice_cleaned": 0.7654,
    "hd95_raw": 66.66,
    "hd95_cleaned": 44.44,
}


def test_planted_numbers_appear(page, run, measured, test_part, tmp_path):
    changed = measured._replace(table=measured.table.assign(**PLANTED))
    altered = Page(write_report(run, changed, test_part, tmp_path))
    for value in PLANTED.values():
        assert str(value) in altered.text
        assert str(value) not in page.text


def test_planted_counts_change_f1_areas_and_calibration(page, run, measured, test_part, tmp_path):
    table = measured.table.assign(tp=300, fp=100, fn=200, pixels=1000)
    calibration = np.zeros((3, 10))
    calibration[:, 3] = 1000, 900, 350
    altered = Page(write_report(run, measured._replace(table=table, calibration=calibration), test_part, tmp_path))
    for words in (
        "pooled F1 0.667 0.667 to 0.667",
        "by −10.00 % of the image on average (95 % interval −10.00 to −10.00); the true lungs cover 50.0 %",
        "limits of agreement are −10.00 and −10.00 %; 0 cases lie outside",
        "calibration error over all 1,000 pixels is 0.5500",
        "0.3 to 0.4 1,000 0.350 0.900",
    ):
        assert words in altered.text
        assert words not in page.text
    pictures = " ".join(image["alt"] for image in altered.all("img"))
    assert "bias −10.00 % of the image, limits of agreement −10.00 to −10.00 %" in pictures
    assert "over 1,000 pixels: expected calibration error 0.5500" in pictures


def test_a_dice_that_is_not_that_of_the_prediction_is_found(run, measured, test_part, tmp_path):
    table = measured.table.copy()
    table.loc[table["dice"].idxmax(), "dice"] = 0.999
    with pytest.raises(InputError, match="the table says"):
        write_report(run, measured._replace(table=table), test_part, tmp_path)
    assert not (tmp_path / "report.html").exists()


def test_no_case_is_predicted_again_to_be_shown(run, measured, test_part, tmp_path):
    def refuses(images):
        raise AssertionError("predicted again")

    write_report(SimpleNamespace(**{**vars(run), "model": refuses}), measured, test_part, tmp_path)


# --- the threshold ---------------------------------------------------------------------------------------


def test_the_threshold_is_of_validation_cases_only(run, measured, test_part, phantom_cases, tmp_path, monkeypatch):
    import lungseg.report.writing as room

    asked = []
    measure = room.dice_by_threshold

    def spy(model, cases, **settings):
        asked.extend(cases)
        return measure(model, cases, **settings)

    monkeypatch.setattr(room, "dice_by_threshold", spy)
    write_report(run, measured, test_part, tmp_path, candidates=phantom_cases)
    assert asked == list(phantom_cases[2:5])

    # A split that names a validation case as a test case too: it counts as one of the test.
    asked.clear()
    names = run.split_ids
    overlapping = {**names, "validation": names["validation"] + names["test"]}
    both = SimpleNamespace(**{**vars(run), "split_ids": overlapping})
    write_report(both, measured, test_part, tmp_path, candidates=phantom_cases)
    assert asked == list(phantom_cases[2:5])


def test_other_test_cases_leave_the_threshold_alone(run, phantom_cases, tmp_path):
    """Spoil every test case: the section on the threshold stays the same, letter for letter."""
    spoilt = []
    for path in phantom_cases:
        copy = tmp_path / path.name
        shutil.copy(path, copy)
        if case_id(path) in run.split_ids["test"]:
            case = np.load(copy)
            case[..., 1] = case[..., 1][::-1, ::-1]
            np.save(copy, case)
        spoilt.append(copy)

    def threshold_section(cases):
        report = write_report(run, measure_cases(network, cases[5:]), cases[5:], tmp_path / "out", candidates=cases)
        return re.search(r"The effect of the threshold</h2>.*?</section>", report.read_text("utf-8"), re.DOTALL)[0]

    assert threshold_section(spoilt) == threshold_section(list(phantom_cases))


def test_the_threshold_that_would_be_chosen_is_named(run, measured, test_part, phantom_cases, tmp_path, monkeypatch):
    import lungseg.report.writing as room

    dice = np.tile(0.9 - np.abs(np.array(THRESHOLDS) - 0.35) / 10, (3, 1))
    monkeypatch.setattr(room, "dice_by_threshold", lambda *args, **settings: dice)
    page = Page(write_report(run, measured, test_part, tmp_path, candidates=phantom_cases))
    assert "On 3 of the 3 validation cases the mean Dice is highest at 0.35 (0.9000); at 0.5 it is 0.8850." in page.text
    assert "would be 0.35, a gain of 0.0150 (95 % interval 0.0150 to 0.0150)" in page.text
    assert "All other figures of this page use 0.5." in page.text


@pytest.mark.parametrize(
    ("split", "damaged", "says"),
    [
        ({}, False, "The run names no validation cases, so there is no figure"),
        ({"validation": ["elsewhere"]}, False, "None of the run's 1 validation cases is at hand"),
        ({"validation": ["damaged"]}, True, "validation cases cannot be used"),
    ],
)
def test_without_validation_cases_it_says_so(split, damaged, says, run, measured, test_part, tmp_path):
    candidates = [*test_part, tmp_path / "damaged.npy"] if damaged else test_part
    (tmp_path / "damaged.npy").write_bytes(b"half a ca")
    other = SimpleNamespace(**{**vars(run), "split_ids": split})
    page = Page(write_report(other, measured, test_part, tmp_path / "out", candidates=candidates))
    assert says in page.text
    assert "The threshold stays 0.5" in page.text
    assert len(page.all("img")) == 6


# --- odd input -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 3])
def test_few_cases_will_do(count, run, test_part, tmp_path):
    cases = test_part[:count]
    page = Page(write_report(run, measure_cases(network, cases), cases, tmp_path))
    assert f"On {count} case{'s' * (count > 1)} the mean Dice is" in page.text
    assert "nan" not in page.text
    for words in ("bootstrap intervals: ", "dashed ones", "Groups whose", "Of all cases"):
        assert (words in page.text) == (count > 1), words
    assert ("one case only" in page.text) == (
        1 in measure_cases(network, cases).table["diagnosis"].value_counts().values
    )


def test_empty_masks_and_other_names(tmp_path):
    for name, truth in (("a", 0), ("b", 1), ("<b>c & d", 0)):
        np.save(tmp_path / f"{name}.npy", np.stack([np.full((16, 16), 0.2), np.full((16, 16), truth)], axis=-1))
    cases = sorted(tmp_path.glob("*.npy"))
    run = SimpleNamespace(
        folder="<i>run", settings={}, split_ids={}, seen_before=set(), model=lambda images: np.zeros_like(images)
    )
    page = Page(write_report(run, measure_cases(run.model, cases), cases, tmp_path))
    assert page.open == []
    assert not page.all("i")
    assert not page.all("b")
    assert "evaluation of <i>run" in page.text
    assert any("<b>c & d: Dice 1.000" in image["alt"] for image in page.all("img"))


def test_a_folder_that_cannot_be_written(run, measured, test_part, tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(InputError, match="cannot be written"):
        write_report(run, measured, test_part, tmp_path / "file" / "out")


def test_the_parts_of_a_page_escape_their_text():
    sharp = '<script>"&'
    from lungseg.report.figures import plot_dice_histogram

    figure = plot_dice_histogram([0.5])
    figure.alt_text = sharp
    parts = [paragraph(sharp), data_table(sharp, [sharp, sharp], [[sharp, sharp]]), figure_block(figure, sharp)]
    page = Page(whole_page(sharp, parts, [(sharp, parts)], sharp))
    assert not page.all("script")
    assert page.all("img")[0]["alt"] == sharp
