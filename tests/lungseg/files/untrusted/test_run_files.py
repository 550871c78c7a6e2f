"""The files of a run folder, each against its schema: what a training wrote is read, and all else is one short line."""

import json
from pathlib import Path

import numpy as np
import pytest

from lungseg.cases import case_id
from lungseg.errors import InputError
from lungseg.files.untrusted.run_files import read_history, read_settings, read_split, read_state
from lungseg.runs import PretrainedRun, Run, load_run, write_json
from lungseg.splits import load_split

OLDER = Path(__file__).parents[2] / "older" / "run"
SETTINGS = json.loads((OLDER / "settings.json").read_text(encoding="utf-8"))
SPLIT = {"train": ["a", "b"], "validation": ["c"], "test": []}
STATE = json.loads((OLDER / "state.json").read_text(encoding="utf-8"))


def write(folder, name, content):
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def refuse(read, path, key):
    with pytest.raises(InputError) as refused:
        read(path)
    message = str(refused.value)
    assert message.startswith(f"{path}")
    assert key in message
    assert "expected " in message
    assert "Received: " in message
    assert message.isprintable()
    assert len(message) < len(str(path)) + 420
    return message


def test_what_was_written_is_read():
    assert read_settings(OLDER / "settings.json") == SETTINGS
    assert read_state(OLDER / "state.json") == STATE
    assert set(read_split(OLDER / "split.json")) == {"train", "validation", "test"}
    assert PretrainedRun().settings["count"]["train"] == len(PretrainedRun().split_ids["train"])


def test_settings_of_a_notebook_and_of_a_version_to_come_are_read(tmp_path):
    others = {
        "code": {"Dice": "student"},
        "size": 64,
        "balance": False,
        "network": "own",
        "start": None,
        "new": [1, {"a": 2}],
    }
    settings = {**SETTINGS, **others}
    assert read_settings(write(tmp_path, "settings.json", settings)) == settings
    assert read_settings(write(tmp_path, "settings.json", {})) == {}


BAD_SETTINGS = [
    *[("cases", value) for value in (5, [], {"a": 1}, True, "a\0b", "a" * 5000)],
    *[
        ("count", value)
        for value in (3, None, "all", [1, 2], {"train": "many"}, {"train": -1}, {"other": 1}, {"train": 1.5})
    ],
    *[
        ("size", value)
        for value in (10**9, 0, -1, "256", [256], [256, 256, 1], [10**9, 256], [None, None], 2.5, True, {})
    ],
    *[("epochs", value) for value in ("many", 0, -3, None, 1.5, [], 10**30, True)],
    *[("seed", value) for value in (-1, 2**32, "0", None)],
    *[("batch_size", value) for value in (0, "8", None)],
    *[("learning_rate", value) for value in ("fast", -1, None, [], 1e300)],
    *[("loss", value) for value in (None, 5, ["dice"])],
    *[("keep", value) for value in (None, "worst", ["best"], {}, 5)],
    *[("schedule", value) for value in (None, 3)],
    *[("seen_before", value) for value in ("a", {"a": 1}, [1], ["../a"], ["a", "a"], [None])],
    *[
        ("network", value)
        for value in ({"evil": 1}, {"filters": 10**6}, {"depth": 10**9}, {"dropout": 2}, 5, [], {"filters": "16"})
    ],
    *[
        ("network", value)
        for value in ({"filters": 0}, {"depth": None}, {"filters": -16}, {"name": "x"}, {"filters": 16.5})
    ],
    *[("parameters", value) for value in ("many", -1, 1.5, 10**400)],
    *[("preparation", value) for value in ("usual", {"low": "5"}, {"crop": 1}, {"low": 5.0, "more": 1}, [5, 95])],
    *[("keras", value) for value in (3, None)],
    *[("start", value) for value in (5, {}, "a\0b")],
    *[("fingerprint", value) for value in (5, "a", {"train": 5}, {"other": "a"})],
    *[("threads", value) for value in ("two", -1, 1.5)],
]


