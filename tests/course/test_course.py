"""The notebooks, run: as they are, filled in with the solutions, and with a student's other answers."""

import csv
import json
import os
import re
import shutil
import zipfile
from types import SimpleNamespace

import nbformat
import pytest

from notebooks import NOTEBOOKS
from other_answers import ANSWERS
from outputs import has_picture, words_of
from running_courses import ROOT, TRAINED, filled_in, read, run_course, run_once_more
from warm_kernels import warm_kernels

pytestmark = pytest.mark.slow

BEGUN = (
    NOTEBOOKS[1],
    NOTEBOOKS[3],
)  # run as they are: the first blank of one is a question, that of the other an exercise
# Optional: the one who thinks differently does not do them.
LEFT_OUT = {
    "1.4": "Data_Generator/DataGenerator",
    "2.3": "UNet_Arch/UNET_architecture",
}
OTHERS = NOTEBOOKS[:5]  # run with other answers
COLD = ("Train_UNET",)  # where Keras is started as students start it
HANDED_IN = {"Data_Generator/DataGenerator.py", "UNet_Arch/UNET_architecture.py", "Loss_Metrics/LossMetrics.py"}
COMPLAINT = re.compile(r".*(?:\w+Warning\b|WARNING|deprecat|[IWE]\d{4} \d\d:\d\d:\d\d|oneDNN|cuda).*")


# Asked of the things themselves, in the kernel that has trained.
WHO_TRAINED = """\
print("Trained by", type(training).__module__, "with a playlist of", len(training.playlist))
print("Trained by", model.loss.__module__, "with a loss of", model.loss([[[[1.0]]]], [[[[0.0]]]]).numpy())
"""


# ---- Running them ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Where courses are run, and with what."""
    folder = tmp_path_factory.mktemp("courses")
    dropped = ("LUNGSEG_DATA", "LUNGSEG_RUN", "PYTHONWARNINGS")
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    environment |= {
        "LUNGSEG_FAST": "1",
        "LUNGSEG_CACHE": str(folder / "cache"),
        "PYTHONPATH": str(ROOT),  # the package, even where it is not installed
    }
    before = files_in_the_checkout()
    with warm_kernels(folder / "warm") as kernel:
        yield SimpleNamespace(folder=folder, environment=environment, kernel=kernel, before=before)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def student(place):
    """The course filled in with the solutions."""
    notebooks = {name: filled_in(name) for name in NOTEBOOKS}
    run_once_more(notebooks["Train_UNET"])
    return run_course(notebooks, place.folder / "student", place.environment, kernel=place.kernel, cold=COLD)


@pytest.fixture(scope="module")
def beginner(place):
    """The course as it is."""
    notebooks = {name: read(ROOT / f"{name}.ipynb") for name in BEGUN}
    return run_course(notebooks, place.folder / "beginner", place.environment, to_the_end=False, kernel=place.kernel)


@pytest.fixture(scope="module")
def other(place):
    """The course with other right answers, in `my_course`.

    What the others hand in ends with their network: the experiments are those of the first.
    """
    notebooks = {name: filled_in(name, ANSWERS, LEFT_OUT) for name in OTHERS}
    notebooks["Train_UNET"].cells.append(nbformat.v4.new_code_cell(WHO_TRAINED))
    return run_course(notebooks, place.folder / "other", place.environment, copied=True, kernel=place.kernel)


def files_in_the_checkout():
    folders = ["course", "solutions", "results", "figures", "Data_Generator", "UNet_Arch", "Loss_Metrics"]
    found = {path for folder in folders for path in (ROOT / folder).rglob("*") if "__pycache__" not in path.parts}
    return found | set(ROOT.glob("[!.]*")) | set(ROOT.glob(".lungseg*"))


def outputs_of(notebook, kind):
    return [output for cell in notebook.cells for output in cell.get("outputs", []) if output.output_type == kind]


def printed(notebook):
    return "".join(words_of(cell.get("outputs", [])) for cell in notebook.cells)


def of_each(who, names):
    marks = [pytest.mark.thorough] if who == "other" else []
    return [pytest.param((who, name), id=f"{who}-{name}", marks=marks) for name in names]


