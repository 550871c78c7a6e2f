"""use(): what the next notebooks load, from one kernel to the next."""

import os
import re
import sys

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

import lungseg
from handed_in import UNET, environment, in_words, written
from lungseg.errors import InputError
from lungseg_course import hand_in, use
from outputs import text_of


@pytest.mark.parametrize("name", ["DataGenerator", "build_unet", "dice_loss", "Dice"])
def test_without_a_file_the_package_steps_in(name, capsys):
    assert use(name) is getattr(lungseg, name)
    line = in_words(capsys.readouterr().out)
    assert line.startswith(f"{name}: the package's own, as there is no ")
    assert "hand_in(" in line
    assert ".ipynb" in line


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("def build_unet(n)\n    return 2 * n\n", r"line 1: expected ':'"),
        ("", r"it does not define build_unet"),
        ("from lungseg import build_unet\n", r"it does not define build_unet"),
        ("build_unet = None\n", r"it does not define build_unet"),
        ("import no_such_package\n", r"ModuleNotFoundError: No module named 'no_such_package'"),
        ("1 / 0\n", r"ZeroDivisionError: division by zero"),
        ("import sys\nsys.exit(1)\n", r"SystemExit: 1"),
        ("raise ValueError('two\\nlines')\n", r"ValueError: two lines"),
        ("from lungseg_course import todo\n\n\ndef build_unet(n):\n    todo()\n", r"it still has a `todo\(\)`"),
        ("from lungseg_course import todo\n\ntodo()\n", r"it still has a `todo\(\)`"),
        ("def build_unet(n):\n    return 3 * n\n", r"not doubled \(tried build_unet: it gave 9\)"),
        ("def build_unet(n):\n    return m\n", r"the name `m` is not known"),
        ("\x00", r"null bytes"),
        (b"\xff\xfe", r"line \d+: "),
    ],
)
def test_a_broken_file_stops_nobody(course, capsys, text, reason):
    (course / "UNet_Arch").mkdir()
    (course / UNET).write_bytes(text if isinstance(text, bytes) else text.encode())
    assert use("build_unet") is lungseg.build_unet
    out, err = capsys.readouterr()
    line = in_words(out)
    assert line.startswith(f"build_unet: the package's own, as yours cannot be used: {UNET}: ")
    assert re.search(reason, line), line
    assert "UNet_Arch/UNET_architecture.ipynb" in line
    assert "hand_in(build_unet)" in line
    assert err == ""


def test_it_is_read_anew_each_time(course):
    """Also within a second, and with the same size: Python's own cache of compiled files would not see it."""
    (course / "UNet_Arch").mkdir()
    for text in ("lambda n: 2 * n", "lambda n: n * 2"):
        (course / UNET).write_text(f"build_unet = {text}\n", encoding="utf-8")
        os.utime(course / UNET, (1, 1))
        assert use("build_unet").__code__.co_consts[-1] == 2
    first, second = use("build_unet"), use("build_unet")
    assert first is not second
    assert sys.modules["student_build_unet"].build_unet is second
    assert written(course) == [UNET]


def test_the_line_of_a_mistake_is_that_of_the_file_as_it_is(course, capsys):
    (course / "UNet_Arch").mkdir()
    for word in ("first", "other"):
        (course / UNET).write_text(f"def build_unet(n):\n    return {word}_name\n", encoding="utf-8")
        use("build_unet")
        assert f"return {word}_name" in capsys.readouterr().out


def test_what_the_file_prints_is_held_back(course, capsys):
    (course / "UNet_Arch").mkdir()
    (course / UNET).write_text("print('hello')\n\n\ndef build_unet(n):\n    return 2 * n\n", encoding="utf-8")
    use("build_unet")
    assert capsys.readouterr().out == f"build_unet: yours, from {UNET}.\n"


@pytest.mark.parametrize("name", ["dataGenerator", "", None, 3, lungseg.Dice, ["Dice"]])
def test_an_unknown_name_lists_the_known_ones(name):
    with pytest.raises(InputError, match=r'"DataGenerator", "build_unet", "dice_loss", "Dice"') as caught:
        use(name)
    assert "\n" not in str(caught.value)


