"""Whether a folder holds an earlier training, and whether a new one may go on from it."""

from pathlib import Path
from typing import Any

from lungseg.cases import case_id
from lungseg.errors import InputError, quote
from lungseg.files.networks import is_whole
from lungseg.files.untrusted.run_files import read_state
from lungseg.problems import LUNGS
from lungseg.runs import BEST_MODEL, HISTORY, load_run
from lungseg.splits import Split
from lungseg.training.resume import STATE, kept_history

# What an interrupted training must share with the one that goes on from it: in another precision Adam would begin anew,
# and another backend draws another dropout. The rest of `settings.json` may differ: the folder of the cases (they are
# compared by their ids), the number of epochs, the version of Keras. Of other pixels and other threads a word is said.
SAME_IN_A_RUN = (
    "split",
    "groups",
    "seed",
    "batch_size",
    "learning_rate",
    "optimizer",
    "loss",
    "class_weights",
    "metrics",
    "size",
    "problem",
    "load",
    "network",
    "parameters",
    "augment",
    "schedule",
    "balance",
    "start_weights",
    "keep",
    "precision",
    "backend",
)
# What older runs were trained with, whose settings.json does not say so.
FORMER = {
    **{"keep": "best", "precision": "float32", "backend": "tensorflow"},
    **{"problem": LUNGS.described(), "optimizer": "adam", "metrics": []},
}


def earlier_settings(run: Path, settings: dict[str, Any], parts: Split) -> dict[str, Any] | None:
    """Return the settings of the training that is in the folder already, None if there is none.

    Parameters
    ----------
    run : Path
        The run folder.
    settings : dict
        Those of the new training, see `describe_run`.
    parts : Split
        Its cases.

    Returns
    -------
    dict or None

    Raises
    ------
    InputError
        If the folder holds another training, or a network without the state of its training.
    """
    if not (run / STATE).exists():
        # A training may end in its first epoch, after the network was saved and before the state was. It has begun a
        # history, of the names of the columns and one epoch at most; a network that came from elsewhere may have none.
        history = run / HISTORY
        begun = history.exists() and len(history.read_bytes().splitlines()) <= 2
        if (run / BEST_MODEL).exists() and not begun:
            raise InputError(
                f"{run}: holds a trained network, but no {STATE}, which tells how to go on. Name a new folder."
            )
        return None
    earlier = load_run(run)
    if different := _differences(earlier.settings, settings):
        theirs, ours = ([f"{key} {quote(pair[which])}" for key, pair in different.items()] for which in (0, 1))
        raise InputError(
            f"{run}: holds a training with {', '.join(theirs)}. Received: {', '.join(ours)}. Give the same settings to "
            "go on with it, or name a new folder."
        )
    _ = earlier.split_ids  # of a damaged file, this says what is wrong with it
    try:
        known = earlier.find_split([*parts.train, *parts.validation, *parts.test])
    except InputError:
        known = None
    if known is None or [set(map(case_id, part)) for part in known] != [set(map(case_id, part)) for part in parts]:
        raise InputError(f"{run}: holds a training on other cases. Name a new folder for these.")
    if read_state(run / STATE)["epochs_done"] and not is_whole(run / BEST_MODEL):
        # Only a better epoch would be saved, and perhaps there is none.
        raise InputError(
            f"{run / BEST_MODEL}: expected the best network so far. Received: none, or a damaged file. Copy the run "
            "folder again, or train into a new one."
        )
    if (run / HISTORY).exists():  # what is wrong with it is said before anything changes
        kept_history(run / HISTORY, read_state(run / STATE)["epochs_done"])
    return earlier.settings


def _differences(former: dict[str, Any], settings: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return what differs from an earlier training, as it was and as it is; of network and problem, which part."""
    pairs = {key: (former.get(key, FORMER.get(key)), settings[key]) for key in SAME_IN_A_RUN}
    different = {key: (before, now) for key, (before, now) in pairs.items() if before != now}
    if len(different) > 1:  # their number follows from the rest
        different.pop("parameters", None)
    for name in ("network", "problem"):
        before, now = different.get(name, (None, None))
        if isinstance(before, dict) and isinstance(now, dict):
            del different[name]
            both = {key: (before.get(key), now.get(key)) for key in now | before}
            different |= {key: pair for key, pair in both.items() if pair[0] != pair[1]}
    return different
