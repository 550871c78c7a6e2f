"""What version 0.1.0 made is read, gone on with, evaluated and predicted with as it did itself; it made `older/`."""

import csv
import hashlib
import os
import shutil
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from PIL import Image

from lungseg import list_cases, load_case, load_run, train
from lungseg.augmentation import standard
from lungseg.cli import main
from lungseg.preparation import prepare_folder, read_manifest
from lungseg.training.network import mark_weights

OLDER = Path(__file__).with_name("older")
PREPARED = OLDER / "prepared"
SETTINGS = {"seed": 4, "filters": 2, "depth": 1, "batch_size": 1, "learning_rate": 0.03, "report": lambda line: None}


def test_a_run_folder_is_read():
    run = load_run(OLDER / "run")
    assert run.settings["network"] == {"filters": 2, "depth": 1, "dropout": 0.1}
    assert run.history["epoch"].tolist() == list(range(8))
    assert [len(part) for part in run.find_split(PREPARED)] == [1, 1, 1]
    assert run.model.count_params() == run.settings["parameters"] == 425
    assert run.build(64).output_shape == (None, 64, 64, 1)
    assert mark_weights(run.model) == "fc5e163b81ca3172"  # as the settings of a training that started from it have it


@pytest.mark.slow
@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="another backend draws another dropout")
def test_a_training_goes_on_as_the_older_version_went_on(tmp_path):
    shutil.copytree(OLDER / "run", tmp_path / "run")
    history = train(PREPARED, tmp_path / "run", epochs=9, augment=standard(0.5), **SETTINGS).history
    expected = pd.read_csv(OLDER / "went_on.csv")
    assert history[:8].equals(expected[:8])
    np.testing.assert_allclose(history.iloc[8], expected.iloc[8], atol=1e-3)


@pytest.mark.slow
def test_a_training_starts_from_the_older_network(tmp_path):
    run = train(PREPARED, tmp_path / "run", start=OLDER / "run", epochs=1, **SETTINGS)
    parts = load_run(OLDER / "run").split_ids
    assert run.seen_before == {*parts["train"], *parts["validation"]}
    assert run.settings["start"] == str((OLDER / "run").resolve())


@pytest.mark.slow
@pytest.mark.usefixtures("undrawn")
def test_an_evaluation_comes_to_the_same_figures(tmp_path):
    arguments = ["evaluate", str(OLDER / "run"), "--cases", str(PREPARED), "--part", "all", "--out", str(tmp_path)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    expected = pd.read_csv(OLDER / "evaluated" / "evaluation.csv")
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "evaluation.csv")[list(expected)], expected, rtol=1e-6)


def test_predictions_are_the_same_masks(tmp_path):
    images = sorted((OLDER / "raw" / "images").iterdir())
    arguments = ["predict", *map(str, images), "--model", str(OLDER / "run"), "--out", str(tmp_path)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    for image in images:
        ours, theirs = (np.asarray(Image.open(folder / image.name)) for folder in (tmp_path, OLDER / "predicted"))
        assert np.mean(ours != theirs) < 1e-3


def test_a_prepared_folder_is_gone_on_with(tmp_path):
    raw, prepared = tmp_path / "raw", tmp_path / "prepared"
    shutil.copytree(OLDER / "raw", raw)
    shutil.copytree(PREPARED, prepared)
    geometry = read_manifest(PREPARED)
    assert geometry["PHANTOM_0002_1"].crop == (1, 1, 64, 64)
    # The manifest knows its sources by the number of their folder, and by when they were changed.
    manifest = prepared / "manifest.csv"
    number = hashlib.sha256(str(raw.resolve()).encode()).hexdigest()[:12]
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("a7bfe783b992", number), encoding="utf-8")
    for row in csv.DictReader(manifest.read_text(encoding="utf-8").splitlines()):
        for name, time in zip((row["image"], row["masks"]), row["modified"].split(";"), strict=True):
            os.utime(raw / name, ns=(int(time), int(time)))
    report = prepare_folder(raw, prepared, size=32, n_jobs=1, progress=False)
    assert (report.written, report.reused, report.failed) == (0, 3, [])
    assert read_manifest(prepared) == geometry
    # Made anew, the cases are the same.
    prepare_folder(raw, tmp_path / "anew", size=32, n_jobs=1, progress=False)
    for old, new in zip(list_cases(PREPARED), list_cases(tmp_path / "anew"), strict=True):
        np.testing.assert_allclose(load_case(new), load_case(old), atol=1e-6)
