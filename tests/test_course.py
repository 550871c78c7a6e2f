"""The notebooks: how they are built, and that all of them run from top to bottom without a complaint."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]


def load_build():
    spec = importlib.util.spec_from_file_location("course_build", ROOT / "course" / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


build = load_build()


def write_source(folder, *cells):
    path = folder / "source.py"
    path.write_text("\n\n".join(cells) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def course(tmp_path):
    """A copy of the sources and of the notebooks built from them."""
    shutil.copytree(ROOT / "course", tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__"))
    build.write_solutions(tmp_path / "course", tmp_path / "solutions")
    return tmp_path


def complaints_of(course):
    return build.outdated(course / "course", course / "solutions")


# ---- Building --------------------------------------------------------------------------------


def test_the_committed_notebooks_are_up_to_date():
    assert build.outdated() == []


def test_the_command_says_so_too():
    result = subprocess.run(
        [sys.executable, ROOT / "course" / "build.py", "--check"], capture_output=True, text=True, cwd=ROOT / "tests"
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "5 solution notebooks are up to date.\n"


def test_the_same_source_gives_the_same_bytes(course, tmp_path):
    build.write_solutions(course / "course", tmp_path / "again")
    for name in build.NOTEBOOKS:
        first, second = (tmp_path / room / f"{name}.ipynb" for room in ("solutions", "again"))
        assert first.read_bytes() == second.read_bytes()


def test_a_second_build_writes_nothing(course):
    assert build.write_solutions(course / "course", course / "solutions") == []


def test_a_changed_source_is_named(course):
    source = course / "course" / "Train_UNET.py"
    source.write_text(source.read_text(encoding="utf-8") + "\n# %%\nprint(1)\n", encoding="utf-8")
    (complaint,) = complaints_of(course)
    assert "solutions/Train_UNET.ipynb: is out of date" in complaint
    assert "python course/build.py" in complaint


def test_a_missing_notebook_is_named(course):
    (course / "solutions" / "Loss_Metrics" / "LossMetrics.ipynb").unlink()
    (complaint,) = complaints_of(course)
    assert "LossMetrics.ipynb: is missing" in complaint


def test_a_notebook_without_a_source_is_named(course):
    (course / "solutions" / "Extra.ipynb").write_text("{}", encoding="utf-8")
    (complaint,) = complaints_of(course)
    assert "Extra.ipynb: has no source" in complaint


def test_a_file_that_is_no_notebook_is_named(course):
    (course / "solutions" / "Train_UNET.ipynb").write_text("not json", encoding="utf-8")
    (complaint,) = complaints_of(course)
    assert "Train_UNET.ipynb: is not a notebook" in complaint


def test_an_executed_notebook_is_named(course):
    path = course / "solutions" / "Predict_UNet.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
    cell.outputs = [nbformat.v4.new_output("stream", text="0.97\n")]
    nbformat.write(notebook, path)
    (complaint,) = complaints_of(course)
    assert re.search(r"Predict_UNet\.ipynb: cell \d+: has outputs", complaint)


def test_main_fails_with_the_line(course, monkeypatch, capsys):
    (course / "solutions" / "Train_UNET.ipynb").unlink()
    complaints = complaints_of(course)
    monkeypatch.setattr(build, "outdated", lambda: complaints)
    assert build.main(["--check"]) == 1
    assert "Train_UNET.ipynb: is missing" in capsys.readouterr().out


def test_solutions_keep_their_code_and_lose_the_delimiters(tmp_path):
    source = write_source(
        tmp_path,
        '# %% tags=["exercise"]\ndef two():\n    ### BEGIN SOLUTION\n    return 2\n    ### END SOLUTION',
    )
    (cell,) = build.build_solution(source, "source").cells
    assert cell.source == "def two():\n    return 2"
    assert cell.metadata == {"tags": ["exercise"]}


@pytest.mark.parametrize(
    "cell",
    [
        "# %%\n### BEGIN SOLUTION\nx = 1",
        "# %%\nx = 1\n### END SOLUTION",
        "# %%\n### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION",
        "# %%\n### BEGIN SOLUTIONS\nx = 1\n### END SOLUTIONS",
        "# %% [markdown]\n# Only text.",
        "# %% [markdown]\n# ![](images/u.png)\n\n# %%\nx = 1",
        '# %% [markdown]\n# <img src="images/u.png">\n\n# %%\nx = 1',
        '# %% [markdown]\n# <img src="images/u.png" alt="">\n\n# %%\nx = 1',
    ],
)
def test_a_faulty_source_is_refused_in_one_line(tmp_path, cell):
    source = write_source(tmp_path, cell)
    with pytest.raises(build.SourceError) as caught:
        build.build_solution(source, "source")
    assert "source.py: " in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("image", ["![The U](images/u.png)", '<img src="images/u.png" alt="The U">'])
def test_an_image_with_alternative_text_is_welcome(tmp_path, image):
    source = write_source(tmp_path, f"# %% [markdown]\n# {image}", "# %%\nx = 1")
    assert image in build.build_solution(source, "source").cells[0].source


def test_a_new_cell_leaves_the_ids_of_the_others(tmp_path):
    cells = ["# %%\nx = 1", "# %%\nx = 1", "# %%\nx = 2"]
    before = [cell.id for cell in build.build_solution(write_source(tmp_path, *cells), "source").cells]
    after = [cell.id for cell in build.build_solution(write_source(tmp_path, "# %%\ny = 0", *cells), "source").cells]
    assert len(set(before)) == 3
    assert after[1:] == before


# ---- What is in the notebooks ----------------------------------------------------------------


@pytest.fixture(params=build.NOTEBOOKS)
def notebook(request):
    return nbformat.read(ROOT / "solutions" / f"{request.param}.ipynb", as_version=4)


def test_it_is_valid_and_clean(notebook):
    nbformat.validate(notebook)
    assert build.problems_in(notebook) == []
    assert notebook.metadata.kernelspec.name == "python3"
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)


def test_it_has_exercises_and_a_check_after_each(notebook):
    tags = [set(cell.metadata.get("tags", [])) & {"exercise", "check"} for cell in notebook.cells]
    order = [tag.pop() for tag in tags if tag]
    assert order[:2] == ["exercise", "check"]
    assert order == ["exercise", "check"] * (len(order) // 2)


def test_each_question_has_an_answer(notebook):
    texts = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    questions = [number for number, cell in enumerate(texts) if "**Question.**" in cell.source]
    assert len(questions) >= 3
    for number in questions:
        answer = texts[number + 1]
        assert answer.source.startswith("**Answer.**")
        assert "answer" in answer.metadata.tags


def test_lungseg_is_imported_before_keras(notebook):
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    first = re.search(r"^import (lungseg|keras)|^from (lungseg|keras|tensorflow)", code, flags=re.MULTILINE)
    assert first.group() == "import lungseg"


# ---- Running them ----------------------------------------------------------------------------


def run_notebook(name, folder, environment):
    """Execute a notebook in a folder of its own; return it with its outputs."""
    notebook = nbformat.read(ROOT / "solutions" / f"{name}.ipynb", as_version=4)
    room = folder / name.replace("/", "_")
    room.mkdir()
    client = NotebookClient(
        notebook, timeout=300, kernel_name="python3", allow_errors=True, resources={"metadata": {"path": str(room)}}
    )
    client.execute(env=environment)
    return notebook, list(room.iterdir())


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """All five, executed; training and prediction share a run folder."""
    folder = tmp_path_factory.mktemp("notebooks")
    environment = {name: value for name, value in os.environ.items() if name not in ("LUNGSEG_DATA", "PYTHONWARNINGS")}
    environment |= {
        "LUNGSEG_FAST": "1",
        "LUNGSEG_RUN": str(folder / "run"),
        "LUNGSEG_CACHE": str(folder / "cache"),
        "PYTHONPATH": str(ROOT),  # the package, even where it is not installed
    }

    def run_in_order(names):
        return {name: run_notebook(name, folder, environment) for name in names}

    tracked = files_in_the_checkout()
    with ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(run_in_order, [build.NOTEBOOKS[:3], build.NOTEBOOKS[3:]]))
    return {"folder": folder, "new": files_in_the_checkout() - tracked, **parts[0], **parts[1]}


def files_in_the_checkout():
    rooms = ["course", "solutions", "results", "figures"]
    found = {path for room in rooms for path in (ROOT / room).rglob("*") if "__pycache__" not in path.parts}
    return found | set(ROOT.glob("[!.]*"))


@pytest.mark.parametrize("name", build.NOTEBOOKS)
def test_it_runs_from_top_to_bottom(executed, name):
    notebook, written = executed[name]
    errors = [
        f"cell {number}: {output.ename}: {output.evalue}"
        for number, cell in enumerate(notebook.cells)
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]
    assert errors == []
    assert written == [], "a notebook writes into the run folder and the cache only"


@pytest.mark.parametrize("name", build.NOTEBOOKS)
def test_nothing_complains(executed, name):
    notebook, _ = executed[name]
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    streams = [output for output in outputs if output.output_type == "stream"]
    assert [output.text for output in streams if output.name == "stderr"] == []
    printed = "\n".join(output.text for output in streams)
    assert re.findall(r".*(?:warning|deprecat|[IWE]\d{4} \d\d:\d\d:\d\d|oneDNN|cuda).*", printed, re.IGNORECASE) == []


@pytest.mark.parametrize("name", build.NOTEBOOKS)
def test_it_shows_pictures_and_no_objects(executed, name):
    notebook, _ = executed[name]
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output]
    assert any("image/png" in output.data for output in outputs)
    shown = [output.data.get("text/plain", "") for output in outputs if "image/png" not in output.data]
    assert [text for text in shown if " object at 0x" in text or " at 0x" in text] == []


def test_the_checkout_stays_as_it_was(executed):
    assert executed["new"] == set()


def test_the_run_folder_is_complete(executed):
    run = executed["folder"] / "run"
    names = {path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file()}
    expected = {"best.keras", "history.csv", "split.json", "settings.json", "evaluation.csv", "summary.json"}
    assert expected <= names
    assert {"figures/history.png", "figures/gallery.png", "figures/dice_by_group.png"} <= names


def test_the_last_line_tells_the_test_dice(executed):
    notebook, _ = executed["Predict_UNet"]
    last = [output.text for output in notebook.cells[-1].outputs]
    assert re.match(r"Test Dice: 0\.\d{3} ± 0\.\d{3} on 8 cases\. Table and figures are in \S+", last[0])


def test_without_a_run_predict_says_which_notebook_to_run_first(tmp_path, monkeypatch):
    monkeypatch.setenv("LUNGSEG_RUN", str(tmp_path / "none"))
    monkeypatch.chdir(tmp_path)
    notebook = nbformat.read(ROOT / "solutions" / "Predict_UNet.ipynb", as_version=4)
    first = next(cell.source for cell in notebook.cells if cell.cell_type == "code")
    with pytest.raises(ValueError, match=r"Run Train_UNET\.ipynb first") as caught:
        exec(first, {})
    assert "\n" not in str(caught.value)
