"""The summary of a table worked out by hand, its text, and its files."""

import json

import numpy as np
import pandas as pd
import pytest

from lungseg.errors import InputError
from lungseg.evaluation import COLUMNS, read_evaluation, summarise, summary_text, write_evaluation


@pytest.fixture
def table():
    rows = [
        ("a", "Shenzhen", "normal", 0.9, 0.8, 2.0, 1.0, 2, 90, 10, 10),
        ("b", "Shenzhen", "tuberculosis", 0.5, 0.4, 8.0, 3.0, 3, 10, 10, 10),
        ("c", "Montgomery", "normal", 1.0, 1.0, 0.0, 0.0, 2, 100, 0, 0),
        ("d", "Montgomery", "normal", 0.8, 0.6, 30.0, 4.0, 2, 40, 10, 10),
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def test_summary_by_hand(table):
    summary = summarise(table)
    assert summary["count"] == 4
    dice = summary["dice"]
    assert dice["mean"] == pytest.approx(0.8)
    assert dice["median"] == pytest.approx(0.85)
    assert dice["sd"] == pytest.approx(np.sqrt((0.1**2 + 0.3**2 + 0.2**2 + 0) / 3))
    assert (dice["worst"], dice["worst_case"]) == (0.5, "b")
    assert (summary["hd95"]["worst"], summary["hd95"]["worst_case"]) == (
        30,
        "d",
    )  # the largest, not the smallest
    assert summary["hd95"]["mean"] == pytest.approx(10)
    assert (summary["assd"]["median"], summary["assd"]["worst_case"]) == (2, "d")
    assert (summary["jaccard"]["mean"], summary["jaccard"]["worst_case"]) == (pytest.approx(0.7), "b")
    assert summary["pooled_f1"] == pytest.approx(480 / (480 + 30 + 30))  # not 0.8
    assert summary["two_components"] == 0.75


def test_summary_by_group(table):
    summary = summarise(table)
    assert list(summary["by_source"]) == ["Montgomery", "Shenzhen"]
    assert summary["by_source"]["Montgomery"]["dice"]["mean"] == pytest.approx(0.9)
    assert summary["by_source"]["Shenzhen"]["pooled_f1"] == pytest.approx(200 / 240)
    assert summary["by_diagnosis"]["normal"]["count"] == 3
    assert summary["by_diagnosis"]["tuberculosis"]["dice"]["worst_case"] == "b"
    pairs = summary["by_source_and_diagnosis"]
    assert {name: group["count"] for name, group in pairs.items()} == {
        "Montgomery, normal": 2,
        "Shenzhen, normal": 1,
        "Shenzhen, tuberculosis": 1,
    }
    assert pairs["Shenzhen, normal"]["dice"]["sd"] is None  # a single case has no spread


def test_the_index_of_the_table_does_not_matter(table):
    shuffled = table.sample(frac=1, random_state=1)
    assert summarise(shuffled)["dice"]["worst_case"] == "b"
    assert summarise(shuffled)["by_source"]["Montgomery"]["dice"]["worst_case"] == "d"


def test_the_text_holds_the_numbers_in_columns(table):
    text = summary_text(summarise(table))
    lines = text.splitlines()
    names = ["", "all cases", "Montgomery", "Shenzhen", "normal", "tuberculosis", "Shenzhen, normal"]
    assert [line.split("  ")[0] for line in lines[:-2]] == names  # Montgomery is all normal: said already
    assert len({len(line) for line in lines[:-2]}) == 1  # all end in the same column
    assert "0.800 ± 0.216" in lines[1]
    assert lines[-1] == "lowest Dice: b (0.500); highest HD95: d (30.0 pixels)"


def test_the_text_does_not_repeat_itself(table):
    table["source"] = "Phantom"
    names = [line.split("  ")[0] for line in summary_text(summarise(table)).splitlines()]
    assert names[1:4] == ["all cases", "normal", "tuberculosis"]
    table["diagnosis"] = "unknown"
    assert len(summary_text(summarise(table)).splitlines()) == 4
    table.loc[0, "source"] = "other"
    names = [line.split("  ")[0] for line in summary_text(summarise(table)).splitlines()]
    assert names[1:-2] == ["all cases", "Phantom", "other"]


# --- files -----------------------------------------------------------------------------------------------


def test_the_summary_says_what_was_evaluated_and_is_strict_json(tmp_path, table):
    write_evaluation(table, tmp_path, {"part": "train", "clean": True})
    text = (tmp_path / "summary.json").read_text(encoding="utf-8")
    summary = json.loads(text, parse_constant=pytest.fail)  # NaN and Infinity are no JSON
    assert summary["evaluated"] == {"part": "train", "clean": True}
    assert {**summarise(table), "evaluated": summary["evaluated"]} == summary
    assert summary_text(summary) == summary_text(summarise(table))


def test_round_trip_keeps_every_digit(tmp_path, table):
    rng = np.random.default_rng(3)
    table[["dice", "jaccard", "hd95", "assd"]] = rng.random((4, 4)) * [1, 1, 100, 10]
    write_evaluation(table, tmp_path / "new" / "folder")
    back = read_evaluation(tmp_path / "new" / "folder")
    for column in COLUMNS:
        assert back[column].tolist() == table[column].tolist()
    assert sorted(p.name for p in (tmp_path / "new" / "folder").iterdir()) == [
        "evaluation.csv",
        "summary.json",
    ]


def test_ids_that_look_like_numbers_stay_text_and_further_columns_are_kept(tmp_path, table):
    table["case"] = ["0042", "NA", "1e5", 'a, "b"']
    write_evaluation(table.assign(surface_dice=0.5), tmp_path)
    back = read_evaluation(tmp_path)
    assert back["case"].tolist() == ["0042", "NA", "1e5", 'a, "b"']
    assert back["surface_dice"].tolist() == [0.5] * 4  # further columns are kept


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.replace(",", ";").replace(".", ",").encode("cp1252"),
        lambda text: text.replace(",", "\t").replace("\n", "\r\n").encode("utf-16"),
        lambda text: (text.replace("\n", ",,\n") + "," * 13).encode(),
    ],
    ids=["with a mark", "decimal commas", "Unicode text", "empty cells"],
)
def test_a_table_that_a_spreadsheet_has_saved_is_read(tmp_path, table, change):
    table["case"] = ["Müller", "0042", "c", "d"]
    write_evaluation(table.assign(surface_dice=0.25, remark="a"), tmp_path)
    path = tmp_path / "evaluation.csv"
    path.write_bytes(change(path.read_text(encoding="utf-8")))
    back = read_evaluation(tmp_path)
    pd.testing.assert_frame_equal(back, table.assign(surface_dice=0.25, remark="a"))


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content[:-9],
        lambda content: content + bytes(100),
        lambda content: content.replace(b"normal", b'"normal'),
        lambda content: content.replace(b"dice,", b"dice,dice,"),
        lambda content: content.replace(b",90,", b",many,"),
        lambda content: content.replace(b",0.9,", b",,"),
        lambda content: b"\x89PNG\r\n\x1a\n\x81",
    ],
    ids=["cut", "NUL", "a quotation mark", "a column twice", "no number", "no cell", "a picture"],
)
def test_a_damaged_table_is_one_short_line(tmp_path, table, change):
    write_evaluation(table, tmp_path)
    path = tmp_path / "evaluation.csv"
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(InputError, match=r"evaluation\.csv: expected .* Received: ") as refused:
        read_evaluation(tmp_path)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < len(str(path)) + 250


