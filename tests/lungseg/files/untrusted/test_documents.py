"""JSON of any size, depth and encoding: an object, or one short line."""

import json

import pytest

from lungseg.files.untrusted import read_json
from refusals import file_refusal

CONTENT = {"name": "Müller", "seeds": [1, 2.5, None, True]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_every_encoding_of_json_is_read(tmp_path, encoding):
    path = tmp_path / "a.json"
    path.write_bytes(json.dumps(CONTENT, ensure_ascii=False).encode(encoding))
    assert read_json(path) == CONTENT


REFUSED = {
    "nothing": (b"", "expected JSON. Received: "),
    "half of it": (b'{"a": [1, 2', "expected JSON. Received: "),
    "brackets": (b"[" * 100_000, "nested too deeply"),
    "objects": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested too deeply"),
    "brackets that Python bears": (b'{"a":' + b"[" * 100 + b"]" * 100 + b"}", "nested too deeply"),
    "a list": (b"[1, 2]", "expected a JSON object. Received: [1, 2]"),
    "a text": (b'"' + b"a" * 10_000 + b'"', "Received: a str"),
    "null": (b"null", "Received: nothing"),
    "another encoding": ('{"a": "Müller"}'.encode("latin-1"), "expected JSON. Received: "),
    "NUL bytes": (bytes(1000), "expected JSON. Received: "),
    "no number": (b'{"a": NaN}', "expected finite numbers"),
    "infinity in disguise": (b'{"a": [1e999]}', "expected finite numbers"),
    "a number without an end": (b'{"a": ' + b"9" * 10_000 + b"}", "expected JSON. Received: "),
    "a key twice": (b'{"a": 1, "b": {"c": 1, "c": 2}}', "the key 'c' comes twice"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_json_object_is_one_short_line(tmp_path, kind):
    path = tmp_path / "a.json"
    content, says = REFUSED[kind]
    path.write_bytes(content)
    assert says in file_refusal(read_json, path)


def test_infinity_is_read_where_it_is_expected(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"best": -Infinity}', encoding="utf-8")
    assert read_json(path, finite=False) == {"best": float("-inf")}
