"""What the cases of a folder show: their channels, their classes, and whether classes may overlap.

Beside the cases of any problem but that of the course lies a file `cases.json`, which holds a `Problem`. A folder
without it holds radiographs of one grey channel with masks of the lungs.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lungseg.errors import InputError, quote
from lungseg.files import as_folder, write_text
from lungseg.files.untrusted.documents import read_json
from lungseg.files.untrusted.fields import check_fields, entries, items, one_of, text, truth

CASES_FILE = "cases.json"
BACKGROUND = "background"
# Okabe and Ito's colours, which people tell apart whatever their colour vision.
PALETTE = ("#e69f00", "#56b4e9", "#009e73", "#cc79a7", "#d55e00", "#0072b2", "#f0e442", "#999999")
NAME = re.compile(r"[^\W_](?:[\w .+-]*[\w.+-])?")  # becomes the name of a column, and part of that of a file
MOST = 255  # classes, or channels: an index mask has no more values


def _checked_names(label: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return names as a tuple, if they can be told apart and be the names of columns and files."""
    if isinstance(names, str) or not isinstance(names, Sequence) or not 1 <= len(names) <= MOST:
        raise InputError(f'{label}: expected one to {MOST} names, such as ("red", "green"). Received: {names!r}.')
    for name in names:
        if not isinstance(name, str) or len(name) > 64 or not NAME.fullmatch(name):
            raise InputError(
                f"{label}: expected names of letters, digits, spaces and - _ . + that begin with a letter or a digit. "
                f"Received: {name!r}."
            )
    if len({name.lower() for name in names}) < len(names):
        raise InputError(f"{label}: expected each name once. Received: {', '.join(names)}.")
    return tuple(names)


