"""Damaged `.npy` files and `.keras` archives."""

import io
import json
import zipfile
import zlib
from functools import cache

import numpy as np
from hypothesis import strategies as st

from fuzzing.damage import Damaged, Part, also_in_bytes, damaged_bytes, damaged_parts
from fuzzing.texts import STRANGE_JSON, damaged_json

# --------------------------------------------------------------------------- .npy


def npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


@cache
def cases(size: int = 16) -> tuple[bytes, ...]:
    """Return whole cases, each with another type of number."""
    y, x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]
    case = np.stack([(x + 1) / 2, abs(abs(x) - 0.5) + abs(y) < 0.4], axis=-1)
    types = ("<f4", "<f8", ">f4", "<f2")
    return (*(npy(case.astype(dtype)) for dtype in types), npy(np.asfortranarray(case.astype("<f4"))), npy(case > 0.5))


def _header(text: bytes, version: bytes = b"\x01\0") -> bytes:
    length = len(text).to_bytes(2 if version == b"\x01\0" else 4, "little") if len(text) < 65536 else b"\xff\xff"
    return b"\x93NUMPY" + version + length + text


def _described(descr: str, shape: str = "(16, 16, 2)", fortran: str = "False") -> bytes:
    return f"{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}\n".encode()


SHAPES = (
    *("()", "(0,)", "(16,)", "(16, 16)", "(16, 16, 3)", "(1, 16, 16, 2)", "(0, 0, 2)", "(16, 0, 2)", "(-1, 16, 2)"),
    *("(2.0, 16, 2)", "(True, 16, 2)", "16", "'16'", "None", "(None,)", "(16, 16, 2, 1)", "(9999999, 9999999, 2)"),
    *("(4294967296, 4294967296, 2)", "(18446744073709551616, 1, 2)", "(100000, 100000, 2)", "(30000, 30000, 2)"),
    *("(2147483647, 1, 2)", "((16,), 16, 2)", "[16, 16, 2]", "(16, 16, 2" + ", 1" * 40 + ")"),
)
TYPES = (
    *("'|O'", "'<U10'", "'|S5'", "'|V8'", "'<c8'", "'<M8[s]'", "'<m8'", "'|b1'", "'<i8'", "'<u2'", "'<f16'", "'<f3'"),
    *(
        "'float32'",
        "'O8'",
        "None",
        "5",
        "''",
        "'x' * 10",
        "[('a', '<f4')]",
        "[('a', '|O')]",
        "[('a', '<f4', (99999999,))]",
    ),
    *("('<f4', (2,))", "{'names': ['a'], 'formats': ['<f4']}", "'<f4,<f4'", "'(9999999,9999999)f4'"),
)
HEADERS = (
    *(_described("'<f4'", shape) for shape in SHAPES),
    *(_described(descr) for descr in TYPES),
    *(_described("'<f4'", fortran=fortran) for fortran in ("True", "1", "None", "'False'")),
    *(b"(" * depth + b"\n" for depth in (10, 100, 5000, 60_000)),
    *(b"[" * depth + b"]" * depth + b"\n" for depth in (90, 4000, 30_000)),
    *(b"-" * 9000 + b"1\n", b"{" * 9000, b"__import__('os').system('touch evil')\n", b"{}\n", b"\n", b"", b"\0" * 100),
    *(
        b"{'descr': '<f4'}\n",
        b"{'descr': '<f4', 'fortran_order': False, 'shape': (16, 16, 2), 'x': 1}\n",
        b"9" * 50_000,
    ),
    *(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (１６, 16, 2)}\n".encode(),
        b"\xff\xfe" * 40,
        b"1 if 1 else 2\n",
    ),
)


class _Evil:
    """What would run code, were it unpickled."""

    def __reduce__(self):
        return (open, ("evil", "w"))


@cache
def strange_arrays() -> tuple[bytes, ...]:
    """Return files that are no case, or no array at all."""
    import pickle

    archive = io.BytesIO()
    np.savez_compressed(archive, a=np.zeros((16, 16, 2)), b=np.zeros(20_000_000))
    case = np.load(io.BytesIO(cases()[0]))
    spoilt = []
    for value in (np.nan, np.inf, -np.inf, 3e38, -1, 2, 0.5, 255):
        for channel in (0, 1):
            other = case.copy()
            other[3, 3, channel] = value
            spoilt.append(npy(other))
    return (
        *spoilt,
        archive.getvalue(),
        pickle.dumps(_Evil()),
        b"\x80\x04cos\nsystem\n(S'touch evil'\ntR.",
        npy(np.zeros((16, 16, 2), dtype="datetime64[s]")),
        b"\x93NUMPY\x01\0v\0" + b" " * 117 + b"\n" + pickle.dumps(_Evil()),
    )


@st.composite
def _array(draw, wholes: tuple[bytes, ...]) -> Damaged:
    whole = draw(st.sampled_from(wholes))
    body = whole[10 + int.from_bytes(whole[8:10], "little") :]
    if draw(st.integers(0, 3)) == 0:
        return Damaged(draw(st.sampled_from(strange_arrays())), ("another content",))
    header, version = (
        draw(st.sampled_from(HEADERS)),
        draw(st.sampled_from([b"\x01\0"] * 4 + [b"\x02\0", b"\x03\0", b"\x09\x09"])),
    )
    return Damaged(_header(header, version) + body, (f"the header {header[:70]!r}, version {version.hex()}",))


