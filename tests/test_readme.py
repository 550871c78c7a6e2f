"""The README: its links lead somewhere, its commands and its Python exist, its counts are those of the package."""

import ast
import importlib
import inspect
import re
import shlex
from importlib import resources
from pathlib import Path

import click
import pytest

from lungseg.cli import main

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
PROSE = re.sub(r"^```.*?^```$", "", TEXT, flags=re.MULTILINE | re.DOTALL)
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def code_of(language):
    return [code for name, code in BLOCKS if name == language]


# ---- Links -----------------------------------------------------------------------------------


def links_of(text):
    return re.findall(r"\]\(([^)\s]+)\)", text)


LINKS = links_of(PROSE)


def anchor(heading):
    """The name that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


ANCHORS = {anchor(heading) for heading in re.findall(r"^#+ (.*)$", PROSE, re.MULTILINE)}


@pytest.mark.parametrize("link", sorted({link for link in LINKS if not re.match(r"https?:|#", link)}))
def test_a_local_link_leads_to_a_file(link):
    assert (ROOT / link).is_file()


@pytest.mark.parametrize("link", sorted({link for link in LINKS if link.startswith("#")}))
def test_a_link_within_the_page_leads_to_a_heading(link):
    assert link[1:] in ANCHORS


def test_each_of_the_five_parts_is_linked_with_its_solution_in_order():
    from lungseg_course.engine.exercises import NOTEBOOKS

    notebooks = [link for link in LINKS if link.endswith(".ipynb")]
    assert notebooks == [path for name in NOTEBOOKS.values() for path in (name, f"solutions/{name}")]


def test_files_in_the_map_of_the_house_exist():
    (house,) = [code for name, code in BLOCKS if "lungseg/\n" in code]
    top, package = house.split("lungseg/\n")
    names = re.findall(r"[\w./-]+\.(?:py|toml|txt|ipynb)\b|\b[\w/]+/(?=\s)", top)
    assert len(names) > 8
    for name in names:
        assert any((ROOT / folder / name).exists() for folder in ("", "course")), name
    modules = re.findall(r"\b\w+\.py\b", package)
    assert len(modules) > 20
    for name in modules:
        assert (ROOT / "lungseg" / name).is_file(), name


# ---- Commands --------------------------------------------------------------------------------


def lungseg_commands(text, blocks):
    """Every `lungseg ...` in a block for the shell or between backticks, as lists of words."""
    lines = [line for block in blocks for line in block.splitlines()]
    lines += [" ".join(code.split()) for code in re.findall(r"(?<!`)`(lungseg\s[^`]*)`(?!`)", text)]
    commands = [shlex.split(line, comments=True) for line in lines]
    return [words[1:] for words in commands if words[:1] == ["lungseg"]]


def parse(words):
    """Let the command line read the words, without running anything."""
    with click.Context(main) as context:
        name, *arguments = words
        command = main.get_command(context, name)
        if command is None:
            raise click.UsageError(f"no such command: {name}")
        if arguments:  # a command that is only named needs none of them
            command.make_context(name, arguments, parent=context)


COMMANDS = lungseg_commands(PROSE, code_of("sh"))


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_command_is_understood(words):
    parse(words)


def test_all_commands_are_shown():
    assert {words[0] for words in COMMANDS} == set(main.commands)


@pytest.mark.parametrize(
    "line", ["lungseg tarin cases run", "lungseg train cases run --epoch-count 3", "lungseg download cases --size 100"]
)
def test_a_wrong_command_would_be_found(line):
    ((words),) = lungseg_commands("", [line])
    with pytest.raises(click.UsageError):
        parse(words)


def test_every_make_target_exists():
    targets = set(re.findall(r"^make (\w[\w-]*)", "\n".join(code_of("sh")), re.MULTILINE))
    targets |= set(re.findall(r"\bmake (\w[\w-]*)[`)]", TEXT))
    assert {"demo", "test", "lab", "notebooks", "figures"} <= targets
    assert targets <= set(re.findall(r"^([\w-]+):", MAKEFILE, re.MULTILINE))


def test_continuous_integration_runs_a_command_of_the_readme():
    last = (ROOT / ".ci" / "run").read_text(encoding="utf-8").strip().splitlines()[-1]
    assert any(last == line.split("#")[0].strip() for block in code_of("sh") for line in block.splitlines())


def test_the_two_commands_come_first():
    assert TEXT.index("make demo") < TEXT.index("make test") < 1500


def test_environment_variables_are_known_to_the_package_or_the_course():
    sources = "\n".join(
        path.read_text(encoding="utf-8") for room in ("lungseg", "course") for path in (ROOT / room).rglob("*.py")
    )
    names = set(re.findall(r"\bLUNGSEG_\w+", TEXT))
    assert names == {"LUNGSEG_DATA", "LUNGSEG_CACHE", "LUNGSEG_RUN", "LUNGSEG_FAST"}
    for name in names:
        assert name in sources


def test_extras_that_are_named_exist():
    import tomllib

    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    names = re.findall(r"\.\[(\w+)\]", TEXT)
    assert names
    assert set(names) <= set(extras)


# ---- Python ----------------------------------------------------------------------------------


def imported(tree):
    return [
        (statement.module, name.name)
        for statement in ast.walk(tree)
        if isinstance(statement, ast.ImportFrom)
        for name in statement.names
    ]


def check_python(code):
    """Compile a block, import what it imports, and try its arguments on what they are given to."""
    tree = ast.parse(code)
    things = {name: getattr(importlib.import_module(module), name) for module, name in imported(tree)}
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in things:
            keywords = {keyword.arg: None for keyword in call.keywords}
            inspect.signature(things[call.func.id]).bind(*call.args, **keywords)


@pytest.mark.parametrize("code", code_of("python"), ids=lambda code: code.split("\n")[0])
def test_python_can_run(code):
    check_python(code)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("from lungseg import trian", AttributeError),
        ("from lungseg import train\ntrain('cases', 'run', speed=2)", TypeError),
        ("train(", SyntaxError),
    ],
)
def test_wrong_python_would_be_found(code, error):
    with pytest.raises(error):
        check_python(code)


def test_everything_that_teaches_is_introduced():
    import lungseg_course

    for name in ("check", "hint", "solution", "quiz", "progress", "hand_in", "use"):
        assert name in lungseg_course.__all__
        assert re.search(rf"\b{name}\(", TEXT), name


# ---- Counts ----------------------------------------------------------------------------------


def table_row(title):
    line = next(line for line in TEXT.splitlines() if line.startswith(f"| {title}"))
    return [[int(number) for number in re.findall(r"\d+", cell)] for cell in line.split("|")[2:-1]]


def test_the_counts_of_the_data_sets_add_up():
    for normal, sick, whole in zip(table_row("normal"), table_row("with tuberculosis"), table_row("all"), strict=True):
        assert normal[0] + sick[0] == whole[0]
    assert 340 + 275 + table_row("all")[0][0] == 753
    assert "so 753 in both sets" in TEXT


def test_the_counts_of_masks_are_those_of_the_published_split():
    lines = resources.files("lungseg").joinpath("data/gaal2020.csv").read_text(encoding="utf-8").split()[1:]
    ids = [line.split(",")[0] for line in lines]
    for prefix, cell in zip(("MCUCXR", "CHNCXR"), table_row("**with lung masks**"), strict=True):
        mine = [name for name in ids if name.startswith(prefix)]
        assert cell == [len(mine), *(sum(name.endswith(end) for name in mine) for end in ("_0", "_1"))]
    assert f"**{len(ids)}** radiographs with masks" in TEXT
