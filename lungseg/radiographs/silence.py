"""Keeps decoders quiet: their warnings, libtiff's messages, and a limit that is not ours."""

import ctypes
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from PIL import Image, _imaging

_lock = threading.RLock()  # a DICOM file may hold a JPEG


@contextmanager
def ignored_warnings() -> Iterator[None]:
    """Ignore warnings, in one thread at a time: their filters belong to the whole process.

    Examples
    --------
    >>> with ignored_warnings():
    ...     warnings.warn("an oddity of a file")
    """
    with _lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def ignored_limit() -> Iterator[None]:
    """Ignore Pillow's limit of pixels, which belongs to the whole process too, and warnings.

    What is opened must be checked with :func:`lungseg.radiographs.limits.check_pixels`.

    Examples
    --------
    >>> with ignored_limit():
    ...     print(Image.MAX_IMAGE_PIXELS)
    None
    """
    with ignored_warnings():
        before, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = before


@cache
def silence_libtiff() -> bool:
    """Stop libtiff from writing to the terminal, past Python; Pillow raises its errors all the same.

    Turning file descriptor 2 elsewhere while a file is decoded would take what other threads write with it.

    Returns
    -------
    bool
        False where libtiff cannot be reached, as in Pillow for Windows, which holds it inside.
    """
    try:
        ctypes.CDLL(_imaging.__file__).TIFFSetErrorHandler(None)
    except (OSError, AttributeError):
        return False
    return True