def damaged_array(wholes: tuple[bytes, ...] | None = None) -> st.SearchStrategy[Damaged]:
    """Return damaged `.npy` files."""
    wholes = wholes or cases()
    return also_in_bytes(_array(wholes), wholes)


# --------------------------------------------------------------------------- .keras


def archive_parts(data: bytes) -> list[Part]:
    """Return the members of a zip archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def archive_file(parts: list[Part], compression: int = zipfile.ZIP_STORED) -> bytes:
    """Return an archive of members, with its checksums mended."""
    import warnings

    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", compression) as archive:
        warnings.simplefilter("ignore")  # of two members of one name
        for name, inside in parts:
            archive.writestr(zipfile.ZipInfo(name), inside, compress_type=compression)
    return buffer.getvalue()


ZEROS = bytes(30_000_000)
STRANGE_MEMBERS = (
    ("../outside/evil.txt", b"evil"),
    ("/evil.txt", b"evil"),
    ("assets/../../evil.txt", b"evil"),
    ("..\\evil.txt", b"evil"),
    ("model.weights.h5", b""),
    ("model.weights.h5", b"\x89HDF\r\n\x1a\n" + bytes(200)),
    ("model.weights.h5", zlib.compress(ZEROS)),
    ("model.weights.npz", b"PK\x05\x06" + bytes(18)),
    ("metadata.json", b"{}"),
    ("metadata.json", b'{"keras_version": "99.0.0", "date_saved": ""}'),
    ("config.json", b"{}"),
    ("config.json", b"null"),
    ("config.json", b"[" * 100_000),
    ("config.json", ZEROS),
)


def _layer(kind: str, config: dict, module: str = "keras.layers") -> dict:
    return {"module": module, "class_name": kind, "config": config, "registered_name": None}


# A function as Keras pickles it: base64 of marshal, which is code.
CODE = {"class_name": "__lambda__", "config": {"code": "4wAAAAAAAAAA", "defaults": None, "closure": None}}
STRANGE_LAYERS = (
    _layer("Lambda", {"name": "evil", "function": CODE}),
    _layer("system", {"command": "touch evil"}, "os"),
    _layer("function", "system", "os") | {"registered_name": "function"},  # type: ignore[arg-type]
    _layer("open", {"file": "evil", "mode": "w"}, "builtins"),
    _layer("get_file", {"fname": "evil", "origin": "http://localhost:1/"}, "keras.utils"),
    _layer("InputLayer", {"batch_shape": [None, 10**9, 10**9, 1], "name": "input"}),
    _layer("Dense", {"units": 10**9, "name": "large"}),
    _layer("Conv2D", {"filters": 10**6, "kernel_size": [1000, 1000], "name": "large"}),
    _layer("Conv2D", {"filters": -1, "kernel_size": [0, 0], "name": "small"}),
)


@st.composite
def _archive(draw, whole: bytes) -> Damaged:
    parts = archive_parts(whole)
    how: tuple[str, ...] = ()
    which = draw(st.sampled_from(["config", "layer", "weights", "members"]))
    if which == "members":
        parts, how = draw(damaged_parts(parts, STRANGE_MEMBERS))
    content = dict(parts)
    if which == "weights":
        damaged = draw(damaged_bytes(content["model.weights.h5"], 6))
        content["model.weights.h5"], how = damaged
    if which == "config":
        damaged = draw(damaged_json(content["config.json"].decode(), STRANGE_JSON))
        content["config.json"], how = damaged
    if which == "layer":
        config = json.loads(content["config.json"])
        place = draw(st.integers(0, len(config["config"]["layers"]) - 1))
        layer = draw(st.sampled_from(STRANGE_LAYERS))
        config["config"]["layers"][place] |= layer
        content["config.json"], how = json.dumps(config).encode(), (f"layer {place} is {layer}",)
    compression = draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
    return Damaged(archive_file(parts if which == "members" else list(content.items()), compression), how)


def case_archive() -> bytes:
    """Return an archive of cases."""
    return archive_file([(f"set/CHNCXR_{number:04d}_0.npy", data) for number, data in enumerate(cases())])


STRANGE_FILES = (
    *(STRANGE_MEMBERS[:4]),
    ("set/CHNCXR_0001_0.npy", ZEROS),
    ("other/CHNCXR_0001_0.npy", b""),
    ("set/CHNCXR_0001_0_mask.npy", b"\x93NUMPY\x01\0"),
    ("set/../../outside/mine.npy", b"evil"),
    ("/mine.npy", b"evil"),
    ("set/\x1b[2J.npy", b"evil"),
    (f"set/{'x' * 300}.npy", b"evil"),
    ("a.npy", npy(np.zeros(3))),
    ("b", b"no array"),
)


@st.composite
def _zip(draw, whole: bytes) -> Damaged:
    parts, how = draw(damaged_parts(archive_parts(whole), STRANGE_FILES))
    return Damaged(archive_file(parts, draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))), how)


def damaged_zip(whole: bytes) -> st.SearchStrategy[Damaged]:
    """Return damaged archives, of cases or of arrays."""
    return also_in_bytes(_zip(whole), [whole])


def damaged_archive(whole: bytes) -> st.SearchStrategy[Damaged]:
    """Return damaged `.keras` archives."""
    return also_in_bytes(_archive(whole), [whole])
