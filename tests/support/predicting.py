"""`lungseg predict` with a network that calls lung what is dark: the right mask of a chest is known."""

import csv

from click.testing import CliRunner

from lungseg.cli import main
from lungseg.runs import write_json
from stand_ins import threshold_network

QUIET = {"report": lambda line: None, "progress": False}  # settings of `lungseg.prediction.predict`


def write_run(folder):
    threshold_network(64, scale=-60).save(folder / "best.keras")
    write_json(folder / "settings.json", {"preparation": {"low": 5.0, "high": 95.0, "crop": True}})
    return folder


def table_of(folder):
    with (folder / "predictions.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def predict(run, *inputs, out, options=()):
    """Run the command; return its result and the rows of its table."""
    arguments = ["predict", "--model", run, "--out", out, *options, "--", *inputs]
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result, table_of(out) if (out / "predictions.csv").exists() else []
