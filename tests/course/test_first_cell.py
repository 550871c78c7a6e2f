"""The cell at the top of each notebook, with which it runs also where the course is not installed."""

import importlib.util
import json
import os

import pytest

import address
import first_cell
import grading
import notebooks
from kernels import Kernel
from lungseg_course import find_run_folder, places, record
from lungseg_course.engine.notebook import cells as watching
from lungseg_course.updating.copies import update
from small_sources import ROOT, build, change_source, check_says, edit, read

GITHUB, ELSEWHERE = "https://github.com/ada/lungs", "https://git.example.org/ada/lungs"
PAGE = "# Lungs\n\n<!-- address: {0} -->\n<!-- end of {0} -->\n\nAnd more.\n"
PATHS = [f"{folder}{name}.ipynb" for folder in ("", "solutions/") for name in notebooks.NOTEBOOKS]


def with_its_address(course, named):
    """Name the address of a small course, which has the two pages."""
    line = f'Repository = "{named}"\n' if named else ""
    (course.root / "pyproject.toml").write_text(f'[project]\nname = "x"\n[project.urls]\n{line}', encoding="utf-8")
    for page, block in (("README.md", "badges"), ("docs/setup.md", "notebooks")):
        (course.root / page).parent.mkdir(exist_ok=True)
        if not (course.root / page).exists():
            (course.root / page).write_text(PAGE.format(block), encoding="utf-8")
    return course


def first_code(path):
    return next(cell for cell in read(path).cells if cell.cell_type == "code")


# ---- The course as it is -------------------------------------------------------------------------


def test_all_notebooks_begin_with_the_same_cell():
    found = set()
    for path in PATHS:
        cells = json.loads((ROOT / path).read_text(encoding="utf-8"))["cells"]
        first = next(cell for cell in cells if cell["cell_type"] == "code")
        assert (first["id"], first["metadata"]) == ("install-the-course", {"tags": ["install"]})
        found.add("".join(first["source"]))
    (text,) = found
    assert text == first_cell.code(address.address_of(ROOT))
    assert len(text.splitlines()) <= 24
    assert max(len(line) for line in text.splitlines() if "://" not in line) <= 96


def test_the_pages_have_the_blocks_that_the_address_fills():
    blocks = [found[2] for page in address.PAGES for found in address.BLOCK.finditer((ROOT / page).read_text("utf-8"))]
    assert {"badges", "get", "notebooks"} <= set(blocks)


# ---- With an address, and without ----------------------------------------------------------------


def test_with_an_address_all_is_built_from_it_and_without_one_from_words(course):
    with_its_address(course, GITHUB)
    build.write(course)
    assert build.outdated(course) == []
    exercise, solution = (read(course.root / f"{folder}Train_UNET.ipynb") for folder in ("", "solutions/"))
    assert [cell.id for cell in exercise.cells[1:4]] == ["open-elsewhere", "install-the-course", "exercise_4_1"]
    assert "github/ada/lungs/blob/main/Train_UNET.ipynb" in exercise.cells[1].source
    assert "github/ada/lungs/blob/main/solutions/Train_UNET.ipynb" in solution.cells[1].source
    assert '"https://github.com/ada/lungs/archive/refs/heads/main.zip"' in exercise.cells[2].source
    assert "urlpath=lab/tree/my_course/Train_UNET.ipynb" in exercise.cells[1].source
    assert "urlpath=lab/tree/solutions/Train_UNET.ipynb" in solution.cells[1].source
    readme = (course.root / "README.md").read_text(encoding="utf-8")
    assert readme.count("[![") == 3
    assert readme.endswith("<!-- end of badges -->\n\nAnd more.\n")
    table = (course.root / "docs/setup.md").read_text(encoding="utf-8")
    assert table.count("colab.research.google.com") == len(notebooks.NOTEBOOKS)

    with_its_address(course, "")
    complaints = "\n".join(build.outdated(course))
    assert complaints.count("is out of date") == 2 * len(notebooks.NOTEBOOKS) + 2
    build.write(course)
    assert check_says(course) == []
    assert [cell.id for cell in read(course.root / "Train_UNET.ipynb").cells[1:3]] == [
        "install-the-course",
        "exercise_4_1",
    ]
    assert (course.root / "README.md").read_text(encoding="utf-8") == PAGE.format("badges")
    for path in course.root.rglob("*"):
        assert not path.is_file() or b"://" not in path.read_bytes(), path


