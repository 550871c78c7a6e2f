"""Which cases of a folder a network may be evaluated on, by what its run has seen."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from lungseg.cases import case_id
from lungseg.errors import InputError, counted
from lungseg.files import case_key
from lungseg.runs import SPLIT, Run

PARTS = (("train", "training part"), ("validation", "validation part"))


def select_cases(
    run: Run, paths: Sequence[Path], folder: str | Path, part: str | None = None, own: bool = False
) -> tuple[list[Path], list[str]]:
    """Select the cases of an evaluation.

    Cases are recognised by their names, which is all that a split holds.

    Parameters
    ----------
    run : Run
    paths : sequence of Path
        All cases of the folder.
    folder : str or Path
        Named in messages.
    part : {"test", "validation", "train", "all"}, optional
        By default the test part, if the folder is the run's own; of another one, all cases that neither
        trained nor chose the network.
    own : bool
        Whether the folder is the one of the training.

    Returns
    -------
    cases : list of Path
    lines : list of str
        What was chosen, and what was left out, to be reported.

    Raises
    ------
    InputError
        If no case is left, or there is no such part.
    """
    ids = {name: set(run.split_ids.get(name, ())) for name in ("train", "validation", "test")}
    if part not in (None, *ids, "all"):
        raise InputError(f"The part should be {', '.join(ids)} or all. Received: {part!r}. Leave it out for the test.")
    if part == "all":
        return list(paths), [f"{_all(paths)} of {folder}."]
    if part or own:
        part = part or "test"
        chosen = [path for path in paths if _key(path) in ids[part]]
        if not chosen:
            raise InputError(
                f"{folder}: expected some of the {counted(len(ids[part]), f'{part} case')} of "
                f"{run.folder / SPLIT}. Received: none "
                "of them. Name the folder the network was trained on, or evaluate all cases with `--part all`."
            )
        lines = [f"{counted(len(chosen), 'case')} of the {part} part of the run's split."]
        missing = len(ids[part]) - len({_key(path) for path in chosen})
        if missing:
            lines.append(f"{missing} more of this part are not in {folder}: the figures are of those that are.")
        return chosen, lines
    used = ids["train"] | ids["validation"] | run.seen_before
    chosen = [path for path in paths if _key(path) not in used]
    if not chosen:
        raise InputError(
            f"{folder}: {_all(paths).lower()} of it trained or chose the network, going by their names. "
            "Name a folder of other cases, or evaluate these all the same with `--part all`."
        )
    tests = sum(_key(path) in ids["test"] for path in chosen)
    left_out = len(paths) - len(chosen)
    if not tests and not left_out:
        return chosen, [f"{_all(paths)} of {folder}."]
    lines = [
        f"{counted(tests, 'case')} of the test part of the run's split, and {len(chosen) - tests} that the run "
        "does not know."
    ]
    if left_out:
        lines.append(f"Left out: {left_out} that trained or chose the network.")
    lines.append("Cases are told apart by their names: other patients need other names.")
    return chosen, lines


def seen_in_training(run: Run, names: Iterable[str]) -> dict[str, int]:
    """Count the cases that the training has seen, or that of the network that it started from.

    Parameters
    ----------
    run : Run
    names : iterable of str
        Case ids.

    Returns
    -------
    dict
        Numbers of cases: `train` and `validation` of the run's own split, `before` of the training of the
        network that it started from.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> parts = {"train": ["a"], "validation": ["b"], "test": ["c", "d"]}
    >>> seen_in_training(SimpleNamespace(split_ids=parts, seen_before={"a", "c"}), ["a", "c", "d"])
    {'train': 1, 'validation': 0, 'before': 1}
    """
    known = set(map(case_key, names))
    counts = {part: len(known & set(run.split_ids.get(part, ()))) for part in ("train", "validation")}
    own = {*run.split_ids.get("train", ()), *run.split_ids.get("validation", ())}
    return counts | {"before": len(known & (run.seen_before - own))}


def seen_text(seen: dict[str, int]) -> str:
    """Return a warning about what `seen_in_training` found.

    Parameters
    ----------
    seen : dict
        From `seen_in_training`.

    Returns
    -------
    str
        Empty if nothing was seen.

    Examples
    --------
    >>> seen_text({"train": 0, "validation": 0, "before": 3}).split(". ")[0]
    'The training has seen some of these cases: 3 trained the network that it started from'
    """
    words = [f"{seen[part]:,} belong to its {what}" for part, what in PARTS if seen[part]]
    words += [f"{seen['before']:,} trained the network that it started from"] if seen["before"] else []
    if not words:
        return ""
    return (
        f"The training has seen some of these cases: {', '.join(words)}. The figures flatter the network, and say "
        "little about new cases."
    )


def _key(path: Path) -> str:
    return case_key(case_id(path))


def _all(paths: Sequence[Any]) -> str:
    return "The one case" if len(paths) == 1 else f"All {len(paths)} cases"
