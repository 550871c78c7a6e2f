"""Reads NumPy's arrays of any origin: no pickle, and no more memory than the file gives reason for."""

import io
import math
import zipfile
import zlib
from pathlib import Path
from typing import IO

import numpy as np

from lungseg.errors import InputError, one_line, quote
from lungseg.files.untrusted.contents import check_file, size_text

LARGEST = 2**30  # bytes: a case of 8192 x 8192 pixels in single precision takes half of it
LONGEST_HEADER = 4096  # bytes: NumPy writes 118 for an array of numbers
MOST_ARRAYS = 10_000
MAGIC, ZIP = b"\x93NUMPY", b"PK"
COPY_AGAIN = "Copy the file again."


class _NotAnArray(ValueError):
    """What is wrong with an array, as the rest of a sentence that begins with the name of its file."""


def read_array(path: str | Path, remedy: str = COPY_AGAIN, largest: int = LARGEST) -> np.ndarray:
    """Read an array of numbers from a `.npy` file.

    Parameters
    ----------
    path : str or Path
    remedy : str
        The end of the message: what to do if the file is no such array.
    largest : int
        Bytes in memory; a larger array is refused.

    Returns
    -------
    ndarray
        Of any shape and any type of number.

    Raises
    ------
    InputError
        If there is no such file; if it holds a pickle, which could run any code, or is not `.npy` at all; if its header
        is damaged, or claims more than the file holds; if the array holds no plain numbers, or is too large.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.npy"
    >>> np.save(path, np.eye(2))
    >>> read_array(path).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    try:
        size = check_file(path, None, remedy)
        with open(path, "rb") as file:
            shape, fortran, dtype = _header(file, size, largest)
            array = np.fromfile(file, dtype, count=math.prod(shape))
        return _shaped(array, shape, fortran)
    except _NotAnArray as error:
        raise InputError(f"{path}: {error}. {remedy}") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}. {remedy}") from None
    except MemoryError:
        raise InputError(f"{path}: is too large for the memory of this computer. {remedy}") from None


def read_shape(path: str | Path) -> tuple[int, ...] | None:
    """Return the shape of the array in a `.npy` file, of which only the head is read.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    tuple of int or None
        None if the file holds no whole array of numbers.
    """
    try:
        size = check_file(path, None, "")
        with open(path, "rb") as file:
            return _header(file, size, None)[0]
    except (OSError, ValueError):
        return None


def read_arrays(path: str | Path, remedy: str = COPY_AGAIN, largest: int = LARGEST) -> dict[str, np.ndarray]:
    """Read the arrays of numbers of a `.npz` file.

    Parameters
    ----------
    path : str or Path
    remedy : str
        The end of the message: what to do if the file is no such archive.
    largest : int
        Bytes in memory, of all arrays together: a small archive may claim, and hold, very large ones.

    Returns
    -------
    dict of str to ndarray
        By name, in the order of the file.

    Raises
    ------
    InputError
        As `read_array`.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "weights.npz"
    >>> np.savez_compressed(path, kernel=np.ones(3))
    >>> read_arrays(path)
    {'kernel': array([1., 1., 1.])}
    """
    arrays: dict[str, np.ndarray] = {}
    try:
        check_file(path, None, remedy)
        with zipfile.ZipFile(path) as zipped:
            members = zipped.infolist()
            if len(members) > MOST_ARRAYS:
                raise _NotAnArray(f"expected at most {MOST_ARRAYS} arrays. Received: {len(members)}")
            left = largest
            for member in members:
                name = member.filename.removesuffix(".npy")
                if name in arrays:
                    raise _NotAnArray(f"holds the array {quote(name)} twice")
                if member.file_size > left:
                    raise _NotAnArray(f"expected at most {size_text(largest)} of arrays. Received: more")
                left -= member.file_size
                # No more is unpacked than the archive says, whatever is in it.
                with zipped.open(member) as stream:
                    content = io.BytesIO(stream.read(member.file_size + 1))
                shape, fortran, dtype = _header(content, len(content.getbuffer()), largest)
                array = np.frombuffer(content.read(), dtype, count=math.prod(shape)).copy()
                arrays[name] = _shaped(array, shape, fortran)
    except _NotAnArray as error:
        raise InputError(f"{path}: {error}. {remedy}") from None
    except InputError:
        raise
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or one_line(error)}. {remedy}") from None
    except (
        zipfile.BadZipFile,
        zlib.error,
        RuntimeError,
        ValueError,
        EOFError,
        MemoryError,
        NotImplementedError,
    ) as error:
        raise InputError(f"{path}: is not a whole archive of arrays (.npz): {one_line(error)}. {remedy}") from None
    return arrays


def _header(file: IO[bytes], size: int, largest: int | None) -> tuple[tuple[int, ...], bool, np.dtype]:
    """Return shape, order and type of an array, and leave the file at its first number; `size` is that of the file."""
    start = file.read(8)
    if start.startswith(ZIP):
        raise _NotAnArray("expected one array, but the file is an archive of them (.npz)")
    if len(start) < 8 or not start.startswith(MAGIC):
        reason = "is empty" if not start else "is cut short" if MAGIC.startswith(start[:6]) else None
        raise _NotAnArray(f"cannot be read: it {reason}" if reason else _PICKLE)
    version = (start[6], start[7])
    if version not in ((1, 0), (2, 0)):  # version 3 is for names of fields, which an array of numbers has none of
        raise _NotAnArray(f"cannot be read: expected version 1 or 2 of .npy. Received: {version[0]}.{version[1]}")
    width = 2 if version == (1, 0) else 4
    length = int.from_bytes(file.read(width), "little")
    if length > LONGEST_HEADER:
        raise _NotAnArray(f"cannot be read: expected a header of at most {LONGEST_HEADER} bytes. Received: {length}")
    if b"\\" in file.read(length):  # Python would warn of it on the terminal
        raise _NotAnArray("cannot be read: its header is damaged (a backslash)")
    file.seek(8)
    reader = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    try:
        shape, fortran, dtype = reader(file, max_header_size=LONGEST_HEADER)
    except Exception as error:  # what Python says of a header depends on which bytes of it are damaged
        raise _NotAnArray(f"cannot be read: its header is damaged ({one_line(error, 100)})") from None
    if dtype.hasobject:
        raise _NotAnArray(_PICKLE)
    if dtype.kind not in "fiubc":
        raise _NotAnArray(f"expected numbers. Received: dtype {quote(str(dtype))[1:-1]}")
    if len(shape) > 32 or any(isinstance(side, bool) or not 0 <= side <= 2**40 for side in shape):
        raise _NotAnArray(
            f"cannot be read: expected whole sides from 0 upwards. Received: shape {quote(str(shape))[1:-1]}"
        )
    claimed = math.prod(shape) * dtype.itemsize
    if claimed > size - file.tell():
        there = size_text(max(0, size - file.tell()))
        raise _NotAnArray(
            f"cannot be read: it is cut short: expected {size_text(claimed)} of numbers. Received: {there}"
        )
    if largest is not None and claimed > largest:
        raise _NotAnArray(f"expected an array of at most {size_text(largest)}. Received: {size_text(claimed)}")
    return shape, fortran, dtype


_PICKLE = (
    "expected a plain array, but the file holds a pickle (or is not .npy at all), which could run any code and is not "
    "loaded"
)


def _shaped(array: np.ndarray, shape: tuple[int, ...], fortran: bool) -> np.ndarray:
    """Return the numbers of a file in their shape."""
    if array.size != math.prod(shape):  # the file was cut while it was read
        raise _NotAnArray("cannot be read: it is cut short")
    return array.reshape(shape[::-1]).T if fortran else array.reshape(shape)
