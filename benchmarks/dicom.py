"""Does `lungseg` read DICOM as pydicom does? All test files that pydicom's package brings, with pydicom as the judge.

    python benchmarks/dicom.py [FOLDER ...]

Each file that is read must show what pydicom's own look-ups show: modality table or rescaling, VOI table or window,
inverted if the file is MONOCHROME1; colours as their luma. Measured is the largest difference of a pixel, after both
pictures were stretched to 0 .. 1 between their darkest and their brightest pixel; it may be 0.001. Pixels that only
fill the frame up (PixelPaddingValue) are left out, since `lungseg` makes them black; a window that leaves one grey of
the whole picture is ignored. Each other file must end in one line that names the file and the cause, and must be one
that pydicom cannot show as one picture either, or a segmentation, which holds masks. The exit status is 1 otherwise.

With `pip install "lungseg[codecs]"` more of the compressed files can be read.

Not compared is what pydicom's `apply_voi_lut` has wrong: with a table of 8-bit entries it keeps the places in the table
in 8 bits as well, so that grey value 256 is looked up as 0; and windows of values with a negative rescale slope, which
it inverts a second time. None of the files has such a table or slope; FOLDERs may.
"""

import argparse
import sys
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pydicom
from pydicom.pixels import apply_color_lut, apply_modality_lut, apply_voi_lut, pixel_array

from lungseg import InputError
from lungseg.radiographs import read_radiograph

TOLERANCE = 0.001
OWN = Path(pydicom.__file__).parent / "data"


def files_of(folders: list[Path]) -> list[Path]:
    """List all files but Python's."""
    return sorted(
        path for folder in folders for path in folder.rglob("*") if path.is_file() and ".py" not in path.suffix
    )


def shown_by_pydicom(path: Path) -> np.ndarray:
    """Return the one picture of a file as pydicom's look-ups show it: (H, W), NaN where there is padding."""
    dataset = pydicom.dcmread(path, force=True)
    stored = pixel_array(dataset)
    if int(dataset.get("NumberOfFrames") or 1) > 1:
        raise ValueError("several frames")
    if dataset.PhotometricInterpretation == "PALETTE COLOR":
        stored = apply_color_lut(stored, dataset)
    if stored.ndim == 3:
        return stored.astype(float) @ [0.299, 0.587, 0.114]
    shown = apply_voi_lut(apply_modality_lut(stored, dataset), dataset).astype(float)
    if dataset.PhotometricInterpretation == "MONOCHROME1":
        shown = -shown
    padding = dataset.get("PixelPaddingValue")
    if padding is not None and (stored != padding).any():
        shown[stored == padding] = np.nan
    return shown


def difference(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Return the largest difference of a pixel that is no padding, after both were stretched to 0 .. 1."""
    seen = np.isfinite(theirs)
    ours, theirs = (
        (values[seen] - values[seen].min()) / (np.ptp(values[seen]) or 1) for values in (ours.astype(float), theirs)
    )
    return float(np.abs(ours - theirs).max())


def compare(path: Path) -> tuple[str, str]:
    """Return what came of a file: "equal", "refused", or what is wrong; and the difference, or the line."""
    try:
        theirs = shown_by_pydicom(path)
    except Exception:  # pydicom raises whatever it likes
        theirs = None
    try:
        ours = read_radiograph(path).values
    except InputError as refusal:
        line = str(refusal)
        if "\n" in line or not line.startswith(f"{path}: expected") or " Received: " not in line:
            return "NOT ONE LINE", line
        if theirs is not None and "a DICOM segmentation" not in line:
            return "REFUSED, BUT PYDICOM READS IT", line
        return "refused", line.removeprefix(f"{path}: ")
    except Exception as fault:
        return "EXCEPTION", repr(fault)
    if theirs is not None and np.nanmin(theirs) == np.nanmax(theirs):
        return "window ignored", "pydicom shows one grey"
    if theirs is None:
        return "read, but not by pydicom", ""
    if theirs.shape != ours.shape:
        return "DIFFERENT SHAPE", f"{ours.shape}, pydicom has {theirs.shape}"
    found = difference(ours, theirs)
    return "equal" if found <= TOLERANCE else "DIFFERENT", f"{found:.6f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*", default=[OWN], help="by default pydicom's own")
    folders = parser.parse_args().folders
    warnings.simplefilter("ignore")
    counts: Counter = Counter()
    for path in files_of(folders):
        outcome, said = compare(path)
        counts[outcome] += 1
        print(f"{outcome:<12}  {path.name:<44}  {said}")
    print(f"\npydicom {pydicom.__version__}, {counts.total()} files:")
    for outcome, count in counts.most_common():
        print(f"{count:>6}  {outcome}")
    sys.exit(any(outcome.isupper() for outcome in counts))


if __name__ == "__main__":
    main()
