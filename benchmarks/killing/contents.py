"""What lies in a folder, and whether it is whole."""

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path

import h5py
import numpy as np
from PIL import Image


def seen(folder: Path) -> list[Path]:
    """Return the files of a folder that are not hidden, nor in a hidden folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path for path in files if not any(part.startswith(".") for part in path.relative_to(folder).parts)]


def is_whole(path: Path) -> bool:
    """Whether a file can be read to its end."""
    try:
        if path.suffix == ".npy":
            np.load(path)
        elif path.suffix == ".png":
            Image.open(path).load()
        elif path.suffix == ".csv":
            rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines(keepends=True)))
            return path.read_bytes().endswith(b"\n" if rows else b"") and len({len(row) for row in rows}) <= 1
        elif path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))
        elif path.suffix in (".keras", ".h5"):
            weights(path)
        elif path.suffix == ".zip":
            return zipfile.ZipFile(path).testzip() is None
        elif path.suffix == ".html":
            return path.read_text(encoding="utf-8").rstrip().endswith("</html>")
    except Exception:
        return False
    return True


def weights(path: Path) -> bytes:
    """Return all numbers of a network, or of the state of a training; Keras' files tell times and addresses as well."""
    if path.suffix == ".keras":
        with zipfile.ZipFile(path) as archive:
            return weights_of(io.BytesIO(archive.read("model.weights.h5")))
    return weights_of(path)


def weights_of(file: Path | io.BytesIO) -> bytes:
    """Return the names and numbers of all arrays of an HDF5 file."""
    found: list[bytes] = []

    def add(name: str, thing: object) -> None:
        if isinstance(thing, h5py.Dataset):
            found.append(name.encode() + np.asarray(thing).tobytes())

    with h5py.File(file, "r") as content:
        content.visititems(add)
    return b"".join(sorted(found))


def contents(folder: Path) -> dict[str, str]:
    """Return a hash of each file of a folder, hidden or not, by its name; folders have none."""
    found = {}
    for path in sorted(folder.rglob("*")):
        read = weights if path.suffix in (".keras", ".h5") else Path.read_bytes
        found[str(path.relative_to(folder))] = hashlib.sha256(read(path)).hexdigest() if path.is_file() else ""
    return found
