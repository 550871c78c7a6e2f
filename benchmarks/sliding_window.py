"""Does a sliding window find what the network finds on the whole image, and how much memory does it take?

    python benchmarks/sliding_window.py [--epochs 8] [--sides 1000 3000 10000] [--file]

Two small U-Nets are trained on images of 128 x 128: on drawn nuclei, of which a piece tells all that is to be known; on
phantoms of chests, of which it does not. Each then predicts larger images, once whole and once in tiles. After that,
each in a process of its own, images in colour of 1, 9 and 100 megapixels are segmented in tiles of 512: what the memory
grows to, less the image and its mask, and the time. `--file` reads them from a PNG file.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter

TILE = 512


def measure(side: int, tile: int, file: bool) -> dict:
    """Segment one image in this process; return the bytes that were needed beyond image and mask, and the seconds."""
    from lungseg import build_unet
    from lungseg.prediction import segment
    from lungseg.problems import Problem

    problem = Problem(("red", "green", "blue"), ("tissue",), recipe="colour")
    network = build_unet((tile, tile, 3), filters=8, depth=4)
    segment(network, np.zeros((tile, tile, 3), np.uint8), tile=tile, problem=problem)  # Keras builds its graph
    with tempfile.TemporaryDirectory() as folder:
        image: np.ndarray | Path = np.random.default_rng(0).integers(0, 256, (side, side, 3), np.uint8)
        if file:
            Image.fromarray(np.asarray(image)).save(Path(folder, "slide.png"), compress_level=1)
            image = Path(folder, "slide.png")
        before = memory("VmRSS") - (0 if file else side * side * 3)
        Path("/proc/self/clear_refs").write_text("5")  # the highest mark is now what is used now
        start = time.perf_counter()
        mask = segment(network, image, tile=tile, problem=problem)
        seconds = time.perf_counter() - start
    beyond = memory("VmHWM") - before - side * side * 3 - mask.nbytes
    return {"beyond": beyond, "seconds": seconds}


def memory(name: str) -> int:
    """Return what Linux says of the memory of this process, in bytes."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024


def draw_nuclei(side: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return an image of dark ellipses, which touch and overlap, on an uneven and noisy ground; and their mask."""
    y, x = np.mgrid[:side, :side]
    mask = np.zeros((side, side), bool)
    for _ in range(side * side // 700):
        top, left, turn = rng.uniform(0, side), rng.uniform(0, side), rng.uniform(0, np.pi)
        along = (x - left) * np.cos(turn) + (y - top) * np.sin(turn)
        across = (y - top) * np.cos(turn) - (x - left) * np.sin(turn)
        mask |= (along / rng.uniform(5, 11)) ** 2 + (across / rng.uniform(5, 11)) ** 2 < 1
    ground = 0.55 + 0.6 * gaussian_filter(rng.normal(size=mask.shape), 3) + rng.normal(0, 0.08, mask.shape)
    return np.clip(ground - 0.25 * gaussian_filter(mask.astype(float), 1.5), 0, 1).astype(np.float32), mask


def compare(epochs: int) -> None:
    """Print the Dice of masks in tiles against those of the whole image."""
    from lungseg import list_cases, load_case, segment, train
    from lungseg.masks.overlap import dice_of
    from lungseg.phantom import write_phantoms
    from lungseg.preparation import Recipe

    recipe, rng = Recipe("as it is", stretch="values", low=0, high=1), np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        cells, chests = Path(folder, "nuclei"), Path(folder, "phantoms")
        cells.mkdir()
        for number in range(60):
            np.save(cells / f"{number:02}.npy", np.stack(draw_nuclei(128, rng), axis=-1).astype(np.float32))
        write_phantoms(chests, count=120, size=128, seed=0)
        images = {
            cells: [draw_nuclei(512, rng)[0] for _ in range(6)],
            chests: [load_case(file)[..., 0] for file in write_phantoms(Path(folder, "new"), 12, size=256, seed=1)],
        }
        print(f"\n{'':10}{'image':>6} {'tile':>6} {'overlap':>8} {'mean Dice':>10} {'lowest':>8} {'other pixels':>14}")
        for cases, new in images.items():
            run = train(list_cases(cases), Path(folder, "run", cases.name), epochs=epochs, filters=8, depth=3)
            network, side = run.build((None, None)), len(new[0])
            whole = [network.predict_on_batch(image[None, ..., None])[0, ..., 0] >= 0.5 for image in new]
            for tile, overlap in (
                (side, 0.25),
                (side // 2, 0.5),
                (side // 2, 0.25),
                (side // 2, 0.0),
                (side // 4, 0.25),
            ):
                found = [segment(network, image, tile=tile, overlap=overlap, recipe=recipe) for image in new]
                scores = [dice_of(*pair) for pair in zip(found, whole, strict=True)]
                others = np.mean([np.mean(a != b) for a, b in zip(found, whole, strict=True)])
                line = f"{cases.name:10}{side:6} {tile:6} {overlap:8.2f} {np.mean(scores):10.5f} {min(scores):8.5f}"
                print(f"{line} {100 * others:12.4f} %", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=8, help="of the training; 0 leaves the comparison out")
    parser.add_argument("--sides", type=int, nargs="*", default=[1000, 3000, 10_000])
    parser.add_argument("--file", action="store_true", help="read the image from a PNG file")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.one, TILE, options.file)))
        return
    if options.epochs:
        compare(options.epochs)
    print(f"\n{'image':>15} {'megapixels':>11} {'beyond image and mask':>22} {'time':>9} {'a megapixel':>12}")
    for side in options.sides:
        command = [sys.executable, __file__, "--one", str(side), *["--file"] * options.file]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found = json.loads(done.stdout.splitlines()[-1])
        print(
            f"{side:6} x {side:6} {side**2 / 1e6:11.0f} {found['beyond'] / 1e6:19.0f} MB {found['seconds']:7.1f} s "
            f"{found['seconds'] / side**2 * 1e6:10.2f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()
