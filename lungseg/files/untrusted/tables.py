"""Reads tables (CSV) as programs and spreadsheets of all countries write them."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from lungseg.errors import InputError, one_line, quote
from lungseg.files.untrusted.contents import read_bytes, size_text

LARGEST = 256 * 2**20  # bytes: a row for each of a million files
LONGEST_ROW = 2**20  # characters
MOST_COLUMNS = 1000
LINE = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n|\Z)")
EMPTY_ROWS = re.compile(r"\A(?:[ ,;\t|]*+[\r\n])++")  # above the names of the columns
SEPARATORS = ",;\t|"  # where the comma is the decimal point, spreadsheets write semicolons
COPY_AGAIN = "Copy the file again."
# The longer mark first: that of UTF-32 begins like that of UTF-16.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# What is saved under the name of a table, and is none.
WORKBOOKS = {
    b"PK\x03\x04": "a workbook of a spreadsheet, or a zip archive",
    b"\xd0\xcf\x11\xe0": "a workbook of an old spreadsheet",
    b"\x1f\x8b": "a file packed with gzip",
}


def read_table(
    path: str | Path,
    needed: Sequence[str] = (),
    remedy: str = COPY_AGAIN,
    cut_rows: bool = False,
    largest: int = LARGEST,
) -> list[dict[str, str]]:
    """Read a table whose first row names the columns.

    UTF-8, UTF-16 and the encoding of Windows in Western Europe are read; commas, semicolons, tabs or bars between the
    cells; and any of the ends of lines. Empty rows are left out, and so are empty cells right of the last column.

    Parameters
    ----------
    path : str or Path
    needed : sequence of str
        Columns that the table must have.
    remedy : str
        The end of the message: what to do if the file is no such table.
    cut_rows : bool
        Take rows that end before the last column, as long as they hold all that are needed; the rest is empty. Some
        spreadsheets leave out empty cells at the end of a row.
    largest : int
        Bytes; a larger file is refused.

    Returns
    -------
    list of dict of str to str
        A dict for each row, with every column. Empty if there is no row; and also if the file is empty, as a full disk
        leaves it.

    Raises
    ------
    InputError
        If the file cannot be read, is too large, is no text, lacks a column or names one twice, or a row is cut, too
        long or not closed.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "manifest.csv"
    >>> _ = path.write_text("case;size\\nPHANTOM_0001_0;256\\n", encoding="utf-8-sig")
    >>> read_table(path, needed=("case", "size"))
    [{'case': 'PHANTOM_0001_0', 'size': '256'}]
    """
    content = read_bytes(path, largest, remedy)
    for start, kind in WORKBOOKS.items():
        if content.startswith(start):
            raise InputError(f"{path}: expected a table in text (CSV). Received: {kind}. {remedy}")
    text = _decode(content, path, remedy).rstrip("\x1a")
    text = EMPTY_ROWS.sub("", text)
    if not text.strip():
        return []
    if "\0" in text:
        raise InputError(f"{path}: expected a table. Received: NUL bytes, as a power cut leaves them. {remedy}")
    try:
        separator, text = _separator(text, needed)
        return list(_rows(text, separator, path, needed, remedy, cut_rows))
    except (csv.Error, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path}: expected a table. Received: {one_line(error)}. {remedy}") from None


def doubt_encoding(path: str | Path) -> str:
    """Return a sentence for a message about names of a table that nothing is called, if it may have been misread.

    Bytes that are no Unicode are taken for those of Western Europe. In GBK or KOI8 they mean other letters, and nothing
    in the file tells.

    Parameters
    ----------
    path : str or Path
        The table; it may be missing.

    Returns
    -------
    str
        Begins with a space; empty, if the table is in Unicode.
    """
    try:
        content = read_bytes(path, LARGEST, COPY_AGAIN)
        if not content.startswith(tuple(mark for mark, _ in MARKS)):
            content.decode("utf-8")
    except InputError:
        return ""
    except UnicodeDecodeError:
        name = Path(path).name
        return f" {name} is not in UTF-8, so its names may be misread: save it as CSV in UTF-8, and try again."
    return ""


def read_number(text: str) -> float:
    """Return the number in a cell, also with a comma for the point.

    Parameters
    ----------
    text : str

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If it is no finite number.

    Examples
    --------
    >>> read_number("12.5"), read_number(" 12,5 ")
    (12.5, 12.5)
    """
    number = float(text.replace(",", ".", 1) if "." not in text else text)
    if number - number != 0:
        raise ValueError(f"expected a finite number. Received: {quote(text)}")
    return number


def _decode(content: bytes, path: str | Path, remedy: str) -> str:
    """Return the text of a table, in the encoding that its first bytes or all of them tell."""
    encodings = [(mark, name) for mark, name in MARKS if content.startswith(mark)][:1] or [
        (b"", "utf-8"),
        (b"", "cp1252"),
    ]
    if content[1:4:2] == b"\0\0" and 0 not in content[:4:2]:  # UTF-16 without its mark
        encodings = [(b"", "utf-16-le")]
    for mark, name in encodings:
        try:
            return content[len(mark) :].decode(name)
        except UnicodeDecodeError:
            continue
    raise InputError(f"{path}: expected a table. Received: no text in UTF-8 or UTF-16. {remedy}")


def _separator(text: str, needed: Sequence[str]) -> tuple[str, str]:
    """Return what stands between the cells of a table, and the table without the line that a spreadsheet has for it."""
    found = LINE.match(text[:LONGEST_ROW])
    first = found[0].rstrip("\r\n") if found else ""
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4], text[found.end() :] if found else ""
    heads = {}
    for separator in SEPARATORS:
        head = next(csv.reader([first], delimiter=separator), [])
        heads[separator] = [name.strip() for name in head]
    for separator, head in heads.items():
        if needed and set(needed) <= set(head):
            return separator, text
    return max(heads, key=lambda separator: len(heads[separator])), text


def _rows(
    text: str, separator: str, path: str | Path, needed: Sequence[str], remedy: str, cut_rows: bool
) -> Iterator[dict[str, str]]:
    """Give the rows of a table one by one; the first has named the columns."""
    rows = _bounded(text, separator)
    columns = [name.strip() for name in next(rows, [])]
    while columns and not columns[-1]:
        columns.pop()
    if len(columns) > MOST_COLUMNS:
        raise ValueError(f"{len(columns)} columns")
    missing = [name for name in needed if name not in columns]
    if missing:
        received = ", ".join(quote(name, 30)[1:-1] for name in columns[:20]) + (", …" if len(columns) > 20 else "")
        raise InputError(
            f"{path}: expected the columns {', '.join(needed)}. Received: {received or 'nothing'}. {remedy}"
        )
    twice = [name for name, count in Counter(columns).items() if count > 1 and name]
    if twice:
        raise ValueError(f"the column {quote(twice[0])} comes twice")
    least = max((columns.index(name) + 1 for name in needed), default=1) if cut_rows else len(columns)
    for number, cells in enumerate(rows, start=2):
        if not any(map(str.strip, cells)):
            continue
        if len(cells) < least or any(cells[len(columns) :]):
            raise InputError(
                f"{path}: expected {len(columns)} cells in each row. Received: {len(cells)} in row {number}, "
                f"which was cut or damaged. {remedy}"
            )
        cells += [""] * (len(columns) - len(cells))
        yield dict(zip(columns, cells, strict=False))


def _bounded(text: str, separator: str) -> Iterator[list[str]]:
    """Give the cells of each row; none may be endless, as a quotation mark that is not closed makes one."""
    read = 0

    def lines() -> Iterator[str]:
        nonlocal read
        for found in LINE.finditer(text):  # one by one: as a list, or in a StringIO, they would take much memory
            line = found[0].rstrip("\r\n") + "\n"
            read += len(line)
            if read > LONGEST_ROW:
                raise ValueError(f"a row of more than {size_text(LONGEST_ROW)}")
            yield line

    for cells in csv.reader(lines(), delimiter=separator, strict=True):
        read = 0
        yield cells
