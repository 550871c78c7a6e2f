"""Is nothing half-written taken for whole, whenever a command is killed, and wherever the disk is full?

    python benchmarks/kills.py [COMMAND ...] [--kills 20] [--full 8] [--seed 0] [--fast]

Each of `prepare`, `train`, `evaluate`, `predict` and `download` (from a server on this computer) runs once undisturbed.
Then it is killed (SIGKILL) at random moments and started again: half of the moments lie anywhere in the time that it
takes, half just before it opens, renames or removes a file, where harm is most likely. After a kill each file that can
be seen must be whole; after the second start the folder must hold the same names and the same bytes as after the
undisturbed run (of networks: the same weights, bit for bit), and nothing else.

Then it writes to a small tmpfs (which takes root), on top of the results of the undisturbed run, with room for a random
share of the largest file: it must say in one line that the disk is full, each file must be whole, none of before may be
gone, and with more room the same command must come to the same bytes.

Needs fork (Linux, macOS): each command is a child of one process that has imported all, and starts at once.
"""

import argparse
import contextlib
import functools
import io
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import keras
from matplotlib.figure import Figure
from PIL import Image

from killing.children import child
from killing.commands import Command, Sizes, commands
from killing.contents import contents, is_whole, seen


def kill(command: Command, place: Path, count: int, random_numbers: random.Random) -> dict[str, int]:
    """Kill a command at random moments and start it again."""
    log = place / "log"
    code, seconds = child(functools.partial(command.run, place / "undisturbed"), log)
    assert code == 0, log.read_text(errors="replace")
    touches = int(log.read_text(errors="replace").splitlines()[-1])
    right = contents(place / "undisturbed")
    result = dict.fromkeys(("killed", "half", "other bytes", "leftovers"), 0)
    # The folder has the same name each time: files tell it.
    out = place / "undisturbed"
    for number in range(count):
        shutil.rmtree(out)
        work = functools.partial(command.run, out)
        if number % 2:
            code, _ = child(work, log, at_file=random_numbers.randint(1, touches))
        else:
            code, _ = child(work, log, after=random_numbers.uniform(0, seconds))
        result["killed"] += code == -signal.SIGKILL
        result["half"] += sum(not is_whole(path) for path in seen(out)) if out.exists() else 0
        code, _ = child(work, log)
        left = contents(out) if code == 0 else {}
        result["leftovers"] += bool(left.keys() - right.keys())
        result["other bytes"] += any(left.get(name) != digest for name, digest in right.items())
        if left != right:
            names = {name for name in left.keys() | right.keys() if left.get(name) != right.get(name)}
            print(f"  {command.name}, moment {number}: status {code}; {sorted(names)[:5]}", file=sys.stderr)
    return result


def fill(command: Command, place: Path, count: int, random_numbers: random.Random) -> dict[str, int] | None:
    """Let a command run into a full disk, and go on with more room; None if no tmpfs can be mounted."""
    disk, log = place / "disk", place / "log"
    disk.mkdir(exist_ok=True)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk], capture_output=True).returncode:
        return None
    result = dict.fromkeys(("full", "one line", "half", "gone", "other bytes"), 0)
    try:
        out, kept = disk / "out", place / "undisturbed"
        if command.name == "download":  # with the archive at hand, but not unpacked
            shutil.rmtree(kept / "cases")
        before = contents(kept)
        shutil.copytree(kept, out)
        code, _ = child(functools.partial(command.again, out), log)
        assert code == 0, log.read_text(errors="replace")
        right = contents(out)
        largest = max(path.stat().st_size for path in out.rglob("*"))
        for _ in range(count):
            shutil.rmtree(out)
            shutil.copytree(kept, out)
            room = int(random_numbers.uniform(0, 0.9) * largest)
            ballast = disk / "ballast"
            with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
                for _ in range(0, shutil.disk_usage(disk).free - room, 4096):
                    file.write(bytes(4096))
            code, _ = child(functools.partial(command.again, out), log)
            said = messages(log)
            result["full"] += code != 0
            result["one line"] += code != 0 and is_told(said)
            if code and not is_told(said):
                print(f"  {command.name}, {room} bytes: {said}"[:2000], file=sys.stderr)
            result["half"] += sum(not is_whole(path) for path in seen(out))
            gone = before.keys() - contents(out).keys()
            result["gone"] += len(gone)
            ballast.unlink()
            code, _ = child(functools.partial(command.again, out), log)
            left = contents(out) if code == 0 else {}
            result["other bytes"] += left != right
            if left != right or gone:
                names = {name for name in left.keys() | right.keys() if left.get(name) != right.get(name)}
                print(f"  {command.name}, {room} bytes: status {code}; {sorted(names)[:5]}; {gone}", file=sys.stderr)
    finally:
        subprocess.run(["umount", disk], check=True)
    return result


def is_told(said: list[str]) -> bool:
    """Whether a full disk is told in one line; `download` asks beforehand."""
    return len(said) == 1 and ("the disk is full" in said[0] or "MiB are free" in said[0])


def draw_nothing(figure: Figure, target: Path | io.BytesIO, **settings: object) -> None:
    """Write a picture that took no time to draw."""
    picture = io.BytesIO()
    Image.new("L", (64, 64)).save(picture, format="PNG")
    (target.write if isinstance(target, io.BytesIO) else target.write_bytes)(picture.getvalue())


def messages(log: Path) -> list[str]:
    """Return what a command said of its failure: no progress bars, nor what it reported before."""
    lines = log.read_text(errors="replace").splitlines()[:-1]
    first = next((number for number, line in enumerate(lines) if "Error" in line or "Traceback" in line), len(lines))
    return [line for line in lines[first:] if line.strip()]


def main() -> int:
    """Print the table, and return 1 if anything in it should not be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("commands", nargs="*", metavar="COMMAND")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--full", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fast", action="store_true", help="fewer and smaller phantoms, and no graph of TensorFlow")
    asked = parser.parse_args()
    sizes = Sizes(6, 32, 2, "1", "1") if asked.fast else Sizes()
    if asked.fast and keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.run_functions_eagerly(True)
    if asked.fast:
        Figure.savefig = draw_nothing  # type: ignore[assignment, method-assign]
    faults = 0
    processor = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        "command    killed  half-written  other bytes  leftovers | full disk  one line  half-written  gone  other bytes"
    )
    with tempfile.TemporaryDirectory() as folder:
        for command in commands(Path(folder), sizes):
            if asked.commands and command.name not in asked.commands:
                continue
            place = Path(folder) / command.name
            place.mkdir()
            numbers = random.Random(f"{asked.seed} {command.name}")
            one = kill(command, place, asked.kills, numbers)
            two = fill(command, place, asked.full, numbers) if asked.full else None
            line = f"{command.name:9} {one['killed']:4d}/{asked.kills:<3d} {one['half']:12d} {one['other bytes']:12d} "
            line += f"{one['leftovers']:10d} | "
            if two:
                line += f"{two['full']:5d}/{asked.full:<3d} {two['one line']:9d} {two['half']:13d} {two['gone']:5d} "
                line += f"{two['other bytes']:12d}"
                faults += two["full"] - two["one line"] + two["half"] + two["gone"] + two["other bytes"]
            else:
                line += "not tried: a tmpfs takes root"
            faults += one["half"] + one["other bytes"] + one["leftovers"]
            print(line, flush=True)
            before, processor = processor, resource.getrusage(resource.RUSAGE_CHILDREN)
            cost = processor.ru_utime + processor.ru_stime - before.ru_utime - before.ru_stime
            print(f"  {cost:.1f} s of a processor", file=sys.stderr)
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
