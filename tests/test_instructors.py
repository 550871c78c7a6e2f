"""INSTRUCTORS.md: its plans add up, and what it says of checks is what they say."""

import re
from pathlib import Path

import pytest

from lungseg_course.engine.exercises import NOTEBOOKS, chapter

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "INSTRUCTORS.md").read_text(encoding="utf-8")


def section(title):
    return re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)[1]


def rows_of(text):
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:2] == "| "]
    return cells[1:]


@pytest.mark.parametrize(("title", "days"), [("A plan for one day", 1), ("A plan for three afternoons", 3)])
def test_a_plan_adds_up(title, days):
    now, begun = None, 0
    for start, minutes, _ in rows_of(section(title)):
        day, hour, minute = re.fullmatch(r"(?:\*\*(\d)\*\* )?(\d+):(\d\d)", start).groups()
        begins = 60 * int(hour) + int(minute)
        if day:
            begun += 1
            assert int(day) == begun
        elif now is not None:
            assert begins == now, start
        now = begins + int(minutes)
    assert max(begun, 1) == days
    assert now <= 60 * 17 + 30


IN_WORDS = {
    "about 45 minutes": 45,
    "about an hour": 60,
    "about an hour and a quarter": 75,
    "about an hour and a half": 90,
}


def minutes_of(path):
    """How long a notebook takes, as its first cell says."""
    source = (ROOT / "course" / path).with_suffix(".py").read_text(encoding="utf-8")
    return IN_WORDS[re.search(r"\*\*Time:\*\* ([^.,]+)", source)[1]]


def test_a_notebook_takes_as_long_everywhere_as_its_first_cell_says():
    planned = {
        what[9]: int(m) for _, m, what in rows_of(section("A plan for three afternoons")) if what[:8] == "Notebook"
    }
    assert planned == {number: minutes_of(path) for number, path in NOTEBOOKS.items()}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"Each takes {min(planned.values())} to {max(planned.values())} minutes." in readme


def test_discussions_name_the_questions_that_there_are():
    asked = [int(number) for number in re.findall(r"^(\d+)\. \*", section("Questions to discuss"), re.MULTILINE)]
    assert asked == list(range(1, len(asked) + 1))
    for title in ("A plan for one day", "A plan for three afternoons"):
        assert max(map(int, re.findall(r"questions \d+ to (\d+)", section(title)))) == len(asked)


def test_there_are_outcomes_for_each_part():
    parts = [part for part, *_ in rows_of(section("Learning outcomes"))]
    assert [part[0] for part in parts[1:]] == list(NOTEBOOKS)


@pytest.mark.parametrize(
    ("number", "name"), [row[1:] for row in rows_of(section("Usual misconceptions, and the check that finds them"))]
)
def test_a_misconception_is_named_so_by_the_check(number, name):
    assert number in [exercise.number for exercise in chapter(number[0]).EXERCISES]
    folder = ROOT / "lungseg_course" / "chapters"
    sources = [*(folder / f"chapter_{number[0]}").glob("*.py"), *folder.glob("*.py")]
    assert any(f'"{name}"' in path.read_text(encoding="utf-8") for path in sources)
