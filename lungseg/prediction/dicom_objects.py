"""Which segmentation objects a run writes, what they are called, and which of an earlier run go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from lungseg.errors import InputError
from lungseg.prediction.dicom_seg import MODEL, write_object
from lungseg.radiographs.dicom import is_dicom
from lungseg.radiographs.image import RadiographImage
from lungseg.radiographs.silence import ignored_warnings

SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4"
SUFFIX = ".dcm"
SHOWN = 10  # lines, and names in a line half as many


def check_highdicom() -> None:
    """Refuse to go on without the library that writes segmentation objects.

    Raises
    ------
    InputError
        If it is not installed.
    """
    try:
        import highdicom  # noqa: F401
    except ImportError:
        raise InputError(
            "--dicom-seg (in Python dicom_seg): expected highdicom to write segmentation objects with. Received: it is "
            'not installed. Run `pip install "lungseg[dicom]"`.'
        ) from None


class SegmentationObjects:
    """The segmentation objects of one run of `lungseg.prediction.segment_files`.

    Each is named as its mask, with the extension .dcm.

    Parameters
    ----------
    names : dict of Path to str
        The names of the masks, see `lungseg.prediction.names.mask_names`.
    out : Path
        The folder of masks and objects.
    wanted : bool
        Whether to write any. If not, those of earlier runs are removed as their masks are made anew: they would
        no longer be the same.

    Raises
    ------
    InputError
        An object would overwrite an image, or a file that no earlier run has written.
    """

    def __init__(self, names: dict[Path, str], out: Path, wanted: bool) -> None:
        self.wanted = wanted
        self.targets = {file: out / (Path(name).stem + SUFFIX) for file, name in names.items()}
        self.dicom = {file for file in names if wanted and _is_dicom(file)}
        self.lacking: dict[Path, str] = {}
        inputs = {file.resolve() for file in names}
        for file in self.dicom:
            target = self.targets[file]
            if target.resolve() in inputs or (target.exists() and not is_own_object(target)):
                raise InputError(
                    f"{file}: expected a free name for its segmentation object. Received: {target}, which is another "
                    "file. Name another --out."
                )

    def write(self, file: Path, mask: np.ndarray, radiograph: RadiographImage) -> None:
        """Write the object of a file, or note why it gets none.

        Parameters
        ----------
        file : Path
        mask : numpy.ndarray of bool, shape (H, W)
            At the file's own size.
        radiograph : RadiographImage
            What was read from the file.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        target = self.targets[file]
        if file in self.dicom:
            try:
                return write_object(file, mask, radiograph, target)
            except InputError as fault:
                self.lacking[file] = str(fault)
        if target.exists() and is_own_object(target):
            target.unlink()
        return None

    def summarise(self, report: Callable[[str], object]) -> None:
        """Report which files got no object: those that are no DICOM in one line, of others up to ten by a line each.

        Parameters
        ----------
        report : callable
            Is given the lines.
        """
        others = [file.name for file in self.targets if self.wanted and file not in self.dicom]
        if others:
            shown = ", ".join(others[: SHOWN // 2]) + (", ..." if len(others) > SHOWN // 2 else "")
            files = "file is" if len(others) == 1 else "files are"
            report(f"{len(others)} {files} no DICOM, no segmentation object: {shown}")
        if not self.lacking:
            return
        report(f"{len(self.lacking)} {'file' if len(self.lacking) == 1 else 'files'} without a segmentation object:")
        lines = [self.lacking[file] for file in self.targets if file in self.lacking]
        for line in lines[:SHOWN]:
            report(f"  {line}")
        if len(lines) > SHOWN:
            report(f"  ... and {len(lines) - SHOWN} more")


def own_objects(out: Path) -> list[Path]:
    """List the segmentation objects that earlier runs have left in a folder.

    Parameters
    ----------
    out : Path

    Returns
    -------
    list of Path
    """
    return [path for path in out.glob(f"*{SUFFIX}") if is_own_object(path)]


def is_own_object(path: Path) -> bool:
    """Tell whether a file is a segmentation object that this package has written.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bool
    """
    try:
        from pydicom import dcmread

        with ignored_warnings():
            header = dcmread(path, specific_tags=["SOPClassUID", "ManufacturerModelName"], stop_before_pixels=True)
            return header.get("SOPClassUID") == SEGMENTATION and header.get("ManufacturerModelName") == MODEL
    except Exception:  # no pydicom, no DICOM, or a broken one
        return False


def _is_dicom(file: Path) -> bool:
    """Tell whether a file is DICOM; one that cannot be read is none."""
    try:
        return is_dicom(file)
    except OSError:
        return False