@dataclass(frozen=True)
class Problem:
    """What is segmented: C image channels, and K classes.

    Parameters
    ----------
    channels : sequence of str
        Their names, in the order of the image's last axis.
    classes : sequence of str
        Their names, in the order of the masks. The background is none of them.
    exclusive : bool
        Whether a pixel belongs to one class at most. Several such classes share a soft-max, with the background;
        classes that overlap get a sigmoid each.
    recipe : str
        How image files become images of cases: "lungs", "grey", "colour", or a name of your own.
    colours : mapping of str to str, optional
        Of some classes or all, as "#rrggbb".

    Raises
    ------
    InputError
        If there is no channel or no class, a name comes twice or cannot be one, or a colour is none or of no class.

    Examples
    --------
    >>> cells = Problem(channels=("red", "green", "blue"), classes=("nucleus", "edge"), recipe="colour")
    >>> cells.softmax, cells.outputs, cells.names_of_outputs
    (True, 3, ('background', 'nucleus', 'edge'))
    """

    channels: Sequence[str] = ("grey",)
    classes: Sequence[str] = ("lung",)
    exclusive: bool = True
    recipe: str = "lungs"
    colours: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for label in ("channels", "classes"):
            object.__setattr__(self, label, _checked_names(label, getattr(self, label)))
        if BACKGROUND in self.classes:
            raise InputError(
                f'classes: expected those that are not background. Received: "{BACKGROUND}". Leave it out.'
            )
        if not isinstance(self.exclusive, bool | np.bool_):
            raise InputError(f"exclusive: expected True or False. Received: {self.exclusive!r}.")
        if not isinstance(self.recipe, str):
            raise InputError(f"recipe: expected the name of one. Received: {self.recipe!r}.")
        if not isinstance(self.colours, Mapping | None):
            raise InputError(
                f'colours: expected a dict such as {{"lung": "#0072b2"}}. Received: {quote(self.colours)}.'
            )
        object.__setattr__(self, "colours", dict(self.colours or {}))
        for name, colour in self.colours.items():
            if name not in self.classes:
                raise InputError(f"colours: expected names of {', '.join(self.classes)}. Received: {name!r}.")
            if not isinstance(colour, str) or not re.fullmatch("#[0-9a-fA-F]{6}", colour):
                raise InputError(f'colours: expected "#rrggbb" for {name}. Received: {colour!r}.')

    @property
    def softmax(self) -> bool:
        """Whether the network ends in a soft-max over background and classes, and not in a sigmoid for each class."""
        return self.exclusive and len(self.classes) > 1

    @property
    def names_of_outputs(self) -> tuple[str, ...]:
        """The names of the network's output channels: those of a soft-max begin with the background."""
        return (BACKGROUND, *self.classes) if self.softmax else tuple(self.classes)

    @property
    def outputs(self) -> int:
        """How many channels the network's output has, and the masks of a batch."""
        return len(self.names_of_outputs)

    def colour(self, name: str) -> str:
        """Return the colour of a class, "#rrggbb": its own, or else one of a palette.

        Parameters
        ----------
        name : str

        Returns
        -------
        str
        """
        return self.colours.get(name, PALETTE[list(self.classes).index(name) % len(PALETTE)])

    def targets(self, masks: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
        """Return what the network should give for some masks.

        Parameters
        ----------
        masks : numpy.ndarray, shape (..., K)
            Of 0 and 1; a pixel that is to be ignored is -1 in all of them.

        Returns
        -------
        numpy.ndarray of float32, shape (..., outputs)
            For a soft-max with the background in front: 1 where no class is.

        Examples
        --------
        >>> Problem(classes=("left", "right")).targets(np.array([[0, 0], [0, 1], [-1, -1]])).tolist()
        [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [-1.0, -1.0, -1.0]]
        """
        masks = masks.astype(np.float32, copy=False)
        if not self.softmax:
            return masks
        ignored = masks[..., :1] < 0
        background = np.where(ignored, -1, 1 - masks.sum(axis=-1, keepdims=True))
        return np.concatenate([background, masks], axis=-1).astype(np.float32, copy=False)

    def masks(self, probabilities: npt.NDArray[Any], threshold: float = 0.5) -> npt.NDArray[np.bool_]:
        """Return the masks that the network's probabilities mean.

        Parameters
        ----------
        probabilities : numpy.ndarray, shape (..., outputs)
        threshold : float
            Of sigmoids. Of a soft-max, each pixel gets the class, or the background, that is most probable.

        Returns
        -------
        numpy.ndarray of bool, shape (..., K)

        Examples
        --------
        >>> Problem(classes=("left", "right")).masks(np.array([0.3, 0.2, 0.5])).tolist()
        [False, True]
        """
        if not self.softmax:
            return probabilities >= threshold
        return probabilities.argmax(axis=-1)[..., None] == np.arange(1, self.outputs)

    def described(self) -> dict[str, Any]:
        """Return the problem as `cases.json` holds it, and a run's `settings.json`."""
        return {
            "channels": list(self.channels),
            "classes": list(self.classes),
            "exclusive": bool(self.exclusive),
            "recipe": self.recipe,
            "colours": dict(self.colours),
        }


LUNGS = Problem()
NAMES = items(text(64), 1, MOST)
FIELDS = {
    "channels": NAMES,
    "classes": NAMES,
    "exclusive": truth(),
    "recipe": text(64),
    "colours": entries({}, others=text(7)),
}


def problem_from(described: Mapping[str, Any], where: str | Path) -> Problem:
    """Return the problem that JSON describes; what is not there is as in the course.

    Parameters
    ----------
    described : mapping
    where : str or Path
        The file that it comes from, for the message.

    Returns
    -------
    Problem

    Raises
    ------
    InputError
        If it describes none.
    """
    check_fields({**described}, FIELDS, Path(where), "Mend the file.")
    try:
        return Problem(**{name: described[name] for name in FIELDS if name in described})
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def read_problem(folder: str | Path) -> Problem:
    """Read what the cases of a folder show.

    Parameters
    ----------
    folder : str or Path

    Returns
    -------
    Problem
        That of the course, `LUNGS`, if there is no `cases.json`.

    Raises
    ------
    InputError
        If there is one that cannot be read.
    """
    path = as_folder(folder, "read_problem") / CASES_FILE
    try:
        state = path.stat()
    except OSError:
        return LUNGS
    return _read_problem(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=64)
def _read_problem(path: Path, *_: int) -> Problem:
    """Read the file; once, for as long as it stays as it is."""
    described = read_json(path, "Mend the file, or prepare the cases again.")
    check_fields(described, {}, path, "Mend the file.", needed=("format", "channels", "classes"))
    check_fields(described, {"format": one_of(1)}, path, "It is of a newer version of lungseg: install that.")
    return problem_from(described, path)


def write_problem(problem: Problem, folder: str | Path) -> None:
    """Write `cases.json` into a folder of cases, unless they are those of the course, which need none.

    Parameters
    ----------
    problem : Problem
    folder : str or Path
        Exists.
    """
    if problem != LUNGS:
        described = {"format": 1, **problem.described()}
        write_text(Path(folder) / CASES_FILE, json.dumps(described, indent=1, ensure_ascii=False) + "\n")


def problem_of(cases: Iterable[str | Path]) -> Problem:
    """Return the problem that cases share, which may lie in several folders.

    Parameters
    ----------
    cases : iterable of paths

    Returns
    -------
    Problem
        `LUNGS`, if there are no cases.

    Raises
    ------
    InputError
        If they show other channels or classes than each other.
    """
    folders = sorted({Path(case).parent for case in cases})
    problems = [read_problem(folder) for folder in folders]
    for folder, problem in zip(folders, problems, strict=True):
        if problem != problems[0]:
            raise InputError(
                f"{folder}: expected cases like those in {folders[0]}, {describe_problem(problems[0])}. "
                f"Received: {describe_problem(problem)}. Train on one kind at a time."
            )
    return problems[0] if problems else LUNGS


def describe_problem(problem: Problem) -> str:
    """Return channels and classes in words, for a message."""
    return f"channels {', '.join(problem.channels)} and classes {', '.join(problem.classes)}"
