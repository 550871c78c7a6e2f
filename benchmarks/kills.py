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
import csv
import functools
import hashlib
import http.server
import importlib
import io
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import h5py
import keras
import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from lungseg.cli import main as lungseg
from lungseg.datasets.published import download
from lungseg.phantom import write_phantoms, write_raw_phantoms

# What each child would import for itself.
COMMANDS = ("prediction.files", "preparation.folder", "report.workflow", "training.training", "augmentation.pipeline")
LIBRARIES = ("filelock", "joblib", "jinja2", "pandas", "scipy.ndimage", "skimage.measure", "tqdm.auto")
for name in (*(f"lungseg.{module}" for module in COMMANDS), *LIBRARIES):
    importlib.import_module(name)

WRITES = os.O_WRONLY | os.O_RDWR


class Command(NamedTuple):
    """A command, which writes into a folder that it is given; and what it has still to do there after it was done."""

    name: str
    run: Callable[[Path], object]
    again: Callable[[Path], object]


class Sizes(NamedTuple):
    """How much there is to do: radiographs, their size, and epochs."""

    radiographs: int = 30
    size: int = 64
    epochs: int = 4
    jobs: str = "2"
    depth: str = "3"


def commands(place: Path, sizes: Sizes) -> list[Command]:
    """Make what the commands work on."""
    raw, cases, run = place / "raw", place / "cases", place / "run"
    write_raw_phantoms(raw, sizes.radiographs, 2 * sizes.size)
    write_phantoms(cases, sizes.radiographs, sizes.size)
    network = ["--filters", "2", "--depth", sizes.depth]
    child(functools.partial(call, "train", cases, run, "--epochs", "1", *network), place / "log")

    def train(out: Path, epochs: int = sizes.epochs) -> None:
        call("train", cases, out, "--epochs", str(epochs), *network)

    def evaluate(out: Path) -> None:
        call("evaluate", run, "--out", out)

    def predict(out: Path) -> None:
        call("predict", raw / "images", "--model", run, "--out", out, "--overlay")

    def prepare(out: Path, *more: str) -> None:
        call("prepare", raw, out, "--size", str(sizes.size), "--jobs", sizes.jobs, *more)

    def prepare_again(out: Path) -> None:
        prepare(out, "--overwrite")

    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted(cases.iterdir()):
            file.writestr(zipfile.ZipInfo(f"cases/{path.name}"), path.read_bytes())
    url = serve(archive.getvalue())

    def fetch(out: Path) -> None:
        os.environ["LUNGSEG_CACHE"] = str(out / "cache")
        try:
            download(128, out / "cases", urls=[url], progress=False)
        except ValueError as error:  # as the command line does it
            print(f"Error: {error}", file=sys.stderr)
            sys.exit(1)

    return [
        Command("prepare", prepare, prepare_again),
        Command("train", train, functools.partial(train, epochs=sizes.epochs + 1)),
        Command("evaluate", evaluate, evaluate),
        Command("predict", predict, predict),
        Command("download", fetch, fetch),
    ]


def call(*arguments: str | Path) -> None:
    """Run a command of the command line."""
    lungseg([str(argument) for argument in arguments])


def serve(content: bytes) -> str:
    """Deliver a file, slowly enough to be disturbed, for as long as this process lives."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            for start in range(0, len(content), 2**14):
                self.wfile.write(content[start : start + 2**14])
                time.sleep(0.005)

        def log_message(self, *arguments: object) -> None:
            pass

        do_HEAD = do_GET

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *arguments: None  # type: ignore[method-assign]  # the other end was killed
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/a.zip"


def child(
    work: Callable[[], object], log: Path, after: float | None = None, at_file: int | None = None
) -> tuple[int, float]:
    """Run something in a child, killed after some seconds or before it touches a file; return its status and seconds.

    The number of times that it touched a file is the last line of the log.
    """
    start = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        code = 70
        touched = 0
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(output, 1)
        os.dup2(output, 2)

        def look(event: str, arguments: tuple) -> None:
            nonlocal touched
            if event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir") or (
                event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITES
            ):
                touched += 1
                if touched == at_file:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(look)
        try:
            work()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os.write(2, f"\n{touched}".encode())
            os._exit(code)
    if after is not None:
        time.sleep(after)
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), time.perf_counter() - start


def seen(folder: Path) -> list[Path]:
    """Return the files of a folder that are not hidden, nor in a hidden folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path for path in files if not any(part.startswith(".") for part in path.relative_to(folder).parts)]


def is_whole(path: Path) -> bool:
    """Whether a file can be read to its end."""
    try:
        if path.suffix == ".npy":
            np.load(path)
        elif path.suffix == ".png":
            Image.open(path).load()
        elif path.suffix == ".csv":
            rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines(keepends=True)))
            return path.read_bytes().endswith(b"\n" if rows else b"") and len({len(row) for row in rows}) <= 1
        elif path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))
        elif path.suffix in (".keras", ".h5"):
            weights(path)
        elif path.suffix == ".zip":
            return zipfile.ZipFile(path).testzip() is None
        elif path.suffix == ".html":
            return path.read_text(encoding="utf-8").rstrip().endswith("</html>")
    except Exception:
        return False
    return True


def weights(path: Path) -> bytes:
    """Return all numbers of a network, or of the state of a training; Keras' files tell times and addresses as well."""
    if path.suffix == ".keras":
        with zipfile.ZipFile(path) as archive:
            return weights_of(io.BytesIO(archive.read("model.weights.h5")))
    return weights_of(path)


def weights_of(file: Path | io.BytesIO) -> bytes:
    """Return the names and numbers of all arrays of an HDF5 file."""
    found: list[bytes] = []

    def add(name: str, thing: object) -> None:
        if isinstance(thing, h5py.Dataset):
            found.append(name.encode() + np.asarray(thing).tobytes())

    with h5py.File(file, "r") as content:
        content.visititems(add)
    return b"".join(sorted(found))


def contents(folder: Path) -> dict[str, str]:
    """Return a hash of each file of a folder, hidden or not, by its name; folders have none."""
    found = {}
    for path in sorted(folder.rglob("*")):
        read = weights if path.suffix in (".keras", ".h5") else Path.read_bytes
        found[str(path.relative_to(folder))] = hashlib.sha256(read(path)).hexdigest() if path.is_file() else ""
    return found


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
    sizes = Sizes(9, 32, 2, "1", "1") if asked.fast else Sizes()
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
