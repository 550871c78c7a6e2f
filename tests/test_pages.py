"""README, INSTRUCTORS, CONTRIBUTING and docs/: their links lead somewhere, their commands and their Python exist."""

import ast
import importlib
import inspect
import os
import pkgutil
import re
import shlex
import textwrap
import tomllib
from pathlib import Path

import click
import pytest

import lungseg
from lungseg._moved import MODULES
from lungseg.cli import main

ROOT = Path(__file__).resolve().parents[1]
FILES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
PAGES = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in sorted(FILES)}
BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def prose_of(text):
    return BLOCK.sub("", text)


def code_of(text, language):
    return [textwrap.dedent(code) for name, code in BLOCK.findall(text) if name == language]


def everywhere(find):
    """What a function finds on each page, as parameters of a test with the name of the page."""
    return [
        pytest.param(page, found, id=f"{page}: {found}")
        for page, text in PAGES.items()
        for found in sorted(set(find(text)))
    ]


# ---- Links -----------------------------------------------------------------------------------


def links_of(text):
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", prose_of(text)) if not re.match(r"https?:", link)]


def anchors_of(text):
    """The names that GitHub gives to the headings."""
    headings = re.findall(r"^#+ (.*)$", prose_of(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(("page", "link"), everywhere(links_of))
def test_a_link_leads_to_a_file_and_a_heading(page, link):
    path, _, heading = link.partition("#")
    target = (ROOT / page).parent / path if path else ROOT / page
    assert target.is_file()
    if heading:
        assert heading in anchors_of(target.read_text(encoding="utf-8"))


def test_every_page_of_the_reference_is_at_most_two_clicks_from_the_readme():
    first = {link.partition("#")[0] for link in links_of(PAGES["README.md"])}
    second = {
        Path(os.path.normpath(Path(page).parent / link.partition("#")[0])).as_posix()
        for page in first & set(PAGES)
        for link in links_of(PAGES[page])
    }
    assert {page for page in PAGES if page.startswith("docs/")} <= first | second


def test_every_page_of_the_reference_is_in_its_index():
    listed = {link.partition("#")[0] for link in links_of(PAGES["docs/README.md"])}
    assert {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"} <= listed


def test_every_benchmark_is_listed():
    scripts = [path for path in (ROOT / "benchmarks").glob("*.py") if "argparse" in path.read_text(encoding="utf-8")]
    listed = set(re.findall(r"^\| `benchmarks/(\w+\.py)`", PAGES["docs/benchmarks.md"], re.MULTILINE))
    assert {path.name for path in scripts} <= listed <= {path.name for path in (ROOT / "benchmarks").glob("*.py")}


# ---- The maps --------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "docs/map.md"])
def test_what_a_map_shows_exists(page):
    (shown_tree,) = [code for name, code in BLOCK.findall(PAGES[page]) if not name and "\nlungseg/" in f"\n{code}"]
    shown, folder = 0, ROOT
    for indent, entry in re.findall(r"^( {0,2})(\S.*)$", shown_tree, re.MULTILINE):
        names = entry.split("  ")[0].split()
        if not indent:
            folder = ROOT / names[0]
        for name in names:
            assert ((folder if indent else ROOT) / name).exists(), name
            shown += 1
    assert shown > 5


def test_the_long_map_shows_every_module_of_the_package():
    shown, folders = set(), {0: ROOT / "lungseg"}  # by the depth of their lines
    for indent, entry in re.findall(
        r"^((?: {2}){1,3})(\S.*)$", PAGES["docs/map.md"].split("lungseg_course/ ")[0], re.MULTILINE
    ):
        names, parent = entry.split("  ")[0].split(), folders[len(indent) - 2]
        shown |= {parent / name for name in names}
        folders[len(indent)] = parent / names[0]
    there = {path for path in (ROOT / "lungseg").rglob("*.py") if not path.name.startswith("__")}
    assert {path for path in shown if path.suffix} == there


# ---- Commands --------------------------------------------------------------------------------


def commands_of(text, program):
    """Every line for the shell, or text between backticks, that begins with a program, and what follows it."""
    lines = [line for block in code_of(text, "sh") for line in block.splitlines()]
    lines += [" ".join(code.split()) for code in re.findall(r"(?<!`)`([^`]*)`(?!`)", prose_of(text))]
    lines = [re.sub(r"^([A-Z_]+=\S+ )+", "", line.split("  #")[0]).strip() for line in lines]
    return [line.removeprefix(program).strip() for line in lines if re.match(rf"{re.escape(program)}\s", line)]


def parse(line):
    """Let the command line read a line, without running anything."""
    with click.Context(main) as context:
        name, *arguments = shlex.split(line)
        command = main.get_command(context, name)
        if command is None:
            raise click.UsageError(f"no such command: {name}")
        if arguments:  # a command that is only named needs none of them
            command.make_context(name, arguments, parent=context)


@pytest.mark.parametrize(("page", "line"), everywhere(lambda text: commands_of(text, "lungseg")))
def test_a_command_is_understood(page, line):
    parse(line)


@pytest.mark.parametrize("page", ["docs/commands.md"])
def test_all_commands_are_shown(page):
    assert {line.split()[0] for line in commands_of(PAGES[page], "lungseg")} == set(main.commands)


@pytest.mark.parametrize("line", ["tarin cases run", "train cases run --epoch-count 3", "download cases --size 100"])
def test_a_wrong_command_would_be_found(line):
    assert commands_of(f"```sh\nlungseg {line}  # a comment\n```", "lungseg") == [line]
    with pytest.raises(click.UsageError):
        parse(line)


@pytest.mark.parametrize(("page", "line"), everywhere(lambda text: commands_of(text, "make")))
def test_every_make_target_exists(page, line):
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert line.split()[0] in targets


@pytest.mark.parametrize(
    ("page", "line"),
    everywhere(lambda text: [*commands_of(text, "python"), *commands_of(text, ".venv/bin/python")]),
)
def test_scripts_and_tests_that_are_run_exist(page, line):
    words = shlex.split(line)
    for path in [word for word in words if re.match(r"(tests|course|benchmarks|images)/", word)]:
        assert (ROOT / path).exists(), path
    if words[0].endswith(".py"):
        script = (ROOT / words[0]).read_text(encoding="utf-8")
        for option in [word for word in words if word.startswith("--")]:
            assert f'"{option}"' in script, option


def test_environment_variables_are_known_to_the_package_or_the_course():
    sources = "\n".join(
        path.read_text(encoding="utf-8") for folder in ("lungseg", "course") for path in (ROOT / folder).rglob("*.py")
    )
    for name in set(re.findall(r"\bLUNGSEG_\w+", "".join(PAGES.values()))):
        assert name in sources
    assert set(re.findall(r"\bLUNGSEG_\w+", sources)) <= set(re.findall(r"\bLUNGSEG_\w+", PAGES["docs/setup.md"]))


def test_names_of_modules_and_functions_in_backticks_exist():
    folders = [path for folder in ("lungseg", "lungseg_course", "course") for path in (ROOT / folder).rglob("*.py")]
    pages = [path for path in FILES if path.name != "CHANGELOG.md"]
    for path in [*folders, *pages]:
        for name in set(re.findall(r"`(lungseg(?:_course)?(?:\.\w+)+)`", path.read_text(encoding="utf-8"))):
            assert pkgutil.resolve_name(name) is not None, (path, name)
            assert not any(f"{name}.".startswith(f"lungseg.{former}.") for former in MODULES), (path, name)


def test_extras_that_are_named_exist():
    named = set(re.findall(r"\.\[(\w+)\]", "".join(PAGES.values())))
    assert named == set(SETTINGS["project"]["optional-dependencies"])


def test_the_version_is_the_same_everywhere():
    version = SETTINGS["project"]["version"]
    assert version == lungseg.__version__
    assert f'version: "{version}"' in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    released = re.findall(r"^## \[?(\d[\w.]*|Unreleased)", PAGES["CHANGELOG.md"], re.MULTILINE)
    assert released[0] == ("Unreleased" if "dev" in version else version)


# ---- Python ----------------------------------------------------------------------------------


def check_python(code):
    """Compile a block, import what it imports, and try its arguments on what they are given to."""
    tree = ast.parse(code)
    things = {
        name.name: getattr(importlib.import_module(statement.module), name.name)
        for statement in ast.walk(tree)
        if isinstance(statement, ast.ImportFrom)
        for name in statement.names
    }
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in things:
            keywords = {keyword.arg: None for keyword in call.keywords}
            inspect.signature(things[call.func.id]).bind(*call.args, **keywords)


@pytest.mark.parametrize(("page", "code"), everywhere(lambda text: code_of(text, "python")))
def test_python_can_run(page, code):
    check_python(code)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("from lungseg import trian", AttributeError),
        ("from lungseg import build_unet\nbuild_unet((64, 64, 1), speed=2)", TypeError),
        ("train(", SyntaxError),
    ],
)
def test_wrong_python_would_be_found(code, error):
    with pytest.raises(error):
        check_python(code)
