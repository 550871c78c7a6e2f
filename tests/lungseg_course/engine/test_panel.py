"""Panels: readable on light and dark pages, nothing of an answer is taken for HTML, and the words beside them."""

import re
from types import SimpleNamespace

import IPython
import pytest
from bs4 import BeautifulSoup

from lungseg_course.engine import panel as panels
from lungseg_course.engine.panel import KINDS, bar, panel, prose, show, show_in_place_of_traceback
from lungseg_course.engine.surroundings import held_back
from lungseg_course.engine.telling import show_right, show_wrong
from lungseg_course.engine.verdict import Wrong

# The page and its text, as JupyterLab, VS Code and Colab have them.
THEMES = {
    "JupyterLab, light": ("#ffffff", "#212121"),
    "JupyterLab, dark": ("#111111", "#e0e0e0"),
    "VS Code, dark": ("#1e1e1e", "#cccccc"),
    "VS Code, light": ("#ffffff", "#3b3b3b"),
    "Colab, dark": ("#383838", "#d5d5d5"),
}
WRONG = Wrong(
    "a `<b>` too many", received="[[0\n  <i>1]]", expected="1", why="Why & how.", remedy="Write  f(x) < 1", tried="f(1)"
)


@pytest.fixture
def shown(monkeypatch):
    """What a notebook is given to show."""
    found = []
    shell = SimpleNamespace(kernel=True, display_pub=SimpleNamespace(publish=lambda data, metadata: found.append(data)))
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    return found


def channels(colour):
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def contrast(*colours):
    """As the WCAG define it."""
    levels = []
    for colour in colours:
        parts = [each / 255 for each in colour]
        linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts]
        levels.append(sum(each * weight for each, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True)) + 0.05)
    return max(levels) / min(levels)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("page", "text"), THEMES.values(), ids=THEMES)
def test_each_can_be_read_on_each_page(kind, page, text):
    html = panel(kind, "A title", f"<div>{prose('and `code`')}</div>")
    *tint, opacity = map(float, re.search(r"background:rgba\((.*?)\)", html)[1].split(","))
    ground = [opacity * over + (1 - opacity) * under for over, under in zip(tint, channels(page), strict=True)]
    grey, *_, share = map(float, re.search(r"<code.*?background:rgba\((.*?)\)", html)[1].split(","))
    under_code = [share * grey + (1 - share) * each for each in ground]
    assert min(contrast(channels(text), each) for each in (ground, under_code)) >= 4.5
    sign = channels(KINDS[kind][2])
    assert contrast(sign, channels("#ffffff")) >= 4.5, "the sign in its circle"
    assert contrast(sign, channels(page)) >= (3 if page != "#383838" else 2), "the stripe"
    assert set(re.findall(r"(?<!-)color:([^;\"]+)", html)) == {"inherit", "#ffffff"}


def test_no_two_have_the_same_name_and_sign():
    assert len({name for name, _, _ in KINDS.values()}) == len({sign for _, sign, _ in KINDS.values()}) == len(KINDS)


def test_what_is_wrong_stands_in_rows_beside_exactly_its_words(shown):
    show_wrong("Exercise 1.1: not right yet.", WRONG, "1.1", "  (Two cells define `f`.)\n")
    (data,) = shown
    assert data["text/plain"] == (
        f'Exercise 1.1: not right yet.\n{WRONG.report()}\n  (A hint: hint("1.1"))\n  (Two cells define `f`.)'
    )
    page = BeautifulSoup(data["text/html"], "html.parser")
    assert (page.div["role"], page.div["aria-label"]) == ("status", "Not right yet")
    assert page.strong.get_text() == "Exercise 1.1: not right yet."
    rows = dict(zip(*([each.get_text() for each in page.find_all(tag)] for tag in ("dt", "dd")), strict=True))
    assert rows == {
        "I tried": "f(1)",
        "It gave": "[[0\n  <i>1]]",
        "Expected": "1",
        "Mistake": "a <b> too many. Why & how.",
        "Try": "Write f(x) < 1",
    }
    assert {"<b>", "f(x) < 1", 'hint("1.1")', "f"} <= {each.get_text() for each in page.find_all("code")}
    assert "white-space:pre-wrap" in page.find("code", string=re.compile("^\\[\\[0"))["style"]
    assert page.find_all(["b", "i"]) == []


def test_anywhere_else_the_words_are_printed(capsys):
    show_right("Exercise 1.1: correct.", "Two times.", "  (A remark.)\n")
    show("note", "Question 1.1: not looked at.", "Old.")
    assert (
        capsys.readouterr().out
        == "Exercise 1.1: correct. Two times.\n  (A remark.)\nQuestion 1.1: not looked at. Old.\n"
    )
    assert show_in_place_of_traceback(ValueError(), "word " * 30) == ["word " * 18 + "word", "word " * 10 + "word"]


def test_what_an_answer_tells_while_it_is_checked_is_held_back_as_words(shown):
    with held_back() as held:
        show("right", "Exercise 1.1: correct.")
    assert held.lines == ["Exercise 1.1: correct."]
    assert shown == []


def test_an_error_is_told_in_a_panel_and_a_line_is_left(shown):
    message = 'Exercise 1.1 is not done yet: `f` still has its `todo()`. Stuck? hint("1.1")'
    error = ValueError(message)
    for _ in range(2):  # for the page, and for its history
        assert show_in_place_of_traceback(error, message) == [panels.STOPPED]
    (data,) = shown
    assert data["text/plain"] == message
    page = BeautifulSoup(data["text/html"], "html.parser")
    assert page.strong.get_text() == "Exercise 1.1 is not done yet:"
    assert [each.get_text() for each in page.find_all("code")] == ["f", "todo()", 'hint("1.1")']


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("in line 6 of your cell:  total += size", ["total += size"]),
        ('write  answer_1_1 = "a"  (or "b") in the cell', ['answer_1_1 = "a"']),
        ("a `b` and `c  d`, e", ["b", "c  d"]),
        ("checks (as here) hints", []),
        ("  a line that begins with spaces", []),
    ],
)
def test_code_in_a_sentence(text, codes):
    page = BeautifulSoup(prose(text), "html.parser")
    assert [each.get_text() for each in page.find_all("code")] == codes
    assert " ".join(page.get_text().split()) == " ".join(text.replace("`", "").split())


def test_a_bar_has_as_many_parts_as_there_are():
    page = BeautifulSoup(bar(2, 5), "html.parser")
    parts = page.span.find_all("span")
    assert ["transparent" in each["style"] for each in parts] == [False, False, True, True, True]
    assert page.span["aria-hidden"] == "true"
