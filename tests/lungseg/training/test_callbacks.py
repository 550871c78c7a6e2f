"""The callbacks of a training: which epoch is kept, the learning rate, and losses that are no number."""

import keras
import numpy as np
import pytest

from lungseg import InputError, load_run, train
from lungseg.runs import Run
from lungseg.training import callbacks
from lungseg.training.callbacks import CosineDecay, duration, make_callbacks
from lungseg.training.saving import SaveNetwork
from trainings import SMALL, one_layer


def test_what_steers_a_training(tmp_path):
    callbacks = make_callbacks(tmp_path)
    kinds = [type(callback).__name__ for callback in callbacks]
    assert kinds == ["StopAtNaN", "SaveNetwork", "ReduceLROnPlateau", "EarlyStopping", "SaveHistory"]
    _, saving, slower, stop, _ = callbacks
    assert {(callback.monitor, callback.mode) for callback in (slower, stop)} == {("val_dice", "max")}
    assert (saving.monitor, saving.only_best) == ("val_dice", True)
    assert (slower.factor, slower.patience, slower.min_delta, stop.patience) == (0.3, 2, 5e-4, 6)


@pytest.mark.parametrize(("keep", "kept"), [("best", 2.0), ("last", 5.0)])
def test_the_best_epoch_or_the_last_is_kept(keep, kept, tmp_path):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    (saving,) = (c for c in make_callbacks(tmp_path, keep=keep) if isinstance(c, SaveNetwork))
    saving.set_model(model)
    for epoch, score in enumerate((0.5, 0.9, 0.9, float("nan"), 0.8)):  # of two that are equal, the first
        model.set_weights([np.full((1, 1), epoch + 1.0)])
        saving.on_epoch_end(epoch, {"val_dice": score})
    assert Run(tmp_path).model.get_weights()[0].item() == kept
    assert [path.name for path in tmp_path.iterdir()] == ["best.keras"]


@pytest.mark.slow
def test_a_cosine_falls_to_a_hundredth_batch_by_batch(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(CosineDecay, "WARM_UP", 5)
    seen = []

    class Look(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen.append(float(self.model.optimizer.learning_rate))

    settings = {**SMALL, "batch_size": 1, "learning_rate": 0.01, "model": one_layer()}
    run = train(folder, tmp_path / "run", epochs=2, schedule="cosine", callbacks=[Look()], **settings)
    decay = CosineDecay(0.01, batches=8, epochs=2)
    assert seen == pytest.approx([decay.rate(step) for step in range(16)], rel=1e-5)
    assert seen[0] == pytest.approx(0.01 / 5)
    assert 1 < seen.index(max(seen)) < 5  # the warm-up, against a cosine that has begun to fall
    assert seen[-1] < 0.0003
    assert run.history["learning_rate"].tolist() == pytest.approx(seen[7::8])


@pytest.mark.slow
def test_no_epoch_that_is_no_number_is_kept(folder, tmp_path):
    class Spoil(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 1:
                self.model.set_weights([array * np.nan for array in self.model.get_weights()])

    with pytest.raises(InputError, match=r"epoch 2 is not a number.*learning rate"):
        train(folder, tmp_path / "run", epochs=3, keep="last", model=one_layer(), callbacks=[Spoil()], **SMALL)
    run = load_run(tmp_path / "run")
    assert len(run.history) == 1
    assert all(np.isfinite(array).all() for array in run.model.get_weights())


@pytest.mark.parametrize(
    ("batches", "said"),
    [
        (1, ["4 s left", "3 s left"]),  # of the first epoch, the validation was timed
        (4, ["13 s left", "6 s left"]),  # of which three batches and the validation were timed
        (20, ["About 22 s an epoch, at most 1 min 6 s in all.", "44 s left", "22 s left"]),
    ],
)
def test_the_time_that_is_left_is_told_without_the_first_batch_which_builds_the_graph(batches, said, monkeypatch):
    now, lines = [0.0], []
    monkeypatch.setattr(callbacks.time, "perf_counter", lambda: now[0])
    progress = callbacks.Progress(lines.append, batches, 3, 0.0)
    logs = dict.fromkeys(("loss", "dice", "val_loss", "val_dice"), 0.5)
    for epoch in range(3):
        progress.on_epoch_begin(epoch)
        for batch in range(batches):
            now[0] += 60 if (epoch, batch) == (0, 0) else 1
            progress.on_train_batch_end(batch)
        now[0] += 2
        progress.on_epoch_end(epoch, logs)
    told = [line.rpartition("at most ")[2] if "left" in line else line for line in lines[:-1]]
    assert told == said
    assert "left" not in lines[-1]


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "0 s"), (59.4, "59 s"), (60, "1 min 0 s"), (3599, "59 min 59 s"), (7260, "2 h 1 min")]
)
def test_duration(seconds, said):
    assert duration(seconds) == said
