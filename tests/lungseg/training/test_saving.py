"""What a training writes after an epoch is whole at every moment, and a full disk is told in one line."""

import errno
import os

import keras
import numpy as np
import pytest

from lungseg import InputError, train
from lungseg.files import DiskFull
from lungseg.training import resume
from lungseg.training.saving import SaveHistory, SaveNetwork, reserve
from trainings import SMALL, one_layer

EPOCHS = [
    {"val_dice": 0.25, "loss": np.float32(0.1), "dice": np.float64(1) / 3, "learning_rate": 2e-3},
    {"val_dice": 1e-9, "loss": float("nan"), "dice": 1, "learning_rate": 2e-3},
    {"val_dice": 0.5, "loss": 0.3, "dice": 0.3, "learning_rate": 0.0006000000284984708},
]


class Disturbed:
    """A network whose file is half there when something happens."""

    def __init__(self, happens):
        self.happens = happens

    def save(self, path):
        path.write_bytes(b"half")
        self.happens()
        path.write_bytes(b"whole")


def test_the_network_of_before_is_whole_while_the_next_is_written(tmp_path):
    folder = tmp_path / "run {1}"  # Keras would fill in the braces
    folder.mkdir()
    saving = SaveNetwork(folder / "best.keras", only_best=False)
    for number in range(2):
        (folder / "best.keras").write_bytes(f"before {number}".encode())

        def look(number=number):
            assert (folder / "best.keras").read_bytes() == f"before {number}".encode()

        saving.set_model(Disturbed(look))
        saving.on_epoch_end(number, {})
        assert (folder / "best.keras").read_bytes() == b"whole"

    def full():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    saving.set_model(Disturbed(full))
    with pytest.raises(OSError, match="No space") as caught:
        saving.on_epoch_end(2, {})
    assert caught.value.filename == str(folder / "best.keras")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"best.keras": b"whole"}


def test_without_a_score_there_is_no_best_epoch(tmp_path):
    with pytest.raises(InputError, match=r"best\.keras: expected val_dice.* Received: an epoch with loss, val_loss\. "):
        SaveNetwork(tmp_path / "best.keras").on_epoch_end(0, {"val_loss": 1.0, "loss": 2.0})


def test_the_history_has_the_bytes_that_keras_writes_also_where_it_goes_on(tmp_path):
    def write(logger, *epochs):
        logger.on_train_begin()
        for epoch in epochs:
            logger.on_epoch_end(epoch, dict(EPOCHS[epoch]))
        logger.on_train_end()

    keras_own, ours = tmp_path / "keras.csv", tmp_path / "ours.csv"
    for path, logger in [(keras_own, lambda path: keras.callbacks.CSVLogger(path, append=True)), (ours, SaveHistory)]:
        write(logger(path), 0, 1)
        write(logger(path), 2)
    assert ours.read_bytes() == keras_own.read_bytes()
    # Columns stay: what one's own callback has begun or ceased to log is left out, or not available.
    SaveHistory(ours).on_epoch_end(3, {"own": 1, "loss": 0.5})
    assert ours.read_bytes().splitlines()[-1] == b"3,NA,NA,0.5,NA"
    assert {path.name for path in tmp_path.iterdir()} == {"keras.csv", "ours.csv"}


def test_the_room_that_is_asked_for_is_that_of_the_weights(tmp_path):
    model = keras.Sequential([keras.Input((100,)), keras.layers.Dense(5000)])
    model.compile("adam", "mse")
    model.optimizer.build(model.trainable_variables)
    reserve(tmp_path / "room", model)
    model.save_weights(tmp_path / "a.weights.h5")
    needed, asked = ((tmp_path / name).stat().st_size for name in ("a.weights.h5", "room"))
    assert needed <= asked < 1.1 * needed


@pytest.mark.slow
def test_a_full_disk_is_one_line_and_all_of_the_epoch_before_is_kept(folder, tmp_path, monkeypatch):
    run = tmp_path / "run"
    train(folder, run, epochs=1, model=one_layer(), **SMALL)
    for what, owner, name in [("best.keras", SaveNetwork, "on_epoch_end"), ("weights", resume, "reserve")]:

        def full(*arguments, what=what, **settings):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(run / what))

        said = rf"{what}: the disk is full\. All is kept as it was after epoch 1, and"
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, full)
            with pytest.raises(DiskFull, match=said) as caught:
                train(folder, run, epochs=2, model=one_layer(), **SMALL)
        assert "\n" not in str(caught.value)
    assert train(folder, run, epochs=2, model=one_layer(), **SMALL).history["epoch"].tolist() == [0, 1]
