"""Reads the files of a run folder: settings, split, the state of a training, and its history. One schema for each."""

import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lungseg.errors import InputError, quote
from lungseg.files import case_key, check_name
from lungseg.files.untrusted.documents import read_json
from lungseg.files.untrusted.fields import (
    Field,
    check_fields,
    either,
    entries,
    items,
    names,
    nothing,
    number,
    one_of,
    text,
    truth,
    whole,
)
from lungseg.files.untrusted.tables import read_table

if TYPE_CHECKING:
    import pandas as pd

COPY_AGAIN = "Copy the file again, or train into a new folder."
PARTS = ("train", "validation", "test")
LARGEST_SIDE = 2**15  # pixels
MOST_FILTERS = 2**14  # of the deepest level, where they are doubled `depth` times
COUNT = whole(0, 2**31)
GREY = either(number(-1e30, 1e30), nothing())
RECIPE = {  # of images: `lungseg.preparation.recipe.Recipe`
    "recipe": text(200),
    "channels": items(text(200), 1, 1000),
    "stretch": one_of("percentiles", "type", "values"),
    "low": GREY,
    "high": GREY,
    "jointly": truth(),
    "crop": truth(),
    "components": either(whole(1, 10**6), nothing()),
    "lungs": truth(),
    "tiled": truth(),
    "function": text(1000),
}

NETWORK = entries({"filters": whole(1, 4096), "depth": whole(1, 12), "dropout": number(0, 1)})
PLAIN = entries({}, others=text())
SETTINGS = {
    "cases": either(text(4096), nothing()),
    "count": entries(dict.fromkeys(PARTS, COUNT)),
    "size": either(items(whole(1, LARGEST_SIDE), 2, 2), whole(1, LARGEST_SIDE)),
    "split": text(),
    "groups": either(text(), nothing()),
    "seed": whole(0, 2**32 - 1),
    "epochs": whole(1, 2**31),
    "batch_size": whole(1, 2**31),
    "learning_rate": number(0, 1e9),
    "optimizer": text(),
    "loss": text(),
    "class_weights": either(entries({}, others=number(0, 1e9)), nothing()),
    "metrics": items(text(), 0, 1000),
    "load": either(text(), nothing()),
    "augment": either(text(), nothing()),
    "schedule": text(),
    "balance": either(text(), truth(), nothing()),
    "keep": one_of("best", "last"),
    "start": either(text(4096), nothing()),
    "start_weights": either(text(), nothing()),
    "seen_before": either(names(), nothing()),
    "network": either(NETWORK, text(), nothing()),
    "parameters": whole(0, 2**50),
    "preparation": either(Field("a recipe, as `lungseg prepare` writes it", entries(RECIPE).fits), nothing()),
    "assumed_recipe": either(text(64), nothing()),  # where how the cases were prepared is not known
    "precision": text(),
    "keras": text(),
    "backend": text(),
    "threads": either(whole(0, 2**20), nothing()),
    "fingerprint": either(entries(dict.fromkeys(PARTS, either(text(), nothing()))), nothing()),
    "stages": text(),
    "problem": either(entries({}, others=either(text(), truth(), items(text(), 0, 255), PLAIN)), nothing()),
}
SPLIT = dict.fromkeys(PARTS, names())
BEST = either(number(-1e300, 1e300, finite=False), nothing())
COUNTED = either(number(-1e300, 1e300), truth(), nothing())  # how often, or in which epoch
STATE = {
    "epochs_done": whole(0, 2**31),
    "finished": truth(),
    "weights": text(255),
    "seeds": items(items(whole(0, 2**32 - 1), 1, 16), 0, 10_000),
    "callbacks": items(entries({"class": text(), "best": BEST}, others=COUNTED), 0, 1000),
    "numbers": text(64),  # a checksum of weights, seeds and optimizer; older versions wrote none
    "checksum": text(64),  # of all the others
}
WEIGHTS_SUFFIX = ".weights.h5"
WEIGHTS_OF_EPOCH = re.compile(r"epoch_(\d+)\.weights\.h5")


def read_settings(path: Path) -> dict[str, Any]:
    """Read `settings.json`. Keys that are unknown, and those that an older version did not write, are no fault.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict

    Raises
    ------
    InputError
        If it is no JSON object, or holds what no training has been asked to do.
    """
    settings = read_json(path, COPY_AGAIN)
    check_fields(settings, SETTINGS, path, COPY_AGAIN)
    network = settings.get("network")
    if isinstance(network, dict):
        deepest = network.get("filters", 1) * 2 ** network.get("depth", 1)
        if deepest > MOST_FILTERS:
            raise InputError(
                f"{path}: expected at most {MOST_FILTERS} filters at the deepest level of the network. Received: "
                f"{deepest}. {COPY_AGAIN}"
            )
    return settings


