"""Loads a network from a `.keras` file that anybody may have made.

Such a file is a zip archive of a description (`config.json`) and of weights
(HDF5). Keras' safe mode refuses code in the description; by the time Keras
reads it, however, it has taken the memory that the description asks for, and
layers that read files or start other libraries are layers too. So everything
is looked at before Keras is given the file:

- the archive holds what Keras writes, and no more than its size tells;
- the description names networks, layers and functions of Keras, none that
  runs code or reads files, or what this Python has registered itself;
- the weights lie in the file, not in others;
- the network that is described has no more weights than the file holds.
"""

import math
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile, ZipInfo

import numpy as np

from lungseg.errors import InputError, one_line
from lungseg.files.networks.description import CONFIG, check_config, read_config, registered
from lungseg.files.networks.other_formats import what_it_is
from lungseg.files.networks.refusing import MAKE_OWN, Refused, quoted
from lungseg.files.networks.weights import SMALL, UNFOLDED, WEIGHTS, Stored, count_stored

if TYPE_CHECKING:
    import keras

METADATA = "metadata.json"
LARGEST_OUTPUT = 2**30  # numbers that a layer may make of one image: 4 GB


def load_network(path: str | Path) -> "keras.Model":
    """Load a network, without its loss and optimizer, from a file of any origin.

    Parameters
    ----------
    path : str or Path
        A `.keras` file. Layers of your own in it must be registered (`keras.saving.register_keras_serializable`).

    Returns
    -------
    keras.Model

    Raises
    ------
    InputError
        If the file is damaged, is no network, or would run code, read other files or take more memory than its
        weights do.

    Examples
    --------
    >>> import tempfile
    >>> from lungseg import build_unet
    >>> path = tempfile.mkdtemp() + "/network.keras"
    >>> build_unet((32, 32, 1), filters=2, depth=1).save(path)
    >>> load_network(path).output_shape
    (None, 32, 32, 1)
    """
    import keras

    path = Path(path)
    try:
        with ZipFile(path) as archive:
            _check_members(archive)
            config = read_config(archive)
            known = registered(config)
            check_config(config, known)
            held = count_stored(archive)
        _check_size(config, known, held)
    except Refused as reason:
        raise InputError(f"{path}: {reason}.") from None
    except Exception as error:  # what a reader of archives raises depends on which bytes are damaged
        if isinstance(error, InputError) or (isinstance(error, OSError) and error.filename is not None):
            raise
        raise InputError(f"{path}: expected a Keras model. Received: {what_it_is(path)}.") from None
    try:
        # A loss is of no use to a prediction, and one written in a notebook is unknown here.
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # whatever a layer says to a damaged description
        raise InputError(f"{path}: {_unloadable(error)}.") from None
    for weight in model.weights:  # a ReLU makes 0 of NaN, so that the predictions do not tell it
        if "float" in str(weight.dtype) and not np.isfinite(keras.ops.convert_to_numpy(weight).astype("float32")).all():
            raise InputError(
                f"{path}: expected weights that are finite numbers. Received: NaN or infinity, in {weight.path[:80]}. "
                "Copy the file again, or train again with a lower learning rate."
            )
    return model


def is_whole(path: str | Path) -> bool:
    """Tell whether a file is a network as Keras writes it, every byte as it was written. What it describes is not read.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    bool
    """
    try:
        with ZipFile(path) as archive:
            _check_members(archive)
            return archive.testzip() is None
    except Exception:  # what a reader of archives raises depends on which bytes are damaged
        return False


def _unloadable(error: BaseException) -> str:
    unknown = re.search(r"Could not locate (class|function) '([^']+)'", str(error))
    if unknown:
        kind, name = unknown.groups()
        return (
            f"expected layers, networks and functions that Keras knows. Received: the {kind} {quoted(name)}, which is "
            "not registered. Write @keras.saving.register_keras_serializable() above it, and import it before the "
            "network is loaded"
        )
    return (
        f"expected a Keras model. Received: {one_line(error)[:200]}. Copy the file again, or train again. If it has "
        "layers of your own, register them (keras.saving.register_keras_serializable) and import them first"
    )


def _check_members(archive: ZipFile) -> None:
    """Refuse an archive with other members than Keras writes, or with one that unfolds without end."""
    members = archive.infolist()
    names = sorted(member.filename for member in members)
    if names != sorted([CONFIG, METADATA, WEIGHTS]):
        other = next((name for name in names if name not in (CONFIG, METADATA, WEIGHTS)), None)
        received = f"a file with {quoted(other)} in it" if other else f"one with {', '.join(names) or 'nothing'}"
        raise Refused(f"expected a Keras model: {CONFIG}, {METADATA} and {WEIGHTS}. Received: {received}. {MAKE_OWN}")
    for member in members:
        if member.file_size > SMALL and member.file_size > UNFOLDED * member.compress_size:
            raise Refused(_unfolds(member))


def _unfolds(member: ZipInfo) -> str:
    return (
        f"expected a Keras model, which is hardly packed. Received: {member.filename} unfolds from "
        f"{member.compress_size:,} to {member.file_size:,} bytes. {MAKE_OWN}"
    )


def _check_size(config: dict[str, Any], known: dict[str, object], held: Stored) -> None:
    """Refuse a network with more weights than the file holds, or with a layer that needs gigabytes for an image."""
    import keras

    found: list[tuple[Stored, int] | Exception] = []

    def describe() -> None:
        try:
            # Here a variable has a shape, and no value: nothing of its size is taken.
            with keras.StatelessScope(initialize_variables=False):
                model = keras.saving.deserialize_keras_object(config, custom_objects=known, safe_mode=True)
            sizes = [(math.prod(weight.shape), "float" in str(weight.dtype)) for weight in model.weights]
            weights = Stored(sum(size for size, _ in sizes), sum(size for size, is_float in sizes if is_float))
            found.append((weights, max(_outputs(model), default=0)))
        except Exception as error:  # whatever a layer says to a damaged description
            found.append(error)

    # In a thread of its own, whose end takes along what Keras notes about such variables.
    thread = threading.Thread(target=describe)
    thread.start()
    thread.join()
    [result] = found
    if isinstance(result, Exception):
        if "stateless scope" in str(result) and known:
            return  # a layer of one's own, which makes its variables in another way
        raise Refused(_unloadable(result))
    weights, largest = result
    if weights.numbers > held.numbers:
        raise Refused(
            f"describes a network of {weights.numbers:,} weights. Received: {held.numbers:,} of them. Copy the file "
            "again"
        )
    if weights.floats > held.floats:  # Keras would take whole numbers for them
        raise Refused(
            f"describes a network of {weights.floats:,} weights that are floating-point numbers. Received: "
            f"{held.floats:,} of them, the others are of another type. {MAKE_OWN}"
        )
    if largest > LARGEST_OUTPUT:
        raise Refused(
            f"describes a layer that makes {largest:,} numbers of one image. Expected at most {LARGEST_OUTPUT:,}. "
            "Build a smaller network"
        )


def _outputs(model: "keras.Model") -> Iterator[int]:
    """Yield how many numbers each layer makes of one image; a size that the image decides counts as 1."""
    import keras

    for operation in getattr(model, "operations", ()):
        for tensor in keras.tree.flatten(getattr(operation, "output", None)):
            if tensor is not None:
                yield math.prod(side or 1 for side in tensor.shape)
