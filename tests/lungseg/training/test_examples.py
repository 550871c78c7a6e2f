"""The cases of a training: of any problem, and of items that a function of one's own loads."""

import json
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from lungseg import list_cases, train
from lungseg.cases import check_cases, mark_cases
from lungseg.problems import LUNGS, Problem, write_problem
from lungseg.splits import Split, split_cases
from lungseg.training.examples import any_ignored, folders_of, look_at_examples, settle_problem, settle_split
from lungseg.training.telling import _about_absent_classes, _about_tiles
from refusals import refusal

ORGANS = Problem(channels=("low", "high"), classes=("lung", "heart"), recipe="mine")


def draw(item):
    """An image of two channels and its labels, of a number, or of a pair that begins with one."""
    number = item[0] if isinstance(item, tuple) else item
    rng = np.random.default_rng(int(number))
    label = np.zeros((16, 16), int)
    label[2:8], label[8:14] = 1, 2
    label[:, :2] = -1
    return rng.random((16, 16, 2)) / 2 + label[..., None].clip(0) / 4, label


def tiny():
    """The smallest network for these."""
    return keras.Sequential([keras.Input((None, None, 2)), keras.layers.Conv2D(3, 1, activation="softmax")])


def pieces(*lists):
    return Split(*map(list, lists))


def test_items_of_any_kind_are_split_by_their_names(tmp_path):
    parts = settle_split(range(12), "default", 0, draw)
    assert sorted([*parts.train, *parts.validation, *parts.test]) == list(range(12))
    paths = [(tmp_path / f"{n}.png", tmp_path / f"{n}_labels.png") for n in range(12)]
    by_pairs = settle_split(paths, "default", 0, draw)
    assert [pair[0].stem for pair in by_pairs.test] == [str(n) for n in parts.test]


@pytest.mark.parametrize(
    ("items", "said"),
    [
        (["a/1.png", "b/1.png", "2.png"], "the case 1.png comes twice"),
        ([1, 2, "../.."], "expected the name of a file"),
        (["one\n", "two", "three"], "without control characters"),
    ],
)
def test_names_that_a_split_cannot_hold(items, said):
    assert said in refusal(settle_split, items, "default", 0, draw)


def test_the_problem_is_that_of_the_cases_or_is_given(tmp_path):
    np.save(tmp_path / "1.npy", np.zeros((8, 8, 4)))
    paths = pieces([tmp_path / "1.npy"], [], [])
    assert settle_problem(paths) == LUNGS
    assert settle_problem(paths, problem=ORGANS) == ORGANS
    write_problem(ORGANS, tmp_path)
    assert settle_problem(paths) == ORGANS
    other = Problem(classes=("heart",))
    assert (
        "cases.json, channels low, high and classes lung, heart. Received: channels grey and classes heart"
        in refusal(settle_problem, paths, None, other)
    )
    assert "expected the channels and classes of what load returns" in refusal(settle_problem, paths, draw)
    assert "expected a function" in refusal(settle_problem, paths, "draw", ORGANS)
    assert "lungseg.problems.Problem. Received: 'lungs'" in refusal(settle_problem, paths, None, "lungs")


def test_files_are_marked_as_ever(folder):
    parts = split_cases(list_cases(folder))
    plain, given = look_at_examples(parts), look_at_examples(parts, problem=LUNGS)
    assert plain.size == given.size == check_cases(parts.train)
    assert plain.fingerprint == given.fingerprint == {part: mark_cases(own) for part, own in parts._asdict().items()}
    assert folders_of(plain) == {folder.resolve()}
    assert not any_ignored(plain)


def test_items_are_looked_at_before_the_training():
    parts = pieces([1, 2], [3], [4])
    seen = look_at_examples(parts, draw, ORGANS)
    assert seen.size == (16, 16)
    assert folders_of(seen) == set()
    assert any_ignored(seen)
    changed = look_at_examples(parts, lambda item: draw(item + (item == 3)), ORGANS)
    differ = [part for part in seen.fingerprint if seen.fingerprint[part] != changed.fingerprint[part]]
    assert differ == ["validation"]

    def grows(item):
        image, label = draw(item)
        return (image, label) if item < 4 else (image[:8], label[:8])

    text = refusal(look_at_examples, parts, grows, ORGANS)
    assert text.startswith("4: expected an image of 16 x 16 pixels like 1. Received: 8 x 16")
    assert "load(1)" in refusal(look_at_examples, parts, lambda item: item, ORGANS)


def test_a_training_of_two_channels_and_classes_without_any_file(tmp_path):
    lines = []
    items = [(n, "unused") for n in range(10)]
    settings = {"load": draw, "problem": ORGANS, "report": lines.append, "loss": "categorical_crossentropy"}
    run = train(items, tmp_path / "run", epochs=1, model=tiny(), **settings)
    assert run.problem == ORGANS
    assert run.settings["load"] == "draw"
    assert run.settings["cases"] is None
    assert run.settings["preparation"] is None
    assert "assumed_recipe" not in run.settings
    assert run.model.output_shape[-1] == 3
    assert {"val_dice", "val_dice_lung", "val_dice_heart"} <= set(run.history.columns)
    assert any("the loss categorical_crossentropy must leave them out" in line for line in lines)
    assert sorted(json.loads((run.folder / "split.json").read_text())["train"], key=int) == [
        str(item[0]) for item in run.find_split(items).train
    ]
    settings |= {"epochs": 2, "model": tiny()}
    said = refusal(train, items, tmp_path / "run", **{**settings, "load": lambda item: draw(item)})
    assert "with load 'draw'. Received: load '<lambda>'" in said
    assert len(train(items, tmp_path / "run", **settings).history) == 2


def test_classes_that_no_training_mask_has(tmp_path):
    three = Problem(channels=("low", "high"), classes=("lung", "heart", "island"), recipe="mine")
    parts = Split([1, 2], [3], [])

    def with_an_island(item):
        image, label = draw(item)
        return image, np.where((label == 0) & (item == 3), 3, label)

    assert look_at_examples(parts, draw, three).absent == ("island",)
    assert look_at_examples(parts, with_an_island, three).absent == ("island",)  # in a case of the validation alone
    assert look_at_examples(Split([3], [1], []), with_an_island, three).absent == ()
    write_problem(three, tmp_path)
    for name in "ab":
        case = np.zeros((16, 16, 5), np.float32)
        case[3:5, 3:5, 3] = name == "b"
        np.save(tmp_path / f"{name}.npy", case)
    paths = [tmp_path / "a.npy", tmp_path / "b.npy"]
    seen = look_at_examples(Split(paths, paths, []))
    assert seen.absent == ("lung", "island")
    (said,) = _about_absent_classes(seen)
    assert said.startswith("lung and island are in none of the 2 training masks: nothing can be learnt of it.")
    assert _about_absent_classes(look_at_examples(Split([3], [1], []), with_an_island, three)) == []


def test_tiles_of_an_image_in_two_parts_are_told():
    tiles = [[f"{image}_r0_c{column}.npy" for column in (0, 1)] for image in "abc"]
    apart = SimpleNamespace(parts=Split(*tiles))
    assert _about_tiles(apart) == []
    torn = SimpleNamespace(parts=Split(tiles[0] + tiles[2][:1], tiles[1], tiles[2][1:]))
    (said,) = _about_tiles(torn)
    assert said.startswith("Tiles of 1 image are in more than one part")
