"""The course that nbgrader is given."""

import pytest

import build
import notebooks
from small_sources import ROOT, change_source, read


@pytest.fixture
def graded(course, tmp_path_factory):
    folder = tmp_path_factory.mktemp("graded")
    assert build.main(["--nbgrader", str(folder)], course) == 0
    return folder


def test_the_assignment_is_flat(graded):
    found = sorted(path.relative_to(graded).as_posix() for path in graded.rglob("*") if path.is_file())
    names = ("DataGenerator", "LossMetrics", "Predict_UNet", "Train_UNET", "UNET_architecture")
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
