"""Calls as people make them by mistake: each gets one line that says what was expected, what came, and what to do."""

import keras
import numpy as np
import pytest

import lungseg
from lungseg.augmentation import standard
from lungseg.phantom import make_phantom, write_phantoms, write_raw_phantoms
from lungseg.preparation.case import PREPARATION
from lungseg.report import evaluate_run
from lungseg.runs import load_run, write_json
from lungseg.splits import balance_sources, save_split
from refusals import refusal

A_LIST = "Use `list_cases`"
WRONG = {
    # Where the cases are.
    'list_cases("absent")': "there is no such folder",
    "list_cases(None)": "expected the path of a folder",
    'list_cases("")': "an empty name",
    "list_cases(3)": "Received: 3",
    "list_cases(cases)": "Received: a list of 10 entries",
    "list_cases(cases[0])": "it is a file",
    "list_cases(films.parent)": "lungseg prepare",
    # One of them.
    "load_case(None)": "expected the path of a case",
    "load_case(cases)": "Give one path",
    "load_case(image)": "an array of shape (32, 32)",
    "load_case(folder)": "folder",
    "load_case(film)": "film",
    # The split.
    "split_cases(folder)": A_LIST,
    'split_cases("cases")': A_LIST,
    "split_cases(None)": "Received: None",
    "split_cases(len(cases))": "Received: 10",
    "split_cases(cases[:2])": "at least 3 cases",
    "split_cases([])": "at least 3 cases",
    "split_cases(cases + cases)": "comes twice",
    "split_cases(images)": "an array of shape",
    "split_cases(split_cases(cases))": "one of them, `split.train`",
    "split_cases({'train': cases})": "a dict of 1 entry",
    'split_cases(cases, seed="3")': "Write 3",
    "split_cases(cases, seed=None)": "Received: None",
    "split_cases(cases, seed=-1)": "from 0 upwards",
    "split_cases(cases, seed=0.2)": "Received: 0.2",
    'split_cases(cases, protocol="Gaal")': "gaal2020",
    "split_cases(cases, 0, 0.2)": "gaal2020",
    'split_cases(cases, protocol="gaal2020")': "does not know",
    "balance_sources(folder)": A_LIST,
    # The generator.
    "DataGenerator(folder)": A_LIST,
    'DataGenerator("cases")': A_LIST,
    "DataGenerator(None)": "Received: None",
    "DataGenerator([])": "an empty list",
    "DataGenerator(split)": "`split.train`",
    "DataGenerator(images)": "an array of shape",
    "DataGenerator([cases, cases])": "list",
    'DataGenerator(cases, batch_size="8")': "Write 8",
    "DataGenerator(cases, batch_size=0)": "positive integer",
    "DataGenerator(cases, 2.5)": "Received: 2.5",
    "DataGenerator(cases, batch_size=None)": "Received: None",
    "DataGenerator(cases, 8, seed=-1)": "from 0 upwards",
    'DataGenerator(cases, 8, seed="a")': "Received: 'a'",
    'DataGenerator(cases, shuffle="no")': "True or False",
    "DataGenerator(cases, augment=True)": "augment(images, masks, seed=...)",
    "DataGenerator(cases, augment=standard)": "augment(images, masks, seed=...)",
    "DataGenerator(cases, augment=lambda images, masks: (images, masks))": "seed",
    "DataGenerator(cases, augment=lambda images, masks, seed: images)[0]": "two arrays",
    "DataGenerator(cases, augment=lambda images, masks, seed: (images, masks * 255))[0]": "masks",
    # The network.
    "build_unet(None)": "(128, 128, 1) for one",
    "build_unet(128)": "(128, 128, 1) for one",
    "build_unet((128, 128))": "(128, 128, 1) for one",
    'build_unet("128")': "(128, 128, 1) for one",
    "build_unet((None, 128, 128, 1))": "without the number of images",
    "build_unet((100, 100, 1))": "96 and 112",
    'build_unet(("128", 128, 1))': "Write 128",
    "build_unet((128.0, 128.0, 1))": "Write 128",
    "build_unet((128, 128, None))": "channels",
    'build_unet((32, 32, 1), filters="16")': "Write 16",
    "build_unet((32, 32, 1), filters=[16, 32])": "Received: [16, 32]",
    "build_unet((32, 32, 1), filters=16.0)": "Write 16",
    "build_unet((32, 32, 1), depth=0)": "positive integer",
    "build_unet((32, 32, 1), depth=None)": "Received: None",
    "build_unet((32, 32, 1), depth=6)": "64 must divide",
    "build_unet((32, 32, 1), dropout=50)": "up to, not including, 1",
    'build_unet((32, 32, 1), dropout="0.1")': "Write 0.1",
    "build_unet((32, 32, 1), dropout=None)": "Received: None",
    "build_unet((32, 32, 1), classes=0)": "positive integer",
    'build_unet((32, 32, 1), classes=["lung", "heart"])': "classes",
    # Losses and metrics.
    "dice_loss(mask * 255, images)": "Divide them by 255",
    "dice_crossentropy_loss(mask * 255, images)": "Divide them by 255",
    "Dice().update_state(mask * 255, images)": "Divide them by 255",
    "Jaccard().update_state(mask * 255, images)": "Divide them by 255",
    "DiceLoss()(mask * 255, images)": "Divide them by 255",
    "dice_loss(image, image)": "(B, H, W, C)",
    "dice_loss(mask, images[:, :8])": "y_pred",
    "dice_loss(mask, None)": "y_pred",
    'dice_loss("mask.png", images)': "y_true",
    'DiceLoss(smooth="1")': "Write 1",
    "DiceLoss(smooth=-1)": "Received: -1",
    'Dice("dice")': "threshold",
    "Dice(threshold=50)": "from 0 to 1",
    'Jaccard(threshold="0.5")': "Write 0.5",
    # The training.
    "train(DataGenerator(cases), out)": "a DataGenerator",
    "train(None, out)": "Received: None",
    "train(images, out)": "an array of shape",
    'train("absent", out)': "there is no such folder",
    "train(folder, None)": "run",
    "train(folder, 3)": "run",
    "train(model, folder)": "a Functional",
    "train(folder, folder)": "that of the cases",
    'train(folder, out, epochs="3")': "whole number",
    "train(folder, out, epochs=0)": "from 1",
    "train(folder, out, epochs=2.5)": "whole number",
    "train(folder, out, epochs=None)": "Received: None",
    "train(folder, out, epochs=True)": "Received: True",
    'train(folder, out, learning_rate="1e-3")': "Try 0.002",
    "train(folder, out, learning_rate=True)": "Try 0.002",
    "train(folder, out, batch_size=0)": "from 1",
    'train(folder, out, batch_size="8")': "'8'",
    'train(folder, out, learning_rate="fast")': "Try 0.002",
    "train(folder, out, learning_rate=-1)": "Try 0.002",
    'train(folder, out, loss="nonsense")': "loss",
    "train(folder, out, loss=3)": "loss",
    "train(folder, out, loss=None)": "loss",
    "train(folder, out, augment=True)": "augment",
    'train(folder, out, augment="standard")': "augment",
    "train(folder, out, split=0.2)": "split",
    'train(folder, out, split="70/30")': "gaal2020",
    "train(folder, out, split=cases)": "split",
    "train(folder, out, split=None)": "split",
    "train(folder, out, callbacks=keras.callbacks.EarlyStopping())": "list",
    "train(folder, out, callbacks=[print])": "callbacks",
    "train(folder, out, callbacks=[keras.callbacks.EarlyStopping])": "has to be called",
    "train(folder, out, model=build_unet)": "model",
    'train(folder, out, model="unet")': "model",
    "train(folder, out, model=build_unet((64, 64, 1), filters=2, depth=1))": "64",
    'train(folder, out, start="absent")': "absent",
    "train(folder, out, start=3)": "Received: 3",
    'train(folder, out, schedule="step")': "cosine",
    'train(folder, out, keep="all")': "best",
    'train(folder, out, balance="yes")': "balance",
    'train(folder, out, filters="2")': "Write 2",
    "train(folder, out, dropout=5)": "dropout",
    "train(folder, out, seed=-1)": "seed",
    'train(folder, out, report="loud")': "report",
    # The run.
    'load_run("absent")': "no such folder",
    "load_run(None)": "expected the path of a folder",
    "load_run(3)": "expected the path of a folder",
    'load_run("")': "an empty name",
    "load_run(folder)": "settings.json",
    'load_run(run.folder / "best.keras")': "folder",
    "load_run(model)": "a Functional",
    'run.find_split("absent")': "there is no such folder",
    "run.find_split([])": "cannot be found",
    "run.find_split(None)": "Received: None",
    'run.build("64")': "size",
    "run.build((64,))": "size",
    "run.build(33)": "The nearest",
    'load_pretrained("256")': "size",
    "load_pretrained(100)": "96 and 128",
    # The evaluation.
    "evaluate(model, [])": "at least one",
    "evaluate(model, None)": "cases",
    "evaluate(cases, model)": "model",
    "evaluate(None, cases)": "model",
    "evaluate(model, DataGenerator(cases))": "cases",
    "evaluate(model, images)": "cases",
    "evaluate(model, cases, threshold=50)": "between 0 and 1",
    'evaluate(model, cases, threshold="0.5")': "between 0 and 1",
    'evaluate(model, cases, batch_size="8")': "batch size",
    'evaluate(model, cases, clean="no")': "True or False",
    'evaluate_run("absent")': "no such folder",
    "evaluate_run(model)": "run",
    'evaluate_run(run, part="tests")': "part",
    # The prediction.
    "predict(3, out, model)": "inputs",
    "predict(None, out, model)": "inputs",
    'segment(model, "absent.png")': "absent.png",
    "segment(film, model)": "Received: a file",
    "segment(None, film)": "Received: None",
    "segment(model, None)": "Received: None",
    "segment(model, [film])": "list",
    "segment(model, image[None])": "shape",
    'segment(model, film, clean="no")': "True or False",
    "segment(model, film, overlap=2)": "overlap",
    'segment(model, film, tile="512")': "tile",
    "prepare(None, out)": "Received: None",
    "cross_validate(None, out)": "Received: None",
    'cross_validate(folder, out, folds="5")': "Received: '5'",
    "split_cases(cases, folds=1)": "folds",
    "Problem(classes=[])": "one to 255 names",
    'Problem(classes="lung")': "one to 255 names",
    "read_problem(None)": "expected the path of a folder",
    "segment(model, folder)": "folder",
    "segment(model, cases[0])": "a NumPy array (.npy)",
    "segment(build_unet, film)": "build_unet",
    "segment(model, film, threshold=128)": "between 0 and 1",
    "segment(model, film, True, 0.5, 0)": "megapixels",
    # Phantoms, and augmentation.
    'write_phantoms(out, count="3")': "count",
    "write_phantoms(out, count=0)": "count",
    "write_phantoms(out, size=2.5)": "size",
    "write_phantoms(None)": "folder",
    "write_phantoms(3)": "folder",
    "write_phantoms(out, seed=-1)": "seed",
    'make_phantom("1")': "index",
    "standard(strength=5)": "at most 2",
    'standard("strong")': "strength",
}


