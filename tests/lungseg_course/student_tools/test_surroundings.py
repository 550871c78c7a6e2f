"""What a student's code does besides: it prints and draws, ends Python, asks, and goes to other folders."""

import builtins
import logging
import os
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from lungseg_course import check, points
from lungseg_course.engine.checking import first_wrong
from lungseg_course.engine.surroundings import held_back
from tiny_course import double


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        ("exit()", "the program is ended"),
        ("quit(1)", "the program is ended"),
        ("sys.exit()", "the program is ended"),
        ("os._exit(0)", "the program is ended"),
        ("os.abort()", "the program is ended"),
        ("input('How many? ')", "somebody is asked"),
        ("breakpoint()", "somebody is asked"),
    ],
)
def test_a_call_that_would_end_or_stop_the_kernel_is_told(cell, capsys, source, cause):
    before = os._exit, builtins.input, sys.breakpointhook
    check("1.1", cell(f"def double(n):\n    {source}\n    return 2 * n", os=os, sys=sys)["double"])
    report = capsys.readouterr().out
    assert f"  Mistake   {cause}. " in report
    assert f"in line 2 of your cell:  {source}" in report
    assert (os._exit, builtins.input, sys.breakpointhook) == before


def test_another_process_may_end_itself(monkeypatch):
    ended = []
    monkeypatch.setattr(os, "_exit", ended.append)
    with held_back():
        monkeypatch.setattr(os, "getpid", lambda: -1)
        with pytest.raises(SystemExit):
            os._exit(3)
    assert ended == [3]


def test_the_folder_and_the_printing_of_arrays_are_put_back(course, capsys):
    def answer(n):
        os.chdir(course.parent)
        np.set_printoptions(precision=1)
        return 2 * n

    precision = np.get_printoptions()["precision"]
    check("1.1", answer)
    assert Path.cwd() == course
    assert np.get_printoptions()["precision"] == precision
    assert "correct" in capsys.readouterr().out


def test_of_what_is_printed_the_first_lines_are_shown(capsys):
    def answer(n):
        for k in range(1000):
            print("value", k)
        print("to the other", file=sys.stderr)
        return 2 * n

    check("1.1", answer)
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert lines[:3] == ["Your code printed:", "  value 0", "  value 1"]
    assert lines[6:] == ["  ... and 1997 lines more", "Exercise 1.1: correct. Two times."]
    assert printed.err == ""
    assert points("1.1", answer, of=2) == 2
    assert first_wrong("1.1", answer) is None
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("one", ["  one"]),
        ("", []),
        ("\n\n", []),
        ("1/5\r2/5\r5/5\n", ["  5/5"]),
        ("\x1b[1m1/1\x1b[0m \x08\x08 done\n", ["  1/1  done"]),
        ("x" * 30_000, [f"  {'x' * 96} ..."]),
    ],
)
def test_lines_are_shown_as_they_are_seen(capsys, printed, shown):
    def answer(n):
        if n == 3:
            sys.stdout.write(printed)
        return 6

    check("1.1", answer)
    lines = capsys.readouterr().out.splitlines()
    assert lines[: len(shown) + bool(shown)] == (["Your code printed:"] if shown else []) + shown
    assert lines[len(shown) + bool(shown)] == "Exercise 1.1: not right yet."


def test_what_was_printed_before_an_interruption_is_shown(capsys):
    def answer(n):
        print("so far")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check("1.1", answer)
    assert capsys.readouterr().out == "Your code printed:\n  so far\n"


def test_warnings_and_logs_of_libraries_are_held_back(capfd):
    def answer(n):
        warnings.warn("old", stacklevel=1)
        logging.getLogger("absl").warning("You are saving your model as an HDF5 file")
        return 2 * n

    level = logging.getLogger("absl").level
    check("1.1", answer)
    printed = capfd.readouterr()
    assert printed.out == "Exercise 1.1: correct. Two times.\n"
    assert printed.err == ""
    assert logging.getLogger("absl").level == level


def test_of_several_figures_one_is_left_for_the_notebook(capsys, monkeypatch):
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.switch_backend("agg")
    mine = plt.figure()

    def answer(n):
        for _ in range(3):
            plt.figure()
            plt.show()
        return 2 * n

    shown = []
    monkeypatch.setattr(plt, "show", lambda: shown.append(True))
    try:
        check("1.1", answer)
        assert capsys.readouterr().out.startswith("Your code drew 6 figures while it was checked. The first one is ")
        assert len(plt.get_fignums()) == 2
        assert mine.number in plt.get_fignums()
        check("1.1", double)
        assert len(plt.get_fignums()) == 2
        assert shown == []
    finally:
        plt.close("all")
