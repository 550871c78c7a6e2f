"""manifest.csv as spreadsheets, power cuts and strangers leave it: nothing outside of the folder is touched."""

import csv
import os

import pytest

from lungseg.errors import InputError
from lungseg.preparation import prepare_folder, read_manifest
from lungseg.preparation.manifest import COLUMNS, OTHERS_ONLY
from radiographs import save
from raw_sources import contents, film, lungs, make_source, prepare


def rewrite(out, change):
    """Change the rows of a manifest, as somebody with an editor might."""
    path = out / "manifest.csv"
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    change(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def refuse(out, call):
    """Return the message of a call that must fail in one short line and leave everything as it was."""
    before = {path: path.read_bytes() for path in out.parent.rglob("*") if path.is_file()}
    with pytest.raises(InputError) as refused:
        call()
    assert {path: path.read_bytes() for path in out.parent.rglob("*") if path.is_file()} == before
    message = str(refused.value)
    assert message.startswith(f"{out / 'manifest.csv'}")
    assert message.isprintable()
    assert len(message) < len(str(out)) + 320
    return message


@pytest.mark.parametrize(
    "name", ["../mine", "..\\mine", "/mine", "{}/mine", "C:mine", "sub/mine", "..", "", "a\x1b[2Jb", "a" * 300]
)
@pytest.mark.parametrize("options", [{}, {"overwrite": True}], ids=["again", "overwrite"])
def test_what_a_manifest_names_lies_in_its_folder(raw, out, tmp_path, name, options):
    prepare(raw, out)
    (tmp_path / "mine.npy").write_bytes(b"a thesis")
    rewrite(out, lambda rows: rows[0].update(case=name.format(tmp_path)))
    assert "column case: expected " in refuse(
        out, lambda: prepare_folder(raw, out, 16, n_jobs=1, progress=False, **options)
    )
    assert "column case: expected " in refuse(out, lambda: read_manifest(out))


@pytest.mark.parametrize(
    ("text", "said"), [(None, "none"), ("case,size\n", "expected the columns"), ("", "none, or an empty")]
)
def test_a_folder_without_a_manifest(tmp_path, text, said):
    if text is not None:
        (tmp_path / "manifest.csv").write_text(text)
    with pytest.raises(InputError, match=said) as raised:
        read_manifest(tmp_path)
    assert str(raised.value).startswith(str(tmp_path / "manifest.csv"))


def test_an_empty_manifest_is_none(raw, out):
    prepare(raw, out)
    (out / "manifest.csv").write_bytes(b"")  # a full disk
    assert prepare(raw, out).written == 3


DAMAGE = {
    "cut in a row": (
        lambda content: content[: content.rindex(b",")],
        "expected 22 cells in each row. Received: 21 in row 4",
    ),
    "cut in a row, and of another size": (lambda content: content[:-60].replace(b",16,", b",32,"), "expected 22 cells"),
    "cut in the names of the columns": (lambda content: content[:30], "expected the columns"),
    "NUL bytes behind": (lambda content: content + bytes(512), "NUL bytes"),
    "the same rows twice": (lambda content: content + content.split(b"\n", 1)[1], "'a' twice"),
    "a picture": (lambda content: b"\x89PNG\r\n\x1a\n" + bytes(100), "expected a table"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_manifest_is_told_in_one_line(raw, out, kind):
    prepare(raw, out, 16)
    change, says = DAMAGE[kind]
    path = out / "manifest.csv"
    path.write_bytes(change(path.read_bytes()))
    for call in (lambda: prepare(raw, out, 16), lambda: read_manifest(out)):
        assert says in refuse(out, call)


SPREADSHEETS = {
    "UTF-8 with a mark": lambda text: text.encode("utf-8-sig"),
    "semicolons": lambda text: text.replace(";", "|").replace(",", ";").replace(".0;", ",0;").encode("utf-8-sig"),
    "Unicode text": lambda text: text.replace(",", "\t").encode("utf-16"),
    "rows of another order": lambda text: "\r\n".join(
        [text.splitlines()[0], *sorted(text.splitlines()[1:], reverse=True)]
    ).encode(),
    "empty rows and columns": lambda text: (text.replace("\r\n", ",,\r\n") + "," * 16 + "\r\n").encode(),
}


@pytest.mark.parametrize("kind", SPREADSHEETS)
def test_a_manifest_that_a_spreadsheet_has_saved(raw, out, kind):
    prepare(raw, out)
    before, path = read_manifest(out), out / "manifest.csv"
    path.write_bytes(SPREADSHEETS[kind](path.read_bytes().decode()))
    assert read_manifest(out) == before
    again = prepare(raw, out)
    assert again.reused + again.written == 3
    assert read_manifest(out) == before


def test_a_column_that_somebody_has_added_stays(raw, out, tmp_path):
    prepare(raw, out)
    rewrite(out, lambda rows: [row.update(remark=f"seen {row['case']}") for row in rows])
    assert prepare(make_source(tmp_path / "more", "xy"), out).written == 2
    with (out / "manifest.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [*(name for name in COLUMNS if name not in OTHERS_ONLY), "remark"]
    assert [row["remark"] for row in rows] == ["seen a", "seen b", "seen c", "", ""]


NUMBERS = {
    "height": "forty",
    "width": "-5",
    "top": "99999",
    "left": "1.5",
    "bottom": "",
    "right": "9" * 5000,
    "size": "0",
    "low": "nan",
    "high": "-1e9",
}


@pytest.mark.parametrize("column", NUMBERS)
def test_numbers_that_no_radiograph_has_are_told_in_one_line(raw, out, column):
    prepare(raw, out)
    rewrite(out, lambda rows: rows[1].update({column: NUMBERS[column]}))
    assert "expected whole numbers of pixels. Received: " in refuse(out, lambda: read_manifest(out))


def test_cases_of_a_size_that_is_none_are_refused_in_one_short_line(raw, out):
    prepare(raw, out)
    rewrite(out, lambda rows: rows[1].update(size="very " * 1000))
    with pytest.raises(InputError, match="cases of size very") as refused:
        prepare(raw, out)
    assert len(str(refused.value)) < len(str(out)) + 250


@pytest.mark.parametrize("name", ["胸" * 83, "a" * 251, "a\\b", "a\nb", "c:d"])
def test_a_name_that_no_manifest_may_hold_stops_its_own_file_only(tmp_path, name):
    source, out = make_source(tmp_path / "raw", "ab"), tmp_path / "out"
    save(source / "images/x.png", film())
    save(source / "masks/x.png", lungs("left") | lungs("right"))
    for folder in ("images", "masks"):
        os.rename(source / folder / "x.png", source / folder / f"{name}.png")
    long = len(name) > 80  # these fit with the suffix of a case
    report = prepare(source, out)
    assert report.written == 2 + long
    assert len(report.failed) == 1 - long
    assert ("without" in report.summary()) == (not long)
    assert f"{name}.npy" in contents(out) or not long
    assert prepare(source, out).reused == 2 + long  # what was written is read again


def test_a_name_too_long_for_a_case_stops_its_own_file_only(raw, out, monkeypatch):
    real = os.replace

    def refuse_one(temporary, target):
        if str(target).endswith("b.npy"):
            raise OSError(36, "File name too long", str(target))
        real(temporary, target)

    monkeypatch.setattr(os, "replace", refuse_one)
    report = prepare(raw, out)
    assert (report.written, len(report.failed)) == (2, 1)
    assert "too long" in report.failed[0][1]
    assert sorted(contents(out)) == ["a.npy", "c.npy", "manifest.csv", "overview.png"]
