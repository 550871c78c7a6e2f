"""`Run.split`, which was a method that took the cases, and is a property: the former call goes on working."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from lungseg._moved import warn
from lungseg.errors import InputError
from lungseg.splits import Split

FindSplit = Callable[[str | Path | Iterable[str | Path]], Split]


class CallableSplit(Split):
    """A split that can be called, with a warning, as long as the former names go on working."""

    find: FindSplit

    def __call__(self, cases: Iterable[str | Path]) -> Split:
        warn("run.split(cases)", "run.find_split(cases)", stacklevel=3)  # above `warn` and this
        return self.find(cases)


class MissingSplit(CallableSplit):
    """A split whose cases are not where they were: it says so when it is looked into, and can still be called."""

    reason: InputError

    def refuse(self, *_: Any) -> NoReturn:
        raise self.reason

    train = validation = test = property(refuse)
    __len__ = __getitem__ = __eq__ = __ne__ = __add__ = __contains__ = refuse
    __hash__ = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[Any]:
        raise self.reason

    def __repr__(self) -> str:
        return f"<{self.reason}>"


def find_own_split(run_folder: Path, cases: str | None, find: FindSplit) -> Split:
    """Return the split of a run, its cases found where the training had them.

    Parameters
    ----------
    run_folder : Path
        Named in the message.
    cases : str or None
        The folder, as the settings of the run hold it.
    find : callable
        `Run.find_split`.

    Returns
    -------
    Split
        If there are no such cases any more, one that raises an InputError as soon as a part of it is asked for.
    """
    try:
        if cases is None:
            raise InputError(f"{run_folder}: its settings do not name the folder of its cases.")
        split = CallableSplit(*find(cases))
    except InputError as error:
        split = missing = MissingSplit([], [], [])
        missing.reason = InputError(f"{error} If you know where they are: run.find_split(FOLDER).")
    split.find = find
    return split