def test_an_address_that_is_not_on_github_has_no_links_that_lead_nowhere():
    line = address.links(ELSEWHERE, "Train_UNET.ipynb")
    assert "git/https%3A%2F%2Fgit.example.org%2Fada%2Flungs/main" in line
    page = address.with_address(PAGE.format("badges") + PAGE.format("get") + PAGE.format("notebooks"), ELSEWHERE)
    assert page.count("mybinder.org/v2/git/") == 1 + len(notebooks.NOTEBOOKS)
    assert f"git clone {ELSEWHERE}\ncd lungs" in page
    assert not {"colab", "codespaces"} & set(page.replace("/", ".").split("."))
    assert f"git+{ELSEWHERE}@main" in first_cell.code(ELSEWHERE)


@pytest.mark.parametrize(
    "named", ["ada/lungs", "https://github.com/ada", "http://github.com/ada/lungs", 'https://a/"b/c']
)
def test_what_is_no_address_is_refused(course, named):
    with_its_address(course, named.replace('"', '\\"'))
    with pytest.raises(notebooks.SourceError, match=r"expected a Repository such as https://github.com/OWNER/lungseg"):
        build.built(course)


def test_a_block_that_nobody_knows_is_refused():
    with pytest.raises(notebooks.SourceError, match="Found: nothing"):
        address.with_address(PAGE.format("nothing"), "")


def test_students_of_a_class_get_the_cell_and_no_links(course, tmp_path_factory):
    with_its_address(course, GITHUB)
    folder = tmp_path_factory.mktemp("class")
    grading.write_course(course, folder)
    cells = read(folder / "source" / "lungseg" / "Train_UNET.ipynb").cells
    assert [cell.id for cell in cells[1:3]] == ["install-the-course", "exercise_4_1"]


def test_a_students_copy_gets_the_cell_and_keeps_what_was_written_into_it(built, capsys):
    update(root=built.root)
    mine = built.root / "my_course" / "Train_UNET.ipynb"
    edit(mine, lambda notebook: notebook.cells[1].update(source="# Exercise 4.1\ntwice = 2 .__mul__"))
    with_its_address(built, "")
    build.write(built)
    update(root=built.root)
    assert [cell.id for cell in read(mine).cells[1:3]] == ["install-the-course", "exercise_4_1"]
    assert read(mine).cells[2].source == "# Exercise 4.1\ntwice = 2 .__mul__"
    assert "my_course/Train_UNET.ipynb: up to date, with 1 new" in capsys.readouterr().out
    edit(mine, lambda notebook: notebook.cells[1].update(source="# mine"))
    change_source(built, "# # Counting", "# # Counting better")
    build.write(built)
    update(root=built.root)
    assert read(mine).cells[1].source == "# mine"


# ---- The cell is run -----------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def no_notebook(monkeypatch):
    """Whatever a test has watched, the next one is outside of a notebook."""
    monkeypatch.setattr(watching, "_watched", None)


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(record.CHOSEN, raising=False)
    return Kernel(tmp_path / "Train_UNET.ipynb")


@pytest.fixture
def bare(kernel, monkeypatch):
    """A kernel in which the course is not installed; what pip is told to do, after which it is installed or not."""
    find_spec, pip = importlib.util.find_spec, []
    absent = ["lungseg_course"]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in absent else find_spec(name))

    def magic(name, line):
        pip.append((name, line))
        if "broken" not in line:
            absent.clear()

    kernel.shell.user_ns["get_ipython"] = lambda: type("Shell", (), {"run_line_magic": staticmethod(magic)})
    kernel.pip = pip
    return kernel