@pytest.fixture(scope="module")
def names(phantom_cases, tmp_path_factory):
    """What the calls name: cases, a run, a network, image files."""
    place = tmp_path_factory.mktemp("wrong")
    folder = phantom_cases[0].parent
    film = write_raw_phantoms(place / "films", count=1, size=40)[0]
    model = lungseg.build_unet((32, 32, 1), filters=2, depth=1)
    run = place / "run"
    run.mkdir()
    model.save(run / "best.keras")
    save_split(lungseg.split_cases(phantom_cases), run / "split.json")
    network = {"filters": 2, "depth": 1, "dropout": 0.1}
    settings = {"cases": str(folder), "size": [32, 32], "network": network, "preparation": PREPARATION}
    write_json(run / "settings.json", settings)
    case = lungseg.load_case(phantom_cases[0])
    return {
        **{name: getattr(lungseg, name) for name in lungseg.__all__},
        **{"evaluate_run": evaluate_run, "balance_sources": balance_sources, "standard": standard},
        **{"write_phantoms": write_phantoms, "make_phantom": make_phantom, "np": np, "keras": keras},
        **{"cases": list(phantom_cases), "split": lungseg.split_cases(phantom_cases), "folder": folder},
        **{"film": film, "films": film.parent, "model": model, "run": load_run(run)},
        **{"image": case[..., 0], "images": case[None, ..., :1], "mask": case[None, ..., 1:]},
    }


@pytest.mark.parametrize(("call", "words"), WRONG.items(), ids=WRONG)
def test_a_wrong_call_gets_a_line_that_helps(call, words, names, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # for what is written into a folder that was not meant
    said = refusal(lambda: eval(call, {**names, "out": tmp_path / "out"}))
    assert words in said
    assert len(said) < 500
    assert not list(tmp_path.iterdir())
