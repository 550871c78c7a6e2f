"""Figures with controls: the still first state, and what moves where widgets work."""

import re
import sys
from types import SimpleNamespace

import IPython
import pytest

from lungseg.plotting import NotebookFigure
from lungseg_course.play import Choice, Play, Slider, Switch, playing


def draw(number, word, on):
    figure = NotebookFigure(figsize=(2, 1), dpi=50)
    figure.alt_text = f"{number} <{word}> {on}"
    return figure


@pytest.fixture
def play():
    return Play(
        draw,
        number=Slider("a number", 1, 9, step=1, start=3),
        word=Choice("a word", ["this", "that"]),
        on=Switch("on or off", start=False),
    )


def alt_of(markup):
    return re.search('alt="(.*?)"', markup)[1]


def test_the_first_state_is_still_and_tells_itself(play):
    output = play.still_output()
    assert output["text/plain"] == "3 <this> False"
    assert alt_of(output["text/html"]) == "3 &lt;this&gt; False"
    assert 'width="100" height="50"' in output["text/html"]


def test_moving_a_control_redraws_the_same_picture_with_its_new_words(play):
    number, word, on, picture = play.widget().children
    before = picture.value
    number.value, word.value, on.value = 4, "that", True
    assert alt_of(picture.value) == "4 &lt;that&gt; True"
    assert picture.value != before
    assert play.still_output()["text/plain"] == "3 <this> False"


def test_the_widget_hides_the_still_picture_and_no_other(play):
    mark = re.search('class="([^"]+)"', play.still_output()["text/html"])[1]
    assert f".{mark} {{ display: none; }}" in play.widget().children[-1].value
    assert mark not in Play(lambda: draw(1, "", True)).still_output()["text/html"]


@pytest.mark.parametrize(
    ("control", "kind", "start"),
    [
        (Slider("n", 1, 9, step=2, start=3), "IntSlider", 3),
        (Slider("n", 0.0, 1.0, step=0.1, start=0.5), "FloatSlider", 0.5),
        (Choice("n", ["a", "b"], start="b"), "Dropdown", "b"),
        (Switch("n"), "Checkbox", True),
    ],
)
def test_each_control_has_its_widget_with_a_label(control, kind, start):
    widget = control.widget()
    assert (type(widget).__name__, widget.value, widget.description) == (kind, start, "n")


@pytest.mark.parametrize(
    ("shell", "installed", "shown"),
    [(SimpleNamespace(kernel=1), True, 2), (SimpleNamespace(kernel=1), False, 1), (None, True, 1)],
    ids=["a notebook", "without ipywidgets", "a terminal"],
)
def test_widgets_come_where_there_is_a_kernel_and_ipywidgets(play, monkeypatch, shell, installed, shown):
    there = []
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    monkeypatch.setattr("IPython.display.display", lambda thing, **_: there.append(thing))
    if not installed:
        monkeypatch.setitem(sys.modules, "ipywidgets", None)
    assert playing.widgets_work() is (shown == 2)
    play._ipython_display_()
    assert there[0] == play.still_output()
    assert len(there) == shown
