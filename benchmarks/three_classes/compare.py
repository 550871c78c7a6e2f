"""The same three classes with lungseg and with MONAI: lines, minutes, and the Dice of each class.

    python benchmarks/three_classes/compare.py OUT [--torch PYTHON] [--count 300] [--epochs 15]

Phantoms of 128 pixels are written as images and index masks, and split once. Each program then gets the folder, and
writes the masks of the test images; the scores are computed here, for all of them alike. PYTHON is that of an
environment with PyTorch and MONAI (and Pillow). Both train as many epochs, in batches of 8, with Adam at 0.002.
"""

import argparse
import io
import json
import os
import subprocess
import sys
import time
import tokenize
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from lungseg.masks.overlap import dice_of
from lungseg.phantom import write_raw_phantoms
from lungseg.splits import save_split, split_cases

HERE = Path(__file__).parent
CLASSES = ("right lung", "left lung", "heart")
NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def lines_of_code(path: Path) -> int:
    """Count the lines that hold code, and not only a comment or a docstring."""
    text = path.read_text(encoding="utf-8")
    body = text[text.index('"""', 3) + 3 :]
    tokens = tokenize.generate_tokens(io.StringIO(body).readline)
    return len(
        {line for token in tokens if token.type not in NO_CODE for line in range(token.start[0], token.end[0] + 1)}
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--torch", default=sys.executable, metavar="PYTHON")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--epochs", type=int, default=15)
    options = parser.parse_args()
    raw = options.out.resolve() / "raw"
    write_raw_phantoms(raw, options.count, size=128, classes="thorax")
    split = split_cases(sorted((raw / "images").iterdir()))
    save_split(
        split._replace(**{part: [path.stem for path in paths] for part, paths in split._asdict().items()}),
        raw / "split.json",
    )
    test = json.loads((raw / "split.json").read_text())["test"]
    rows = []
    for name, python in (("lungseg", sys.executable), ("MONAI", options.torch)):
        script, out = HERE / f"with_{name.lower()}.py", raw.parent / name.lower()
        out.mkdir()
        before, start = os.times(), time.perf_counter()
        subprocess.run([python, script, raw, out, str(options.epochs)], check=True)
        seconds, after = time.perf_counter() - start, os.times()
        busy = after.children_user + after.children_system - before.children_user - before.children_system
        row = {"": name, "lines": lines_of_code(script), "seconds": round(seconds), "of processors": round(busy)}
        pairs = [[np.asarray(Image.open(place / f"{case}.png")) for place in (raw / "masks", out)] for case in test]
        for number, label in enumerate(CLASSES, start=1):
            row[label] = np.mean([dice_of(true == number, found == number) for true, found in pairs]).round(4)
        rows.append(row)
    print(pd.DataFrame(rows).to_string(index=False))


if __name__ == "__main__":
    main()
