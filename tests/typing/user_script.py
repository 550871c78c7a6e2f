"""A program as somebody writes it whose editor checks types: `mypy --strict` has nothing to say to it."""

import tempfile
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt

import lungseg
from lungseg import DataGenerator, Dice, InputError, Jaccard, build_unet, dice_loss, list_cases, load_run, split_cases
from lungseg.phantom import write_phantoms, write_raw_phantoms
from lungseg.runs import Run

Array = npt.NDArray[np.float32]


def brighten(images: Array, masks: Array, seed: tuple[int, int]) -> tuple[Array, Array]:
    """Change the brightness of a batch, (B, H, W, 1)."""
    factors = np.random.default_rng(seed).uniform(0.8, 1.2, (len(images), 1, 1, 1))
    return (images * factors).clip(0, 1).astype(np.float32), masks


def load_upside_down(path: str | Path) -> tuple[Array, Array]:
    """Read an image and its mask, each (H, W)."""
    case = lungseg.load_case(path)
    return case[::-1, :, 0], case[::-1, :, 1]


def train_with_keras(cases: list[Path]) -> dict[str, float]:
    """Compile and fit, as in the course."""
    train, validation, _ = split_cases(cases, seed=1)
    model = build_unet((32, 32, 1), filters=4, depth=2)
    model.compile(keras.optimizers.Adam(2e-3), loss=dice_loss, metrics=[Dice(), Jaccard()])
    batches = DataGenerator(train, batch_size=4, augment=brighten, load=load_upside_down)
    stop = keras.callbacks.EarlyStopping(monitor="val_dice", mode="max", patience=3)
    history = model.fit(batches, validation_data=DataGenerator(validation), epochs=2, callbacks=[stop], shuffle=False)
    return {name: values[-1] for name, values in history.history.items()}


def train_in_one_call(cases: list[Path], folder: Path) -> Run:
    """Leave a run folder, and look into it."""
    told: list[str] = []
    lungseg.train(cases, folder, epochs=1, filters=4, depth=2, augment=brighten, report=told.append)
    run = load_run(folder)
    first: Path | str = run.split.test[0]
    print(len(told), run.settings["epochs"], run.history["val_dice"].max(), first, run.model.count_params())
    return run


def main(place: Path) -> float:
    cases = list_cases(write_phantoms(place / "cases", count=12, size=32)[0].parent)
    print(train_with_keras(cases))
    run = train_in_one_call(cases, place / "run")
    table = lungseg.evaluate(run.model, run.split.test)
    print(len(lungseg.evaluate(place / "run")), len(lungseg.evaluate(run, place / "cases", threshold=0.4)))
    try:
        mask: npt.NDArray[np.bool_] = lungseg.segment(run, write_raw_phantoms(place / "films", count=1, size=50)[0])
        print(mask.shape, mask.mean())
    except InputError as error:
        print(error)
    return float(table["dice"].mean())


if __name__ == "__main__":
    print(main(Path(tempfile.mkdtemp())))
