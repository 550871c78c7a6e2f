"""The course that nbgrader is given."""

import pytest
from nbgrader.api import Gradebook

import build
import notebooks
from grader import gradebooks, tables
from grader.whole_class import NbgraderCourse
from small_sources import ROOT, change_source, read


@pytest.fixture
def graded(course, tmp_path_factory):
    folder = tmp_path_factory.mktemp("graded")
    assert build.main(["--nbgrader", str(folder)], course) == 0
    return folder


def test_the_assignment_is_flat(graded):
    found = sorted(path.relative_to(graded).as_posix() for path in graded.rglob("*") if path.is_file())
    names = ("DataGenerator", "Experiments", "LossMetrics", "Predict_UNet", "Train_UNET", "UNET_architecture")
    assert found == ["nbgrader_config.py", *(f"source/lungseg/{name}.ipynb" for name in names)]


def test_its_checks_have_hidden_tests_which_end_in_a_number(graded):
    cells = read(graded / "source" / "lungseg" / "Train_UNET.ipynb").cells
    assert cells[2].source.splitlines() == [
        "### BEGIN HIDDEN TESTS",
        "from lungseg_course.grading import check, points",
        "### END HIDDEN TESTS",
        'check("4.1", twice)',
        "### BEGIN HIDDEN TESTS",
        'points("4.1", twice, of=3)',
        "### END HIDDEN TESTS",
    ]
    assert cells[5].source.splitlines()[4:7:2] == ['quiz("4.1", answer_4_1)', 'quiz_points("4.1", answer_4_1, of=1)']
    assert notebooks.BEGIN in cells[1].source


def test_the_settings_are_valid_and_stay_when_the_course_is_brought_up_to_date(course, graded):
    config = graded / "nbgrader_config.py"
    compile(config.read_text(encoding="utf-8"), config, "exec")
    config.write_text("# mine\n", encoding="utf-8")
    change_source(course, "# # Counting", "# # Counting better")
    assert build.main(["--nbgrader", str(graded)], course) == 0
    assert config.read_text(encoding="utf-8") == "# mine\n"
    assert "better" in (graded / "source" / "lungseg" / "Train_UNET.ipynb").read_text(encoding="utf-8")


def test_a_course_for_nbgrader_inside_this_one_is_refused(course, capsys):
    assert build.main(["--nbgrader", str(ROOT / "grading")], course) == 1
    assert "expected a folder outside" in capsys.readouterr().err
    assert not (ROOT / "grading").exists()


def test_an_assignment_for_each_notebook(course, tmp_path, capsys):
    folder = tmp_path / "separate"
    assert build.main(["--nbgrader", str(folder), "--separate"], course) == 0
    found = sorted(path.relative_to(folder / "source").as_posix() for path in folder.rglob("*.ipynb"))
    assert found == [
        "1-DataGenerator/DataGenerator.ipynb",
        "2-UNET_architecture/UNET_architecture.ipynb",
        "3-LossMetrics/LossMetrics.ipynb",
        "4-Train_UNET/Train_UNET.ipynb",
        "5-Predict_UNet/Predict_UNet.ipynb",
        "6-Experiments/Experiments.ipynb",
    ]
    capsys.readouterr()
    assert build.main(["--nbgrader", str(folder)], course) == 1
    assert "made with --separate" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        build.main(["--separate"], course)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Object of type")  # nbgrader's own way to add a submission
def test_a_class_with_several_assignments_is_one_table(course, tmp_path):
    folder = tmp_path / "separate"
    assert build.main(["--nbgrader", str(folder), "--separate"], course) == 0
    graded = NbgraderCourse(folder)
    assert list(graded.assignments.values()) == [[name.rpartition("/")[2]] for name in notebooks.NOTEBOOKS]
    with Gradebook(gradebooks.url(graded.gradebook)) as book:
        book.update_or_create_student("ada")
        for assignment, points in (("1-DataGenerator", 3.0), ("3-LossMetrics", 2.0)):
            book.update_or_create_assignment(assignment, duedate="2026-03-01 12:00:00 UTC")
            submission = book.update_or_create_submission(assignment, "ada", timestamp="2026-03-01 14:00:00 UTC")
            submission.notebooks[0].grades[0].auto_score = points
        book.db.commit()
    parts = {"DataGenerator": {"verdicts": [], "notes": []}, "LossMetrics": {"verdicts": [], "notes": []}}
    reports = {"ada": {"failed": {}, "notes": [], "parts": parts}}
    (row,) = tables.rows_of(graded.gradebook, graded.assignments, reports)
    assert list(row.points.values()) == [3, None, 2, None, None, None]
    assert (row.total, row.graded, row.late_in_words()) == (
        5,
        True,
        "1-DataGenerator 2 h 0 min, 3-LossMetrics 2 h 0 min",
    )
    tables.write_tables(folder, [row], [])
    written = (folder / "grades.csv").read_text(encoding="utf-8").splitlines()
    assert written[0].startswith("student_id,last_name,first_name,email,DataGenerator,UNET_architecture,LossMetrics,")
    assert written[1].startswith("ada,,,,3,0,2,0,0,0,5,0,5,24,")
