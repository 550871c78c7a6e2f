"""Which cases train, validate and test: the split that a training was asked for."""

import re
from collections.abc import Sequence
from pathlib import Path

from lungseg.arguments import described
from lungseg.errors import InputError
from lungseg.grouping import Groups, check_whole
from lungseg.splits import Split, split_cases

FOLD = re.compile(r"fold (\d+) of (\d+)")  # as settings.json names it


def choose_split(paths: Sequence[str | Path], seed: int, split: str | Split, groups: Groups | None = None) -> Split:
    """Return the split that `train` was asked for.

    Parameters
    ----------
    paths : sequence of paths
    seed : int
    split : str or Split
        A protocol of `split_cases`; one fold of a cross-validation, "fold 2 of 5"; or a split of one's own.
    groups : optional
        See `split_cases`.

    Returns
    -------
    Split

    Raises
    ------
    InputError
        As `split_cases` does; if there is no such fold, or a split of one's own tears a group apart.

    Examples
    --------
    >>> names = [f"PHANTOM_{i:04d}_{i % 2}" for i in range(30)]
    >>> choose_split(names, 0, "fold 2 of 5") == split_cases(names, folds=5)[1]
    True
    """
    if isinstance(split, Split):
        if groups is not None:
            check_whole(split._asdict(), groups)
        return split
    if not isinstance(split, str):
        raise InputError(
            'train expected as split "default", "gaal2020", "fold 2 of 5", or what split_cases returns. Received: '
            f"{described(split)}. Leave it out for the default."
        )
    fold = FOLD.fullmatch(split)
    if not fold:
        return split_cases(paths, seed, split, groups=groups)
    number, folds = map(int, fold.groups())
    if not 1 <= number <= folds:
        raise InputError(f"split: expected a fold from 1 to {folds}. Received: {split!r}. The first one is fold 1.")
    return split_cases(paths, seed, groups=groups, folds=folds)[number - 1]
