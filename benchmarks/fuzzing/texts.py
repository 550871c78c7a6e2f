"""Damaged JSON and CSV: other values, other columns, other encodings, brackets without end."""

import copy
import csv
import io
import json

from hypothesis import strategies as st

from fuzzing.damage import TEXTS, Damaged, also_in_bytes

ENCODINGS = (
    "utf-8",
    "utf-8",
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-be",
    "utf-32",
    "cp1252",
    "cp437",
    "shift_jis",
    "utf-7",
)


def _encoded(draw, text: str) -> Damaged:
    encoding = draw(st.sampled_from(ENCODINGS))
    # A lone surrogate is in no encoding; as it stands it is no UTF-8 either.
    data = text.encode("utf-8", "surrogatepass") if encoding == "utf-8" else text.encode(encoding, "replace")
    return Damaged(data, () if encoding == "utf-8" else (f"encoded as {encoding}",))


# --------------------------------------------------------------------------- JSON

STRANGE_JSON: tuple = (
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        5,
        0.5,
        -0.0,
        1e300,
        10**6,
        10**10,
        2**63,
        2**64,
        10**400,
        float("nan"),
        float("inf"),
    ),
    *(
        [],
        {},
        [[]],
        [None],
        [1, 2, 3],
        {"evil": 1},
        {"": None},
        ["a", "a"],
        ["../mine"],
        {"a": {"b": {"c": []}}},
        "\ud800",
    ),
)
WHOLE_JSON = (
    *(
        "",
        " ",
        "null",
        "true",
        "5",
        "[]",
        "{}",
        '""',
        "NaN",
        "{",
        "[",
        "{}{}",
        "{'a': 1}",
        '{"a": 1,}',
        "// a\n{}",
        "\ufeff{}",
    ),
    *("[" * 100_000, "[" * 100_000 + "]" * 100_000, '{"a":' * 50_000, '{"a":' * 900 + "1" + "}" * 900, "9" * 5000, "-"),
    *('"' + "x" * 2_000_000, '{"a": 1, "a": 2}', "\x00", "{" + '"a": 1, ' * 50_000 + '"b": 2}', "1" + "0" * 5000),
)


def _places(tree: object, path: tuple = ()) -> list[tuple]:
    """List the paths to all that is in a tree."""
    inside = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(place for key, value in inside for place in _places(value, (*path, key)))]


@st.composite
def damaged_json(draw, whole: str, strange: tuple = STRANGE_JSON) -> Damaged:
    """Put other values into a JSON file; drop, rename and repeat its keys."""
    if draw(st.integers(0, 5)) == 0:
        text = draw(st.sampled_from(WHOLE_JSON))
        data, how = _encoded(draw, text)
        return Damaged(data, (f"all of it is {text[:40]!r}", *how))
    tree = json.loads(whole)
    steps: list[str] = []
    # Those near the root are drawn as often as all the others.
    for _ in range(draw(st.integers(1, 3))):
        places = _places(tree)
        near = [place for place in places if 0 < len(place) < 3]
        place = draw(st.sampled_from(near or places) | st.sampled_from(places))
        step = draw(st.sampled_from(["strange", "strange", "text", "drop", "rename", "wrap", "longer"]))
        # A copy: the next step may change what is in it.
        value = copy.deepcopy(draw(st.sampled_from(strange))) if step == "strange" else draw(st.sampled_from(TEXTS))
        if not place:
            tree = value if step in ("strange", "text") else [tree]
            steps.append(f"all of it: {step}")
            continue
        parent = tree
        for key in place[:-1]:
            parent = parent[key]
        key = place[-1]
        if step in ("strange", "text"):
            parent[key] = value
            steps.append(f"{place} is {str(value)[:60]!r}")
            continue
        steps.append(f"{place}: {step}")
        if step == "drop":
            del parent[key]
        elif step == "rename" and isinstance(parent, dict):
            parent[str(value)] = parent.pop(key)
        elif step == "longer" and isinstance(parent[key], list):
            parent[key] = (parent[key] + [value]) * 3
        else:
            parent[key] = [parent[key]]
    data, words = _encoded(draw, json.dumps(tree, ensure_ascii=draw(st.booleans())))
    return Damaged(data, (*steps, *words))


def damaged_objects(whole: bytes) -> st.SearchStrategy[Damaged]:
    """Return damaged JSON files."""
    return also_in_bytes(damaged_json(whole.decode()), [whole])


# --------------------------------------------------------------------------- CSV


@st.composite
def _cells(draw, whole: str) -> Damaged:
    rows, how = list(csv.reader(io.StringIO(whole))), []
    steps = [
        "cell",
        "cell",
        "cell",
        "drop a row",
        "repeat a row",
        "drop a cell",
        "more cells",
        "drop a column",
        "exchange",
    ]
    for step in draw(st.lists(st.sampled_from(steps), min_size=1, max_size=3)):
        if not rows:
            break
        number = draw(st.integers(0, len(rows) - 1))
        row = rows[number]
        column = draw(st.integers(0, max(0, len(row) - 1)))
        how.append(f"row {number}, column {column}: {step}")
        if step == "cell" and row:
            row[column] = draw(st.sampled_from(TEXTS))
            how[-1] += f" {row[column][:60]!r}"
        elif step == "drop a row":
            del rows[number]
        elif step == "repeat a row":
            rows.insert(number, list(row))
        elif step == "drop a cell" and row:
            del row[column]
        elif step == "more cells":
            row += draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3))
        elif step == "drop a column":
            rows = [[*cells[:column], *cells[column + 1 :]] for cells in rows]
        elif step == "exchange" and row:
            other = draw(st.integers(0, len(row) - 1))
            row[column], row[other] = row[other], row[column]
    buffer = io.StringIO()
    mark, end = draw(st.sampled_from(",,,,;\t|")), draw(st.sampled_from(["\n", "\r\n", "\r"]))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    csv.writer(buffer, delimiter=mark, lineterminator=end, quoting=quoting).writerows(rows)
    data, words = _encoded(draw, buffer.getvalue())
    return Damaged(data, (*how, f"delimiter {mark!r}, end {end!r}", *words))


WHOLE_CSV = (
    *(
        b"",
        b"\n",
        b"\n\n\n",
        b"\0",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b'"',
        b'"' + b"x" * 200_000,
        b"," * 100_000,
        b"a" * 2_000_000,
    ),
    *(
        b"case\n",
        b"file,mask\n",
        b"file,mask\n,\n",
        b"sep=;\n",
        b"PK\x03\x04" + bytes(50),
        b"\x89PNG\r\n\x1a\n",
        b"\r" * 1000,
    ),
    *(b'file,mask\n"' + b"y" * 140_000 + b'",a.png\n', b"epoch,loss\n" * 1000, b"\n,,,\n" * 1000),
)


def damaged_table(whole: bytes) -> st.SearchStrategy[Damaged]:
    """Return damaged CSV files."""
    others = st.sampled_from(WHOLE_CSV).map(lambda data: Damaged(data, (f"all of it is {data[:40]!r}",)))
    return st.one_of(*[also_in_bytes(_cells(whole.decode()), [whole])] * 7, others)
