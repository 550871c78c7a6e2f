"""Keeps the masks of an evaluation in little memory, so that no case is predicted a second time to be shown."""

import zlib
from collections.abc import Iterator, Mapping

import numpy as np


class PackedMasks(Mapping[str, np.ndarray]):
    """Masks by case id, each of them compressed.

    Which cases are shown is known at the end only: halfway through, half of the cases can still become the
    median. So all masks are kept, one bit a pixel and compressed: about 2 KB for lungs of 512 x 512 pixels,
    32 KB for noise.

    Examples
    --------
    >>> masks = PackedMasks()
    >>> masks.add("PHANTOM_0001_0", np.array([[True, False, True]]))
    >>> masks["PHANTOM_0001_0"]
    array([[ True, False,  True]])
    """

    def __init__(self) -> None:
        self._packed: dict[str, tuple[bytes, tuple[int, ...]]] = {}

    def add(self, name: str, mask: np.ndarray) -> None:
        """Keep a mask.

        Parameters
        ----------
        name : str
            The case id.
        mask : numpy.ndarray of bool, shape (H, W)
        """
        self._packed[name] = zlib.compress(np.packbits(mask).tobytes(), level=1), mask.shape

    def __getitem__(self, name: str) -> np.ndarray:
        packed, shape = self._packed[name]
        bits = np.unpackbits(np.frombuffer(zlib.decompress(packed), np.uint8), count=int(np.prod(shape)))
        return bits.reshape(shape).astype(bool)

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)
