"""Trainings that go on in odd ways, with cases, networks and losses that train() did not make itself."""

import functools
import shutil

import keras
import numpy as np
import pytest
from click.testing import CliRunner

from lungseg import InputError, build_unet, list_cases, load_run, train
from lungseg.cli import main
from lungseg.losses import DiceLoss, dice_loss
from lungseg.phantom import write_phantoms
from lungseg.runs import read_json, write_json
from lungseg.splits import Split
from lungseg.training.resume import KeepState

# TensorFlow says so where it computes without a graph.
pytestmark = pytest.mark.filterwarnings("ignore:Even though the `tf.config")

SMALL = {"filters": 2, "depth": 1, "batch_size": 4, "report": lambda line: None}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Twelve phantoms of 32 x 32: 8 to train, 2 to validate, 2 to test."""
    folder = tmp_path_factory.mktemp("cases")
    write_phantoms(folder, count=12, size=32)
    return folder


@pytest.fixture(scope="module", autouse=True)
def eagerly():
    """Compute without a graph of TensorFlow: to trace one takes longer than such a small training."""
    if keras.backend.backend() != "tensorflow":
        yield
        return
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture(scope="module")
def finished(eagerly, folder, tmp_path_factory):
    """A training of two epochs."""
    return train(folder, tmp_path_factory.mktemp("finished") / "run", epochs=2, **SMALL)


# ---- Going on, in odd ways -------------------------------------------------------------------


class Interrupt(keras.callbacks.Callback):
    """Ctrl+C in an epoch, counted from 1."""

    def __init__(self, epoch):
        super().__init__()
        self.epoch = epoch

    def on_epoch_begin(self, epoch, logs=None):
        if epoch + 1 == self.epoch:
            raise KeyboardInterrupt


def test_a_finished_training_that_is_extended_and_interrupted_goes_on(finished, folder, tmp_path):
    shutil.copytree(finished.folder, tmp_path / "run")
    with pytest.raises(KeyboardInterrupt):
        train(folder, tmp_path / "run", epochs=5, callbacks=[Interrupt(4)], **SMALL)
    assert len(train(folder, tmp_path / "run", epochs=5, **SMALL).history) == 5


def test_callbacks_of_ones_own_go_on_counting(folder, tmp_path):
    def slower():
        return keras.callbacks.ReduceLROnPlateau(monitor="val_loss", patience=1, factor=0.1, min_delta=100)

    whole = train(folder, tmp_path / "whole", epochs=4, callbacks=[slower()], **SMALL)
    with pytest.raises(KeyboardInterrupt):
        train(folder, tmp_path / "parts", epochs=4, callbacks=[slower(), Interrupt(3)], **SMALL)
    parts = train(folder, tmp_path / "parts", epochs=4, callbacks=[slower()], **SMALL)
    assert list(parts.history["learning_rate"]) == list(whole.history["learning_rate"])
    assert parts.history["learning_rate"].iloc[-1] < parts.history["learning_rate"].iloc[0] / 50
    for one, other in zip(parts.model.get_weights(), whole.model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_files_of_ones_own_in_the_run_folder_stay(folder, tmp_path):
    run = tmp_path / "run"
    own = keras.callbacks.ModelCheckpoint(run / "epoch_{epoch:02d}.weights.h5", save_weights_only=True)
    train(folder, run, epochs=2, callbacks=[own], **SMALL)
    names = sorted(path.name for path in run.glob("epoch_*"))
    assert names == ["epoch_0002.weights.h5", "epoch_01.weights.h5", "epoch_02.weights.h5"]


def test_a_second_training_in_the_same_folder_is_refused(folder, tmp_path):
    said = []

    class Second(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            with pytest.raises(InputError, match="another command is at work") as caught:
                train(folder, tmp_path / "run", epochs=1, **SMALL)
            said.append(caught.value)

    # As in an earlier training that was stopped before its first epoch ended: nothing to go on with.
    train(folder, tmp_path / "run", epochs=1, callbacks=[Second()], **SMALL)
    assert len(said) == 1
    assert len(train(folder, tmp_path / "run", epochs=2, **SMALL).history) == 2  # free again at the end


def test_a_training_that_never_finished_an_epoch_blocks_nothing(folder, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        train(folder, tmp_path / "run", epochs=1, callbacks=[Interrupt(1)], **SMALL)
    assert len(train(folder, tmp_path / "run", epochs=1, **{**SMALL, "batch_size": 2}).history) == 1


def test_no_epoch_that_is_no_number_is_kept(folder, tmp_path):
    class Spoil(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 1:
                self.model.set_weights([array * np.nan for array in self.model.get_weights()])

    with pytest.raises(InputError, match="not a number"):
        train(folder, tmp_path / "run", epochs=3, keep="last", callbacks=[Spoil()], **SMALL)
    run = load_run(tmp_path / "run")
    assert len(run.history) == 1
    assert all(np.isfinite(array).all() for array in run.model.get_weights())


@pytest.mark.parametrize("damage", ["no state", "no JSON", "no weights", "other weights"])
def test_a_damaged_state_destroys_nothing(finished, folder, tmp_path, damage):
    run = tmp_path / "run"
    shutil.copytree(finished.folder, run)
    state, weights = run / "state.json", next(run.glob("epoch_*"))
    if damage == "no state":
        state.unlink()
    elif damage == "no JSON":
        state.write_text(state.read_text()[:20])
    elif damage == "no weights":
        weights.unlink()
    else:
        weights.write_bytes(b"no weights")
    before = (run / "best.keras").read_bytes(), (run / "history.csv").read_text().splitlines()
    with pytest.raises(InputError, match=r"state\.json"):
        train(folder, run, epochs=5, **SMALL)
    assert ((run / "best.keras").read_bytes(), (run / "history.csv").read_text().splitlines()) == before


@pytest.mark.parametrize("loss", ["binary_crossentropy", DiceLoss(smooth=5)])
def test_losses_of_any_kind_and_numbers_of_numpy(folder, tmp_path, loss):
    numbers = {**SMALL, "batch_size": np.int64(4), "learning_rate": np.float32(1e-3)}
    run = train(folder, tmp_path / "run", epochs=1, loss=loss, **numbers)
    assert "smooth=" in run.settings["loss"] or run.settings["loss"] == "binary_crossentropy"
    with pytest.raises(InputError, match="with loss"):
        train(folder, tmp_path / "run", epochs=2, loss=DiceLoss(smooth=1), **numbers)
    with pytest.raises(InputError, match="Received: partial"):
        train(folder, tmp_path / "other", loss=functools.partial(dice_loss, smooth=10.0), **numbers)


# ---- Cases from several folders --------------------------------------------------------------


def test_a_case_may_be_in_one_part_only(folder, tmp_path):
    paths = list_cases(folder)
    for parts in (Split(paths[:8], paths[7:9], paths[9:]), Split(paths[:8], paths[8:10], paths[:2])):
        with pytest.raises(InputError, match="split already"):
            train(paths, tmp_path / "run", split=parts, epochs=1, **SMALL)
    with pytest.raises(InputError, match="validation part of the split is empty"):
        train(paths, tmp_path / "run", split=Split(paths[:8], [], paths[8:]), epochs=1, **SMALL)
    assert not (tmp_path / "run").exists()


def test_links_to_cases_are_found_again(folder, tmp_path):
    (tmp_path / "links").mkdir()
    for path in list_cases(folder):
        (tmp_path / "links" / path.name).symlink_to(path.resolve())
    run = train(tmp_path / "links", tmp_path / "run", epochs=1, **SMALL)
    assert run.settings["cases"] == str(tmp_path / "links")


def test_cases_of_two_folders_have_no_single_one(folder, tmp_path):
    more = write_phantoms(tmp_path / "more", count=2, size=32, seed=9)
    more = [path.rename(path.with_name(f"OTHER_{path.name}")) for path in more]
    run = train([*list_cases(folder), *more], tmp_path / "run", epochs=1, **SMALL)
    assert run.settings["cases"] is None
    result = CliRunner().invoke(main, ["evaluate", str(run.folder)])
    assert "Name both: --cases DIR --out DIR" in result.output


@pytest.mark.parametrize(("size", "classes"), [(16, 1), (32, 3)])
def test_a_network_that_does_not_fit_leaves_no_folder(folder, tmp_path, size, classes):
    other = build_unet((size, size, 1), filters=2, depth=1, classes=classes)
    with pytest.raises(InputError, match=r"to masks \(B, 32, 32, 1\)"):
        train(folder, tmp_path / "run", epochs=1, model=other, **SMALL)
    assert not (tmp_path / "run").exists()


def test_a_start_that_has_moved_is_still_the_same(finished, folder, tmp_path):
    shutil.copytree(finished.folder, tmp_path / "here")
    settings = {**SMALL, "epochs": 2}
    with pytest.raises(KeyboardInterrupt):
        train(folder, tmp_path / "run", start=tmp_path / "here", callbacks=[Interrupt(2)], **settings)
    (tmp_path / "here").rename(tmp_path / "there")
    assert len(train(folder, tmp_path / "run", start=tmp_path / "there", **settings).history) == 2


def test_patience_begins_anew_where_a_training_that_stopped_early_is_extended(tmp_path):
    counted = [{"class": "EarlyStopping", "wait": 6, "best": 0.9, "stopped_epoch": 8}, {"class": "Own", "wait": 2}]
    write_json(tmp_path / "state.json", {"epochs_done": 9, "finished": True, "callbacks": counted})
    KeepState(tmp_path, []).reopen()
    state = read_json(tmp_path / "state.json")
    assert (state["finished"], state["epochs_done"]) == (False, 9)
    assert state["callbacks"] == [
        {"class": "EarlyStopping", "wait": 0, "best": 0.9, "stopped_epoch": 0},
        {"class": "Own", "wait": 0},
    ]
    # One that came to its last epoch goes on as if it had never ended.
    counted = [{"class": "EarlyStopping", "wait": 3, "best": 0.9, "stopped_epoch": 0}]
    write_json(tmp_path / "state.json", {"epochs_done": 9, "finished": True, "callbacks": counted})
    KeepState(tmp_path, []).reopen()
    assert read_json(tmp_path / "state.json")["callbacks"] == counted
