"""Scores of finished trainings, kept in files, so that no training is done twice."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import keras

from lungseg.errors import InputError
from lungseg.files import write_text
from lungseg_course.experiments.settings import Settings
from lungseg_course.experiments.training import VERSION
from lungseg_course.training.code_mark import mark_code


class Kept:
    """A folder with a small file for each finished training.

    Parameters
    ----------
    folder : Path
        It is made when the first score is written.
    cases : str
        The mark of the cases.

    Examples
    --------
    >>> import tempfile
    >>> kept = Kept(Path(tempfile.mkdtemp()), cases="1f3a")
    >>> kept.write(Settings(), 100, 0, {"dice": 0.95, "parameters": 1000, "seconds": 20.0})
    >>> kept.read(Settings(), 100, 0)["dice"], kept.read(Settings(skips=False), 100, 0)
    (0.95, None)
    """

    def __init__(self, folder: Path, cases: str):
        self.folder, self.cases = folder, cases
        self._code: dict[Callable, str | None] = {}

    def read(self, settings: Settings, count: int, seed: int) -> dict[str, float] | None:
        """Return the score of a training that is finished, None if there is none."""
        path = self._path(settings, count, seed)
        if path is None:
            return None
        try:
            found = json.loads(path.read_text(encoding="utf-8"))["score"]
            return {name: float(found[name]) for name in ("dice", "parameters", "seconds")}
        except (OSError, ValueError, KeyError, TypeError):  # none, or spoilt
            return None

    def write(self, settings: Settings, count: int, seed: int, score: dict[str, float]) -> None:
        """Keep a score, whole or not at all.

        Raises
        ------
        InputError
            If the folder cannot be written.
        """
        path = self._path(settings, count, seed)
        if path is None:
            return
        about = self._about(settings, count, seed)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_text(path, json.dumps({"score": score, **about}, indent=1) + "\n")
        except OSError as error:
            raise InputError(
                f"{self.folder}: the score of a training cannot be written ({error.strerror or error}). Name another "
                "folder: compare(..., folder=...)."
            ) from None

    def _about(self, settings: Settings, count: int, seed: int) -> dict:
        """Return all that decides a score."""
        chosen = settings.effective() | {"training_cases": count}
        if settings.build is not None:
            chosen["build"] = self._mark(settings.build)
        return {
            "settings": chosen,
            "seed": seed,
            "cases": self.cases,
            "version": VERSION,
            "backend": keras.config.backend(),
        }

    def _mark(self, build: Callable) -> str | None:
        if build not in self._code:
            self._code[build] = mark_code([build])
        return self._code[build]

    def _path(self, settings: Settings, count: int, seed: int) -> Path | None:
        """Return the file of a training; None if its network is built by code that cannot be read."""
        about = self._about(settings, count, seed)
        if settings.build is not None and about["settings"]["build"] is None:
            return None
        key = hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()[:16]
        return self.folder / f"{key}.json"
