"""How many radiographs a second are prepared, at 128 x 128 and 256 x 256.

python benchmarks/prepare.py SOURCE    a folder of radiographs and masks, in any layout that lungseg knows
python benchmarks/prepare.py           makes its own: 16-bit PNGs as large as those of Shenzhen and Montgomery
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from lungseg.preparation import prepare_folder

RAW_SETS = {"Shenzhen": (3000, 3000, 566), "Montgomery": (4020, 4892, 138)}  # height, width, images


def draw_large(folder: Path, height: int, width: int, count: int) -> None:
    """Save noisy 16-bit radiographs (as slow to decode as real ones) with two ellipses as lungs."""
    for name in ("images", "masks"):
        (folder / name).mkdir(parents=True)
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    lungs = np.minimum((x + 0.4) ** 2, (x - 0.4) ** 2) / 0.09 + y**2 / 0.4 < 1
    for index in range(count):
        noise = np.random.default_rng([index]).normal(0, 300, lungs.shape).astype(np.float32)
        grey = np.where(lungs, 12000, 40000) * (np.abs(y) < 0.85) + noise
        Image.fromarray(grey.clip(0, 65535).astype(np.uint16)).save(folder / f"images/{index:03d}.png")
        Image.fromarray(lungs).save(folder / f"masks/{index:03d}.png")


def measure(source: Path, label: str, jobs: int, raw_count: int | None = None) -> None:
    """Prepare ``source`` at both sizes and print a row for each."""
    for size in (128, 256):
        with tempfile.TemporaryDirectory() as out:
            report = prepare_folder(source, Path(out) / "cases", size=size, n_jobs=jobs, progress=False)
        rate = report.written / report.seconds
        whole = f"{raw_count / rate:10.0f} s" if raw_count else f"{'':>12}"
        print(
            f"{label:<28} {size:>5} {report.written:>7} {report.seconds:>9.1f} {rate:>9.1f} {whole}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("source", nargs="?", type=Path, help="folder of radiographs and masks")
    parser.add_argument("--jobs", type=int, default=-1, help="processes (default: one per core)")
    parser.add_argument("--count", type=int, default=12, help="large images to make of each kind")
    options = parser.parse_args()
    print(f"{'radiographs':<28} {'size':>5} {'images':>7} {'seconds':>9} {'images/s':>9} {'whole set':>12}")
    if options.source:
        measure(options.source, options.source.name, options.jobs)
        return
    for name, (height, width, raw_count) in RAW_SETS.items():
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "raw"
            draw_large(source, height, width, options.count)
            measure(source, f"like {name}, {width} x {height}", options.jobs, raw_count)


if __name__ == "__main__":
    main()
