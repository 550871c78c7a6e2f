"""Tables as programs, spreadsheets and full disks leave them: the same rows, or one short line."""

import csv

import pytest

from lungseg.errors import InputError
from lungseg.files.untrusted import doubt_encoding, read_number, read_table
from refusals import file_refusal

ROWS = [{"case": "Müller 1", "size": "256"}, {"case": 'a "b", c', "size": ""}]
TEXT = 'case,size\r\nMüller 1,256\r\n"a ""b"", c",\r\n'


def with_separator(mark):
    return f'case{mark}size\r\nMüller 1{mark}256\r\n"a ""b"", c"{mark}\r\n'


READ = {
    "as Python writes it": TEXT.encode(),
    "UTF-8 with a mark": TEXT.encode("utf-8-sig"),
    "Windows in Western Europe": TEXT.encode("cp1252"),
    "semicolons": with_separator(";").encode("utf-8-sig"),
    "tabs, as Unicode text": with_separator("\t").encode("utf-16"),
    "UTF-16, the bytes the other way": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "UTF-16 without a mark": TEXT.encode("utf-16-le"),
    "UTF-32": TEXT.encode("utf-32"),
    "bars": with_separator("|").encode(),
    "a line that names the separator": b"sep=;\r\n" + with_separator(";").encode(),
    "ends of lines of Unix": TEXT.replace("\r\n", "\n").encode(),
    "ends of lines of old Macs": TEXT.replace("\r\n", "\r").encode(),
    "no end of the last line": TEXT.rstrip().encode(),
    "empty lines and cells behind": (
        TEXT.replace("case,size", "case,size,,").replace("256", "256,,") + ",,,\r\n\r\n"
    ).encode(),
    "empty rows above": b"\r\n;;;\r\n\r\n" + with_separator(";").encode(),
    "blanks in the last row": f"{TEXT}  \r\n\t\r\n".encode(),
    "the mark of old systems for the end": TEXT.encode() + b"\x1a",
    "every cell in quotation marks": b'"case","size"\r\n"M\xc3\xbcller 1","256"\r\n"a ""b"", c",""\r\n',
    "blanks around the names of columns": TEXT.replace("case,size", " case , size").encode(),
}


@pytest.mark.parametrize("kind", READ)
def test_what_spreadsheets_write_is_read(tmp_path, kind):
    path = tmp_path / "table.csv"
    path.write_bytes(READ[kind])
    assert read_table(path, needed=("case", "size")) == ROWS


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\r\n\n", b"case,size\n", b"case,size\r\n,\r\n"])
def test_a_table_without_rows_has_none(tmp_path, content):
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    assert read_table(path, needed=("case", "size")) == []


@pytest.mark.parametrize(
    ("encoding", "doubted"),
    [("utf-8", False), ("utf-8-sig", False), ("utf-16", False), ("gbk", True), ("koi8-r", True)],
)
def test_names_in_other_encodings_may_be_misread(tmp_path, encoding, doubted):
    path = tmp_path / "table.csv"
    assert doubt_encoding(path) == ""
    path.write_bytes(f"file,mask\r\n{'лёгкие' if encoding == 'koi8-r' else '胸部'}.png,a.png\r\n".encode(encoding))
    assert doubt_encoding(path).startswith(" table.csv is not in UTF-8") == doubted


REFUSED = {
    "cut in a row": (b"case,size\na,1\nb", "expected 2 cells in each row. Received: 1 in row 3"),
    "too many cells": (b"case,size\na,1,2\n", "Received: 3 in row 2"),
    "no such column": (b"name,size\na,1\n", "expected the columns case, size. Received: name, size"),
    "a column twice": (b"case,size,case\na,1,b\n", "'case' comes twice"),
    "a quotation mark that is not closed": (b'case,size\n"a,1\n', "unexpected end of data"),
    "a cell without an end": (b"case,size\n" + b"a" * 200_000 + b",1\n", "field larger than"),
    "a row without an end": (b"case,size\n" + b"a," * 600_000 + b"\n", "a row of more than 1 MB"),
    "one row of many lines": (b"case,size\n" + b'"\n",' * 400_000, "a row of more than 1 MB"),
    "a million columns": (b"case,size," + b"a," * 20_000 + b"a\n", "columns"),
    "NUL bytes, after a power cut": (b"case,size\na,1\n" + bytes(4096), "NUL bytes"),
    "NUL bytes only": (bytes(100), "NUL bytes"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x81\x8d", "no text"),
    "half a letter of UTF-16": (b"\xff\xfec\x00a", "no text"),
    "a workbook": (b"PK\x03\x04\x14\x00\x06\x00", "a workbook of a spreadsheet"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(8), "a workbook of an old spreadsheet"),
    "a packed table": (b"\x1f\x8b\x08\x00", "packed with gzip"),
    "a web page": (b"<!DOCTYPE html>\n<html>\n", "expected the columns"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_table_is_one_short_line(tmp_path, kind):
    path = tmp_path / "table.csv"
    content, says = REFUSED[kind]
    path.write_bytes(content)
    assert says in file_refusal(read_table, path, needed=("case", "size"))


def test_cells_that_a_spreadsheet_left_out_may_be_empty(tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes(b"file,mask,error\na.png,b.png\n")
    assert read_table(path, ("file", "mask"), cut_rows=True) == [{"file": "a.png", "mask": "b.png", "error": ""}]
    path.write_bytes(b"file,mask,error\na.png\n")
    with pytest.raises(InputError, match="Received: 1 in row 2"):
        read_table(path, ("file", "mask"), cut_rows=True)


def test_every_table_that_python_writes_is_read(tmp_path):
    path = tmp_path / "table.csv"
    odd = ["", " ", "a\nb", "\u2028", "\x0b", "a;b", "sep=;", "胸", '"', "'", "=1+1", "1,5", "\t"]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "mask"])
        writer.writerows([[text, "x"] for text in odd])
    assert [row["file"] for row in read_table(path, ("file", "mask"))] == odd


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("-2,5", -2.5), ("1e3", 1000), (" 7 ", 7)])
def test_a_number_may_have_a_decimal_comma(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize("text", ["", "a", "nan", "inf", "1.000,5", "1,000,5", "1e999"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match=r"could not convert|finite"):
        read_number(text)
