"""The report of an evaluation, one HTML page."""

from lungseg.report.writing import REPORT, write_report

__all__ = ["REPORT", "write_report"]
