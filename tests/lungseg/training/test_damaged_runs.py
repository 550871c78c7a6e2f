"""Trainings whose folder was damaged or changed by hand: told in one line, before anything in it changes."""

import shutil

import h5py
import keras
import pytest

from lungseg import InputError, train
from lungseg.files.untrusted import read_json
from lungseg.runs import write_json
from lungseg.training.resume import KeepState, cut_history
from trainings import SMALL

pytestmark = pytest.mark.slow


def test_damaged_weights_are_refused_in_one_line(tmp_path):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    model.compile("adam", "mse")
    model.optimizer.build(model.trainable_variables)
    state = KeepState(tmp_path, [])
    state.set_model(model)
    state.on_epoch_end(0)
    state.on_train_begin()
    weights = tmp_path / "epoch_0001.weights.h5"
    whole = weights.read_bytes()
    with h5py.File(weights, "r+") as file:  # of which Keras only warns, and begins anew
        del file["optimizer/vars"]
        file.create_group("optimizer/vars")
    with pytest.raises(InputError, match="cannot be loaded"):
        state.on_train_begin()
    for start in range(0, 2000, 160):  # HDF5 has another error for each of its parts
        weights.write_bytes(whole[: start + 9] + whole[start:])
        with pytest.raises(InputError, match="cannot be loaded"):
            state.on_train_begin()
    place = 8 * whole.index(model.get_weights()[0].tobytes())
    for bit in range(place, place + 8 * 4 * 12, 31):  # of a single number: nothing but a checksum tells
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        weights.write_bytes(damaged)
        with pytest.raises(InputError, match=r"cannot be loaded: epoch_0001.* holds other numbers"):
            state.on_train_begin()
    write_json(tmp_path / "state.json", without_checksums(read_json(tmp_path / "state.json")))
    state.on_train_begin()


def without_checksums(state):
    """The state as older versions wrote it."""
    return {key: value for key, value in state.items() if key not in ("checksum", "numbers")}


HOSTILE = {
    "nothing in it": lambda state: {},
    "epochs below 0": lambda state: {**state, "epochs_done": -3},
    "epochs of later": lambda state: {**state, "epochs_done": 99},
    "no epoch done": lambda state: {**state, "epochs_done": 0},
    "nothing counted": lambda state: {**state, "callbacks": []},
    "counted by another": lambda state: {**state, "callbacks": [{"class": "Other"}] * len(state["callbacks"])},
    "weights null": lambda state: {**state, "weights": None},
    "weights elsewhere": lambda state: {**state, "weights": "../thesis.weights.h5"},
    "seeds of text": lambda state: {**state, "seeds": [["a", "b"]]},
    "callbacks of lists": lambda state: {**state, "callbacks": [[], []]},
    "a seed less": lambda state: {**state, "seeds": state["seeds"][1:]},
}
CHANGED = {
    "another seed": lambda state: {**state, "seeds": [[0, 0] for _ in state["seeds"]]},
    "a better score": lambda state: {**state, "callbacks": [{**counted, "best": 9} for counted in state["callbacks"]]},
    "another checksum": lambda state: {**state, "checksum": "0"},
}


@pytest.mark.parametrize("damage", ["no state", "no JSON", "no weights", "other weights", *HOSTILE, *CHANGED])
def test_a_damaged_state_destroys_nothing(damage, finished, folder, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(finished.folder, run)
    state, weights = run / "state.json", next(run.glob("epoch_*"))
    if damage == "no state":
        state.unlink()
    elif damage == "no JSON":
        state.write_text(state.read_text()[:20])
    elif damage == "no weights":
        weights.unlink()
    elif damage in HOSTILE:
        write_json(state, HOSTILE[damage](without_checksums(read_json(state))))
    elif damage in CHANGED:
        write_json(state, CHANGED[damage](read_json(state)))
    else:
        weights.write_bytes(b"no weights")
    (tmp_path / "thesis.weights.h5").write_bytes(b"of years")
    before = (run / "best.keras").read_bytes(), (run / "history.csv").read_text().splitlines()
    with pytest.raises(InputError, match=r"state\.json"):
        train(folder, run, epochs=5, **SMALL)
    assert ((run / "best.keras").read_bytes(), (run / "history.csv").read_text().splitlines()) == before
    assert (tmp_path / "thesis.weights.h5").read_bytes() == b"of years"


EMPTY_ARCHIVE = b"PK\5\6" + bytes(18)


@pytest.mark.parametrize("content", [None, b"", b"PK\3\4 and no end", EMPTY_ARCHIVE, "flipped"])
def test_a_training_whose_best_network_is_gone_is_not_gone_on_with(content, finished, folder, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(finished.folder, run)
    (run / "best.keras").unlink()
    if content == "flipped":  # a bit in the weights, which the checksum of the archive tells
        content = bytearray((finished.folder / "best.keras").read_bytes())
        content[len(content) // 2] ^= 1
    if content is not None:
        (run / "best.keras").write_bytes(content)
    with pytest.raises(InputError, match=r"best\.keras: expected the best network so far"):
        train(folder, run, epochs=5, **SMALL)


def test_a_damaged_split_is_told_as_what_it_is(finished, folder, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(finished.folder, run)
    write_json(run / "split.json", {**read_json(run / "split.json"), "test": ["../thesis"]})
    with pytest.raises(InputError, match=r"split\.json: expected test to be a list of names"):
        train(folder, run, epochs=5, **SMALL)


WRITTEN = "epoch,dice,loss\r\n0,0.5,1.25\r\n1,NA,1e-05\r\n2,0.7,0.5\r\n"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.replace(",", ";").replace(".", ",").encode("cp1252"),
        lambda text: text.replace(",", "\t").encode("utf-16"),
    ],
    ids=["as written", "with a mark", "decimal commas", "Unicode text"],
)
def test_a_history_that_a_spreadsheet_has_saved_is_gone_on_with(tmp_path, change):
    (tmp_path / "history.csv").write_bytes(change(WRITTEN))
    cut_history(tmp_path, 2)
    assert (tmp_path / "history.csv").read_bytes() == WRITTEN.encode()[: WRITTEN.index("2,0.7")]


def test_a_history_to_which_no_row_can_be_added_is_told_before_anything_changes(finished, folder, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(finished.folder, run)
    (run / "history.csv").write_bytes(bytes(300))
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    with pytest.raises(InputError, match=r"history\.csv: expected a table\. Received: NUL bytes"):
        train(folder, run, epochs=5, **SMALL)
    assert {path.name: path.read_bytes() for path in run.iterdir()} == before
