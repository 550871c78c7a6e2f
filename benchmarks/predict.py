"""How much longer does `lungseg predict` take than the network alone and the reading of the files?

    python benchmarks/predict.py [FOLDER] [--model pretrained] [--count 100]

FOLDER holds radiographs; without one, phantoms of 512 x 512 are drawn. The bare work is measured in the
same run, before and after: each file decoded, and the network's answer to as many images, one at a time.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from lungseg.mask_files import segment_files
from lungseg.phantom import write_raw_phantoms
from lungseg.prediction import open_model


def decode(files: list[Path]) -> float:
    start = time.perf_counter()
    for file in files:
        with Image.open(file) as image:
            np.asarray(image)
    return time.perf_counter() - start


def answer(model, count: int) -> float:
    size = [side or 256 for side in model.input_shape[1:3]]
    images = np.random.default_rng(0).random((1, *size, 1), dtype=np.float32)
    start = time.perf_counter()
    for _ in range(count):
        model.predict_on_batch(images)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", help="radiographs; by default phantoms of 512 x 512")
    parser.add_argument("--model", default="pretrained", help='a run folder, or "pretrained"')
    parser.add_argument("--count", type=int, default=100, help="how many radiographs")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as workplace:
        if options.folder is None:
            files = write_raw_phantoms(Path(workplace) / "films", options.count, size=512)
        else:
            files = sorted(path for path in options.folder.iterdir() if path.is_file())[: options.count]
        model = open_model(options.model)
        answer(model, 3)  # Keras builds its graph
        before = decode(files), answer(model, len(files))
        start = time.perf_counter()
        failed = segment_files(model, files, Path(workplace) / "masks", progress=False, report=lambda line: None)
        whole = time.perf_counter() - start
        after = decode(files), answer(model, len(files))
    decoding, network = ((a + b) / 2 for a, b in zip(before, after, strict=True))
    print(f"{len(files)} radiographs, {len(failed)} of them could not be used")
    print(f"{'decoding':34}{decoding:8.2f} s")
    print(f"{'network alone':34}{network:8.2f} s")
    print(f"{'from files to masks and the table':34}{whole:8.2f} s")
    print(f"{'ratio':34}{whole / (decoding + network):8.2f}")


if __name__ == "__main__":
    main()
