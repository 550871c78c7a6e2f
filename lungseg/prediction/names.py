"""Which files are to be segmented, and what their masks are called."""

import hashlib
import os
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from lungseg.errors import InputError
from lungseg.files import DEVICES, LONGEST_NAME, as_folder, name_key
from lungseg.files.untrusted import doubt_encoding
from lungseg.prediction.table import TABLE, masks_in, whole_path
from lungseg.preparation.manifest import MANIFEST, OVERVIEW
from lungseg.preparation.sources.tree import IMAGES, RADIOGRAPHS, is_image, kinds_of_images, show
from lungseg.runs import BEST_MODEL

NO_TEXT = ("Cc", "Cs", "Zl", "Zp")  # control characters, halves of letters, ends of lines and paragraphs
NOT_ON_WINDOWS = frozenset('<>:"|?*\\/')
LONGEST_ENDING = 60  # bytes of a class's name


def image_files(
    inputs: Iterable[str | Path], masks: Iterable[Path] = (), anything: bool = False
) -> tuple[list[Path], list[Path]]:
    """List the files that are named, and the images in the folders that are named.

    Parameters
    ----------
    inputs : iterable of paths
        Of files and folders.
    masks : iterable of Path
        Masks that an earlier run has made: they are left out, should they lie in one of the folders.
    anything : bool
        Whether BMP and `.npy` files of a folder are images, too; beside radiographs, they are rather masks and cases.

    Returns
    -------
    images, others : list of Path
        The others are files in the folders that are no images. Hidden files are in neither list.

    Raises
    ------
    InputError
        If there is no such file or folder, or no image in a folder.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> for name in ("chest.png", "notes.txt"):
    ...     (folder / name).touch()
    >>> images, others = image_files([folder])
    >>> images[0].name, others[0].name
    ('chest.png', 'notes.txt')
    """
    known = {mask.resolve() for mask in masks}
    images: list[Path] = []
    others: list[Path] = []
    for item in inputs:
        item = as_folder(item, "inputs")
        try:
            is_folder, there = item.is_dir(), item.exists()
        except OSError:  # of a name too long for the disk, for one: told when its turn comes, as other bad files are
            is_folder, there = False, True
        if is_folder:
            inside = [path for path in _files_in(item) if path.resolve() not in known]
            extensions = IMAGES if anything else RADIOGRAPHS
            found = [path for path in inside if is_image(path, extensions)]
            if not found:
                raise InputError(
                    f"{item}: expected images ({kinds_of_images(extensions)}), found none. "
                    "Name the folder that holds them, or the files themselves."
                )
            images += found
            others += sorted(set(inside) - set(found))
        elif there:
            images.append(item)
        else:
            raise InputError(f"{item}: no such file or folder. Check the name.")
    return _once(images), _once(others)


def check_order(inputs: Iterable[Any], model: Any) -> None:
    """Refuse a run among the images, and images in place of the model: each was given for the other.

    Parameters
    ----------
    inputs : iterable of paths
    model : object
        Perhaps a path.

    Raises
    ------
    InputError

    Examples
    --------
    >>> check_order(["chest.png"], "run")
    """

    def is_run(path: Any) -> bool:  # False, too, of a name that no disk takes
        return isinstance(path, str | Path) and os.path.isfile(os.path.join(path, BEST_MODEL))

    runs = [item for item in inputs if is_run(item)]
    if runs and isinstance(model, str | Path) and os.path.exists(model) and not is_run(model):
        raise InputError(
            f"{runs[0]}: expected images. Received: a run folder, and {model} as the model. If they are the wrong way "
            f"round: lungseg predict {model} --model {runs[0]}."
        )


def _files_in(folder: Path) -> list[Path]:
    """List the files of a folder, without hidden ones; links that lead to none are to be named, not forgotten."""
    try:
        inside = sorted(folder.iterdir())
    except OSError as fault:
        raise InputError(
            f"{folder}: expected a folder that can be read. Received: {fault.strerror}. Check its permissions."
        ) from None
    inside = [path for path in inside if not path.name.startswith((".", "~$"))]
    if folder / MANIFEST in inside:  # the picture of prepared cases is no radiograph
        inside = [path for path in inside if path.name != OVERVIEW]
    return [path for path in inside if path.is_file() or (path.is_symlink() and not path.exists())]


def _once(paths: list[Path]) -> list[Path]:
    """Leave out what was named before, perhaps in another way, or by a link to its folder."""
    folders = {path.parent: os.path.realpath(path.parent) for path in paths}
    found: dict[tuple[str, str], Path] = {}
    for path in paths:
        found.setdefault((folders[path.parent], path.name), path)
    return list(found.values())