def test_the_csv_is_plain(tmp_path, table):
    write_evaluation(table, tmp_path)
    lines = (tmp_path / "evaluation.csv").read_bytes().decode().split("\n")
    assert lines[0] == ",".join(COLUMNS)
    assert lines[1] == "a,Shenzhen,normal,0.9,0.8,2.0,1.0,2,90,10,10"


def test_a_failed_write_leaves_the_old_files(tmp_path, table, monkeypatch):
    write_evaluation(table, tmp_path)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}

    def breaks(path, **kwargs):
        path.write_text("half a ta")
        raise OSError(28, "No space left on device")

    other = table.assign(dice=0.1)
    monkeypatch.setattr(pd.DataFrame, "to_csv", lambda self, path, **kwargs: breaks(path))
    with pytest.raises(InputError, match=r"evaluation\.csv: the disk is full"):
        write_evaluation(other, tmp_path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_what_cannot_be_read_is_named(tmp_path, table):
    with pytest.raises(InputError, match="lungseg evaluate"):
        read_evaluation(tmp_path)
    (tmp_path / "evaluation.csv").write_text("case,dice\na,1.0\n")
    with pytest.raises(InputError, match="expected the columns case, source"):
        read_evaluation(tmp_path)
    write_evaluation(table, tmp_path)
    spoilt = (tmp_path / "evaluation.csv").read_text().replace(",30.0,", ",far,")
    (tmp_path / "evaluation.csv").write_text(spoilt)
    with pytest.raises(InputError, match=r"expected numbers of hd95.*far"):
        read_evaluation(tmp_path)
    (tmp_path / "evaluation.csv").write_text("")
    with pytest.raises(InputError, match="Received: none"):
        read_evaluation(tmp_path)
    with pytest.raises(InputError, match="without dice"):
        summarise(table.drop(columns="dice"))
    with pytest.raises(InputError, match="at least one row"):
        summarise(table[:0])
