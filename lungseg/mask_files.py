"""Segments files and folders of files: a mask file for each image file."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from lungseg.errors import InputError
from lungseg.layouts import EXTENSIONS
from lungseg.prediction import open_model, segment


def segment_files(
    model,
    inputs: Sequence[str | Path],
    out: str | Path,
    clean: bool = True,
    report: Callable[[str], object] = print,
    progress: bool = True,
) -> list[tuple[Path, str]]:
    """Segment files, and folders of files, into masks of the same names.

    Parameters
    ----------
    model
        See `segment`.
    inputs : sequence of paths
        Image files; of a folder, all its images are taken.
    out : str or Path
        A PNG of 0 and 255 is written there for each image, at its own size.
    clean : bool
        See `segment`.
    report : callable
        Is given the lines of the summary.
    progress : bool
        Show a progress bar.

    Returns
    -------
    list of (Path, str)
        The files that could not be used, and why. They do not stop the rest.

    Raises
    ------
    InputError
        If there is no image at all, two would get the same name, or the model
        is none.
    """
    from PIL import Image
    from tqdm.auto import tqdm

    files = _image_files(inputs)
    model, out = open_model(model), Path(out)
    targets = {}
    for file in files:
        target = out / f"{file.stem}.png"
        if target in targets or target.resolve() == file.resolve():
            other = targets.get(target, "the image itself")
            raise InputError(
                f"{file}: its mask {target} would overwrite that of {other}. Name another --out, or rename it."
            )
        targets[target] = file
    out.mkdir(parents=True, exist_ok=True)
    failed = []
    for target, file in tqdm(targets.items(), desc="segmenting", unit="image", disable=not progress):
        try:
            mask = segment(model, file, clean)
        except InputError as error:
            failed.append((file, str(error)))
            continue
        temporary = target.with_name(f".{target.name}.part")
        Image.fromarray(mask.astype(np.uint8) * 255).save(temporary, format="PNG")
        os.replace(temporary, target)
    report(f"{len(files) - len(failed)} masks in {out}.")
    if failed:
        report(f"{len(failed)} of {len(files)} files could not be used:")
        for _, reason in failed:
            report(f"  {reason}")
    return failed


def _image_files(inputs) -> list[Path]:
    files = []
    for item in map(Path, inputs):
        if item.is_dir():
            inside = [p for p in item.iterdir() if p.suffix.lower() in EXTENSIONS and not p.name.startswith(".")]
            if not inside:
                raise InputError(
                    f"{item}: expected images ({', '.join(sorted(EXTENSIONS))}), found none. Name another folder."
                )
            files += sorted(inside)
        elif item.exists():
            files.append(item)
        else:
            raise InputError(f"{item}: no such file or folder. Check the name.")
    return list(dict.fromkeys(files))
