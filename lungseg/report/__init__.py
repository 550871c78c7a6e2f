"""The whole evaluation of a run: table, figures, and a report in one HTML page."""

from lungseg.report.cross_validation import cross_validate, evaluate_folds
from lungseg.report.workflow import evaluate_run
from lungseg.report.writing import REPORT, write_report

__all__ = ["REPORT", "cross_validate", "evaluate_folds", "evaluate_run", "write_report"]
