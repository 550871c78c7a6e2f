"""What is given damaged files and needs Keras: `evaluate`, `train`, and a training that goes on."""

import json
import warnings
from pathlib import Path
from typing import Any

from fuzzing.arrays import cases, damaged_archive, damaged_array
from fuzzing.attempts import Place, Target
from fuzzing.damage import damaged_bytes
from fuzzing.targets import _quiet, object_place, table_place
from lungseg.runs import load_run

SMALL: dict[str, Any] = {"filters": 1, "depth": 1, "batch_size": 4, "report": _quiet}
COUNT = 6


def _compute_eagerly() -> None:
    """Spare the graph of TensorFlow: to trace it takes longer than to train a network this small."""
    import keras

    keras.backend.clear_session(free_memory=False)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        warnings.filterwarnings("ignore", message="Even though the `tf.config.experimental_run_functions_eagerly`")
        tf.config.run_functions_eagerly(True)


def _train(folder: Path, run: str, epochs: int = 1, **settings: Any) -> None:
    from lungseg import train

    _compute_eagerly()
    train(folder / "cases", folder / run, epochs=epochs, **{**SMALL, **settings})


def _make_run(folder: Path) -> None:
    """Write six cases, and a run of one epoch of two."""
    (folder / "cases").mkdir(exist_ok=True)
    for number in range(COUNT):
        (folder / "cases" / f"PHANTOM_{number:04d}_0.npy").write_bytes(cases()[number % 2])
    _train(folder, "run")


def _run_places(folder: Path) -> dict[str, list[Place]]:
    """Return the places in a run folder and in its cases."""
    names = sorted(path.name for path in (folder / "run").glob("*.json"))
    model = (folder / "run" / "best.keras").read_bytes()
    test = json.loads((folder / "run" / "split.json").read_text(encoding="utf-8"))["test"][0]
    return {
        "npy": [Place(f"cases/{test}.npy", cases()[1], damaged_array())],
        "keras": [Place("run/best.keras", model, damaged_archive(model))],
        "json": [object_place(folder, f"run/{name}") for name in names],
        "csv": [table_place(folder, "run/history.csv")],
    }


def _places_of_resuming(folder: Path) -> dict[str, list[Place]]:
    (path,) = (folder / "run").glob("*.weights.h5")
    weights = path.read_bytes()
    return _run_places(folder) | {"h5": [Place(f"run/{path.name}", weights, damaged_bytes(weights))]}


def _places_of_train(folder: Path) -> dict[str, list[Place]]:
    return {kind: places for kind, places in _run_places(folder).items() if kind != "csv"}


def _network_places(folder: Path) -> dict[str, list[Place]]:
    return {"keras": _run_places(folder)["keras"]}


def _load(folder: Path, file: Path) -> list[str]:
    _ = load_run(folder / "run").model
    return []


def _evaluate(folder: Path, file: Path) -> list[str]:
    from lungseg.report import evaluate_run

    _compute_eagerly()
    evaluate_run(folder / "run", folder / "cases", "test", folder / "out", report=_quiet)
    return []


def _start(folder: Path, file: Path) -> list[str]:
    _train(folder, "new", start=folder / "run")
    return []


def _resume(folder: Path, file: Path) -> list[str]:
    _train(folder, "run", epochs=2)
    return []


def _make_evaluated(folder: Path) -> None:
    _make_run(folder)
    (folder / "out").mkdir()


TRAININGS = {
    "networks": Target(_make_run, _network_places, _load),
    "evaluate": Target(_make_evaluated, _run_places, _evaluate, ("out",)),
    "train": Target(_make_run, _places_of_train, _start, ("new",)),
    "resume": Target(_make_run, _places_of_resuming, _resume, ("run",)),
}
