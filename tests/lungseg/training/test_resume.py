"""Trainings that go on: after an interruption as if it had not been, and with more epochs."""

import os
import shutil

import keras
import numpy as np
import pytest

from lungseg import InputError, evaluate, load_run, train
from lungseg.augmentation import standard
from lungseg.files.untrusted import read_json
from lungseg.runs import write_json
from lungseg.training.resume import KeepState, _counted, cut_history
from lungseg.training.saving import SaveNetwork
from trainings import SMALL, Interrupt, one_layer, same_weights

pytestmark = pytest.mark.slow


def test_what_a_callback_has_counted_is_kept_if_json_can_hold_it():
    class Stopping(keras.callbacks.Callback):
        pass

    stopping = Stopping()
    vars(stopping).update(best=None, wait=np.int64(2), stopped_epoch=0, best_epoch=object(), patience=6)
    assert _counted(stopping) == {"class": "Stopping", "best": None, "wait": 2, "stopped_epoch": 0}


# ---- As if it had not been interrupted -------------------------------------------------------


@pytest.mark.parametrize("where", [(0, None), (1, 0)], ids=["before the first state", "in a second epoch"])
def test_an_interrupted_training_ends_as_if_it_had_not_been(where, finished, folder, tmp_path):
    lines = []
    settings = {**SMALL, "report": lines.append}
    with pytest.raises(KeyboardInterrupt):
        train(folder, tmp_path / "broken", epochs=3, callbacks=[Interrupt(*where)], **settings)
    assert any(line.startswith("Interrupted after epoch") for line in lines)
    mended = train(folder, tmp_path / "broken", epochs=3, **settings)
    assert mended.history["epoch"].tolist() == [0, 1, 2]
    assert same_weights(finished, mended)
    assert finished.history.equals(mended.history)


def test_augmentation_and_a_cosine_go_on_as_if_nothing_had_happened(folder, tmp_path):
    settings = {**SMALL, "epochs": 2, "batch_size": 8, "schedule": "cosine", "augment": standard(0.5), "keep": "last"}
    whole = train(folder, tmp_path / "whole", model=one_layer(), **settings)
    with pytest.raises(KeyboardInterrupt):
        train(folder, tmp_path / "broken", model=one_layer(), callbacks=[Interrupt(1, 0)], **settings)
    again = {**settings, "augment": standard(0.5)}  # Keras gives its layers other names
    mended = train(folder, tmp_path / "broken", model=one_layer(), **again)
    assert same_weights(whole, mended)
    assert whole.history.equals(mended.history)
    plain = train(folder, tmp_path / "plain", model=one_layer(), **{**settings, "augment": None})
    assert not same_weights(whole, plain)
    table = evaluate(load_run(whole.folder).model, whole.find_split(folder).validation)
    assert table["dice"].mean() == pytest.approx(whole.history["val_dice"].iloc[-1], abs=1e-5)


def test_all_that_callbacks_count_is_kept(tmp_path):
    counted = {
        "ReduceLROnPlateau": {"best": 0.9, "wait": 1, "cooldown_counter": 3},
        "EarlyStopping": {"best": 0.8, "wait": 2, "stopped_epoch": 7, "best_epoch": 5},
        "ModelCheckpoint": {"best": np.float32(0.5)},
    }

    def state(kinds):
        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
        model.compile("adam", "binary_crossentropy")
        model.optimizer.build(model.trainable_variables)
        callbacks = [
            getattr(keras.callbacks, kind)(*[tmp_path / "a.keras"][: kind == "ModelCheckpoint"]) for kind in kinds
        ]
        keep = KeepState(tmp_path, callbacks)
        keep.set_model(model)
        return keep, callbacks

    keep, callbacks = state(counted)
    for callback, values in zip(callbacks, counted.values(), strict=True):
        vars(callback).update(values)
    (tmp_path / "epoch_03.weights.h5").touch()
    keep.on_epoch_end(2)
    (tmp_path / "epoch_0003.weights.h5").unlink()  # somebody tidied up meanwhile
    keep.on_epoch_end(3)
    keep.on_epoch_end(4)
    # Of the weights, the last are kept, and what is none of ours.
    assert {file.name for file in tmp_path.glob("epoch*")} == {"epoch_0005.weights.h5", "epoch_03.weights.h5"}
    keep, callbacks = state(counted)
    keep.on_train_begin()
    for callback, values in zip(callbacks, counted.values(), strict=True):
        assert {name: vars(callback)[name] for name in values} == values
    assert keep.epochs_done == 5
    assert not keep.finished
    # In another order, they are others than before: none takes what was counted for another.
    keep, callbacks = state(reversed(counted))
    keep.on_train_begin()
    assert vars(callbacks[0])["best"] != 0.9
    assert vars(callbacks[1])["wait"] == 2


def test_the_best_score_of_a_state_of_before_is_known_to_what_saves_the_network_now(tmp_path):
    def keeper():
        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
        model.compile("adam", "binary_crossentropy")
        model.optimizer.build(model.trainable_variables)
        saving = SaveNetwork(tmp_path / "best.keras")
        keep = KeepState(tmp_path, [saving])
        keep.set_model(model)
        return keep, saving

    keeper()[0].on_epoch_end(0)
    state = read_json(tmp_path / "state.json")
    del state["checksum"], state["numbers"]
    write_json(tmp_path / "state.json", {**state, "callbacks": [{"class": "ModelCheckpoint", "best": 0.75}]})
    keep, saving = keeper()
    keep.on_train_begin()
    assert saving.best == 0.75


