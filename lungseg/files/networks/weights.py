"""The weights of a network in a file: how many numbers there are, and that all of them lie in it."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple
from zipfile import ZipFile

from lungseg.files.networks.refusing import MAKE_OWN, Refused, quoted

if TYPE_CHECKING:
    import h5py

WEIGHTS = "model.weights.h5"
UNFOLDED = 100  # Keras packs nothing; what unfolds to more than a hundred times its size is no network
SMALL = 64_000_000  # bytes that may unfold all the same


class Stored(NamedTuple):
    """How many numbers there are in a file of weights, and how many floating-point numbers beside the optimizer's."""

    numbers: int
    floats: int


def count_stored(archive: ZipFile) -> Stored:
    """Count the numbers that the file of the weights holds; refuse one that refers to other files."""
    import h5py

    member = archive.getinfo(WEIGHTS)
    numbers = floats = 0
    with h5py.File(io.BytesIO(archive.read(member)), "r") as file:
        for name, dataset in _datasets(file):
            if dataset.external or dataset.is_virtual:
                raise Refused(f"{quoted(name)} of its weights lies in another file, which is not opened. {MAKE_OWN}")
            size = dataset.size or 0
            if size * dataset.dtype.itemsize > max(SMALL, UNFOLDED * dataset.id.get_storage_size()):
                raise Refused(
                    f"expected weights that lie in the file. Received: {quoted(name)} of {size:,} numbers, "
                    f"of which {dataset.id.get_storage_size():,} bytes are there. {MAKE_OWN}"
                )
            numbers += size
            is_float = dataset.dtype.kind == "f" or dataset.attrs.get("dtype") == "bfloat16"
            floats += size if is_float and not name.startswith("/optimizer/") else 0
    return Stored(numbers, floats)


def _datasets(file: "h5py.File") -> Iterator[tuple[str, "h5py.Dataset"]]:
    """Yield the arrays of a file and their names; refuse links to elsewhere."""
    import h5py

    waiting = [("", file)]
    seen = set()  # two names may mean the same group, even one that it lies in
    while waiting:
        place, group = waiting.pop()
        for name in group:
            path = f"{place}/{name}"
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise Refused(f"{quoted(path)} of its weights is a link, which is not followed. {MAKE_OWN}")
            item = group[name]
            if isinstance(item, h5py.Dataset):
                yield path, item
            elif isinstance(item, h5py.Group) and item.id.__hash__() not in seen:
                seen.add(item.id.__hash__())
                waiting.append((path, item))
