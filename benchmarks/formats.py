"""Which image files are read as the numbers they hold, and which are refused, with what words.

    python benchmarks/formats.py [--all]

A file of each kind is made by hand (tests/support/image_files.py): TIFF of 1 to 64 bits, signed, unsigned and
floating, both byte orders, both polarities, palettes, alpha, planes, tiles, strips, all compressions; PNG of all
depths and colours, interlaced or not, with one transparent colour; and other formats. What is read must equal the
numbers that were put in, without a difference where nothing is lost in the format. Only one line for each group is
printed, without --all. The exit status is 1 if a row is not as expected.
"""

import argparse
import sys
import tempfile
import warnings
from collections import Counter
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
from image_files import table
from lungseg.errors import InputError
from lungseg.radiographs.reading import read_image, read_pixels


def outcome(row, folder: Path) -> tuple[str, str]:
    """Return "read", "refused" or "wrong", and the details."""
    path = folder / "film"
    path.write_bytes(row.make())
    try:
        pixels = read_pixels(path)
        read_image(path)
    except InputError as error:
        message = str(error)
        received = message.split("Received: ")[-1].split(". ")[0]
        return "refused" if isinstance(row.expected, str) and row.expected in message else "wrong", received
    if isinstance(row.expected, str):
        return "wrong", f"read, though {row.expected} was expected"
    seen = pixels if pixels.ndim == row.expected.ndim else pixels[..., 0]
    far = np.abs(seen.astype(float) - row.expected).max()
    details = f"{pixels.dtype}, {' x '.join(map(str, pixels.shape))}, {pixels.min():g} to {pixels.max():g}"
    return "read" if far <= row.tolerance else "wrong", details + f", {far:g} off" * bool(far)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="a line for each file")
    options = parser.parse_args()
    warnings.simplefilter("ignore", DeprecationWarning)
    counts: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for row in table():
            result, details = outcome(row, Path(folder))
            counts[row.name.split()[0], result] += 1
            if options.all or result != "read":
                print(f"{row.name:<56} {result:<8} {details}")
    print(f"\n{'files':<12} {'read':>6} {'refused':>8} {'wrong':>6}")
    for kind in dict.fromkeys(kind for kind, _ in counts):
        print(f"{kind:<12} {counts[kind, 'read']:>6} {counts[kind, 'refused']:>8} {counts[kind, 'wrong']:>6}")
    raise SystemExit(any(result == "wrong" for _, result in counts))


if __name__ == "__main__":
    main()