def test_a_student_s_network_can_be_saved_and_loaded(notebook, course, tmp_path):
    import keras

    notebook.cell("import keras")
    notebook.cell(
        "class Twice(keras.layers.Layer):\n    def call(self, x):\n        return 2 * x\n\n\n"
        "def build_unet(n):\n    if n == 3:\n        return 6\n    inputs = keras.Input((n,))\n"
        "    return keras.Model(inputs, Twice()(inputs))"
    )
    hand_in(notebook.names["build_unet"])
    use("build_unet")(4).save(tmp_path / "net.keras")
    loaded = keras.models.load_model(tmp_path / "net.keras")
    np.testing.assert_array_equal(loaded(np.ones((1, 4))), np.full((1, 4), 2.0))


def test_keras_knows_a_student_s_loss_and_metric(notebook, course, tmp_path):
    import keras

    notebook.cell("import keras")
    notebook.cell(
        "def dice_loss(true, predicted=None):\n    if predicted is None:\n        return 2 * true\n"
        "    return keras.ops.mean(keras.ops.abs(true - predicted), axis=-1)"
    )
    notebook.cell("class Dice(keras.metrics.Mean):\n    def nothing(self):\n        pass")
    notebook.cell("@keras.saving.register_keras_serializable('own')\nclass Other(Dice):\n    pass")
    notebook.cell("class Dice(Other):\n    pass")
    hand_in(notebook.names["dice_loss"], notebook.names["Dice"])
    loss, metric = use("dice_loss"), use("Dice")
    names = [keras.saving.get_registered_name(each) for each in (loss, metric, metric.__base__)]
    assert names == ["student>dice_loss", "student>Dice", "own>Other"]
    inputs = keras.Input((3,))
    model = keras.Model(inputs, keras.layers.Dense(1)(inputs))
    model.compile(loss=loss)
    model.train_on_batch(np.ones((2, 3)), np.ones((2, 1)))
    model.save(tmp_path / "net.keras")
    assert keras.saving.load_model(tmp_path / "net.keras").loss.__name__ == "dice_loss"


# ---- In real kernels ---------------------------------------------------------------------------

EASY = """
from lungseg_course import hand_in, use
from lungseg_course.chapters import chapter_1
from lungseg_course.engine.exercises import Exercise

def look(generator, rng):
    assert len(generator([1, 2, 3, 4, 5], batch_size=2)) == 3

exercise = Exercise("1.3", "a title", ("DataGenerator",), (look,), "Well.", ("1", "2", "3"))
chapter_1.EXERCISES = (exercise,)
"""


def run_kernel(folder, *cells):
    """Run cells in a kernel of their own; return what each printed, and all complaints."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", allow_errors=True, resources={"metadata": {"path": str(folder)}}
    )
    client.execute(env=environment())
    outputs = [output for cell in notebook.cells for output in cell.outputs]
    printed = [text_of(output) for output in outputs if output.output_type != "error"]
    return printed, [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]


@pytest.mark.slow
def test_from_one_kernel_to_the_next(course):
    (course / "Data_Generator").mkdir()
    printed, complaints = run_kernel(
        course / "Data_Generator",
        "import lungseg\n" + EASY,
        "import math\nfrom collections.abc import Sized as Base\nimport numpy as np",
        "class Defaults:\n    size = 3",
        "class Defaults:\n    size = 2",
        "def ceil(a, b):\n    return 0",
        "def ceil(a, b):\n    open\n    return math.ceil(a / b)",
        "def ceil(a, b):\n    return 0",  # the same cell once more, then the right one once more
        "def ceil(a, b):\n    open\n    return math.ceil(a / b)",
        "%config InlineBackend.figure_format = 'retina'\n"
        "class DataGenerator(Base):\n"
        "    def __init__(self, cases, batch_size=Defaults.size):\n"
        "        super().__init__()\n"
        "        self.cases, self.batch_size = np.array(cases), batch_size\n\n"
        "    def __len__(self):\n        return ceil(len(self.cases), self.batch_size)",
        "hand_in(DataGenerator)",
        "%%time\ndef timed():\n    return 1",
    )
    assert complaints == []
    assert in_words(printed[0]).startswith("Handed in: DataGenerator → Data_Generator/DataGenerator.py (checked), in ")
    printed, complaints = run_kernel(
        course,
        "import lungseg\n" + EASY,
        'DataGenerator = use("DataGenerator")',
        "print(DataGenerator.__module__, len(DataGenerator([1, 2, 3])))",
    )
    assert complaints == []
    assert printed == [
        "DataGenerator: yours, from Data_Generator/DataGenerator.py.\n",
        "student_DataGenerator 2\n",
    ]
