"""Right lung, left lung and heart with lungseg: from images and index masks to the masks of the test images."""

import sys
from pathlib import Path

import numpy as np
from PIL import Image

import lungseg
from lungseg.splits import load_split

folder, out, epochs, seed = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
classes = {"right lung": 1, "left lung": 2, "heart": 3}
lungseg.prepare(folder, out / "cases", size=128, recipe="grey", classes=classes)
split = load_split(folder / "split.json", lungseg.list_cases(out / "cases"))
run = lungseg.train(out / "cases", out / "run", split, epochs=epochs, seed=seed, schedule="constant")
for path in split.test:
    masks = lungseg.segment(run, folder / "images" / f"{path.stem}.png")  # (H, W, 3)
    Image.fromarray((masks * [1, 2, 3]).sum(axis=-1).astype(np.uint8)).save(out / f"{path.stem}.png")
