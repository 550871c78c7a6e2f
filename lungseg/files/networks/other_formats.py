"""Networks in other formats, and files, that are given for a run folder: called what they are, and refused."""

from pathlib import Path

from lungseg.errors import InputError

_FOREIGN = {
    ".weights.h5": "weights without their network",
    ".h5": "a network in the former format of Keras",
    ".hdf5": "a network in the former format of Keras",
    ".onnx": "an ONNX network",
    ".pt": "a PyTorch network",
    ".pth": "a PyTorch network",
    ".ckpt": "a PyTorch network",
    ".tflite": "a LiteRT network",
    ".pb": "a TensorFlow graph",
    ".pkl": "a pickle, which could run code",
    ".pickle": "a pickle, which could run code",
    ".joblib": "a pickle, which could run code",
}

# How files begin that are given the name of a Keras model.
_STARTS = {
    b"\x89HDF": "HDF5, weights or a network in the former format of Keras. Save the network again as .keras",
    b"version https://git-lfs": "a pointer of Git LFS in place of the file. Run `git lfs pull`",
    b"<": "a web page, or another text. Download the file again",
    b"\x80": "a pickle, which could run code. Ask for the file that Keras wrote",
}


def what_it_is(path: Path) -> str:
    """Say what a file is that should be a `.keras` file and is no archive, and what to do.

    Parameters
    ----------
    path : Path

    Returns
    -------
    str
        The end of a sentence, without a full stop.
    """
    with path.open("rb") as file:
        start = file.read(64)
    known = (what for begin, what in _STARTS.items() if start.startswith(begin))
    return next(known, "it is damaged. Copy the file again")


def refuse_other_networks(path: Path) -> None:
    """Say what a path is that was given for a run folder, if it is a file or a network of another kind.

    Parameters
    ----------
    path : Path

    Raises
    ------
    InputError
        If it is one.
    """
    if (path / "saved_model.pb").is_file():
        kind = "a TensorFlow SavedModel"
    elif path.is_file():
        name = path.name.lower()
        if name.endswith(".keras"):
            folder = path.parent
            where = f" that it lies in: {folder}" if (folder / "settings.json").is_file() else ""
            lone = "" if where else " of its training; alone it does not tell how its images were prepared"
            raise InputError(
                f"{path}: expected a run folder. Received: a Keras network. Name the run folder{where}{lone}."
            )
        kind = next((kind for end, kind in _FOREIGN.items() if name.endswith(end)), "a file")
    else:
        return
    raise InputError(
        f"{path}: expected a run folder of lungseg. Received: {kind}. Train a network (`lungseg train`), or name "
        'the one that comes with the package, "pretrained".'
    )
