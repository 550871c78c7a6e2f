"""What a training says before it begins: on what it trains, and what the user should know before it takes its time."""

from typing import Any

from lungseg.cases import case_group, case_id
from lungseg.environment import describe_device
from lungseg.errors import counted
from lungseg.files import case_key
from lungseg.losses import DiceCrossentropyLoss, DiceLoss
from lungseg.preparation.folder.tiles import TILE
from lungseg.training.examples import Examples, any_ignored
from lungseg.training.known_preparation import say_what_is_assumed
from lungseg.training.loss import OWN_LOSSES
from lungseg.training.network import Network
from lungseg.training.settings import Settings


def first_lines(
    asked: Settings, examples: Examples, described: dict[str, Any], batches: int, epochs_done: int
) -> list[str]:
    """Say on what is trained, and what the user should know before it takes its time.

    Parameters
    ----------
    asked : Settings
    examples : Examples
    described : dict
        See `describe_run`.
    batches : int
        In an epoch.
    epochs_done : int
        By an earlier training, which goes on.

    Returns
    -------
    list of str
    """
    parts = examples.parts
    lines = [
        f"Training on {describe_device()}: {counted(len(parts.train), 'case')} in "
        f"{counted(batches, 'batch', 'batches')}, "
        f"{len(parts.validation)} to validate, {len(parts.test)} kept for the test."
    ]
    if described["groups"]:
        lines.append(f"The cases are of {described['groups'].split(',')[0]}, each in one part.")
    if epochs_done:
        lines.append(f"Going on after epoch {epochs_done} of an earlier training.")
    if asked.balance and len({case_group(path).source for path in parts.train}) == 1:
        lines.append("Nothing to balance: by their names, all training cases are of one source.")
    known = set(described["seen_before"]) & {case_key(case_id(path)) for path in parts.test}
    if known:
        lines.append(
            f"{len(known)} of the test cases trained or chose the network to start from, so their scores will "
            "flatter. Give a split whose test part it has not seen."
        )
    ours = asked.loss in OWN_LOSSES.values() or isinstance(asked.loss, DiceLoss | DiceCrossentropyLoss)
    if not ours and any_ignored(examples):
        lines.append(
            f"Some pixels are -1 in their masks, to be ignored: the loss {described['loss']} must leave them out "
            "itself, or take one of the package, which do."
        )
    tiled = (described["preparation"] or {}).get("tiled")
    lines += _about_tiles(examples) if tiled else []
    return [*lines, *_about_absent_classes(examples), *say_what_is_assumed(described)]


def _about_tiles(examples: Examples) -> list[str]:
    """Say if tiles of one image are on both sides of the split: they lie side by side, and look alike."""
    training, validation, test = ({TILE.split(case_id(path))[0] for path in part} for part in examples.parts)
    torn = training & (validation | test) | validation & test
    if not torn:
        return []
    return [
        f"Tiles of {counted(len(torn), 'image')} are in more than one part of the split, so the scores will flatter. "
        'Keep the tiles of an image together: --groups "(.+)_r[0-9]+_c[0-9]+" (in Python groups="...").'
    ]


def _about_absent_classes(examples: Examples) -> list[str]:
    """Say which classes none of the training masks has."""
    if not examples.absent:
        return []
    verb = "is" if len(examples.absent) == 1 else "are"
    return [
        f"{' and '.join(examples.absent)} {verb} in none of the {counted(len(examples.parts.train), 'training mask')}: "
        "nothing can be learnt of it. Where it is not predicted either, its Dice counts as 1, and flatters."
    ]


def what_is_not_used(asked: Settings, described: dict[str, Any], network: Network) -> list[str]:
    """Say what was given and changes nothing, as the network was given, too.

    Parameters
    ----------
    asked : Settings
    described : dict
        See `describe_run`.
    network : Network
        Before it is compiled.

    Returns
    -------
    list of str
    """
    lines = []
    given = network.made_by == "own" or network.start is not None
    idle = [f"{name}={value!r}" for name, value in asked.unet.items() if value != getattr(Settings, name)]
    if given and idle:
        lines.append(f"Not used, as the network has its layers already: {', '.join(idle)}.")
    if network.model.compiled:
        lines.append(
            "The network came compiled; train compiles it anew, with what it is given itself: "
            f"{described['loss']}, {described['optimizer']}."
        )
    return lines


def what_changed(earlier: dict[str, Any], described: dict[str, Any]) -> list[str]:
    """Say what keeps a training that goes on from ending as if it had not been interrupted.

    Parameters
    ----------
    earlier, described : dict
        The settings of the training that is in the folder, and of the one that goes on with it.

    Returns
    -------
    list of str
    """
    lines = []
    before = earlier.get("fingerprint") or {}
    changed = [part for part, mark in described["fingerprint"].items() if before.get(part, mark) != mark]
    if changed:
        lines.append(
            f"The cases ({', '.join(changed)}) have the same names, but other pixels than when this training began. If "
            "that is not meant, prepare them as before, or train into a new folder."
        )
    if earlier.get("threads", described["threads"]) != described["threads"]:
        lines.append(
            f"Begun with {earlier['threads']} threads, going on with {described['threads']}: the last digits of the "
            "weights will not be those of a training without interruption."
        )
    return lines
