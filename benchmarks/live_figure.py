"""What the figure costs that notebook 4 draws during the training, on phantoms of 128 pixels.

python benchmarks/live_figure.py [--epochs 12] [--count 300]

Trains the network of notebook 4 as the notebook does, in a kernel whose outputs nobody looks at, and prints how long
the epochs took, how much of it was to predict, draw and send the figure, and how many outputs and updates there were.
Then the same once more without the figure: the weights must be the same, bit for bit, on a processor.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

SHARE, SECONDS = 0.02, 0.3  # of the training time, or of an epoch: what the figure may take
CODE = """
import hashlib, json, sys, time
from pathlib import Path
import lungseg
import keras
from lungseg.cases import list_cases
from lungseg.datasets import default_cases
from lungseg_course.training import reporter
reporter.is_in_a_notebook = lambda: {live}
split = lungseg.split_cases(list_cases(default_cases(size=128, count={count})), seed=0)
training = lungseg.DataGenerator(split.train, 8, seed=0)
validation = lungseg.DataGenerator(split.validation, 8, shuffle=False)
keras.utils.set_random_seed(0)
model = lungseg.build_unet((128, 128, 1), filters=16, depth=4, dropout=0.1)
model.compile(keras.optimizers.Adam(2e-3), loss=lungseg.dice_loss, metrics=[lungseg.Dice(), lungseg.Jaccard()])
report = reporter.Reporter(len(training), {epochs}, split.validation, lambda: None)
began = time.perf_counter()
model.fit(training, validation_data=validation, epochs={epochs}, callbacks=[report], shuffle=False, verbose=0)
took = time.perf_counter() - began
report.end()
marks = hashlib.sha256(b"".join(array.tobytes() for array in model.get_weights())).hexdigest()
Path({out!r}).write_text(json.dumps({{"took": took, "figure": report.seconds, "weights": marks}}))
"""


class Counting(NotebookClient):
    """Counts how often the figure is sent, and how large it is."""

    updates, size = 0, 0

    def process_message(self, msg, cell, cell_index):
        if msg["msg_type"] == "update_display_data":
            self.updates += 1
            self.size = len(msg["content"]["data"].get("text/html", ""))
        return super().process_message(msg, cell, cell_index)


def measure(live: bool, epochs: int, count: int) -> dict:
    """Train in a kernel of its own; return what it wrote, and what it displayed."""
    import json

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "numbers.json"
        code = CODE.format(live=live, epochs=epochs, count=count, out=str(out))
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
        client = Counting(
            notebook,
            timeout=3600,
            kernel_name="python3",
            extra_arguments=["--log-level=ERROR"],
            resources={"metadata": {"path": folder}},
        )
        client.execute()
        shown = [output for output in notebook.cells[0].outputs if output.output_type == "display_data"]
        return {**json.loads(out.read_text()), "outputs": len(shown), "updates": client.updates, "size": client.size}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--count", type=int, default=300)
    options = parser.parse_args()
    began = time.perf_counter()
    live, plain = (measure(yes, options.epochs, options.count) for yes in (True, False))
    an_epoch, share = live["figure"] / options.epochs, live["figure"] / live["took"]
    print(f"{'':34}{'with figure':>12}{'without':>12}")
    print(f"{'training, s':34}{live['took']:12.1f}{plain['took']:12.1f}")
    print(f"{'of it the figure, s':34}{live['figure']:12.2f}{plain['figure']:12.2f}")
    print(f"{'  an epoch, s':34}{an_epoch:12.3f}")
    print(f"{'  share of the training':34}{share:12.1%}")
    print(f"{'outputs of the cell, pictures':34}{live['outputs']:12}{plain['outputs']:12}")
    print(f"{'updates of it':34}{live['updates']:12}{plain['updates']:12}")
    print(f"{'an update, kB':34}{live['size'] / 1000:12.0f}")
    print(f"{'same weights':34}{'yes' if live['weights'] == plain['weights'] else 'NO':>12}")
    print(f"(measured in {time.perf_counter() - began:.0f} s)")
    if share > SHARE and an_epoch > SECONDS:
        sys.exit(f"The figure takes too long: more than {SHARE:.0%} of the training, and {SECONDS} s an epoch.")


if __name__ == "__main__":
    main()