def read_split(path: Path) -> dict[str, list[str]]:
    """Read `split.json`.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict of str to list of str
        The case ids of `train`, `validation` and `test`, as `lungseg.files.case_key` has them; no case comes twice.

    Raises
    ------
    InputError
        If it is no JSON object, lacks a part, or a case is in two parts.
    """
    parts = read_json(path, COPY_AGAIN)
    check_fields(parts, SPLIT, path, COPY_AGAIN, needed=PARTS)
    for key in parts:
        if key not in PARTS:
            raise InputError(f"{path}: expected the parts {', '.join(PARTS)}. Received: {quote(key)}. {COPY_AGAIN}")
    seen: dict[str, str] = {}
    for part in PARTS:
        for name in parts[part]:
            other = seen.setdefault(case_key(name), part)
            if other != part:
                both = f"{quote(name)} in {other} and in {part}"
                raise InputError(f"{path}: expected each case in one part. Received: {both}. {COPY_AGAIN}")
    return {part: list(dict.fromkeys(map(case_key, parts[part]))) for part in PARTS}


def read_state(path: Path) -> dict[str, Any]:
    """Read `state.json`, from which a training goes on.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict
        `epochs_done` and `finished`; after an epoch also `weights`, `seeds` and `callbacks`.

    Raises
    ------
    InputError
        If it is no JSON object, lacks a key, names as weights what is no file of weights in this folder, or those of
        another epoch; or if anything in it was changed after it was written.
    """
    state = read_json(path, COPY_AGAIN, finite=False)  # a best score that was never reached is -Infinity
    needed = ("epochs_done", "finished")
    check_fields(state, STATE, path, COPY_AGAIN, needed)
    if state["epochs_done"]:
        check_fields(state, STATE, path, COPY_AGAIN, ("weights", "seeds", "callbacks"))
    if "weights" in state:  # they are deleted after the next epoch
        name = check_name(state["weights"], f"{path}, weights")
        if name.startswith(".") or not name.endswith(WEIGHTS_SUFFIX):
            raise InputError(
                f"{path}: expected weights in a file *{WEIGHTS_SUFFIX}. Received: {quote(name)}. {COPY_AGAIN}"
            )
        epoch = WEIGHTS_OF_EPOCH.fullmatch(name)
        if epoch and int(epoch[1]) != state["epochs_done"]:
            raise InputError(
                f"{path}: expected weights of epoch {state['epochs_done']}, as epochs_done says. "
                f"Received: {quote(name)}. {COPY_AGAIN}"
            )
    if state.get("checksum", checksum_of(state)) != checksum_of(state):
        raise InputError(
            f"{path}: expected a state as the training has written it. Received: one that differs from its checksum. "
            f"{COPY_AGAIN}"
        )
    return state


def checksum_of(state: dict[str, Any]) -> str:
    """Return the SHA-256 of the state of a training, whatever checksum it holds itself.

    Parameters
    ----------
    state : dict

    Returns
    -------
    str

    Examples
    --------
    >>> checksum_of({"epochs_done": 3}) == checksum_of({"epochs_done": 3, "checksum": "of before"})
    True
    """
    content = {key: value for key, value in state.items() if key != "checksum"}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def read_history(path: Path) -> "pd.DataFrame":
    """Read `history.csv`.

    Parameters
    ----------
    path : Path

    Returns
    -------
    pandas.DataFrame
        A row for each epoch. A cell without a number is NaN; a column of something else than numbers stays text.

    Raises
    ------
    InputError
        If it is no table, has no epoch, or a column of numbers holds something else.
    """
    import pandas as pd

    rows = read_table(path, remedy=COPY_AGAIN)
    if not rows:
        raise InputError(f"{path}: expected a table with a row for each epoch. Received: none. {COPY_AGAIN}")
    table: dict[str, list[Any]] = {}
    for name in rows[0]:
        cells = [row[name] for row in rows]
        try:
            table[name] = [float(cell.replace(",", ".")) if cell not in ("", "NA") else float("nan") for cell in cells]
        except ValueError:
            if name in ("epoch", "learning_rate") or _is_score(name.removeprefix("val_")):
                wrong = next(cell for cell in cells if not _is_number(cell))
                raise InputError(
                    f"{path}: expected numbers of {name}. Received: {quote(wrong)}. {COPY_AGAIN}"
                ) from None
            table[name] = cells  # of a metric of one's own
    history = pd.DataFrame(table)
    if "epoch" in table:
        if not all(value.is_integer() and abs(value) < 2**53 for value in table["epoch"]):
            raise InputError(f"{path}: expected whole numbers of epoch. Received: something else. {COPY_AGAIN}")
        history["epoch"] = history["epoch"].astype(int)
    return history


def _is_score(name: str) -> bool:
    return name in ("loss", "dice", "jaccard") or name.startswith("dice_")


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", ".") if cell not in ("", "NA") else "nan")
    except ValueError:
        return False
    return True
