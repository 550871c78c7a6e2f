"""How much longer does `lungseg predict` take than the network alone and the reading of the files?

    python benchmarks/predict.py [FOLDER] [--model pretrained] [--count 100] [--rounds 7]

FOLDER holds radiographs; without one, phantoms of 512 x 512 are drawn. The bare work is each file decoded,
and the network's answer to as many images, one at a time. Both are measured in turns, several times, since
a computer's speed changes from minute to minute; the ratio is the median of the rounds.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from lungseg.phantom import write_raw_phantoms
from lungseg.prediction import open_model, segment_files


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


def segment(model, files: list[Path], out: Path) -> float:
    start = time.perf_counter()
    failed = segment_files(model, files, out, progress=False, report=lambda line: None)
    if failed:
        raise SystemExit(f"{len(failed)} files could not be used: {failed[0][1]}")
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", help="radiographs; by default phantoms of 512 x 512")
    parser.add_argument("--model", default="pretrained", help='a run folder, or "pretrained"')
    parser.add_argument("--count", type=int, default=100, help="how many radiographs")
    parser.add_argument("--rounds", type=int, default=7, help="how many times")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as workplace:
        if options.folder is None:
            files = write_raw_phantoms(Path(workplace) / "radiographs", options.count, size=512)
        else:
            files = sorted(path for path in options.folder.iterdir() if path.is_file())[: options.count]
        model = open_model(options.model)
        segment(model, files[:3], Path(workplace) / "first")  # Keras builds its graph
        print(f"{len(files)} radiographs\n{'':8}{'decoding':>12}{'network':>12}{'files to masks':>18}{'ratio':>8}")
        ratios = []
        for number in range(1, options.rounds + 1):
            # The bare work before and after, so that a computer that gets slower does so to both.
            bare = [decode(files), answer(model, len(files))]
            whole = segment(model, files, Path(workplace) / f"masks_{number}")
            decoding, network = (bare[0] + decode(files)) / 2, (bare[1] + answer(model, len(files))) / 2
            ratios.append(whole / (decoding + network))
            print(f"{number:8}{decoding:10.2f} s{network:10.2f} s{whole:16.2f} s{ratios[-1]:8.2f}", flush=True)
    print(f"ratio: median {statistics.median(ratios):.2f}, from {min(ratios):.2f} to {max(ratios):.2f}")


if __name__ == "__main__":
    main()
