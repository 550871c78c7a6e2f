"""The page of a report, as a notebook shows it."""

import sys

import pytest

from lungseg_course.trained import Page


@pytest.fixture
def page(tmp_path, monkeypatch):
    (tmp_path / "results" / "my run").mkdir(parents=True)
    (tmp_path / "course").mkdir()
    monkeypatch.chdir(tmp_path / "course")
    path = tmp_path / "results" / "my run" / "report.html"
    path.write_text('<p title="a & b">A report</p>', encoding="utf-8")
    return path


def test_a_report_is_a_link_from_where_the_notebook_is(page):
    shown = Page(page, "results/my run/report.html")._repr_mimebundle_()
    assert 'href="../results/my%20run/report.html"' in shown["text/html"]
    assert shown["text/plain"] == "The report is results/my run/report.html."


@pytest.mark.parametrize("colab", [False, True])
def test_where_no_link_leads_to_it_it_is_in_the_notebook(page, monkeypatch, colab):
    if colab:
        monkeypatch.setitem(sys.modules, "google.colab", None)
    shown = Page(page, "results/my run/report.html", inside=not colab)._repr_mimebundle_()
    assert 'srcdoc="&lt;p title=&quot;a &amp; b&quot;&gt;A report&lt;/p&gt;"' in shown["text/html"]
    assert 'title="The report"' in shown["text/html"]
