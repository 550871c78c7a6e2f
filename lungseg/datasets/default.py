"""The cases to work with: those of the folder that `LUNGSEG_DATA` names, or phantoms, kept in the cache."""

import os
from pathlib import Path

from lungseg.cases import list_cases
from lungseg.datasets.cache import cache_folder, count_cases, move_cases, staging_folder, usable_folder
from lungseg.errors import InputError


def default_cases(
    size: int = 128, count: int = 300, seed: int = 0, n_jobs: int = 1, progress: bool = False, classes: str = "lungs"
) -> Path:
    """Return the folder of cases to work with: yours if you have named one, phantoms otherwise.

    Parameters
    ----------
    size, count, seed : int
        Which phantoms. They are made at the first call and kept in `cache_folder()`. If the environment variable
        `LUNGSEG_DATA` names a folder, these settings are not looked at.
    n_jobs : int
        How many processes make them; the phantoms are the same with any number.
    progress : bool
        Show a progress bar while they are made.
    classes : {"lungs", "thorax", "overlapping"}
        What has a mask, see `lungseg.phantom.make_phantom`. Of all but the first, the cases are always phantoms.

    Returns
    -------
    Path
        A folder of `.npy` cases.

    Raises
    ------
    InputError
        If `LUNGSEG_DATA` names a folder that does not exist or holds no case, a
        setting is not possible, or the cache cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from unittest.mock import patch
    >>> with patch.dict(os.environ, LUNGSEG_CACHE=tempfile.mkdtemp(), LUNGSEG_DATA=""):
    ...     [path.name for path in list_cases(default_cases(size=32, count=2))]
    ['PHANTOM_0001_0.npy', 'PHANTOM_0002_1.npy']
    """
    chosen = data_folder()
    if chosen and classes == "lungs":
        try:
            return list_cases(chosen)[0].parent
        except InputError as error:
            remedy = "Or unset LUNGSEG_DATA to work with phantoms."
            raise InputError(f"The environment variable LUNGSEG_DATA: {error} {remedy}") from None

    from lungseg.phantom.drawing import VERSION
    from lungseg.phantom.writing import write_phantoms

    kind = "phantoms" if classes == "lungs" else f"phantoms-{classes}"
    folder = cache_folder() / f"{kind}-v{VERSION}-{count}x{size}-seed{seed}"
    if not folder.is_dir() or count_cases(folder) < count:
        with usable_folder(folder.parent), staging_folder(folder.parent) as cases:
            write_phantoms(cases, count, size=size, seed=seed, n_jobs=n_jobs, progress=progress, classes=classes)
            move_cases(cases, folder)
    return folder


def data_folder() -> Path | None:
    """Return the folder that `LUNGSEG_DATA` names, or None.

    A relative name is looked for in the working directory, then in the folders above it: notebooks run
    in folders of their own.

    Returns
    -------
    Path or None
        It need not exist.
    """
    chosen = os.environ.get("LUNGSEG_DATA")
    if not chosen:
        return None
    folder, here = Path(chosen).expanduser(), Path.cwd()
    return next((above / folder for above in (here, *here.parents) if (above / folder).exists()), folder)
