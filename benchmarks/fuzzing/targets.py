"""What is given damaged files, without Keras: the readers, `prepare`, and `predict` with a network that stands in."""

import csv
import json
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from fuzzing.arrays import case_archive, cases, damaged_array, damaged_zip
from fuzzing.attempts import Broken, Place, Target
from fuzzing.dicoms import bombs, damaged_dicom, dicoms
from fuzzing.pictures import damaged_picture, films, masks
from fuzzing.texts import damaged_objects, damaged_table
from lungseg.cases import load_case
from lungseg.datasets.archives import BadArchive, unpack_cases
from lungseg.evaluation.summary import read_evaluation
from lungseg.files.untrusted.arrays import read_arrays
from lungseg.files.untrusted.run_files import read_state
from lungseg.prediction.files import segment_files
from lungseg.prediction.table import read_rows
from lungseg.preparation import prepare_folder, read_manifest
from lungseg.radiographs import read_mask, read_radiograph
from lungseg.runs import load_run
from lungseg.splits import load_split

PICTURES = {"png": ".png", "jpeg": ".jpg", "tiff": ".tif", "gif": ".gif"}
SIZE = 16
OTHERS = ("a", "c")  # the names of the cases whose files are whole


class DarkIsLung:
    """Stands in for a network."""

    input_shape = output_shape = (None, 32, 32, 1)

    def predict_on_batch(self, images: np.ndarray) -> np.ndarray:
        return np.clip(1.2 - 2 * np.asarray(images), 0, 1)


def make_source(folder: Path) -> None:
    """Write three radiographs with their masks, cases of them, and predictions."""
    for name in ("a", "b", "c"):
        for part, data in (("images", films("png")[0]), ("masks", masks("png")[0])):
            (folder / "source" / part).mkdir(parents=True, exist_ok=True)
            (folder / "source" / part / f"{name}.png").write_bytes(data)
    (folder / "out").mkdir()


def _make_prepared(folder: Path) -> None:
    make_source(folder)
    prepare_folder(folder / "source", folder / "out", SIZE, n_jobs=1, progress=False)
    # The manifest knows the folder of the source. A copy of it lies elsewhere, and older manifests knew none.
    table = folder / "out" / "manifest.csv"
    (row, *_) = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    table.write_text(table.read_text(encoding="utf-8").replace(row["source"], ""), encoding="utf-8")


def _make_predicted(folder: Path) -> None:
    make_source(folder)
    _predict(folder)
    # The table names whole paths; a copy of the folder lies elsewhere.
    table = folder / "out" / "predictions.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(str(folder), "@WORK@"), encoding="utf-8")


def _predict(folder: Path) -> list[str]:
    said = segment_files(DarkIsLung(), [folder / "source" / "images"], folder / "out", report=_quiet, progress=False)
    return [reason for _, reason in said]


def _quiet(line: str) -> None:
    pass


# --------------------------------------------------------------------------- readers


