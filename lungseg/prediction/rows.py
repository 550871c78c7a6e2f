"""What the table says of a mask, and what is said at the end of all of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from lungseg.errors import counted
from lungseg.masks.measuring import measure_lungs
from lungseg.masks.plausibility import doubts
from lungseg.prediction.loaded import Prediction
from lungseg.prediction.model import OpenModel
from lungseg.prediction.table import TABLE

REASONS = 3  # why a mask needs a look, in a line; the table has them all


def row_of(prediction: Prediction, opened: OpenModel, threshold: float) -> dict:
    """Return what the table says of the masks of a file.

    Parameters
    ----------
    prediction : Prediction
    opened : OpenModel
        By which it was made.
    threshold : float
        The one that it was made with.

    Returns
    -------
    dict
        The columns of `lungseg.prediction.table` that are known.
    """
    row: dict = {"height": prediction.mask.shape[0], "width": prediction.mask.shape[1]}
    if opened.of_lungs:
        row |= _lungs(prediction, threshold)
        areas = ["lung", "right_lung", "left_lung"]
    else:
        areas = list(opened.problem.classes)
        counts = np.count_nonzero(prediction.mask.reshape(-1, len(areas)), axis=0)
        row |= {f"{name}_pixels": int(count) for name, count in zip(areas, counts, strict=True)}
    if prediction.radiograph.spacing:
        height, width = prediction.radiograph.spacing
        row |= {"pixel_height_mm": height, "pixel_width_mm": width, "spacing_from": prediction.radiograph.spacing_from}
        for name in areas:
            row[f"{name}_cm2"] = round(row[f"{name}_pixels"] * height * width / 100, 2)
    return row


def _lungs(prediction: Prediction, threshold: float) -> dict:
    """Return the areas of the lungs, and whether they can be lungs."""
    crop = prediction.geometry.crop
    areas = measure_lungs(prediction.mask, middle=(crop.left + crop.right) / 2)
    if prediction.radiograph.orientation and prediction.radiograph.orientation[0].startswith("R"):  # a mirrored one
        areas = areas._replace(right=areas.left, left=areas.right)
    reasons = doubts(prediction, threshold)
    return {
        "lung_pixels": areas.lungs,
        "right_lung_pixels": areas.right,
        "left_lung_pixels": areas.left,
        "components": areas.components,
        "plausible": "no" if reasons else "yes",
        "reasons": "; ".join(reasons),
    }


def summarise(
    rows: list[dict], failed: list, others: list[Path], out: Path, opened: OpenModel, report: Callable[[str], object]
) -> None:
    """Report how many files were segmented, which masks are doubted, and which files failed or were left out.

    Parameters
    ----------
    rows : list of dict
        Of the table, with each file as it was typed.
    failed : list
        Of pairs of a file and the reason.
    others : list of Path
        Files of the folders that are no images.
    out : Path
    opened : OpenModel
        By which the masks were made.
    report : callable
        Is given the lines.
    """
    done = len(rows) - len(failed)
    if not done:
        report(f"No mask was made; {out / TABLE} also says why.")
    elif opened.of_lungs:
        report(f"{counted(done, 'mask')} in {out}, areas and reasons in {out / TABLE}.")
    else:
        report(f"The masks of {counted(done, 'image')} in {out}, areas in {out / TABLE}.")
    if done and opened.tiled:
        report(f"The images were not resized, and predicted in tiles of {opened.size[0]} x {opened.size[1]} pixels.")
    odd = [row for row in rows if row.get("plausible") == "no"]
    if odd:
        report(f"To look at: {len(odd)}, perhaps no frontal chest X-ray, or a poor mask:")
        for row in odd[:10]:
            reasons = row["reasons"].split("; ")
            more = f" and {len(reasons) - REASONS} more" if len(reasons) > REASONS else ""
            report(f"  {row['file']}: {'; '.join(reasons[:REASONS])}{more}")
        if len(odd) > 10:
            report(f"  ... and {len(odd) - 10} more, see the table")
    if failed:
        report(f"{len(failed)} of {counted(len(rows), 'file')} could not be used:")
        for _, reason in failed:
            report(f"  {reason}")
    if others:
        shown = ", ".join(path.name for path in others[:5]) + (", ..." if len(others) > 5 else "")
        report(f"{counted(len(others), 'other file')} of the folders left out: {shown}")