@pytest.fixture(params=["student", pytest.param("other", marks=pytest.mark.thorough)])
def complete(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(params=[*of_each("student", NOTEBOOKS), *of_each("other", OTHERS)])
def one(request):
    """A notebook that was run to its end: of whom, and which."""
    who, name = request.param
    course = request.getfixturevalue(who)
    return SimpleNamespace(who=who, course=course, name=name, notebook=course.notebooks[name])


def test_it_runs_from_top_to_bottom(one):
    assert [f"{output.ename}: {output.evalue}" for output in outputs_of(one.notebook, "error")] == []


@pytest.mark.parametrize(
    "one", [*of_each("student", NOTEBOOKS), *of_each("other", OTHERS), *of_each("beginner", BEGUN)], indirect=True
)
def test_nothing_complains(one):
    notebook = one.notebook
    assert [output.text for output in outputs_of(notebook, "stream") if output.name == "stderr"] == []
    assert COMPLAINT.findall(printed(notebook)) == []


def test_each_answer_is_found_right(one):
    checks = [cell for cell in one.notebook.cells if "check" in cell.metadata.get("tags", [])]
    for cell in checks:
        number = re.search(r'"(\d\.\d)"', cell.source).group(1)
        if number in LEFT_OUT and one.who == "other":
            continue
        said = words_of(cell.outputs)
        assert re.match(rf"Exercise {number}: correct\.|Question {number}, \w: right\.", said), said


def test_it_shows_pictures_and_no_objects(one):
    shown = [*outputs_of(one.notebook, "display_data"), *outputs_of(one.notebook, "execute_result")]
    assert any(map(has_picture, shown))
    assert [output for output in shown if "image/png" in output.data] == [], "no second copy"
    texts = [output.data.get("text/plain", "") for output in shown]
    assert [text for text in texts if " at 0x" in text] == []


def test_words_follow_each_picture(one):
    given = len(read(ROOT / f"{one.name}.ipynb").cells)  # others are added by these tests
    cells = one.notebook.cells[:given]
    for cell, after in zip(cells, [*cells[1:], {"source": ""}], strict=True):
        if any(map(has_picture, cell.get("outputs", []))):
            assert "What you see" in after["source"], cell.source


@pytest.mark.parametrize("name", BEGUN)
def test_an_exercise_as_it_is_stops_at_its_first_blank_with_the_message_last(beginner, name):
    notebook = beginner.notebooks[name]
    first = next(cell.source for cell in notebook.cells if "todo()" in cell.source and cell.cell_type == "code")
    kind, number = re.match(r"# (Exercise|Question) (\d\.\d)\n", first).groups()
    (error,) = outputs_of(notebook, "error")
    assert error.ename == "NotAttempted"
    assert error.evalue.startswith(f"{kind} {number} is not ")
    run_cells = [cell for cell in notebook.cells if cell.get("execution_count")]
    said, last = run_cells[-1].outputs
    assert last == error
    assert error.traceback == ["Stopped here."]
    assert said.data["text/plain"].split() == error.evalue.split()
    assert max(map(len, said.data["text/plain"].splitlines())) <= 96
    # It is the blank itself, or the check of it.
    assert run_cells[-1].source in (first, notebook.cells[notebook.cells.index(find(notebook, first)) + 1].source)


def find(notebook, source):
    return next(cell for cell in notebook.cells if cell.source == source)


@pytest.mark.parametrize("who", ["student", "beginner", pytest.param("other", marks=pytest.mark.thorough)])
def test_the_checkout_stays_as_it_was(request, place, who):
    request.getfixturevalue(who)
    assert files_in_the_checkout() == place.before


def test_what_was_handed_in_is_written_into_the_course_and_used(complete):
    assert {path for path in complete.written if path.endswith(".py")} == HANDED_IN
    assert ".lungseg_progress.json" in complete.written
    told = printed(complete.notebooks["Train_UNET"])
    for thing, path in {
        "DataGenerator": "Data_Generator/DataGenerator.py",
        "build_unet": "UNet_Arch/UNET_architecture.py",
        "dice_loss": "Loss_Metrics/LossMetrics.py",
        "Dice": "Loss_Metrics/LossMetrics.py",
    }.items():
        assert f"{thing}: yours, from {path}." in told


def test_nothing_else_is_written_but_the_results(complete):
    ours = ("results/run/", "results/run_1/", "results/experiments/")
    others = {path for path in complete.written if not path.startswith(ours)}
    start_page = {"Start.md"} if complete.root.name == "my_course" else set()
    assert others == {*HANDED_IN, ".lungseg_progress.json"} | start_page


def test_an_exercise_that_stops_writes_nothing(beginner):
    assert beginner.written <= {".lungseg_progress.json"}


def test_all_exercises_and_questions_count_as_done(complete):
    book = json.loads((complete.root / ".lungseg_progress.json").read_text(encoding="utf-8"))
    assert all(entry["solved"] for kind in ("exercises", "questions") for entry in book[kind].values())


@pytest.mark.thorough
def test_optional_exercises_that_are_left_out_stop_nothing(student, other):
    for number, name in LEFT_OUT.items():
        told = " ".join(printed(other.notebooks[name]).split())
        assert f"Exercise {number}, optional: not done. Run all goes on." in told
        assert f"Exercise {number} is not done: what follows is made with the " in told
        told = " ".join(printed(student.notebooks[name]).split())
        assert f"Exercise {number}, optional" not in told
        assert "What follows is made with your " in told


def test_the_run_folder_is_complete(complete):
    expected = {"best.keras", "history.csv", "split.json", "settings.json", "evaluation.csv", "summary.json"}
    assert {f"results/run/{name}" for name in expected} <= complete.written
    figures = {"history.png", "gallery.png", "dice_by_group.png"}
    assert {f"results/run/figures/{name}" for name in figures} <= complete.written


def test_a_training_is_found_again_and_an_interrupted_one_spoils_nothing(student):
    lines = printed(student.notebooks["Train_UNET"])
    told = " ".join(lines.split())
    first = re.search(r"The best network, with a val_dice of (0\.\d{4}), is in results/run\.", told)
    found = f"This training is finished: it is in results/run, with a val_dice of {first[1]} after epoch "
    assert told.index(first[0]) < told.index(found)
    assert f"A new training, in results/run_1. The one in results/run, with a val_dice of {first[1]}, stays" in told
    assert re.search(r" Interrupted after epoch 1: .* is in results/run_1\. results/run is as it was", told)
    last = lines.rstrip().rpartition("\n")[2]
    assert last.startswith("Run(")
    assert last.endswith("results/run_1')")


def test_the_training_is_one_figure_that_is_left_as_it_was_in_the_end(student):
    cells = [cell for cell in student.notebooks["Train_UNET"].cells if TRAINED in cell.source]
    shown = [[output for output in cell.outputs if output.output_type == "display_data"] for cell in cells]
    alts = [output.data["text/plain"] for (output,) in shown]
    whole = "Training after epoch 2 of 2. Loss: training 0."
    for alt, begins in zip(alts, (whole, whole, "Before the training."), strict=True):  # interrupted in epoch 1
        assert alt.startswith(begins)
        assert alt.count("predicted outline beside the true one, Dice 0.") == 2
    assert f'<img alt="{alts[0]}"' in shown[0][0].data["text/html"]


def test_the_network_is_measured_on_the_test_cases(complete):
    told = printed(complete.notebooks["Predict_UNet"])
    (line,) = re.findall(r"^Test Dice: (0\.\d{3}) ± 0\.\d{3} on 8 cases\.", told, re.MULTILINE)
    with open(complete.results / "run" / "evaluation.csv", encoding="utf-8", newline="") as file:
        values = [float(row["dice"]) for row in csv.DictReader(file)]
    assert len(values) == 8
    assert f"{sum(values) / 8:.3f}" == line


# ---- Whose network it is -----------------------------------------------------------------------


def test_the_other_answers_belong_to_exercises():
    solutions = json.loads((ROOT / "lungseg_course" / "solutions.json").read_text(encoding="utf-8"))
    assert len(ANSWERS) >= 18
    assert ANSWERS.keys() <= solutions.keys()


def network_of(course):
    """What best.keras says of its network, and of what it was compiled with."""
    with zipfile.ZipFile(course.results / "run" / "best.keras") as file:
        return json.loads(file.read("config.json"))


@pytest.mark.thorough
def test_the_network_that_is_trained_is_the_students_own(student, other):
    config = network_of(other)
    layers = {layer["name"]: layer["registered_name"] for layer in config["config"]["layers"]}
    assert config["config"]["name"] == "another_unet"
    assert {"radiograph", "score", "lung_or_not"} <= layers.keys()
    assert list(layers.values()).count("another>Join") == 2  # one at each of the two joins
    assert "another>Join" not in json.dumps(network_of(student))


@pytest.mark.thorough
def test_it_is_trained_by_the_students_generator_loss_and_metric(other):
    compiled = network_of(other)["compile_config"]
    assert compiled["loss"]["config"] == "student>dice_loss"
    assert [metric["registered_name"] for metric in compiled["metrics"]] == ["student>Dice", "lungseg>Jaccard"]
    told = printed(other.notebooks["Train_UNET"])
    assert "Trained by student_DataGenerator with a playlist of 34" in told
    assert "Trained by student_dice_loss with a loss of [0.5]" in told
    assert "Code: DataGenerator by student, build_unet by student, dice_loss by student, Dice by student\n" in told
