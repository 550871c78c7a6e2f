"""train(): what it leaves in the run folder, what it says, the same seed, and bad cases."""

import shutil

import keras
import numpy as np
import pytest

from lungseg import InputError, evaluate, list_cases, load_run, split_cases, train
from lungseg.environment import describe_device
from lungseg.phantom import write_phantoms
from lungseg.splits import Split
from trainings import SMALL, computing_eagerly, one_layer, same_weights


def test_a_run_folder_holds_what_is_needed_to_evaluate_the_network(finished, folder):
    assert {"best.keras", "history.csv", "split.json", "settings.json"} <= {p.name for p in finished.folder.iterdir()}
    assert not list(finished.folder.glob("*.part"))
    assert finished.model.input_shape == (None, 32, 32, 1)
    assert finished.history["epoch"].tolist() == [0, 1, 2]
    logged = {"loss", "dice", "jaccard", "val_loss", "val_dice", "val_jaccard", "learning_rate"}
    assert logged <= set(finished.history.columns)
    parts = finished.find_split(folder)
    assert [len(part) for part in parts] == [8, 2, 2]
    assert parts == split_cases(list_cases(folder))
    assert finished.settings["seed"] == 0
    assert finished.settings["preparation"] == {"low": 5.0, "high": 95.0, "crop": True}
    assert finished.settings["backend"] == keras.backend.backend()


@pytest.mark.slow
def test_best_keras_is_the_epoch_with_the_highest_val_dice(finished, folder):
    table = evaluate(load_run(finished.folder).model, finished.find_split(folder).validation)
    assert table["dice"].mean() == pytest.approx(finished.history["val_dice"].max(), abs=1e-5)


def test_the_device_the_time_and_every_epoch_are_reported(finished_with_lines):
    _, lines = finished_with_lines
    assert describe_device() in lines[0]
    assert "8 cases in 2 batches, 2 to validate, 2 kept for the test" in lines[0]
    assert [line for line in lines if line.startswith("epoch   3/3") and "val_dice" in line]


@pytest.mark.slow
def test_the_same_seed_gives_the_same_weights(folder, tmp_path):
    def dropping_out():
        keras.utils.set_random_seed(0)  # its first weights are the user's
        chain = [keras.layers.Conv2D(2, 3, padding="same", activation="relu"), keras.layers.SpatialDropout2D(0.5)]
        return keras.Sequential([keras.Input((32, 32, 1)), *chain, keras.layers.Conv2D(1, 1, activation="sigmoid")])

    # As a user does, with a graph; without one, a U-Net ends the same in test_resume.py, and much sooner.
    with computing_eagerly(False):
        run, again = (
            train(folder, tmp_path / name, epochs=2, model=dropping_out(), **SMALL) for name in ("run", "again")
        )
    assert same_weights(run, again)
    assert run.history.equals(again.history)


@pytest.mark.slow
def test_another_seed_gives_other_weights_from_the_same_split(finished, folder, tmp_path):
    split = finished.find_split(folder)
    other = train(folder, tmp_path / "other", split=split, epochs=1, seed=1, **SMALL)
    assert other.history["loss"][0] != finished.history["loss"][0]  # after as many steps


@pytest.mark.slow
def test_with_balance_the_smaller_source_counts_as_much(folder, tmp_path):
    cases, lines = list_cases(folder), []
    for number, case in enumerate(cases[:7]):
        source = "MCUCXR" if number < 2 else "CHNCXR"
        shutil.copy(case, tmp_path / f"{source}_{number:04d}_0.npy")
    own = list_cases(tmp_path)
    split = Split([*own[:4], *own[5:]], [own[4]], cases[8:])  # four of Shenzhen, two of Montgomery
    settings = {**SMALL, "batch_size": 1, "report": lines.append}
    run = train(own + cases, tmp_path / "run", split=split, epochs=1, balance=True, model=one_layer(), **settings)
    assert "6 cases in 8 batches" in lines[0]
    assert not any("Nothing to balance" in line for line in lines)
    assert run.settings["count"]["train"] == 6
    assert run.find_split(own + cases) == split


# ---- Cases -----------------------------------------------------------------------------------


def test_a_bad_case_is_named_before_anything_is_written(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "cases")
    bad = list_cases(tmp_path / "cases")[5]
    array = np.load(bad)
    array[0, 0, 0] = np.nan
    np.save(bad, array)
    with pytest.raises(InputError, match=bad.name):
        train(tmp_path / "cases", tmp_path / "run", epochs=1, **SMALL)
    assert not (tmp_path / "run").exists()


def test_a_case_that_goes_bad_during_training_is_named(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "cases")

    class Spoil(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            for path in split_cases(list_cases(tmp_path / "cases")).train:
                path.write_bytes(b"spoilt")

    with pytest.raises(InputError, match=r"PHANTOM_\d+_\d\.npy") as caught:
        train(tmp_path / "cases", tmp_path / "run", epochs=3, callbacks=[Spoil()], **SMALL)
    assert "\n" not in str(caught.value)


def test_a_case_may_be_in_one_part_only(folder, tmp_path):
    paths = list_cases(folder)
    for parts in (Split(paths[:8], paths[7:9], paths[9:]), Split(paths[:8], paths[8:10], paths[:2])):
        with pytest.raises(InputError, match="split already"):
            train(paths, tmp_path / "run", split=parts, epochs=1, **SMALL)
    with pytest.raises(InputError, match="validation part of the split is empty"):
        train(paths, tmp_path / "run", split=Split(paths[:8], [], paths[8:]), epochs=1, **SMALL)
    assert not (tmp_path / "run").exists()


def test_a_run_does_not_lie_among_its_cases(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "set" / "cases")
    before = sorted((tmp_path / "set").rglob("*"))
    cases = tmp_path / "set" / "cases"
    for given, run in ((cases, cases), (list_cases(cases), cases / "."), (tmp_path / "set", tmp_path / "set")):
        with pytest.raises(InputError, match=r"expected a folder for the run alone. Received: that of the cases"):
            train(given, run, epochs=1, **SMALL)
    assert sorted((tmp_path / "set").rglob("*")) == before


def test_an_augmentation_that_adds_channels_is_refused_before_anything_is_written(folder, tmp_path):
    for image_channels, mask_channels in ((3, 1), (1, 2)):

        def add(images, masks, seed, counts=(image_channels, mask_channels)):
            return images.repeat(counts[0], axis=-1), masks.repeat(counts[1], axis=-1)

        received = f"of 1 channel and masks of 1. Received: {image_channels} and {mask_channels}"
        with pytest.raises(InputError, match=received):
            train(folder, tmp_path / "run", epochs=1, augment=add, **SMALL)
    assert not (tmp_path / "run").exists()


def test_links_to_cases_are_found_again(folder, tmp_path):
    (tmp_path / "links").mkdir()
    for path in list_cases(folder):
        (tmp_path / "links" / path.name).symlink_to(path.resolve())
    one_batch = {**SMALL, "batch_size": 100}  # and no second one to tell the time by
    run = train(tmp_path / "links", tmp_path / "run", epochs=2, model=one_layer(), **one_batch)
    assert run.settings["cases"] == str(tmp_path / "links")
    assert len(run.history) == 2


def test_cases_of_two_folders_have_no_single_one(folder, tmp_path):
    more = write_phantoms(tmp_path / "more", count=2, size=32, seed=9)
    more = [path.rename(path.with_name(f"OTHER_{path.name}")) for path in more]
    run = train([*list_cases(folder), *more], tmp_path / "run", epochs=1, model=one_layer(), **SMALL)
    assert run.settings["cases"] is None
