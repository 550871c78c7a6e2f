"""train(): the run folder, the same seed, going on after an interruption, and bad input."""

import json
import shutil

import keras
import numpy as np
import pytest

from lungseg import InputError, build_unet, evaluate, list_cases, load_run, split_cases, train
from lungseg.augmentation import standard
from lungseg.environment import describe_device
from lungseg.phantom import write_phantoms
from lungseg.runs import Run
from lungseg.splits import Split, balance_sources
from lungseg.training.callbacks import CosineDecay, duration, make_callbacks
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


def in_a_graph(yes):
    """Compute in a graph of TensorFlow, or without: to trace one takes longer than such a small training."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.run_functions_eagerly(not yes)


@pytest.fixture(scope="module", autouse=True)
def eagerly():
    in_a_graph(False)
    yield
    in_a_graph(True)


@pytest.fixture
def graph():
    """For a test that computes as a user does."""
    in_a_graph(True)
    yield
    in_a_graph(False)


@pytest.fixture(scope="module")
def finished(eagerly, folder, tmp_path_factory):
    """A training of three epochs, and what it reported."""
    lines = []
    run = train(folder, tmp_path_factory.mktemp("finished") / "run", epochs=3, **{**SMALL, "report": lines.append})
    return run, lines


class Interrupt(keras.callbacks.Callback):
    """Press Ctrl+C when an epoch has been validated, or in the middle of one."""

    def __init__(self, epoch, in_batch=None):
        super().__init__()
        self.at, self.in_batch, self.now = epoch, in_batch, 0

    def on_epoch_begin(self, epoch, logs=None):
        self.now = epoch

    def on_train_batch_end(self, batch, logs=None):
        if self.now == self.at and batch == self.in_batch:
            raise KeyboardInterrupt

    def on_epoch_end(self, epoch, logs=None):
        if epoch == self.at and self.in_batch is None:
            raise KeyboardInterrupt


def reported(*args, **settings) -> str:
    lines = []
    train(*args, **{**settings, "report": lines.append})
    return "\n".join(lines)


def same_weights(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one.model.get_weights(), other.model.get_weights(), strict=True))


def test_a_run_folder_holds_what_is_needed_to_judge_the_network(finished, folder):
    run, _ = finished
    assert {"best.keras", "history.csv", "split.json", "settings.json"} <= {p.name for p in run.folder.iterdir()}
    assert not list(run.folder.glob("*.part"))
    assert run.model.input_shape == (None, 32, 32, 1)
    assert run.history["epoch"].tolist() == [0, 1, 2]
    logged = {"loss", "dice", "jaccard", "val_loss", "val_dice", "val_jaccard", "learning_rate"}
    assert logged <= set(run.history.columns)
    parts = run.split(list_cases(folder))
    assert [len(part) for part in parts] == [8, 2, 2]
    assert parts == split_cases(list_cases(folder))
    assert run.settings["seed"] == 0
    assert run.settings["preparation"] == {"low": 5.0, "high": 95.0, "crop": True}
    assert run.settings["backend"] == keras.backend.backend()


def test_best_keras_is_the_epoch_with_the_highest_val_dice(finished, folder):
    run, _ = finished
    table = evaluate(load_run(run.folder).model, run.split(list_cases(folder)).validation)
    assert table["dice"].mean() == pytest.approx(run.history["val_dice"].max(), abs=1e-5)


def test_the_device_the_time_and_every_epoch_are_reported(finished):
    _, lines = finished
    assert describe_device() in lines[0]
    assert "8 cases in 2 batches, 2 to validate, 2 kept for the test" in lines[0]
    assert any("an epoch, at most" in line for line in lines)
    assert [line for line in lines if line.startswith("epoch   3/3") and "val_dice" in line]


def test_the_same_seed_gives_the_same_weights(graph, folder, tmp_path):
    run = train(folder, tmp_path / "run", epochs=3, **SMALL)
    again = train(folder, tmp_path / "again", epochs=3, **SMALL)
    assert same_weights(run, again)
    assert run.history.equals(again.history)


def test_another_seed_gives_other_weights(finished, folder, tmp_path):
    assert not same_weights(finished[0], train(folder, tmp_path / "other", epochs=3, seed=1, **SMALL))


@pytest.mark.parametrize("where", [(0, None), (1, 0)], ids=["before the first state", "in a second epoch"])
def test_an_interrupted_training_ends_as_if_it_had_not_been(where, finished, folder, tmp_path):
    whole, interrupt, lines = finished[0], Interrupt(*where), []
    settings = {**SMALL, "report": lines.append}
    with pytest.raises(KeyboardInterrupt):
        train(folder, tmp_path / "broken", epochs=3, callbacks=[interrupt], **settings)
    assert any(line.startswith("Interrupted after epoch") for line in lines)
    mended = train(folder, tmp_path / "broken", epochs=3, **settings)
    assert mended.history["epoch"].tolist() == [0, 1, 2]
    assert same_weights(whole, mended)
    assert whole.history.equals(mended.history)


def test_augmentation_and_a_cosine_go_on_as_if_nothing_had_happened(folder, tmp_path):
    settings = {**SMALL, "epochs": 3, "schedule": "cosine", "augment": standard(0.5), "keep": "last"}
    whole = train(folder, tmp_path / "whole", **settings)
    with pytest.raises(KeyboardInterrupt):
        train(folder, tmp_path / "broken", callbacks=[Interrupt(1, 0)], **settings)
    again = {**settings, "augment": standard(0.5)}  # Keras gives its layers other names
    mended = train(folder, tmp_path / "broken", **again)
    assert same_weights(whole, mended)
    assert whole.history.equals(mended.history)
    assert '"RandomAffine": {"rotation": 2.5,' in mended.settings["augment"]
    plain = train(folder, tmp_path / "plain", **{**settings, "augment": None})
    assert not same_weights(whole, plain)
    for run in (whole, plain):
        table = evaluate(load_run(run.folder).model, run.split(list_cases(folder)).validation)
        assert table["dice"].mean() == pytest.approx(run.history["val_dice"].iloc[-1], abs=1e-5)


@pytest.mark.parametrize(("keep", "kept"), [("best", 2.0), ("last", 3.0)])
def test_the_best_epoch_or_the_last_is_kept(keep, kept, tmp_path):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    (checkpoint,) = (c for c in make_callbacks(tmp_path, keep=keep) if isinstance(c, keras.callbacks.ModelCheckpoint))
    checkpoint.set_model(model)
    for epoch, score in enumerate((0.5, 0.9, 0.8)):
        model.set_weights([np.full((1, 1), epoch + 1.0)])
        checkpoint.on_epoch_end(epoch, {"val_dice": score})
    assert Run(tmp_path).model.get_weights()[0].item() == kept


def test_with_balance_the_smaller_source_counts_as_much(folder, tmp_path):
    cases, lines = list_cases(folder), []
    for number, case in enumerate(cases[:7]):
        source = "MCUCXR" if number < 2 else "CHNCXR"
        shutil.copy(case, tmp_path / f"{source}_{number:04d}_0.npy")
    own = list_cases(tmp_path)
    split = Split([*own[:4], *own[5:]], [own[4]], cases[8:])  # four of Shenzhen, two of Montgomery
    settings = {**SMALL, "batch_size": 1, "report": lines.append}
    run = train(own + cases, tmp_path / "run", split=split, epochs=1, balance=True, **settings)
    assert len(balance_sources(split.train)) == 8
    assert "6 cases in 8 batches" in lines[0]
    assert run.settings["balance"] == "source"
    assert run.settings["count"]["train"] == 6


def test_an_unknown_epoch_to_keep_is_refused(folder, tmp_path):
    with pytest.raises(InputError, match=r"the best or the last epoch. Received: 'worst'"):
        train(folder, tmp_path / "run", keep="worst", **SMALL)
    assert not (tmp_path / "run").exists()


def test_a_cosine_falls_to_a_hundredth_batch_by_batch(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(CosineDecay, "WARM_UP", 5)
    seen = []

    class Look(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen.append(float(self.model.optimizer.learning_rate))

    settings = {**SMALL, "batch_size": 1, "learning_rate": 0.01}
    run = train(folder, tmp_path / "run", epochs=2, schedule="cosine", callbacks=[Look()], **settings)
    decay = CosineDecay(0.01, batches=8, epochs=2)
    assert seen == pytest.approx([decay.rate(step) for step in range(16)], rel=1e-5)
    assert seen[0] == pytest.approx(0.01 / 5)
    assert 1 < seen.index(max(seen)) < 5  # the warm-up, against a cosine that has begun to fall
    assert seen[-1] < 0.0003
    assert run.history["learning_rate"].tolist() == pytest.approx(seen[7::8])


def test_an_unknown_schedule_is_refused(folder, tmp_path):
    with pytest.raises(InputError, match=r"plateau or cosine\. Received: 'linear'"):
        train(folder, tmp_path / "run", schedule="linear", **SMALL)


def test_going_on_keeps_the_counting_of_the_callbacks(finished, tmp_path):
    shutil.copytree(finished[0].folder, tmp_path / "run")
    state = json.loads((tmp_path / "run" / "state.json").read_text())
    callbacks = make_callbacks(tmp_path / "run")
    keep = KeepState(tmp_path / "run", callbacks)
    model = build_unet((32, 32, 1), filters=2, depth=1)
    model.compile("adam", "binary_crossentropy")
    keep.set_model(model)
    keep.on_train_begin()
    best = load_run(tmp_path / "run").history["val_dice"].max()
    (checkpoint,) = (c for c in callbacks if isinstance(c, keras.callbacks.ModelCheckpoint))
    assert checkpoint.best == pytest.approx(best)
    assert keep.epochs_done == state["epochs_done"] == 3
    assert keep.finished


def test_more_epochs_go_on_and_the_same_number_does_nothing(finished, folder, tmp_path):
    shutil.copytree(finished[0].folder, tmp_path / "run")
    lines = []
    settings = {**SMALL, "report": lines.append}
    before = (tmp_path / "run" / "best.keras").read_bytes()
    train(folder, tmp_path / "run", epochs=3, **settings)
    assert "finished" in lines[0]
    assert (tmp_path / "run" / "best.keras").read_bytes() == before
    assert len(train(folder, tmp_path / "run", epochs=4, **settings).history) == 4


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"seed": 3}, "seed"),
        ({"filters": 3}, "network"),
        ({"learning_rate": 0.1}, "learning_rate"),
        ({"augment": standard(1)}, "augment"),
        ({"schedule": "cosine"}, "schedule"),
        ({"balance": True}, "balance"),
    ],
)
def test_a_folder_with_another_training_is_left_alone(change, named, finished, folder):
    run, _ = finished
    before = {path: path.read_bytes() for path in run.folder.iterdir()}
    with pytest.raises(InputError, match=named):
        train(folder, run.folder, epochs=2, **{**SMALL, **change})
    assert {path: path.read_bytes() for path in run.folder.iterdir()} == before


def test_a_folder_with_a_training_on_other_cases_is_left_alone(finished, tmp_path):
    write_phantoms(tmp_path / "others", count=12, size=32, seed=9)
    with pytest.raises(InputError, match="other cases"):
        train(tmp_path / "others", finished[0].folder, epochs=2, **SMALL)


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


def test_a_loss_that_is_no_number_stops_the_training_and_says_why(folder, tmp_path):
    def nan_loss(y_true, y_pred):
        return keras.ops.mean(y_pred, axis=(1, 2, 3)) * float("nan")

    with pytest.raises(InputError, match="learning rate"):
        train(folder, tmp_path / "run", epochs=2, loss=nan_loss, **SMALL)


def test_a_network_and_a_loss_of_ones_own_are_trained_and_loaded(folder, tmp_path):
    def squares(y_true, y_pred):
        return keras.ops.mean(keras.ops.square(y_true - y_pred), axis=(1, 2, 3))

    inputs = keras.Input((32, 32, 1))
    own = keras.Model(inputs, keras.layers.Conv2D(1, 3, padding="same", activation="sigmoid", name="mine")(inputs))
    run = train(folder, tmp_path / "run", epochs=1, model=own, loss=squares, **SMALL)
    assert run.settings["loss"] == "squares"
    assert run.settings["network"] == "own"
    assert load_run(run.folder).model.get_layer("mine").count_params() == 10


def test_a_training_starts_from_the_weights_of_a_run(finished, folder, tmp_path):
    before = finished[0]
    larger = write_phantoms(tmp_path / "larger", count=6, size=48, seed=5)
    # With a learning rate of next to nothing, what comes out is what went in.
    settings = {**SMALL, "filters": 7, "learning_rate": 1e-12, "epochs": 1}
    run = train(tmp_path / "larger", tmp_path / "run", start=before.folder, **settings)
    assert run.settings["network"] == before.settings["network"]
    assert run.model.input_shape == (None, 48, 48, 1)
    kernels = [w for w in run.model.trainable_weights if w.path.endswith("kernel")]
    for new, old in zip(kernels, [w for w in before.model.trainable_weights if w.path.endswith("kernel")], strict=True):
        np.testing.assert_allclose(new.numpy(), old.numpy(), atol=1e-6)
    seen = {*before.split_ids["train"], *before.split_ids["validation"]}
    assert run.seen_before == seen
    own = before.split(list_cases(folder))
    swapped = Split(own.test, own.validation, own.train)
    said = reported(folder, tmp_path / "swapped", split=swapped, start=before, **settings)
    assert f"{len(own.train)} of the test cases trained or chose the network to start from" in said
    assert "finished" in reported(larger, tmp_path / "run", start=before, **settings)
    with pytest.raises(InputError, match="start"):
        train(larger, tmp_path / "run", **{**settings, "filters": 2})
    with pytest.raises(InputError, match="Received: both"):
        train(larger, tmp_path / "other", start=before, model=run.model, **settings)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"epochs": 0}, "number of epochs from 1 upwards. Received: 0"),
        ({"seed": -1}, "seed from 0 upwards. Received: -1"),
        ({"batch_size": 0}, "batch size from 1 upwards. Received: 0"),
        ({"learning_rate": -1}, "learning rate above 0. Received: -1.0"),
        ({"learning_rate": float("nan")}, "learning rate above 0. Received: nan"),
    ],
)
def test_numbers_out_of_range_are_refused_before_anything_is_written(wrong, says, folder, tmp_path):
    split = split_cases(list_cases(folder))
    with pytest.raises(InputError, match=says):
        train(folder, tmp_path / "run", split=split, **{**SMALL, "epochs": 1, **wrong})
    assert not (tmp_path / "run").exists()


def test_a_network_from_elsewhere_is_not_overwritten(finished, folder, tmp_path):
    shutil.copytree(finished[0].folder, tmp_path / "run")
    for name in ("state.json", "history.csv"):
        (tmp_path / "run" / name).unlink()
    before = (tmp_path / "run" / "best.keras").read_bytes()
    with pytest.raises(InputError, match=r"no state\.json"):
        train(folder, tmp_path / "run", epochs=2, **SMALL)
    assert (tmp_path / "run" / "best.keras").read_bytes() == before


def test_epochs_of_a_single_batch(folder, tmp_path):
    run = train(folder, tmp_path / "run", epochs=2, **{**SMALL, "batch_size": 100})
    assert len(run.history) == 2


def test_a_split_of_ones_own_is_kept(folder, tmp_path):
    paths = list_cases(folder)
    split = split_cases(paths, seed=5)
    run = train(paths, tmp_path / "run", split=split, epochs=1, **SMALL)
    assert run.split(paths) == split


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(InputError, match="lungseg train"):
        load_run(tmp_path)
    (tmp_path / "settings.json").write_text("{}")
    with pytest.raises(InputError, match=r"best\.keras"):
        _ = load_run(tmp_path).model
    (tmp_path / "best.keras").write_bytes(b"no model")
    with pytest.raises(InputError, match="it is damaged"):
        _ = load_run(tmp_path).model


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "0 s"), (59.4, "59 s"), (60, "1 min 0 s"), (3599, "59 min 59 s"), (7260, "2 h 1 min")]
)
def test_duration(seconds, said):
    assert duration(seconds) == said
