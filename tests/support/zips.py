"""Archives of cases, made in memory."""

import io
import zipfile
from pathlib import Path

import numpy as np

NAMES = ["CHNCXR_0317_0_mask", "CHNCXR_0400_1_mask", "MCUCXR_0094_0"]


def npy(value=0.0, size=8):
    buffer = io.BytesIO()
    np.save(buffer, np.full((size, size, 2), value))
    return buffer.getvalue()


def zipped(members=None, compression=zipfile.ZIP_DEFLATED):
    """A zip archive in memory; by default like the published ones, with a folder and a little litter."""
    if members is None:
        members = {
            "Shezen_128128/": b"",
            **{f"Shezen_128128/{name}.npy": npy() for name in NAMES},
            "Shezen_128128/.DS_Store": b"litter",
            "__MACOSX/Shezen_128128/._MCUCXR_0094_0.npy": b"litter",
        }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in members.items():
            # A ZipInfo has a fixed date: the same archive at any second, byte for byte.
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=compression)
    return buffer.getvalue()


def everything_under(folder):
    return sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*"))
