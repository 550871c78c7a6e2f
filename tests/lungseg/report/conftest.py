"""A run that needs no training, what was measured of it, and its report."""

from types import SimpleNamespace

import numpy as np
import pytest

import lungseg.report.page as page_module
from lungseg.cases import case_id
from lungseg.evaluation.evaluation import measure_cases
from lungseg.report import write_report
from pages import Page


@pytest.fixture(scope="module")
def run(phantom_cases):
    """Two cases for training, three for validation, five for the test; the network takes what is dark for lung."""
    names = [case_id(path) for path in phantom_cases]
    return SimpleNamespace(
        folder="runs/my run",
        settings={
            "preparation": {"low": 5.0, "high": 95.0, "crop": True},
            "size": [32, 32],
            "network": {"filters": 4, "depth": 2},
            "parameters": 1234,
            "cases": "/home/somebody/secret/cases",
        },
        split_ids={"train": names[:2], "validation": names[2:5], "test": names[5:]},
        seen_before=set(),
        model=lambda images: np.clip(1.1 - images, 0, 1),
    )


@pytest.fixture(scope="module")
def test_part(phantom_cases):
    return list(phantom_cases[5:])


@pytest.fixture(scope="module")
def measured(run, test_part):
    return measure_cases(run.model, test_part)


@pytest.fixture
def write(run, measured, test_part, tmp_path, monkeypatch):
    """Write a report and read it.

    Other cases are measured anew; `change` alters the table, and what else differs in the run is given by name.
    """
    # The pictures are left away, which take most of the time.
    monkeypatch.setattr(page_module, "as_png", lambda figure: b"\x89PNG")

    def write(cases=None, change=None, calibration=None, candidates=(), settings=None, **of_the_run):
        other = SimpleNamespace(**{**vars(run), "settings": {**run.settings, **(settings or {})}, **of_the_run})
        found = measure_cases(other.model, cases) if cases else measured
        found = found._replace(table=change(found.table)) if change else found
        found = found if calibration is None else found._replace(calibration=calibration)
        return Page(write_report(other, found, cases or test_part, tmp_path / "out", candidates=candidates))

    return write