def test_rows_of_the_history_after_the_last_state_are_dropped_in_one_step(tmp_path):
    rows = ["epoch,loss\n", "0,0.3\n", "1,0.2\n", "2,0.1\n"]
    path = tmp_path / "history.csv"
    for epochs, left in [(2, rows[:3]), (3, rows), (9, rows)]:
        path.write_text("".join(rows))
        os.link(path, tmp_path / "linked")  # what was written into the file, not in its place, would show here
        cut_history(tmp_path, epochs)
        assert path.read_text() == "".join(left)
        assert (tmp_path / "linked").read_text() == "".join(rows)
        (tmp_path / "linked").unlink()
    cut_history(tmp_path, 0)
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("history.csv", b"")]
    path.unlink()
    cut_history(tmp_path, 2)  # nothing to cut
    assert not list(tmp_path.iterdir())


# ---- Going on with more epochs ---------------------------------------------------------------


def test_more_epochs_go_on_and_the_same_number_does_nothing(finished, folder, tmp_path):
    shutil.copytree(finished.folder, tmp_path / "run")
    lines = []
    settings = {**SMALL, "report": lines.append}
    # As if a computer with more cores had begun, on other pixels; and what a kill at the worst moments leaves.
    began = {**finished.settings, "threads": 99, "fingerprint": {**finished.settings["fingerprint"], "train": "other"}}
    write_json(tmp_path / "run" / "settings.json", began)
    left = ("epoch_0002.weights.h5", "epoch_12345.weights.h5", ".0123456789ab.part.keras", ".history.csv.77.part")
    others = ("epoch_02.weights.h5", ".0123.part", ".notes.part", "my epoch_0002.weights.h5")
    for name in (*left, *others):
        (tmp_path / "run" / name).write_bytes(b"")
    before = (tmp_path / "run" / "best.keras").read_bytes()
    train(folder, tmp_path / "run", epochs=3, **settings)
    assert "finished" in lines[0]
    assert (tmp_path / "run" / "best.keras").read_bytes() == before
    with pytest.raises(KeyboardInterrupt):
        train(folder, tmp_path / "run", epochs=5, callbacks=[Interrupt(3, 0)], **settings)
    said = "\n".join(lines)
    assert "Going on after epoch 3" in said
    assert "The cases (train) have the same names, but other pixels" in said
    assert f"Begun with 99 threads, going on with {finished.settings['threads']}" in said
    lines.clear()
    assert len(train(folder, tmp_path / "run", epochs=5, **settings).history) == 5
    assert not any("pixels" in line or "threads" in line for line in lines)
    there = {path.name for path in (tmp_path / "run").iterdir()}
    assert there.isdisjoint(left)
    assert there > set(others)


NINE = {"weights": "epoch_0009.weights.h5", "seeds": []}


def test_patience_begins_anew_where_a_training_that_stopped_early_is_extended(tmp_path):
    counted = [{"class": "EarlyStopping", "wait": 6, "best": 0.9, "stopped_epoch": 8}, {"class": "Own", "wait": 2}]
    write_json(tmp_path / "state.json", {"epochs_done": 9, "finished": True, **NINE, "callbacks": counted})
    KeepState(tmp_path, []).reopen()
    state = read_json(tmp_path / "state.json")
    assert (state["finished"], state["epochs_done"]) == (False, 9)
    assert state["callbacks"] == [
        {"class": "EarlyStopping", "wait": 0, "best": 0.9, "stopped_epoch": 0},
        {"class": "Own", "wait": 0},
    ]
    # One that came to its last epoch goes on as if it had never ended.
    counted = [{"class": "EarlyStopping", "wait": 3, "best": 0.9, "stopped_epoch": 0}]
    write_json(tmp_path / "state.json", {"epochs_done": 9, "finished": True, **NINE, "callbacks": counted})
    KeepState(tmp_path, []).reopen()
    assert read_json(tmp_path / "state.json")["callbacks"] == counted


# ---- The folder ------------------------------------------------------------------------------


def test_a_second_training_in_the_same_folder_is_refused(folder, tmp_path):
    said = []

    class Second(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            with pytest.raises(InputError, match="another command is at work") as caught:
                train(folder, tmp_path / "run", epochs=1, **SMALL)
            said.append(caught.value)

    # As in an earlier training that was stopped before its first epoch ended: nothing to go on with.
    train(folder, tmp_path / "run", epochs=1, model=one_layer(), callbacks=[Second()], **SMALL)
    assert len(said) == 1
    assert read_json(tmp_path / "run" / "state.json")["callbacks"][-1] == {"class": "Second"}  # those of one's own, too
    again = train(folder, tmp_path / "run", epochs=2, model=one_layer(), **SMALL)
    assert len(again.history) == 2  # free again at the end


def test_a_training_that_never_finished_an_epoch_blocks_nothing(folder, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        train(folder, tmp_path / "run", epochs=1, model=one_layer(), callbacks=[Interrupt(0, 0)], **SMALL)
    other = {**SMALL, "batch_size": 2, "model": one_layer()}
    assert len(train(folder, tmp_path / "run", epochs=1, **other).history) == 1
