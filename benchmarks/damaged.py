"""One flipped bit in the file of a mask: is it told, or are other pixels read without a word?

    python benchmarks/damaged.py [--flips 300]

Of each format the mask is saved once, and each flip is one bit somewhere in the file. Told: the file is refused in one
line. Harmless: the same pixels are read. Silent: other pixels are read. Anything else, a traceback or a message of a
decoder on the terminal, is counted as loud. PNG and deflate have checksums. LZW has none: of a flipped code it can be
told that the strip is longer or shorter than it should be, not that one grey became another. What is stored plain, or
as JPEG, has nothing that could be checked.
"""

import argparse
import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from lungseg.errors import InputError
from lungseg.radiographs import read_mask, read_radiograph

KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "PNG": ("PNG", {}),
    "TIFF deflate": ("TIFF", {"compression": "tiff_adobe_deflate"}),
    "TIFF LZW": ("TIFF", {"compression": "tiff_lzw"}),
    "TIFF PackBits": ("TIFF", {"compression": "packbits"}),
    "TIFF plain": ("TIFF", {}),
    "TIFF JPEG": ("TIFF", {"compression": "jpeg"}),
    "GIF": ("GIF", {}),
    "JPEG": ("JPEG", {"quality": 95}),
    "BMP": ("BMP", {}),
}


def draw_mask(height: int = 240, width: int = 200) -> np.ndarray:
    """Two ellipses of 255 in black."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return ((np.minimum((x + 0.4) ** 2, (x - 0.4) ** 2) / 0.09 + y**2 / 0.4 < 1) * 255).astype(np.uint8)


@contextmanager
def caught(text: list[str]) -> Iterator[None]:
    """Catch what is written to the error stream, by libraries in C too."""
    with tempfile.TemporaryFile() as file:
        before = os.dup(2)
        os.dup2(file.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(before, 2)
            os.close(before)
            file.seek(0)
            text.append(file.read().decode("utf-8", "replace"))


def measure(whole: bytes, read: Callable[[Path], np.ndarray], flips: int) -> dict[str, int]:
    """Flip one bit at a time, and count what becomes of it."""
    counts = dict.fromkeys(("told", "harmless", "silent", "loud"), 0)
    bits = np.random.default_rng([len(whole)]).choice(8 * len(whole), min(flips, 8 * len(whole)), replace=False)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "mask")
        path.write_bytes(whole)
        right = read(path)
        for bit in bits.tolist():
            damaged = bytearray(whole)
            damaged[bit // 8] ^= 1 << bit % 8
            path.write_bytes(damaged)
            said: list[str] = []
            with caught(said):
                try:
                    pixels = read(path)
                    outcome = "harmless" if np.array_equal(pixels, right) else "silent"
                except InputError:
                    outcome = "told"
                except Exception:
                    outcome = "loud"
            counts["loud" if said[0] else outcome] += 1
    return counts


def dicom_files(mask: np.ndarray) -> Iterator[tuple[str, bytes]]:
    """The mask as DICOM, plain and deflated, if pydicom is there."""
    try:
        import pydicom
    except ImportError:
        return
    meta = pydicom.dataset.FileMetaDataset()
    meta.MediaStorageSOPClassUID = pydicom.uid.SecondaryCaptureImageStorage
    meta.MediaStorageSOPInstanceUID = pydicom.uid.UID("1.2.3")
    for name, syntax in (
        ("DICOM plain", pydicom.uid.ExplicitVRLittleEndian),
        ("DICOM deflated", pydicom.uid.DeflatedExplicitVRLittleEndian),
    ):
        meta.TransferSyntaxUID = syntax
        file = pydicom.dataset.FileDataset("", {}, file_meta=meta, preamble=bytes(128))
        file.SOPClassUID, file.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
        file.Rows, file.Columns = mask.shape
        file.SamplesPerPixel, file.PhotometricInterpretation, file.PixelRepresentation = 1, "MONOCHROME2", 0
        file.BitsAllocated, file.BitsStored, file.HighBit, file.PixelData = 8, 8, 7, mask.tobytes()
        packed = io.BytesIO()
        file.save_as(packed)
        yield name, packed.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flips", type=int, default=300, help="bits to flip in each format")
    options = parser.parse_args()
    mask = draw_mask()
    print(f"{'file':<16} {'bytes':>7} {'told':>6} {'harmless':>9} {'silent':>7} {'loud':>5}")
    for name, (kind, settings) in KINDS.items():
        file = io.BytesIO()
        Image.fromarray(mask).save(file, kind, **settings)
        print_row(name, file.getvalue(), read_mask, options.flips)
    for name, data in dicom_files(mask):  # as radiographs, of which each pixel counts
        print_row(name, data, lambda path: read_radiograph(path).values, options.flips)


def print_row(name: str, data: bytes, read: Callable[[Path], np.ndarray], flips: int) -> None:
    told, harmless, silent, loud = measure(data, read, flips).values()
    print(f"{name:<16} {len(data):>7} {told:>6} {harmless:>9} {silent:>7} {loud:>5}")


if __name__ == "__main__":
    main()
