"""An archive from the first address that delivers it, checked before it has its name."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from lungseg.datasets.archives import BadArchive
from lungseg.datasets.transfer import BrokeOff, TooSlow, reason, transfer
from lungseg.files import folder_lock

Result = TypeVar("Result")


class NotDelivered(ValueError):
    """No address has the archive: the beginning of a message, with the reasons."""


def fetch(
    urls: Sequence[str],
    archive: Path,
    accept: Callable[[Path], Result],
    progress: bool,
    report: Callable[[str], object],
    room: float = 1.0,
) -> Result:
    """Download an archive from the first address that delivers one that is accepted.

    What has arrived before an interruption stays beside the archive, hidden; the next call goes on behind it.

    Parameters
    ----------
    urls : sequence of str
    archive : Path
        Its place, in a folder that exists.
    accept : callable
        Is given the file that has arrived; raises `BadArchive` if it is not the one that is wanted.
    progress : bool
        Show a progress bar.
    report : callable
        Is given a line for each address that fails.
    room : float
        How much space must be free before it begins, in sizes of the archive.

    Returns
    -------
    object
        What `accept` returns.

    Raises
    ------
    NotDelivered
        If no address delivers.
    InputError
        If another command is at work in the folder.
    """
    import requests
    import urllib3

    undelivered = (requests.RequestException, urllib3.exceptions.HTTPError, BrokeOff, TooSlow)
    arriving = archive.with_name(f".{archive.name}.arriving")
    failures = []
    with folder_lock(archive.parent):
        for url in urls:
            try:
                result = _fetch_from(url, arriving, accept, progress, room)
            except (*undelivered, BadArchive) as error:
                failures.append(f"{url} {reason(error)}")
                report(f"Not downloaded: {failures[-1]}.")
            else:
                os.replace(arriving, archive)
                return result
    reasons = "; ".join(failures) or "there is no address for it"
    raise NotDelivered(f"{archive.name} could not be downloaded: {reasons}")


def _fetch_from(url: str, arriving: Path, accept: Callable[[Path], Result], progress: bool, room: float) -> Result:
    """Download an archive from one address; begin anew where the pieces do not fit together."""
    while True:
        pieces = arriving.exists()
        transfer(url, arriving, progress, room)
        try:
            return accept(arriving)
        except BadArchive:
            arriving.unlink()
            if not pieces:
                raise
