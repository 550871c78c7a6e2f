"""The network that comes with the package: trained on real radiographs, for teaching and research."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lungseg.cases import case_id, check_cases
from lungseg.errors import InputError
from lungseg.runs import BEST_MODEL, HISTORY, SETTINGS, SPLIT, WEIGHTS, PretrainedRun, Run, write_json
from lungseg.splits import Split, save_split

if TYPE_CHECKING:
    import keras


def load_pretrained(size: int | tuple[int | None, int | None] | None = None) -> "keras.Model":
    """Return a U-Net that was trained on 554 chest radiographs of the Montgomery and Shenzhen sets.

    For teaching and research, not for diagnosis. `print(lungseg.load_run("pretrained").card)` shows the
    model card: data and credit, recipe, figures by group, known failures.

    Parameters
    ----------
    size : int or tuple of int or None, optional
        Height and width of the images, or one number for both, multiples of 32; by default 256 × 256, at
        which it was trained and is best. `(None, None)` takes images of any such size.

    Returns
    -------
    keras.Model
        From images (B, H, W, 1), prepared as `lungseg prepare` does it, in [0, 1], to the probability
        of lung (B, H, W, 1).

    Raises
    ------
    InputError
        If the size is not a multiple of 32.

    References
    ----------
    .. [1] S. Jaeger et al., "Two public chest X-ray datasets for computer-aided screening of pulmonary
       diseases", Quant. Imaging Med. Surg. 4(6):475-477 (2014).

    Examples
    --------
    >>> model = load_pretrained((64, 64))
    >>> model.predict_on_batch(np.zeros((1, 64, 64, 1))).shape
    (1, 64, 64, 1)
    """
    return PretrainedRun().build(size)


def copy_pretrained(folder: str | Path, cases: Sequence[str | Path]) -> Run:
    """Make a run folder of your own with this network, to evaluate it on cases of yours.

    Parameters
    ----------
    folder : str or Path
        The run folder, made if need be.
    cases : sequence of paths
        They become the test part of its split.

    Returns
    -------
    Run

    Raises
    ------
    InputError
        If a case cannot be used or has trained the network, or the height and the width are not multiples of 32.
    """
    pretrained, folder, cases = PretrainedRun(), Path(folder), list(cases)
    parts = pretrained.split_ids
    seen = [case_id(case) for case in cases if case_id(case) in {*parts["train"], *parts["validation"]}]
    if seen:
        raise InputError(
            f"copy_pretrained expected cases that the network has not seen. Received: {len(seen)} that trained it, "
            f"{seen[0]} for one. Take those of the test part of the split gaal2020, or cases of your own."
        )
    size = check_cases(cases)
    model = pretrained.build(size)
    folder.mkdir(parents=True, exist_ok=True)
    model.save(folder / BEST_MODEL)
    (folder / HISTORY).write_bytes((pretrained.folder / HISTORY).read_bytes())
    save_split(Split([], [], cases), folder / SPLIT)
    counts = {**pretrained.settings["count"], "test": len(cases)}
    own = {
        "cases": str(Path(cases[0]).resolve().parent),
        "count": counts,
        "size": list(size),
        "split": "own",
        "seen_before": sorted({*parts["train"], *parts["validation"]}),
    }
    write_json(folder / SETTINGS, {**pretrained.settings, **own})
    return Run(folder)


def write_pretrained(run: Run, network: dict[str, Any], folder: str | Path, **facts: str) -> None:
    """Write the network of a run as the package keeps it: kernels in half precision, the rest as it is.

    Parameters
    ----------
    run : Run
        Of `build_unet`.
    network : dict
        The arguments of `build_unet` that give the network.
    folder : str or Path
        Made if need be.
    **facts
        What the settings of the run, the last of several perhaps, do not tell right: `split`, `stages`.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    arrays = [array.astype("float16") if array.ndim > 1 else array for array in run.model.get_weights()]
    np.savez_compressed(folder / WEIGHTS, **{f"{number:04d}": array for number, array in enumerate(arrays)})
    # Where the cases lay is nobody's business, and would not help.
    settings = {name: value for name, value in run.settings.items() if name != "cases"}
    write_json(folder / SETTINGS, {**settings, "network": network, **facts})
    write_json(folder / SPLIT, run.split_ids)
    (folder / HISTORY).write_bytes((run.folder / HISTORY).read_bytes())
