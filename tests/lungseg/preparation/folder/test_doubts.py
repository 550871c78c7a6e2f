"""What `prepare` says of masks that a person should look at, and the picture that shows them."""

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from lungseg import list_cases
from lungseg.cli import main
from lungseg.masks.drawn import LINES, NEGATIVE
from lungseg.masks.plausibility import ONE_LUNG, RANGES
from lungseg.phantom import make_phantom
from lungseg.preparation.case import STRAY_VALUES
from lungseg.preparation.folder import overview
from lungseg.preparation.folder.doubts import collect_doubts
from lungseg.preparation.folder.report import PreparationReport
from lungseg.preparation.manifest import read_rows, write_rows
from radiographs import save
from raw_sources import prepare

NAMES = ("fine", "negative", "outline", "one lung", "upside down", "stray")


@pytest.fixture(scope="module")
def phantoms():
    return [make_phantom(seed, size=96) for seed in range(3, 9)]


@pytest.fixture
def odd(tmp_path, phantoms):
    """A folder of phantoms, most of them with a fault in the mask."""
    for name, phantom in zip(NAMES, phantoms, strict=True):
        mask = (phantom[..., 1] > 0.5).astype(np.uint8)
        if name == "negative":
            mask = 1 - mask
        elif name == "outline":
            mask[1:-1, 1:-1] &= ~(mask[:-2, 1:-1] & mask[2:, 1:-1] & mask[1:-1, :-2] & mask[1:-1, 2:])
        elif name == "one lung":
            mask[:, 48:] = 0
        elif name == "upside down":
            mask = mask[::-1]
        mask = mask * 100
        if name == "stray":
            mask[0, 0] = 255
        save(tmp_path / f"raw/images/{name}.png", (phantom[..., 0] * 255).astype(np.uint8))
        save(tmp_path / f"raw/masks/{name}.png", mask)
    return tmp_path / "raw"


def test_each_kind_of_doubt_is_a_line_with_names(odd, tmp_path):
    report = prepare(odd, tmp_path / "out", 64)
    assert report.doubts[NEGATIVE] == ["negative.png"]
    assert report.doubts[LINES] == ["outline.png"]
    assert report.doubts[ONE_LUNG] == ["one lung.png"]
    assert report.doubts[RANGES["apart_below"].below] == ["upside down.png"]
    assert report.doubts[STRAY_VALUES] == ["stray.png"]
    assert not any("fine.png" in names for names in report.doubts.values())
    summary = report.summary()
    assert f"5 cases need a look, {tmp_path / 'out/overview.png'} shows them first:" in summary
    assert f"  {NEGATIVE}: negative.png\n" in summary


def test_doubts_are_told_again_where_cases_are_reused(odd, tmp_path):
    first = prepare(odd, tmp_path / "out", 64)
    again = prepare(odd, tmp_path / "out", 64)
    assert (again.written, again.reused) == (0, 6)
    assert again.doubts == first.doubts


def test_cases_of_an_older_manifest_are_judged(odd, tmp_path):
    first = prepare(odd, tmp_path / "out", 64)
    rows = read_rows(tmp_path / "out")
    for row in rows.values():
        for column in ("plausible", "reasons", "lung_values", "absent", "lung_pixels"):
            row[column] = ""
    write_rows(tmp_path / "out", rows)
    again = prepare(odd, tmp_path / "out", 64)
    assert again.reused == 6
    assert again.doubts[NEGATIVE] == first.doubts[NEGATIVE]
    assert {row["plausible"] for row in read_rows(tmp_path / "out").values()} == {"yes", "no"}


def test_the_overview_is_a_picture_and_no_case(odd, tmp_path):
    out = tmp_path / "out"
    report = prepare(odd, out, 64)
    assert report.overview == out / "overview.png"
    before = report.overview.read_bytes()
    with Image.open(report.overview) as picture:
        assert picture.mode == "RGB"
        assert min(picture.size) >= overview.SIDE
    assert [path.stem for path in list_cases(out)] == sorted(NAMES)
    prepare(odd, out, 64)
    assert report.overview.read_bytes() == before


