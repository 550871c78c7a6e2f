"""The same three classes with lungseg and with MONAI: lines, minutes, and the Dice of each class.

    python benchmarks/three_classes/compare.py OUT [--torch PYTHON] [--count 300] [--epochs 15] [--seeds 0]

Phantoms of 128 pixels are written as images and index masks, and split once. Each program then gets the folder, and
writes the masks of the test images; the scores are computed here, for all of them alike. PYTHON is that of an
environment with PyTorch and MONAI (and Pillow). Both train as many epochs, in batches of 8, with Adam at a constant
0.002, Dice and cross-entropy, and keep the epoch with the best validation Dice.

The programs take turns, seed by seed, so that other work on the computer slows neither alone. Threads of PyTorch that
wait sleep (OMP_WAIT_POLICY): on a busy computer, waiting would count as work. Each training that is done is kept in
OUT, and not repeated when the command is run again; `results.csv` there has a row for each.
"""

import argparse
import io
import json
import os
import shutil
import subprocess
import sys
import time
import tokenize
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from lungseg.files import write_text
from lungseg.masks.overlap import dice_of
from lungseg.phantom import write_raw_phantoms
from lungseg.splits import save_split, split_cases

HERE = Path(__file__).parent
CLASSES = ("right lung", "left lung", "heart")
PROGRAMS = {"lungseg": HERE / "with_lungseg.py", "MONAI": HERE / "with_monai.py"}
NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def lines_of_code(path: Path) -> int:
    """Count the lines that hold code, and not only a comment or the docstring at the top."""
    text = path.read_text(encoding="utf-8")
    body = text[text.index('"""', 3) + 3 :]
    tokens = tokenize.generate_tokens(io.StringIO(body).readline)
    return len(
        {line for token in tokens if token.type not in NO_CODE for line in range(token.start[0], token.end[0] + 1)}
    )


def write_files(raw: Path, count: int, size: int = 128) -> None:
    """Write phantoms as images and index masks, and their split."""
    write_raw_phantoms(raw, count, size, classes="thorax")
    split = split_cases(sorted((raw / "images").iterdir()))
    names = {part: [path.stem for path in paths] for part, paths in split._asdict().items()}
    save_split(split._replace(**names), raw / "split.json")


def dice_of_test(raw: Path, out: Path) -> pd.DataFrame:
    """Return the Dice of each test case and class, from the masks that a program has written."""
    rows = {}
    for case in json.loads((raw / "split.json").read_text(encoding="utf-8"))["test"]:
        true, found = (np.asarray(Image.open(place / f"{case}.png")) for place in (raw / "masks", out))
        rows[case] = [dice_of(true == number, found == number) for number in range(1, len(CLASSES) + 1)]
    return pd.DataFrame.from_dict(rows, orient="index", columns=CLASSES)


def run_program(python: str, script: Path, raw: Path, out: Path, epochs: int, seed: int) -> dict[str, float]:
    """Run a program; return its seconds, on the clock and of the processor."""
    shutil.rmtree(out, ignore_errors=True)  # of a program that was stopped
    out.mkdir()
    before, start = os.times(), time.perf_counter()
    environment = {**os.environ, "OMP_WAIT_POLICY": "passive"}
    subprocess.run([python, script, raw, out, str(epochs), str(seed)], check=True, env=environment)
    seconds, after = time.perf_counter() - start, os.times()
    busy = after.children_user + after.children_system - before.children_user - before.children_system
    return {"seconds": seconds, "of processors": busy}


def size_of(python: str, script: Path, raw: Path, out: Path, seed: int) -> dict[str, int]:
    """Return the parameters and multiplications of the network that a program has trained."""
    command: list[str | Path] = [python, HERE / "sizes.py", script, raw, out, str(seed)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(said.splitlines()[-1])


def result_of(name: str, python: str, out: Path, epochs: int, seed: int) -> dict[str, float]:
    """Return times and size of a training, from an earlier run if it was done there."""
    raw, masks = out / "raw", out / f"{name}_{seed}"
    kept = masks / "result.json"
    if not kept.exists():
        times = run_program(python, PROGRAMS[name], raw, masks, epochs, seed)
        write_text(kept, json.dumps({**times, **size_of(python, PROGRAMS[name], raw, masks, seed)}))
    return json.loads(kept.read_text(encoding="utf-8"))


def begin_or_go_on(out: Path, asked: dict[str, int]) -> None:
    """Write the phantoms, if an earlier run has not; refuse a folder of anything else."""
    kept = out / "asked.json"
    earlier = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else None
    if earlier is None and out.exists() and any(out.iterdir()):
        raise SystemExit(f"{out} is not empty, and no results of this script. Name another folder.")
    if earlier not in (None, asked):
        raise SystemExit(f"{out} holds results of {earlier}; asked for: {asked}. Name another folder.")
    out.mkdir(parents=True, exist_ok=True)
    write_text(kept, json.dumps(asked))
    if not (out / "raw" / "split.json").exists():  # written last
        shutil.rmtree(out / "raw", ignore_errors=True)
        write_files(out / "raw", asked["count"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--torch", default=sys.executable, metavar="PYTHON")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    options = parser.parse_args()
    out = options.out.resolve()
    begin_or_go_on(out, {"count": options.count, "epochs": options.epochs})
    pythons = {"lungseg": sys.executable, "MONAI": options.torch}
    rows = []
    for seed in options.seeds:
        for name, script in PROGRAMS.items():
            result = result_of(name, pythons[name], out, options.epochs, seed)
            scores = dice_of_test(out / "raw", out / f"{name}_{seed}").agg(["mean", "median", "min"])
            print(f"{name}, seed {seed}: {result}\n{scores.round(4).to_string()}", flush=True)
            dice = {f"{organ}, {kind}": scores.loc[kind, organ] for organ in CLASSES for kind in scores.index}
            rows.append({"program": name, "seed": seed, "lines": lines_of_code(script), **result, **dice})
            pd.DataFrame(rows).to_csv(out / "results.csv", index=False)
    means = pd.DataFrame(rows).drop(columns="seed").groupby("program", sort=False).mean()
    print(means.T.to_string(float_format=lambda value: f"{value:,.0f}" if value > 1 else f"{value:.4f}"))


if __name__ == "__main__":
    main()
