"""The commands that are killed, and what they work on."""

import functools
import http.server
import importlib
import io
import os
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from killing.children import child
from lungseg.cli import main as lungseg
from lungseg.datasets.published import download
from lungseg.phantom import write_phantoms, write_raw_phantoms

# What each child would import for itself.
COMMANDS = ("prediction.files", "preparation.folder", "report.workflow", "training.training", "augmentation.pipeline")
LIBRARIES = ("filelock", "joblib", "jinja2", "pandas", "scipy.ndimage", "skimage.measure", "tqdm.auto")
for name in (*(f"lungseg.{module}" for module in COMMANDS), *LIBRARIES):
    importlib.import_module(name)


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
