"""The README, its order, and what it shows; the opening chapter, and its counts, which are those of the package."""

import re
from importlib import resources
from pathlib import Path

import keras

import lungseg_course
from lungseg_course.engine.exercises import NOTEBOOKS

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
OPENING = (ROOT / "docs" / "opening.md").read_text(encoding="utf-8")


def test_the_result_comes_first_then_the_commands_then_the_course():
    results = ["images/result.png", "images/real_cases.png", 'check("2.1"']
    places = [TEXT.index(words) for words in [*results, "make lab", "make demo", "make test", "## The parts"]]
    assert places == sorted(places)


def test_it_is_read_in_some_minutes():
    seen = re.sub(r"!\[.*?\]|<!--.*?-->", "", TEXT, flags=re.DOTALL)
    assert len(seen.split()) <= 1500


def test_it_shows_what_check_says(tmp_path, monkeypatch, capsys):
    """The wrong block in the README is given to its check."""
    monkeypatch.chdir(tmp_path)  # check notes what was tried in the folder of the course
    given, said = re.search(r"```python\n(def decoder_block.*?)```.*?```text\n(.*?)```", TEXT, re.DOTALL).groups()
    names = {"layers": keras.layers}
    exec(given, names)
    lungseg_course.check("2.1", names["decoder_block"])
    assert capsys.readouterr().out == said


def test_continuous_integration_runs_a_command_of_the_readme():
    last = (ROOT / ".ci" / "run").read_text(encoding="utf-8").strip().splitlines()[-1]
    assert re.search(rf"^{re.escape(last)}  ", TEXT, re.MULTILINE)


def test_each_part_is_linked_with_its_solution_in_order():
    notebooks = re.findall(r"\]\((?!https:)([^)\s]+\.ipynb)\)", TEXT)
    assert notebooks == [path for name in NOTEBOOKS.values() for path in (name, f"solutions/{name}")]


def test_everything_that_teaches_is_introduced():
    for name in ("check", "hint", "solution", "quiz", "progress", "hand_in", "use"):
        assert name in lungseg_course.__all__
        assert re.search(rf"\b{name}\(", TEXT), name


def table_row(title):
    line = next(line for line in OPENING.splitlines() if line.startswith(f"| {title}"))
    return [[int(number) for number in re.findall(r"\d+", cell)] for cell in line.split("|")[2:-1]]


def test_the_counts_of_the_data_sets_add_up():
    for normal, sick, whole in zip(table_row("normal"), table_row("with tuberculosis"), table_row("all"), strict=True):
        assert normal[0] + sick[0] == whole[0]
    assert 340 + 275 + table_row("all")[0][0] == 753
    assert "so 753 in both sets" in OPENING


def test_the_counts_of_masks_are_those_of_the_published_split():
    lines = resources.files("lungseg").joinpath("data/gaal2020.csv").read_text(encoding="utf-8").split()[1:]
    ids = [line.split(",")[0] for line in lines]
    for prefix, cell in zip(("MCUCXR", "CHNCXR"), table_row("**with lung masks**"), strict=True):
        mine = [name for name in ids if name.startswith(prefix)]
        assert cell == [len(mine), *(sum(name.endswith(end) for name in mine) for end in ("_0", "_1"))]
    assert f"**{len(ids)}** radiographs with masks" in OPENING


def test_the_two_sets_are_counted_in_the_readme_as_in_the_chapter():
    (whole,) = re.findall(r"\*\*(\d+)\*\* radiographs with masks", OPENING)
    assert f"about {whole} public radiographs" in TEXT
