"""A file from a web server, in pieces if need be: what has arrived is kept, and the next attempt goes on behind it."""

from __future__ import annotations

import errno
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from lungseg.datasets.archives import BadArchive
from lungseg.errors import one_line

if TYPE_CHECKING:
    import requests
    from tqdm import tqdm

TIMEOUT = (10, 60)  # seconds to connect, seconds without a byte
CHUNK = 2**16  # bytes
# A connection that brings less is given up: so many seconds, bytes in each of them.
PATIENCE = 60
SLOWEST = 1000
ATTEMPTS = 5  # of a server that can go on in the middle
PAUSE = 1  # seconds before the next of them


class TooSlow(OSError):
    """The server sends next to nothing."""


class BrokeOff(OSError):
    """Less has arrived than the server announced.

    Parameters
    ----------
    goes_on : bool
        Whether the server can begin in the middle of a file.
    """

    def __init__(self, goes_on: bool = False) -> None:
        super().__init__("broke off")
        self.goes_on = goes_on


def transfer(url: str, target: Path, progress: bool = True, room: float = 1.0) -> None:
    """Download a file, or what is missing of it.

    Parameters
    ----------
    url : str
    target : Path
        What an earlier attempt has left there is kept, if the server can go on behind it; else it begins anew.
    progress : bool
        Show a progress bar.
    room : float
        How much space must be free before it begins, in sizes of the file.

    Raises
    ------
    requests.RequestException, urllib3.exceptions.HTTPError, BrokeOff, TooSlow
        If the server does not deliver; what did arrive is kept.
    OSError
        If the disk is full.
    """
    for attempt in range(1, ATTEMPTS + 1):
        before = _size(target)
        try:
            return _attempt(url, target, progress, room)
        except BrokeOff as error:  # once more, if that can bring more
            if not error.goes_on or _size(target) <= before or attempt == ATTEMPTS:
                raise
        time.sleep(PAUSE)


def reason(error: Exception) -> str:
    """Say in a few words why an address did not deliver.

    Parameters
    ----------
    error : Exception

    Returns
    -------
    str

    Examples
    --------
    >>> reason(BrokeOff()), reason(BadArchive("is empty"))
    ('broke off before the end', 'sent a file that is empty')
    """
    import requests
    import urllib3

    exceptions = requests.exceptions
    if isinstance(error, BadArchive):
        return f"sent a file that {error}"
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"answers {error.response.status_code}"
    if isinstance(error, TooSlow):
        return "is too slow"
    if isinstance(error, requests.Timeout | urllib3.exceptions.ReadTimeoutError):
        return "does not answer in time"
    if isinstance(error, exceptions.ProxyError):
        return "cannot be reached through the proxy"
    if isinstance(error, exceptions.SSLError):
        return "has a certificate that is not trusted"
    if isinstance(error, exceptions.TooManyRedirects):
        return "sends from one address to the next without end"
    if isinstance(error, requests.ConnectionError):
        return "cannot be reached"
    if isinstance(error, BrokeOff):
        return "broke off before the end"
    return f"failed ({one_line(error)})"


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _attempt(url: str, target: Path, progress: bool, room: float) -> None:
    """Ask the server once."""
    import requests
    import urllib3
    from tqdm.auto import tqdm

    present = _size(target)
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={present}-"} if present else {})
    with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT) as answer:
        if answer.status_code == 416:  # nothing lies behind what is there: it is whole, or of another file
            if answer.headers.get("Content-Range", "").rpartition("/")[2] == str(present):
                return
            target.unlink()
            return _attempt(url, target, progress, room)
        answer.raise_for_status()
        goes_on = answer.status_code == 206 or answer.headers.get("Accept-Ranges") == "bytes"
        if answer.status_code != 206 or not answer.headers.get("Content-Range", "").startswith(f"bytes {present}-"):
            present = 0
        length = answer.headers.get("Content-Length", "")
        total = present + int(length) if length.isdecimal() and "Content-Encoding" not in answer.headers else None
        _check_room(target, (total or 0) * room - present)
        bar = tqdm(total=total, initial=present, unit="B", unit_scale=True, disable=not progress)
        with open(target, "ab" if present else "wb") as file, bar:
            try:
                arrived = present + _receive(answer, file, bar)
            except urllib3.exceptions.ProtocolError:
                raise BrokeOff(goes_on) from None
    if total is not None and arrived < total:
        raise BrokeOff(goes_on)


def _check_room(target: Path, needed: float) -> None:
    """Refuse to begin what the disk cannot hold."""
    free = shutil.disk_usage(target.parent).free
    if needed > free:
        text = f"{needed / 2**20:.0f} MiB are needed, and {free / 2**20:.0f} MiB are free"
        raise OSError(errno.ENOSPC, text)


def _receive(answer: requests.Response, file: BinaryIO, bar: tqdm) -> int:
    """Write what arrives, as it arrives; return the number of bytes."""
    # Of a large piece, urllib3 would wait for the last byte, however slowly they come; its older versions can no other.
    read = getattr(answer.raw, "read1", answer.raw.read)
    arrived, lately, since = 0, 0, time.monotonic()
    while piece := read(CHUNK):
        file.write(piece)
        bar.update(len(piece))
        arrived += len(piece)
        lately += len(piece)
        if (passed := time.monotonic() - since) > PATIENCE:
            if lately < SLOWEST * passed:
                raise TooSlow("too slow")
            lately, since = 0, time.monotonic()
    return arrived