def test_of_a_negative_the_overview_shows_which_side_the_mask_is_on(tmp_path):
    case = np.zeros((16, 16, 2))
    case[4:12, 4:12, 1] = 1
    np.save(tmp_path / "lungs.npy", case)
    case[..., 1] = 1 - case[..., 1]
    np.save(tmp_path / "negative.npy", case)
    rows = {"lungs": {"reasons": ""}, "negative": {"reasons": "the mask touches all four corners: a negative?"}}
    with Image.open(overview.write_overview(tmp_path, rows)) as picture:
        top = picture.height - overview.SIDE - 3 * overview.LINE - overview.GAP
        first, second = overview.GAP, 2 * overview.GAP + overview.SIDE
        middle, rim = overview.SIDE // 2, overview.SIDE // 16
        at = [picture.getpixel((left + way, top + way)) for left in (first, second) for way in (middle, rim)]
    black = (0, 0, 0)
    assert at[0] == at[2] == at[3] == black
    assert at[1][0] > at[1][1] > at[1][2] == 0  # the negative, first and tinted outside


def test_the_doubtful_ones_come_first_and_the_picture_stays_small():
    rows = {f"{i:05d}": {"reasons": "very small" if i % 5000 == 77 else ""} for i in range(10_000)}
    chosen = overview.choose_cases(rows)
    assert chosen[:2] == ["00077", "05077"]
    assert len(chosen) == len(set(chosen)) == overview.MOST
    assert chosen[2] == "00000"
    assert chosen[-1] == "09999"
    all_doubted = {case: {"reasons": "high" if case < "05000" else "low"} for case in rows}
    reasons = [all_doubted[case]["reasons"] for case in overview.choose_cases(all_doubted)]
    assert reasons == ["high"] * 32 + ["low"] * 32


def test_names_of_any_alphabet_and_damaged_cases_do_not_stop_the_overview(tmp_path):
    np.save(tmp_path / "胸.npy", np.random.default_rng([0]).random((8, 8, 2)).round())
    (tmp_path / "gone.npy").write_bytes(b"")
    rows = {"胸": {"reasons": "x" * 300}, "gone": {"reasons": ""}, "never": {"reasons": None}}
    with Image.open(overview.write_overview(tmp_path, rows)) as picture:
        assert picture.size[0] > 3 * overview.SIDE


def test_the_command_tells_doubts_and_lung_values(odd, tmp_path):
    result = CliRunner().invoke(main, ["prepare", str(odd), str(tmp_path / "out"), "--size", "64", "--jobs", "1"])
    assert result.exit_code == 0
    assert f"{NEGATIVE}: negative.png" in result.output
    command = ["prepare", str(odd), str(tmp_path / "out"), "--size", "64", "--jobs", "1", "--lung-values", "100,30"]
    result = CliRunner().invoke(main, command)
    assert "6 cases written, 0 reused" in result.output
    assert "none of the masks has the lung value 30" in result.output
    assert CliRunner().invoke(main, [*command[:-1], "lung"]).output.startswith("Error: lung_values: expected")


def test_other_lung_values_make_cases_anew(odd, tmp_path):
    first = prepare(odd, tmp_path / "out", 64, lung_values=[100])
    again = prepare(odd, tmp_path / "out", 64, lung_values="100")
    assert (first.written, again.reused) == (6, 6)
    assert prepare(odd, tmp_path / "out", 64, lung_values="100,7").notes == [
        *first.notes,
        "the lung values differ from those of an earlier run, 100 before, 100,7 now: its cases are made anew",
        "none of the masks has the lung value 7",
    ]
    assert prepare(odd, tmp_path / "out", 64, lung_values="100,7").reused == 6
    assert "none of the masks has the lung value 7" in prepare(odd, tmp_path / "out", 64, lung_values="100,7").notes
    assert prepare(odd, tmp_path / "out", 64).written == 6


def test_a_reason_that_somebody_has_written_is_one_line_without_commands_to_the_terminal():
    report = PreparationReport(doubts=collect_doubts([{"image": "a.png", "reasons": "gone\x1b[2J\nnext"}]))
    assert report.summary().splitlines()[-1] == r"  gone\x1b[2J\nnext: a.png"
