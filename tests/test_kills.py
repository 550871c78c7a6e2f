"""Commands that are killed, and disks that are full: a few of the moments that `benchmarks/kills.py` tries."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

KILLS = Path(__file__).parents[1] / "benchmarks" / "kills.py"
COMMANDS = ("prepare", "train", "predict", "download")  # of evaluate, report/test_workflow.py tries each moment


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the benchmark forks")
def test_a_kill_or_a_full_disk_leaves_nothing_half_written():
    done = subprocess.run(
        [sys.executable, KILLS, *COMMANDS, "--fast", "--kills", "1", "--full", "1"],
        capture_output=True,
        text=True,
        check=False,
    )
    rows = {line.split()[0]: line for line in done.stdout.splitlines()[1:]}
    assert done.returncode == 0, done.stdout + done.stderr
    assert tuple(rows) == COMMANDS
    for row in rows.values():  # whether or not a tmpfs could be mounted
        assert row.split("|")[0].split()[2:] == ["0", "0", "0"]