@pytest.mark.parametrize(("key", "value"), BAD_SETTINGS, ids=lambda value: str(value)[:25])
def test_settings_that_nobody_could_have_made_are_told_by_their_key(tmp_path, key, value):
    refuse(read_settings, write(tmp_path, "settings.json", {**SETTINGS, key: value}), key)


def test_a_folder_whose_name_is_no_text_is_kept(tmp_path):
    settings = {"cases": "/data/h\udcf4pital", "loss": "größe"}
    write_json(tmp_path / "settings.json", settings)
    assert read_settings(tmp_path / "settings.json") == settings


def test_a_network_that_would_eat_the_machine_is_refused(tmp_path):
    path = write(tmp_path, "settings.json", {**SETTINGS, "network": {"filters": 4096, "depth": 12, "dropout": 0}})
    assert "16777216" in refuse(read_settings, path, "filters")


BAD_SPLITS = [
    *({"train": 5}, {"train": None}, {"test": "a"}, {"validation": {"a": 1}}, {"train": [None]}, {"train": [["a"]]}),
    *({"train": [5]}, {"train": ["../a"]}, {"train": ["a/b"]}, {"test": [""]}, {"train": ["a", "a"]}, {"train": ["c"]}),
    *(
        {"train": ["Mu\u0308ller"], "test": ["M\u00fcller"]},
        {"train": ["a.npy"], "test": ["a_mask"]},
        {"more": []},
        {"train": ["a" * 9000]},
    ),
]


@pytest.mark.parametrize("change", BAD_SPLITS, ids=lambda value: ascii(value)[:30])
def test_a_split_that_is_none_is_refused(tmp_path, change):
    path = write(tmp_path, "split.json", {**SPLIT, **change})
    refuse(read_split, path, "")
    refuse(lambda path: load_split(path, [tmp_path / "a.npy"]), path, "")


def test_a_part_that_is_missing_is_named(tmp_path):
    assert "the key test" in refuse(read_split, write(tmp_path, "split.json", {"train": [], "validation": []}), "test")


@pytest.mark.parametrize("end", ["", ".npy", "_mask", "_mask.npy"])  # somebody has written the names of files
def test_cases_of_a_split_are_found_as_people_see_their_names(tmp_path, end):
    names = {"train": [f"Mu\u0308ller{end}"], "validation": [], "test": [f"Jose\u0301{end}"]}
    path = write(tmp_path, "split.json", names)
    assert read_split(path) == {"train": ["M\u00fcller"], "validation": [], "test": ["Jos\u00e9"]}
    found = load_split(path, [Path("M\u00fcller.npy"), Path("Jos\u00e9_mask.npy")])
    assert [case_id(path) for path in found.train + found.test] == ["M\u00fcller", "Jos\u00e9"]


BAD_STATES = [
    *[("epochs_done", value) for value in (-1, None, "8", 1.5, True, [], 10**30)],
    *[("finished", value) for value in (None, 1, "yes")],
    *[
        ("weights", value)
        for value in (
            None,
            5,
            "../thesis.weights.h5",
            "/etc/passwd",
            "thesis.docx",
            "C:a.weights.h5",
            "",
            ".weights.h5",
            "a/b.weights.h5",
            "epoch_0007.weights.h5",
        )
    ],
    *[("seeds", value) for value in (None, 5, "a", [5], [["a", "b"]], [[-1, 0]], [[2**40]], [[1.5]], [[]])],
    *[
        ("callbacks", value)
        for value in (
            None,
            {},
            [5],
            [[]],
            [{"class": 5}],
            [{"class": "A", "wait": []}],
            [{"class": "A", "wait": "long"}],
            [{"class": "A", "best": "0.9"}],
            [{"class": "A", "best": True}],
            [{"class": "A", "best": {"a": 1}}],
        )
    ],
]