def test_where_the_course_is_installed_it_does_nothing(kernel):
    assert kernel.run("first", first_cell.code(GITHUB)) == ""
    assert kernel.shell.last_execution_succeeded


@pytest.mark.parametrize(
    ("beside", "named", "installed"),
    [
        (["lungseg-0.2.0-py3-none-any.whl"], "", "lungseg-0.2.0-py3-none-any.whl"),
        (
            ["lungseg-0.2.0-py3-none-any.whl", "lungseg-0.1.0-py3-none-any.whl"],
            GITHUB,
            "lungseg-0.2.0-py3-none-any.whl",
        ),
        ([], GITHUB, f"{GITHUB}/archive/refs/heads/main.zip"),
        ([], ELSEWHERE, f"git+{ELSEWHERE}@main"),
    ],
)
def test_it_installs_the_wheel_beside_it_or_what_the_address_leads_to(bare, tmp_path, beside, named, installed):
    for name in beside:
        (tmp_path / name).touch()
    told = bare.run("first", first_cell.code(named))
    assert bare.pip == [("pip", f'install --quiet "{installed}"')]
    assert told == f"Installing the course, which takes some minutes: {installed}\n"
    assert bare.shell.last_execution_succeeded


@pytest.mark.parametrize(
    ("beside", "named"), [("", ""), ("lungseg-0-broken.whl", ""), ("lungseg-0-broken.whl", GITHUB)]
)
def test_if_it_cannot_be_installed_the_notebook_stops_in_a_sentence(bare, tmp_path, capsys, beside, named):
    if beside:
        (tmp_path / beside).touch()
    bare.run("first", first_cell.code(named))
    assert not bare.shell.last_execution_succeeded
    assert len(bare.pip) == bool(beside)
    told = " ".join(capsys.readouterr().err.split())
    assert told.startswith("UsageError: The course is not installed here")
    assert "lungseg-….whl, beside this notebook" in told
    assert "pip says above what went wrong" in told


def test_a_kernel_that_starts_elsewhere_finds_a_notebook_that_stands_alone(tmp_path_factory, monkeypatch):
    alone, elsewhere = tmp_path_factory.mktemp("alone"), tmp_path_factory.mktemp("elsewhere")
    monkeypatch.chdir(elsewhere)
    monkeypatch.delenv(record.CHOSEN, raising=False)
    kernel = Kernel(alone / "UNET_architecture.ipynb")
    monkeypatch.setenv("JPY_SESSION_NAME", str(kernel.file))
    assert kernel.run("first", first_cell.code("")) == ""
    assert record.course_root() == alone
    assert find_run_folder() == alone / "results" / "run"
    assert record.CHOSEN not in os.environ


def test_in_an_editor_whose_kernels_start_in_the_workspace_the_notebook_counts(tmp_path_factory, monkeypatch):
    workspace = tmp_path_factory.mktemp("workspace")
    (workspace / "Train_UNET.ipynb").write_text("{}", encoding="utf-8")
    for path in ("Train_UNET.ipynb", "Data_Generator/DataGenerator.ipynb"):
        (workspace / "my_course" / path).parent.mkdir(parents=True, exist_ok=True)
        (workspace / "my_course" / path).write_text("{}", encoding="utf-8")
    monkeypatch.chdir(workspace)
    monkeypatch.delenv(record.CHOSEN, raising=False)
    monkeypatch.setattr(places, "_can_write", lambda folder: folder != workspace)
    file = workspace / "my_course" / "Data_Generator" / "DataGenerator.ipynb"
    kernel = Kernel(file)
    kernel.shell.user_ns["__vsc_ipynb_file__"] = str(file)
    assert kernel.run("first", first_cell.code("")) == ""
    assert record.course_root() == workspace / "my_course"
