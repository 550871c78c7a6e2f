"""What the programs with lungseg and with MONAI do with a fault in one of 30 cases: stop or go on, and name the file?

    python benchmarks/three_classes/faults.py OUT [--torch PYTHON]

The folder is that of `compare.py`, with a fault planted in an image or a mask of the part that trains (the last one: of
the part that tests). Both programs train one epoch on it. For each this prints whether it ended with an error, whether
the name of the case is in what it printed, and the last error; of lungseg also what the report of its preparation says.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from compare import CLASSES, PROGRAMS, write_files
from PIL import Image

import lungseg

LABELS = {name: number for number, name in enumerate(CLASSES, start=1)}


def change(path: Path, function: Callable[[Image.Image], Image.Image]) -> None:
    """Write an image anew, as a function makes it."""
    function(Image.open(path)).save(path)


def with_value(mask: Image.Image) -> Image.Image:
    """Return a mask with a square of 4, which is no class."""
    pixels = np.asarray(mask).copy()
    pixels[:8, :8] = 4
    return Image.fromarray(pixels)


def flip_a_bit(path: Path) -> None:
    """Flip the first bit that makes Pillow read other pixels without a word."""
    whole, pixels = path.read_bytes(), np.asarray(Image.open(path))
    for place in range(whole.index(b"IDAT") + 4, len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        try:
            if (np.asarray(Image.open(path)) != pixels).any():
                return
        except Exception:
            continue
    raise RuntimeError(f"{path}: Pillow notices each of the flipped bits")


Plant = Callable[[Path, Path, Path], object]  # an image, its mask, and the mask of another image
TRAIN_FAULTS: dict[str, Plant] = {
    "mask with a value that is no class": lambda image, mask, other: change(mask, with_value),
    "mask of half the size": lambda image, mask, other: change(mask, lambda it: it.resize((64, 64), 0)),
    "mask missing": lambda image, mask, other: mask.unlink(),
    "image all black": lambda image, mask, other: change(image, lambda it: it.point(lambda value: 0)),
    "image in colour among grey ones": lambda image, mask, other: change(image, lambda it: it.convert("RGB")),
    "mask with a flipped bit in its file": lambda image, mask, other: flip_a_bit(mask),
    "mask of another image": lambda image, mask, other: shutil.copyfile(other, mask),
}


def resize_both(image: Path, mask: Path, other: Path) -> None:
    """Make an image and its mask larger."""
    change(image, lambda it: it.resize((170, 150)))
    change(mask, lambda it: it.resize((170, 150), 0))


TEST_FAULTS: dict[str, Plant] = {"no fault: an image of 150 × 170 pixels to predict": resize_both}


def try_both(raw: Path, names: tuple[str, str], plant: Plant, torch_python: str) -> None:
    """Plant a fault in the first of two cases, and print what each program does."""
    image, mask = (raw / kind / f"{names[0]}.png" for kind in ("images", "masks"))
    plant(image, mask, raw / "masks" / f"{names[1]}.png")
    for name, python in (("lungseg", sys.executable), ("MONAI", torch_python)):
        out = raw.with_name(f"{raw.name}_{name}")
        out.mkdir()
        command: list[str | Path] = [python, PROGRAMS[name], raw, out, "1", "0"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        said = done.stdout + done.stderr
        named = "names it" if names[0] in said else "does not name it"
        errors = re.findall(r"^[\w.]*Error: .*", said, re.MULTILINE)
        print(f"  {name:8} {f'stops, {named}: {errors[-1]}' if done.returncode else f'goes on, {named}'}", flush=True)
    report = lungseg.prepare(
        raw, raw.with_name(f"{raw.name}_report"), 128, recipe="grey", classes=LABELS, progress=False
    )
    for line in [why for _, why in report.failed] + [f"{lacking}: no mask" for lacking in report.without_mask]:
        print(f"  report of lungseg: {line}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--torch", default=sys.executable, metavar="PYTHON")
    options = parser.parse_args()
    out = options.out.resolve()
    write_files(out / "whole", 30)
    parts = json.loads((out / "whole" / "split.json").read_text(encoding="utf-8"))
    for part, faults in (("train", TRAIN_FAULTS), ("test", TEST_FAULTS)):
        for fault, plant in faults.items():
            raw = out / f"fault_{len(list(out.glob('fault_*')))}"
            shutil.copytree(out / "whole", raw)
            print(fault, flush=True)
            try_both(raw, parts[part][:2], plant, options.torch)


if __name__ == "__main__":
    main()
