"""Tables whose numbers were worked out by hand, and networks made of one line."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from lungseg.errors import InputError
from lungseg.evaluation import (
    evaluate,
    evaluate_masks,
    read_evaluation,
    summarise,
    summary_text,
    write_evaluation,
)

COLUMNS = ["case", "source", "diagnosis", "dice", "jaccard", "hd95", "assd", "components", "tp", "fp", "fn"]


def identity(images):
    """A perfect network for cases whose image is their mask."""
    return images


class Recorder:
    """Stands for a Keras model and writes down the shapes it is given."""

    def __init__(self):
        self.batches = []

    def predict_on_batch(self, images):
        self.batches.append(images.copy())
        return images

    def __call__(self, images):
        raise AssertionError("predict_on_batch goes first")


def save_case(folder, name, mask, image=None):
    mask = np.asarray(mask, dtype=np.float32)
    path = folder / f"{name}.npy"
    np.save(path, np.stack([mask if image is None else image, mask], axis=-1))
    return path


@pytest.fixture
def cases(tmp_path):
    """Eleven 8 x 8 cases; in case i the first i + 1 pixels are lung."""
    paths = []
    for i in range(11):
        mask = np.zeros(64)
        mask[: i + 1] = 1
        paths.append(save_case(tmp_path, f"PHANTOM_{i:04d}_{i % 2}", mask.reshape(8, 8)))
    return paths


# --- one row ---------------------------------------------------------------------------------------------


def test_a_row_counted_by_hand():
    # Truth: a bar of 4. Prediction: the same bar shifted by one, and an island of 1 two rows below its end.
    truth, prediction = np.zeros((2, 5, 7))
    truth[1, 1:5] = 1
    prediction[1, 2:6] = 1
    prediction[3, 5] = 1
    row = evaluate_masks("data/CHNCXR_0317_1_mask.npy", truth, prediction)
    assert list(row) == COLUMNS
    assert (row["case"], row["source"], row["diagnosis"]) == ("CHNCXR_0317_1", "Shenzhen", "tuberculosis")
    assert (row["tp"], row["fp"], row["fn"], row["components"]) == (3, 2, 1, 2)
    assert row["dice"] == pytest.approx(6 / 9)
    assert row["jaccard"] == pytest.approx(3 / 6)
    # There: 1 0 0 0. Back: 0 0 0 1 and the island, whose nearest pixel is two rows up and one to the left.
    island = np.sqrt(5)
    assert row["assd"] == pytest.approx((1 + 1 + island) / 9)
    assert row["hd95"] == pytest.approx(1 + 0.8 * (island - 1))  # rank 0.95 * 4 = 3.8 of 0 0 0 1 island
    json.dumps(row)  # plain numbers only


@pytest.mark.parametrize(
    ("truth", "prediction", "overlap", "distance", "components"),
    [(0, 0, 1, 0, 0), (1, 1, 1, 0, 1), (0, 1, 0, 50, 1), (1, 0, 0, 50, 0)],
)
def test_empty_and_full_masks(truth, prediction, overlap, distance, components):
    row = evaluate_masks("x", np.full((30, 40), truth), np.full((30, 40), prediction))
    assert (row["dice"], row["jaccard"], row["hd95"], row["assd"]) == (overlap, overlap, distance, distance)
    assert row["components"] == components
    assert (row["source"], row["diagnosis"]) == ("other", "unknown")


def test_masks_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match="same shape"):
        evaluate_masks("x", np.zeros((4, 4)), np.zeros((4, 5)))
    with pytest.raises(InputError, match="predicted mask"):
        evaluate_masks("x", np.zeros((4, 4)), np.full((4, 4), 0.3))


# --- a table ---------------------------------------------------------------------------------------------


def test_one_row_a_case_in_the_order_given(cases):
    order = [cases[i] for i in (7, 2, 10, 0, 5)]
    table = evaluate(identity, order, batch_size=2)
    assert list(table.columns) == COLUMNS
    assert table["case"].tolist() == [path.stem for path in order]
    assert table["tp"].tolist() == [8, 3, 11, 1, 6]
    assert (table["dice"] == 1).all()


@pytest.mark.parametrize("batch_size", [1, 3, 4, 11, 50])
def test_each_batch_has_the_same_size_and_type(cases, batch_size):
    model = Recorder()
    table = evaluate(model, cases, batch_size=batch_size)
    assert {batch.shape for batch in model.batches} == {(batch_size, 8, 8, 1)}
    assert {batch.dtype for batch in model.batches} == {np.dtype("float32")}
    assert len(model.batches) == -(-11 // batch_size)
    assert len(table) == 11


def test_the_last_batch_is_filled_with_black(cases):
    model = Recorder()
    evaluate(model, cases[:5], batch_size=4)
    assert model.batches[1][0].any()
    assert not model.batches[1][1:].any()


def test_the_batch_size_does_not_change_the_numbers(cases):
    def network(images):
        return np.clip(images * 0.4 + np.roll(images, 1, axis=2) * 0.6, 0, 1)

    one, four = (evaluate(network, cases, batch_size=size) for size in (1, 4))
    pd.testing.assert_frame_equal(one, four)
    assert one["fp"].sum() > 0


def test_sizes_may_differ_from_case_to_case(tmp_path):
    paths = [save_case(tmp_path, f"PHANTOM_{i:04d}_0", np.ones((n, 6))) for i, n in enumerate([4, 4, 9, 4, 9, 9, 9])]
    model = Recorder()
    table = evaluate(model, paths, batch_size=2)
    assert table["tp"].tolist() == [24, 24, 54, 24, 54, 54, 54]
    assert [batch.shape for batch in model.batches] == [(2, n, 6, 1) for n in (4, 9, 4, 9, 9)]


def test_no_more_than_a_batch_is_read_ahead(cases, monkeypatch):
    import lungseg.prediction.cases as room

    read = []
    load = room.load_case
    monkeypatch.setattr(room, "load_case", lambda path: read.append(path) or load(path))

    def network(images):
        ahead.append(len(read))
        return images

    ahead = []
    evaluate(network, cases, batch_size=3)
    # One case is read to see that it does not belong to the batch any more.
    assert ahead == [4, 7, 10, 11]


def test_probabilities_from_the_threshold_on_are_lung(tmp_path):
    path = save_case(tmp_path, "x", [[1, 1, 1, 1]], image=np.float32([[0.25, 0.5, 0.75, 1]]))
    assert evaluate(identity, [path])["tp"].tolist() == [3]
    assert evaluate(identity, [path], threshold=0.75)["tp"].tolist() == [2]


def test_cleaning_is_on_request(tmp_path):
    truth = np.zeros((12, 12))
    truth[2:10, 1:5] = truth[2:10, 7:11] = 1
    image = truth.copy()
    image[5, 2] = 0  # a hole
    image[11, 11] = 1  # an island
    path = save_case(tmp_path, "x", truth, image)
    as_it_is, cleaned = (evaluate(identity, [path], clean=clean).iloc[0] for clean in (False, True))
    assert (as_it_is["components"], as_it_is["fp"], as_it_is["fn"]) == (3, 1, 1)
    assert (cleaned["components"], cleaned["fp"], cleaned["fn"], cleaned["dice"]) == (2, 0, 0, 1)


def test_output_without_a_channel_and_as_nested_lists_will_do(cases):
    assert (evaluate(lambda images: images[..., 0], cases)["dice"] == 1).all()
    assert (evaluate(lambda images: images.tolist(), cases)["dice"] == 1).all()


def test_a_tensor_with_gradients_is_detached_first(cases):
    class Tensor:
        def __init__(self, values):
            self.values = values

        def __array__(self, *args, **kwargs):
            raise RuntimeError("carries gradients")

        def detach(self):
            return self

        def cpu(self):
            return self.values

    assert (evaluate(Tensor, cases)["dice"] == 1).all()


def test_progress_is_shown_on_request(cases, capsys):
    evaluate(identity, cases[:2])
    assert capsys.readouterr().err == ""
    evaluate(identity, cases[:2], progress=True)
    assert "2/2" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("network", "says"),
    [
        (lambda images: images.repeat(2, axis=-1), r"one probability a pixel.*\(8, 8, 8, 2\)"),
        (lambda images: images[:, :4], r"\(8, 4, 8, 1\)"),
        (lambda images: images * 7 - 3, "PHANTOM_0000_0.npy.*from -3 to 4.*sigmoid"),
        (lambda images: images * np.nan, "PHANTOM_0000_0.npy.*nan"),
        ("best.keras", "Received: str"),
    ],
)
def test_a_network_that_answers_something_else_is_refused(cases, network, says):
    with pytest.raises(InputError, match=says) as error:
        evaluate(network, cases)
    assert "\n" not in str(error.value)


def test_nonsense_predicted_for_the_filling_is_of_no_account(cases):
    def network(images):
        empty = ~images.any(axis=(1, 2, 3))
        return np.where(empty[:, None, None, None], np.nan, images)

    assert (evaluate(network, cases[:5], batch_size=4)["dice"] == 1).all()


def test_a_network_for_another_size_is_refused_by_name(cases):
    model = Recorder()
    model.input_shape = (None, 128, 128, 1)
    with pytest.raises(InputError, match=r"PHANTOM_0000_0.npy.*\(128, 128, 1\).*\(8, 8, 1\)"):
        evaluate(model, cases)
    model.input_shape = (None, None, None, 1)
    assert len(evaluate(model, cases)) == 11


def test_a_bad_case_is_named(cases):
    np.save(cases[4], np.full((8, 8, 2), np.nan))
    with pytest.raises(InputError, match=r"PHANTOM_0004_0\.npy"):
        evaluate(identity, cases)
    cases[4].unlink()
    with pytest.raises(InputError, match=r"PHANTOM_0004_0\.npy"):
        evaluate(identity, cases)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"cases": []}, "at least one"),
        ({"cases": "folder"}, "list_cases"),
        ({"batch_size": 0}, "batch size"),
        ({"batch_size": 2.5}, "batch size"),
        ({"threshold": 0}, "threshold"),
        ({"threshold": 128}, "threshold"),
        ({"threshold": float("nan")}, "threshold"),
    ],
)
def test_bad_settings_are_refused(cases, settings, says):
    with pytest.raises(InputError, match=says):
        evaluate(**{"model": identity, "cases": cases, **settings})


# --- a summary -------------------------------------------------------------------------------------------


@pytest.fixture
def table():
    rows = [
        ("a", "Shenzhen", "normal", 0.9, 0.8, 2.0, 1.0, 2, 90, 10, 10),
        ("b", "Shenzhen", "tuberculosis", 0.5, 0.4, 8.0, 3.0, 3, 10, 10, 10),
        ("c", "Montgomery", "normal", 1.0, 1.0, 0.0, 0.0, 2, 100, 0, 0),
        ("d", "Montgomery", "normal", 0.8, 0.6, 30.0, 4.0, 2, 40, 10, 10),
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def test_summary_by_hand(table):
    summary = summarise(table)
    assert summary["count"] == 4
    dice = summary["dice"]
    assert dice["mean"] == pytest.approx(0.8)
    assert dice["median"] == pytest.approx(0.85)
    assert dice["sd"] == pytest.approx(np.sqrt((0.1**2 + 0.3**2 + 0.2**2 + 0) / 3))
    assert (dice["worst"], dice["worst_case"]) == (0.5, "b")
    assert (summary["hd95"]["worst"], summary["hd95"]["worst_case"]) == (
        30,
        "d",
    )  # the largest, not the smallest
    assert summary["hd95"]["mean"] == pytest.approx(10)
    assert (summary["assd"]["median"], summary["assd"]["worst_case"]) == (2, "d")
    assert (summary["jaccard"]["mean"], summary["jaccard"]["worst_case"]) == (pytest.approx(0.7), "b")
    assert summary["pooled_f1"] == pytest.approx(480 / (480 + 30 + 30))  # not 0.8
    assert summary["two_components"] == 0.75


def test_summary_by_group(table):
    summary = summarise(table)
    assert list(summary["by_source"]) == ["Montgomery", "Shenzhen"]
    assert summary["by_source"]["Montgomery"]["dice"]["mean"] == pytest.approx(0.9)
    assert summary["by_source"]["Shenzhen"]["pooled_f1"] == pytest.approx(200 / 240)
    assert summary["by_diagnosis"]["normal"]["count"] == 3
    assert summary["by_diagnosis"]["tuberculosis"]["dice"]["worst_case"] == "b"
    pairs = summary["by_source_and_diagnosis"]
    assert {name: group["count"] for name, group in pairs.items()} == {
        "Montgomery, normal": 2,
        "Shenzhen, normal": 1,
        "Shenzhen, tuberculosis": 1,
    }
    assert pairs["Shenzhen, normal"]["dice"]["sd"] is None  # a single case has no spread


def test_summary_is_strict_json(table):
    summary = summarise(table)
    assert json.loads(json.dumps(summary, allow_nan=False)) == summary


def test_the_index_of_the_table_does_not_matter(table):
    shuffled = table.sample(frac=1, random_state=1)
    assert summarise(shuffled)["dice"]["worst_case"] == "b"
    assert summarise(shuffled)["by_source"]["Montgomery"]["dice"]["worst_case"] == "d"


def test_pooled_f1_of_nothing_at_all_is_one(table):
    table[["tp", "fp", "fn"]] = 0
    assert summarise(table)["pooled_f1"] == 1


def test_the_text_holds_the_numbers_in_columns(table):
    text = summary_text(summarise(table))
    lines = text.splitlines()
    names = ["", "all cases", "Montgomery", "Shenzhen", "normal", "tuberculosis", "Shenzhen, normal"]
    assert [line.split("  ")[0] for line in lines[:-2]] == names  # Montgomery is all normal: said already
    assert len({len(line) for line in lines[:-2]}) == 1  # all end in the same column
    assert "0.800 ± 0.216" in lines[1]
    assert lines[-1] == "lowest Dice: b (0.500); highest HD95: d (30.0 pixels)"


def test_the_text_does_not_repeat_itself(table):
    table["source"] = "Phantom"
    names = [line.split("  ")[0] for line in summary_text(summarise(table)).splitlines()]
    assert names[1:4] == ["all cases", "normal", "tuberculosis"]
    table["diagnosis"] = "unknown"
    assert len(summary_text(summarise(table)).splitlines()) == 4
    table.loc[0, "source"] = "other"
    names = [line.split("  ")[0] for line in summary_text(summarise(table)).splitlines()]
    assert names[1:-2] == ["all cases", "Phantom", "other"]


def test_the_text_is_the_same_after_a_round_trip_through_json(table):
    summary = summarise(table)
    assert summary_text(json.loads(json.dumps(summary))) == summary_text(summary)


# --- files -----------------------------------------------------------------------------------------------


def test_the_summary_says_what_was_judged(tmp_path, table):
    write_evaluation(table, tmp_path, {"part": "train", "clean": True})
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert summary["evaluated"] == {"part": "train", "clean": True}
    assert summary_text(summary) == summary_text(summarise(table))


def test_round_trip_keeps_every_digit(tmp_path, table):
    rng = np.random.default_rng(3)
    table[["dice", "jaccard", "hd95", "assd"]] = rng.random((4, 4)) * [1, 1, 100, 10]
    write_evaluation(table, tmp_path / "new" / "folder")
    back = read_evaluation(tmp_path / "new" / "folder")
    for column in COLUMNS:
        assert back[column].tolist() == table[column].tolist()
    with open(tmp_path / "new" / "folder" / "summary.json", encoding="utf-8") as file:
        assert json.load(file) == summarise(table)
    assert sorted(p.name for p in (tmp_path / "new" / "folder").iterdir()) == [
        "evaluation.csv",
        "summary.json",
    ]


def test_ids_that_look_like_numbers_stay_text(tmp_path, table):
    table["case"] = ["0042", "NA", "1e5", 'a, "b"']
    write_evaluation(table, tmp_path)
    assert read_evaluation(tmp_path)["case"].tolist() == ["0042", "NA", "1e5", 'a, "b"']


def test_further_columns_are_kept(tmp_path, table):
    write_evaluation(table.assign(surface_dice=0.5), tmp_path)
    assert read_evaluation(tmp_path)["surface_dice"].tolist() == [0.5] * 4


def test_the_csv_is_plain(tmp_path, table):
    write_evaluation(table, tmp_path)
    lines = (tmp_path / "evaluation.csv").read_bytes().decode().split("\n")
    assert lines[0] == ",".join(COLUMNS)
    assert lines[1] == "a,Shenzhen,normal,0.9,0.8,2.0,1.0,2,90,10,10"


def test_a_failed_write_leaves_the_old_files(tmp_path, table, monkeypatch):
    write_evaluation(table, tmp_path)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}

    def breaks(path, **kwargs):
        path.write_text("half a ta")
        raise OSError(28, "No space left on device")

    other = table.assign(dice=0.1)
    monkeypatch.setattr(pd.DataFrame, "to_csv", lambda self, path, **kwargs: breaks(path))
    with pytest.raises(InputError, match="No space left"):
        write_evaluation(other, tmp_path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_what_cannot_be_read_is_named(tmp_path, table):
    with pytest.raises(InputError, match="lungseg evaluate"):
        read_evaluation(tmp_path)
    (tmp_path / "evaluation.csv").write_text("case,dice\na,1.0\n")
    with pytest.raises(InputError, match="without source"):
        read_evaluation(tmp_path)
    write_evaluation(table, tmp_path)
    spoilt = (tmp_path / "evaluation.csv").read_text().replace(",30.0,", ",far,")
    (tmp_path / "evaluation.csv").write_text(spoilt)
    with pytest.raises(InputError, match=r"not a table.*far"):
        read_evaluation(tmp_path)
    (tmp_path / "evaluation.csv").write_text("")
    with pytest.raises(InputError, match="not a table"):
        read_evaluation(tmp_path)
    with pytest.raises(InputError, match="without dice"):
        summarise(table.drop(columns="dice"))
    with pytest.raises(InputError, match="at least one row"):
        summarise(table[:0])


def test_no_network_library_is_imported():
    heavy = "('tensorflow', 'keras', 'pandas')"
    code = f"import sys, lungseg.evaluation; print([m for m in {heavy} if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