@pytest.mark.parametrize(("key", "value"), BAD_STATES, ids=lambda value: str(value)[:25])
def test_a_state_that_is_none_is_told_by_its_key(tmp_path, key, value):
    refuse(read_state, write(tmp_path, "state.json", {**STATE, key: value}), key)


@pytest.mark.parametrize("key", [*STATE, ""])
def test_a_state_that_lacks_a_key_is_refused(tmp_path, key):
    content = {name: value for name, value in STATE.items() if name != key} if key else {}
    refuse(read_state, write(tmp_path, "state.json", content), key or "epochs_done")


def test_a_score_that_was_never_reached_is_read(tmp_path):
    callbacks = [{"class": "EarlyStopping", "best": float("-inf"), "wait": 1}]
    assert read_state(write(tmp_path, "state.json", {**STATE, "callbacks": callbacks}))["callbacks"] == callbacks


# --------------------------------------------------------------------------- history.csv

HISTORY = "epoch,dice,loss,own\n0,0.5271967053413391,1.25,low\n1,NA,nan,high\n"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.replace(",", ";").replace(".", ",").replace("\n", "\r\n").encode("cp1252"),
        lambda text: text.replace(",", "\t").encode("utf-16"),
    ],
    ids=["as written", "with a mark", "decimal commas", "Unicode text"],
)
def test_a_history_is_read_as_spreadsheets_save_it(tmp_path, change):
    path = tmp_path / "history.csv"
    path.write_bytes(change(HISTORY))
    table = read_history(path)
    assert table["epoch"].tolist() == [0, 1]
    assert table["epoch"].dtype == int
    np.testing.assert_array_equal(table["dice"], [0.5271967053413391, np.nan])
    np.testing.assert_array_equal(table["loss"], [1.25, np.nan])
    assert table["own"].tolist() == ["low", "high"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "Received: none"),
        (b"epoch,dice\n", "Received: none"),
        (b"epoch,dice\n0,high\n", "expected numbers of dice. Received: 'high'"),
        (b"epoch,val_loss\n0,0.1\nepoch,val_loss\n", "expected numbers of epoch. Received: 'epoch'"),
        (b"epoch,dice\n0,0.5\n1", "Received: 1 in row 3"),
        (b"epoch,dice\n0,0.5\n,0.6\n", "expected whole numbers of epoch"),
        (b"epoch,dice\n0.5,0.5\n", "expected whole numbers of epoch"),
        (b"epoch,dice\n1e999,0.5\n", "expected whole numbers of epoch"),
        (bytes(300), "NUL bytes"),
        (b"\x89PNG\r\n\x1a\n\x81", "no text"),
        (b"epoch,dice\n0," + b"9" * 200_000, "field larger"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_history_that_is_none_is_one_short_line(tmp_path, content, says):
    path = tmp_path / "history.csv"
    path.write_bytes(content)
    assert says in refuse(read_history, path, "")
    assert says in refuse(lambda path: Run(path.parent).history, path, "")


# --------------------------------------------------------------------------- the folder


def test_a_run_whose_settings_are_none_is_not_opened(tmp_path):
    path = write(tmp_path, "settings.json", {"network": {"evil": 1}})
    refuse(lambda path: load_run(path.parent), path, "network")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no archive", "objects", "too few"], ids=str)
def test_weights_that_are_none_are_one_line(tmp_path, content, monkeypatch):
    run = PretrainedRun()
    for file in run.folder.iterdir():
        if file.is_file() and file.name != "weights.npz":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    if content == "objects":
        np.savez(tmp_path / "weights.npz", **{"0000": np.array([{}, 1])})
    elif content == "too few":
        np.savez(tmp_path / "weights.npz", **{"0000": np.zeros(3)})
    else:
        (tmp_path / "weights.npz").write_bytes(content)
    monkeypatch.setattr(run, "folder", tmp_path)
    with pytest.raises(InputError, match=r"weights\.npz") as refused:
        run.build(64)
    assert "\n" not in str(refused.value)
