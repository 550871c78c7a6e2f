"""How long the set-up takes, with pip and with uv, with empty caches and full ones, and how large the outcome is.

    python benchmarks/setting_up.py --out results/setting_up
    python benchmarks/setting_up.py --out results/setting_up --same    uv gets all of TensorFlow, too, as pip does

Each time, a copy of the project gets a new `.venv` by course/set_up.py. It downloads the packages of a student twice.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
LEFT_OUT = shutil.ignore_patterns(".venv*", ".git", "results", "my_course", "*.egg-info", "__pycache__", ".*_cache")
SHOWN = 12  # how many packages, from the largest


def megabytes(folder: Path) -> float:
    """Return the size of all files in a folder, each counted once, however many names it has."""
    sizes = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            about = path.stat()
            sizes[about.st_ino] = about.st_size
    return sum(sizes.values()) / 1e6


def set_up_once(copy: Path, caches: Path, installer: str, extras: list[str], programs: str) -> dict[str, float | str]:
    """Set up a copy of the project that has no `.venv`; return seconds, also of the processors, and megabytes."""
    shutil.rmtree(copy / ".venv", ignore_errors=True)
    environment = {
        **os.environ,
        "LUNGSEG_INSTALLER": installer,
        "PIP_CACHE_DIR": str(caches / "pip"),
        "UV_CACHE_DIR": str(caches / "uv"),
        "PATH": programs,
    }
    start, before = time.perf_counter(), os.times()
    done = subprocess.run(
        [sys.executable, "course/set_up.py", *extras], cwd=copy, env=environment, capture_output=True, text=True
    )
    seconds, after = time.perf_counter() - start, os.times()
    busy = after.children_user + after.children_system - before.children_user - before.children_system
    packages = re.search(rf"- The packages, with {installer} \.\.\.\n(?:(?!- ).*\n)*?  ([\d.]+) s\n", done.stdout)
    if done.returncode != 0 or packages is None:
        raise SystemExit(f"{installer} did not set up:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return {
        "seconds": seconds,
        "of processors": busy,
        "of the packages": float(packages[1]),
        "MB in .venv": megabytes(copy / ".venv"),
    }


def largest(venv: Path) -> pd.DataFrame:
    """Return the largest packages of a `.venv`, in megabytes."""
    (packages,) = venv.glob("lib/python3*/site-packages")
    sizes = {path.name: megabytes(path) for path in packages.iterdir() if path.is_dir()}
    table = pd.Series(sizes, name="MB").sort_values(ascending=False)
    return pd.concat([table[:SHOWN], pd.Series({"all others": table[SHOWN:].sum()}, name="MB")]).round().to_frame()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="an empty folder, on the disk on which you work")
    parser.add_argument("--extras", nargs="*", default=[], help="beside what a student needs, such as: dev")
    parser.add_argument("--same", action="store_true", help="the same packages: as if there were an NVIDIA card")
    options = parser.parse_args()
    out = options.out.resolve()  # the set-up runs in another folder
    programs = os.environ["PATH"]
    if options.same:
        card = out / "programs" / "nvidia-smi"  # the set-up looks for it, and does not call it
        card.parent.mkdir(parents=True)
        card.touch(mode=0o755)
        programs = f"{card.parent}{os.pathsep}{programs}"
    copy, caches = out / "project", out / "caches"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    rows = []
    for installer in ("pip", "uv"):
        for cache in ("empty", "full"):
            rows.append(
                {
                    "installer": installer,
                    "cache": cache,
                    **set_up_once(copy, caches, installer, options.extras, programs),
                }
            )
            print(rows[-1], flush=True)
    print(f"\n{pd.DataFrame(rows).round(1).to_string(index=False)}\n\nWith {rows[-1]['installer']}, MB in .venv:")
    print(largest(copy / ".venv"))
    shutil.rmtree(out)


if __name__ == "__main__":
    main()