def mask_names(
    files: Sequence[Path], out: Path, earlier: Sequence[dict[str, Any]] = (), endings: Sequence[str] = ("",)
) -> dict[Path, str]:
    """Give each file the shortest name for its mask that no other one has.

    `chest.png`; where two files would get it, `chest_dcm.png` with the extension; where that does not
    help, `january_chest.png` with the folder, then with both, and so on up the path; at last a number.
    A file that had a mask before keeps its name, and no mask of another file is overwritten. Signs that
    some disk does not take become underscores, and what is too long is cut.

    Parameters
    ----------
    files : sequence of Path
    out : Path
        The folder of the masks.
    earlier : sequence of dict
        The rows of its table, see `lungseg.prediction.table`.
    endings : sequence of str
        Where a file gets a mask for each class, what stands at the end of their names, see `class_endings`.

    Returns
    -------
    dict of Path to str
        In the order of the files. `with_endings` makes the names of several masks of it.

    Raises
    ------
    InputError
        If a mask would overwrite a file that is no mask.

    Examples
    --------
    >>> files = [Path("january/chest.dcm"), Path("january/other.dcm"), Path("february/chest.dcm")]
    >>> list(mask_names(files, Path("out")).values())
    ['january_chest.png', 'other.png', 'february_chest.png']
    """
    # The table names files by their whole paths: of a path like images/chest.png nobody knows from which folder.
    former = {row["file"]: masks_in(row["mask"]) for row in earlier if row["mask"]}
    kept = {path: _without_ending(masks, endings) for path, masks in former.items()}
    names = {file: name for file in files if (name := kept.get(whole_path(file)))}
    taken = {_key(mask) for masks in former.values() for mask in masks}
    longest = _longest(out) - max(len(ending.encode()) for ending in endings)
    waiting = [file for file in dict.fromkeys(files) if file not in names]

    def keys(name: str) -> set[str]:
        return {_key(mask) for mask in with_endings(name, endings)}

    for level in range(2 * max((len(file.absolute().parts) for file in waiting), default=0)):
        wanted = {file: _name(file, level, longest) for file in waiting}
        counts = Counter(key for name in wanted.values() for key in keys(name))
        for file, name in wanted.items():
            if all(counts[key] == 1 and key not in taken for key in keys(name)):
                names[file] = name
        taken |= {key for file in waiting if file in names for key in keys(names[file])}
        waiting = [file for file in waiting if file not in names]
    for file in waiting:
        numbered = (_fitting(f"{_stem(file)}_{n}", longest) for n in range(2, len(taken) + 3))
        names[file] = next(name for name in numbered if not keys(name) & taken)
        taken |= keys(names[file])
    inputs, own = {file.resolve() for file in files}, {mask for masks in former.values() for mask in masks}
    for file in files:
        for mask in with_endings(names[file], endings):
            if (out / mask).resolve() in inputs or ((out / mask).exists() and mask not in own):
                raise InputError(
                    f"{show(file)}: its mask would overwrite the file {show(out / mask)}. Name another --out."
                    f"{doubt_encoding(out / TABLE)}"
                )
    return {file: names[file] for file in files}


def class_endings(classes: Sequence[str]) -> list[str]:
    """Return what the names of the masks of classes end in: `_nucleus`, with a number where two would be alike.

    Parameters
    ----------
    classes : sequence of str

    Returns
    -------
    list of str

    Examples
    --------
    >>> class_endings(["nucleus", "cell wall"]), class_endings(["Edge", "edge"])
    (['_nucleus', '_cell wall'], ['_1_Edge', '_2_edge'])
    """
    names = [_safe(name).encode()[:LONGEST_ENDING].decode(errors="ignore") for name in classes]
    counts = Counter(map(_key, names))
    return [f"_{name}" if counts[_key(name)] == 1 else f"_{n}_{name}" for n, name in enumerate(names, 1)]


def with_endings(name: str, endings: Sequence[str]) -> list[str]:
    """Return the names of all masks of a file.

    Parameters
    ----------
    name : str
        From `mask_names`.
    endings : sequence of str

    Returns
    -------
    list of str

    Examples
    --------
    >>> with_endings("slide.png", ["_nucleus", "_edge"]), with_endings("slide.png", [""])
    (['slide_nucleus.png', 'slide_edge.png'], ['slide.png'])
    """
    return [f"{name.removesuffix('.png')}{ending}.png" for ending in endings]


def _without_ending(masks: list[str], endings: Sequence[str]) -> str | None:
    """Return the name of which the masks of a file were made; None, if it had other masks than it gets now."""
    if list(endings) == [""] and len(masks) == 1:
        return masks[0]
    name = masks[0].removesuffix(f"{endings[0]}.png") + ".png"
    return name if with_endings(name, endings) == masks else None


def _key(name: str) -> str:
    """Return a name as some disks compare it, which tell neither A from a nor two ways to store an accent."""
    return name_key(name).casefold()


def _stem(file: Path) -> str:
    """Return the name of a file without its extension; the last number of a UID is none."""
    return file.name if file.suffix[1:].isdecimal() else file.stem


def _name(file: Path, level: int, longest: int) -> str:
    """Return a name for the mask of a file: with half as many folders as the level; odd ones have the extension."""
    folders = [part for part in file.absolute().parent.parts if part != file.anchor]
    folders = folders[len(folders) - min(level // 2, len(folders)) :]
    extension = [file.suffix[1:]] if level % 2 and file.suffix and _stem(file) == file.stem else []
    return _fitting("_".join([*folders, _stem(file), *extension]), longest)


def _fitting(name: str, longest: int) -> str:
    """Return the name of a PNG that every disk and every table takes."""
    name = _safe(name)
    if name.split(".")[0].strip().casefold() in DEVICES:
        name = f"_{name}"
    if len(f"{name}.png".encode()) > longest:  # the end tells what was cut: two of them shall not be called alike
        end = "_" + hashlib.sha256(name.encode()).hexdigest()[:8]
        name = name.encode()[: longest - len(f"{end}.png")].decode(errors="ignore") + end
    return f"{name}.png"


def _safe(name: str) -> str:
    """Return a name with underscores for the signs that some disk or table does not take."""
    # Names like images\\chest.png come from archives that were packed on Windows.
    return "".join(
        "_" if letter in NOT_ON_WINDOWS or unicodedata.category(letter) in NO_TEXT else letter for letter in name
    )


def _longest(folder: Path) -> int:
    """Return how many bytes a name may have in a folder, which need not exist: encrypted disks take fewer."""
    there = next((path for path in (folder, *folder.absolute().parents) if path.exists()), folder)
    try:
        return min(LONGEST_NAME, os.pathconf(there, "PC_NAME_MAX"))
    except (AttributeError, OSError, ValueError):  # Windows has no such question
        return LONGEST_NAME
