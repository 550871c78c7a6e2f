"""What a report says of the run and of the cases that were evaluated."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lungseg.errors import counted
from lungseg.evaluation.evaluation import Evaluation
from lungseg.preparation.recipes import recipe_in_words
from lungseg.problems import Problem
from lungseg.runs import Run

if TYPE_CHECKING:
    import pandas as pd


def run_name(run: Run) -> str:
    """Return the name of the run folder, without the folders above it: a report is shared with others."""
    return Path(run.folder).resolve().name


def describe(run: Run, measured: Evaluation, cases: Sequence[str | Path]) -> list[tuple[str, str]]:
    """Return what was evaluated, as rows of a table: name and text. What the run does not tell is left out.

    Parameters
    ----------
    run, measured, cases
        As `lungseg.report.writing.write_report` takes them.
    """
    settings, table, problem = run.settings, measured.table, measured.problem
    sources = ", ".join(f"{name} {count}" for name, count in table["source"].value_counts().sort_index().items())
    of_whom = f" ({sources})" if problem.recipe == "lungs" else ""
    folders = sorted({Path(path).resolve().parent.name for path in cases})
    rows = [
        ("Run", run_name(run)),
        ("Network", _network(settings)),
        ("Training", _training(settings)),
        ("Stages", settings.get("stages", "")),
        ("Cases", f"{len(table):,}{of_whom}, of the folder {', '.join(folders)}"),
        ("Classes", _classes(problem)),
        ("Part of the split", _parts(run, table["case"])),
        ("Size of the cases", _sizes(measured.table)),
        ("Preparation", _preparation(settings, problem)),
    ]
    return [(name, text) for name, text in rows if text]


def _classes(problem: Problem) -> str:
    """Return channels and classes in words; nothing for lungs on radiographs, of which all of the page is."""
    if problem.recipe == "lungs" and len(problem.classes) == 1:
        return ""
    kind = "that exclude each other" if problem.softmax else "that may overlap"
    names = ", ".join(problem.classes)
    classes = f"classes {kind}: {names}" if len(problem.classes) > 1 else names
    return f"{classes}; channels: {', '.join(problem.channels)}"


def _folder_name(path: str) -> str:
    """Return the last part of a path of any system: the run may come from a computer of another one."""
    return re.split(r"[/\\]", path.rstrip("/\\"))[-1]


def _network(settings: dict[str, Any]) -> str:
    network, parameters = settings.get("network"), settings.get("parameters")
    if isinstance(network, dict):
        what = "U-Net: " + ", ".join(f"{name} {value}" for name, value in network.items())
    else:
        what = "one that was given to the training, not that of build_unet" if network else ""
    parts = [what, f"{parameters:,} parameters" if parameters else ""]
    return "; ".join(part for part in parts if part)


def _training(settings: dict[str, Any]) -> str:
    count = settings.get("count")
    words = []
    if count:
        parts = ", ".join(f"{number:,} {part}" for part, number in count.items())
        words.append(f"split “{settings.get('split', 'unknown')}”: {parts}")
    if settings.get("start"):
        before = f"{counted(len(settings.get('seen_before') or ()), 'case')} had trained or chosen"
        words.append(f"fine-tuned from the network of {_folder_name(settings['start'])}, which {before}")
    for name in ("seed", "epochs", "batch_size", "learning_rate", "loss", "class_weights", "schedule"):
        if settings.get(name) is not None:
            words.append(f"{name.replace('_', ' ')} {settings[name]}")
    if "augment" in settings:
        words.append("training cases varied at random" if settings["augment"] else "training cases not varied")
    if settings.get("balance"):
        words.append("each source with the same weight")
    if "keep" in settings:
        words.append(f"the {settings['keep']} epoch kept")
    if "keras" in settings:
        words.append(f"Keras {settings['keras']}" + (f" on {settings['backend']}" if "backend" in settings else ""))
    return "; ".join(words)


def _parts(run: Run, names: Iterable[str]) -> str:
    names, words = set(names), []
    for part, ids in run.split_ids.items():
        found = len(names & set(ids))
        if found:
            words.append(f"{part}: {found:,} of its {counted(len(ids), 'case')}")
        names -= set(ids)
    if names:
        words.append(f"{counted(len(names), 'case')} that the run does not know")
    return "; ".join(words)


def _sizes(table: "pd.DataFrame") -> str:
    counts = table.groupby(["height", "width"]).size()
    # No line may break inside a size.
    sizes = [f"{height}\u00a0×\u00a0{width} pixels" for height, width in counts.index]
    if len(sizes) == 1:
        return f"{sizes[0]}."
    each = ", ".join(f"{size}: {count:,}" for size, count in zip(sizes, counts, strict=True))
    return f"{each}. A pixel is not the same in all of them: means of distances mix their units."


def _preparation(settings: dict[str, Any], problem: Problem) -> str:
    found, size = settings.get("preparation"), settings.get("size")
    how = "in tiles of" if isinstance(found, dict) and found.get("tiled") else "resized to"
    resized = f", {how} {size[0]}\u00a0×\u00a0{size[1]} pixels" if isinstance(size, list | tuple) else ""
    if isinstance(found, dict):
        done = recipe_in_words(found)
    elif problem.recipe not in ("", "lungs"):
        done = f"the recipe “{problem.recipe}”"
    else:
        return "not known"
    return f"What the network expects: {done}{resized}. Nobody can check that of cases."