def _make_read(folder: Path) -> None:
    _make_prepared(folder)
    (folder / "run").mkdir()
    parts = {"train": ["a"], "validation": ["b"], "test": ["c"]}
    (folder / "run" / "split.json").write_text(json.dumps(parts), encoding="utf-8")
    (folder / "run" / "settings.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    (folder / "run" / "history.csv").write_text(HISTORY, encoding="utf-8")
    (folder / "run" / "state.json").write_text(json.dumps(STATE), encoding="utf-8")
    (folder / "predictions.csv").write_text(PREDICTIONS, encoding="utf-8")
    (folder / "evaluation.csv").write_text(EVALUATION, encoding="utf-8")
    np.savez_compressed(folder / "weights.npz", a=np.ones((3, 3, 1, 4), np.float16), b=np.zeros(4, np.float32))


SETTINGS = {
    **{"cases": "/data/cases", "count": {"train": 1, "validation": 1, "test": 1}, "size": [16, 16], "split": "default"},
    **{"seed": 0, "epochs": 15, "batch_size": 8, "learning_rate": 0.002, "loss": "dice_loss", "augment": None},
    **{"schedule": "plateau", "balance": None, "keep": "best", "start": None, "start_weights": None, "seen_before": []},
    **{"network": {"filters": 2, "depth": 1, "dropout": 0.1}, "parameters": 300, "precision": "float32"},
    **{"preparation": {"low": 5.0, "high": 95.0, "crop": True}, "keras": "3.8.0", "backend": "tensorflow"},
}
HISTORY = "epoch,dice,learning_rate,loss,val_dice,val_loss\n0,0.5,0.002,0.7,0.4,0.8\n1,0.6,0.002,0.5,0.5,0.6\n"
STATE = {"epochs_done": 2, "finished": False, "weights": "epoch_0002.weights.h5", "seeds": [[1, 2]], "callbacks": [{}]}
PREDICTIONS = (
    "file,mask,height,width,lung_pixels,right_lung_pixels,left_lung_pixels,components,plausible,reasons,error\n"
    "/data/a.png,a.png,48,40,300,150,150,2,yes,,\n/data/b.png,,,,,,,,,,/data/b.png: no image\n"
)


EVALUATION = (
    "case,source,diagnosis,dice,jaccard,hd95,assd,components,tp,fp,fn\n"
    "CHNCXR_0001_0,Shenzhen,normal,0.95,0.9,2.0,0.5,2,300,10,20\n0042,other,unknown,0.9,0.8,3.0,0.7,3,250,20,30\n"
)


def places_of_readers(folder: Path) -> dict[str, list[Place]]:
    """Return a place for each kind of file that a reader takes."""
    return {
        **{kind: [picture_place(kind, "film", films(kind))] for kind in PICTURES},
        **{f"{kind} mask": [picture_place(kind, "mask", masks(kind))] for kind in PICTURES},
        "dicom": [Place("film.dcm", dicoms()[0], damaged_dicom())],
        "dicom bomb": [Place("film.dcm", dicoms()[0], st.sampled_from(bombs()))],
        "npy": [Place("case.npy", cases()[0], damaged_array())],
        "manifest": [table_place(folder, "out/manifest.csv")],
        "predictions": [table_place(folder, "predictions.csv")],
        "history": [table_place(folder, "run/history.csv")],
        "evaluation": [table_place(folder, "evaluation.csv")],
        "split": [object_place(folder, "run/split.json")],
        "settings": [object_place(folder, "run/settings.json")],
        "state": [object_place(folder, "run/state.json")],
        "npz": [
            Place(
                "weights.npz", (folder / "weights.npz").read_bytes(), damaged_zip((folder / "weights.npz").read_bytes())
            )
        ],
    }


def picture_place(kind: str, stem: str, wholes: tuple[bytes, ...], instead_of: str | None = None) -> Place:
    """Return the place of a damaged picture of one kind."""
    return Place(stem + PICTURES[kind], wholes[0], damaged_picture(kind, wholes), instead_of)


def table_place(folder: Path, file: str) -> Place:
    """Return the place of a damaged table that is there whole."""
    return Place(file, (folder / file).read_bytes(), damaged_table((folder / file).read_bytes()))


def object_place(folder: Path, file: str) -> Place:
    """Return the place of a damaged JSON file that is there whole."""
    return Place(file, (folder / file).read_bytes(), damaged_objects((folder / file).read_bytes()))


def use_readers(folder: Path, file: Path) -> list[str]:
    """Read the damaged file with the reader of its kind."""
    if file.parent.name == "run":
        run = load_run(folder / "run")
        if file.name == "split.json":
            load_split(file, [folder / "out" / f"{name}.npy" for name in "abc"])
            _ = run.split_ids, run.seen_before
        elif file.name == "history.csv":
            _ = run.history
        elif file.name == "state.json":
            read_state(file)
    elif file.name == "manifest.csv":
        read_manifest(file.parent)
    elif file.name == "predictions.csv":
        read_rows(file.parent)
    elif file.name == "evaluation.csv":
        read_evaluation(file.parent)
    elif file.suffix == ".npz":
        read_arrays(file)
    elif file.suffix == ".npy":
        case = load_case(file)
        if case.dtype != np.float32 or case.ndim != 3:
            raise Broken(f"a case of {case.dtype} and shape {case.shape}")
    else:
        values = read_mask(file) if file.stem == "mask" else read_radiograph(file).values
        if values.ndim != 2 or not values.size or not np.isfinite(values).all():
            raise Broken(f"no picture: {values.dtype}, shape {values.shape}, or values that are not finite")
    return []


# --------------------------------------------------------------------------- prepare


def places_of_prepare(folder: Path) -> dict[str, list[Place]]:
    """Return places for damaged radiographs, masks, and what an earlier run has left."""
    image, mask = "source/images/b", "source/masks/b"
    return {
        **{
            kind: [
                picture_place(kind, image, films(kind), f"{image}.png"),
                picture_place(kind, mask, masks(kind), f"{mask}.png"),
            ]
            for kind in PICTURES
            if kind != "gif"
        },
        "csv": [table_place(folder, "out/manifest.csv")],
        "npy": [Place("out/b.npy", cases(SIZE)[0], damaged_array(cases(SIZE)))],
    }


def use_prepare(folder: Path, file: Path) -> list[str]:
    """Prepare three radiographs, one of which is damaged; or again into a folder in which something is."""
    report = prepare_folder(folder / "source", folder / "out", SIZE, n_jobs=1, progress=False)
    if report.written + report.reused + len(report.failed) != 3:
        raise Broken(f"of three radiographs, one is not accounted for: {report}")
    for name in read_manifest(folder / "out"):
        if name in ("a", "b", "c"):
            load_case(folder / "out" / f"{name}.npy")  # what was written can be read
    others = {Path(path).stem for path, _ in report.failed} & set(OTHERS)
    if others:
        raise Broken(f"a whole radiograph failed because of another: {report.failed}")
    return [reason for _, reason in report.failed]


# --------------------------------------------------------------------------- predict


def places_of_predict(folder: Path) -> dict[str, list[Place]]:
    """Return places for damaged radiographs, and for a damaged table of an earlier run."""
    image = "source/images/b"
    return {
        **{kind: [picture_place(kind, image, films(kind), f"{image}.png")] for kind in PICTURES if kind != "gif"},
        "dicom": [Place(f"{image}.dcm", dicoms()[0], damaged_dicom(), f"{image}.png")],
        "csv": [table_place(folder, "out/predictions.csv")],
    }


def use_predict(folder: Path, file: Path) -> list[str]:
    """Segment three radiographs, one of which is damaged; or again into a folder whose table is."""
    failed = segment_files(DarkIsLung(), [folder / "source" / "images"], folder / "out", report=_quiet, progress=False)
    if len(failed) > 1 or any(path.stem != "b" for path, _ in failed):
        raise Broken(f"a whole radiograph failed because of another: {failed}")
    return [reason for _, reason in failed]


# --------------------------------------------------------------------------- archives


def _make_nothing(folder: Path) -> None:
    (folder / "out").mkdir()


def places_of_unpack(folder: Path) -> dict[str, list[Place]]:
    """Return a place for a damaged archive of cases."""
    return {"zip": [Place("cases.zip", case_archive(), damaged_zip(case_archive()))]}


def use_unpack(folder: Path, file: Path) -> list[str]:
    """Unpack the cases of an archive, as `download` does."""
    try:
        unpack_cases(file, folder / "out")
    except BadArchive as reason:
        return [str(reason)]
    return []


TARGETS = {
    "readers": Target(_make_read, places_of_readers, use_readers),
    "prepare": Target(_make_prepared, places_of_prepare, use_prepare, ("out",)),
    "predict": Target(_make_predicted, places_of_predict, use_predict, ("out",)),
    "unpack": Target(_make_nothing, places_of_unpack, use_unpack, ("out",)),
}
