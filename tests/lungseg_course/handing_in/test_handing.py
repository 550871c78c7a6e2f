"""What a student hands in: the file that is written from a notebook, and what the next notebooks load."""

import json
import linecache
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

import lungseg
from lungseg.errors import InputError
from lungseg_course import hand_in, todo, use
from lungseg_course.chapters import chapter_1, chapter_2, chapter_3
from lungseg_course.engine.blank import NotAttempted
from lungseg_course.engine.exercises import Exercise
from lungseg_course.engine.verdict import Wrong

HINTS = ("one", "two", "three")


class Notebook:
    """Cells that are run as IPython runs them: each from a file of its own that only linecache knows."""

    count = 0

    def __init__(self):
        Notebook.count += 1
        self.module = ModuleType(f"notebook_{Notebook.count}")
        self.names = vars(self.module)
        sys.modules[self.module.__name__] = self.module
        self.files = []

    def cell(self, source):
        filename = f"<cell {len(self.files)} of {self.module.__name__}>"
        self.files.append(filename)
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        exec(compile(source, filename, "exec", dont_inherit=True), self.names)

    def close(self):
        sys.modules.pop(self.module.__name__)
        for filename in self.files:
            linecache.cache.pop(filename, None)


@pytest.fixture
def notebook():
    notebook = Notebook()
    yield notebook
    notebook.close()


def wrong(cause, received):
    return Wrong(cause, received=str(received), expected="6", remedy="Think again.")


def look_at_length(generator, rng):
    if len(generator([1, 2, 3, 4, 5], 2)) != 3:
        raise wrong("a batch is missing", "another length")


def look_at_six(build_unet, rng):
    if build_unet(3) != 6:
        raise wrong("not doubled", build_unet(3))


def exercise(number, name, *looks):
    return Exercise(number, "a title", (name,), looks, "Well.", HINTS)


@pytest.fixture(autouse=True)
def course(tmp_path, monkeypatch):
    """An empty course with exercises that ask for little: build_unet(3) is to be 6."""
    monkeypatch.setattr(chapter_1, "EXERCISES", (exercise("1.3", "DataGenerator", look_at_length),))
    monkeypatch.setattr(chapter_2, "EXERCISES", (exercise("2.2", "build_unet", look_at_six),))
    looks = exercise("3.2", "dice_loss", look_at_six), exercise("3.3", "Dice", lambda dice, rng: dice())
    monkeypatch.setattr(chapter_3, "EXERCISES", looks)
    (tmp_path / "Train_UNET.ipynb").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    before = {name: module for name, module in sys.modules.items() if name.startswith("student_")}
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("student_")]:
        del sys.modules[name]
    sys.modules.update(before)


def written(course):
    return sorted(
        path.relative_to(course).as_posix()
        for path in course.rglob("*")
        if path.is_file() and path.name not in ("Train_UNET.ipynb", ".lungseg_progress.json")
    )


UNET = "UNet_Arch/UNET_architecture.py"
CLASS = """
class DataGenerator:
    def __init__(self, cases, batch_size=2):
        self.cases, self.batch_size = cases, batch_size

    def __len__(self):
        return -(-len(self.cases) // self.batch_size)
"""


def read_table(name):
    """Return the notebooks of a text file: a line `=== title` begins one, and `# %%` its next cell."""
    text = (Path(__file__).parent / "modules" / name).read_text(encoding="utf-8")
    notebooks = [part.partition("\n") for part in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]]
    return {title: body.strip("\n").split("\n# %%\n") for title, _, body in notebooks}


# In each of these notebooks build_unet(3) is 6, whatever it needs for that.
CARRIED = read_table("carried.txt")
# In these it is, too, but with what no file can hold. The first cell is the message.
REFUSED = read_table("refused.txt")


@pytest.mark.parametrize("case", CARRIED)
def test_it_is_carried_over_with_what_it_needs(case, notebook, course, capsys):
    for cell in CARRIED[case]:
        notebook.cell(cell)
    hand_in(notebook.names["build_unet"])
    assert capsys.readouterr().out == f"Handed in: build_unet → {UNET} (checked). Notebook 4 will use it.\n"
    mine = use("build_unet")
    assert mine.__module__ == "student_build_unet"
    assert mine(3) == 6
    assert capsys.readouterr().out == f"build_unet: yours, from {UNET}.\n"
    first = (course / UNET).read_bytes()
    hand_in(notebook.names["build_unet"])
    assert (course / UNET).read_bytes() == first


def test_the_files_work_in_a_new_process(notebook, course):
    """There, no other import has brought the parts of packages."""
    texts = {}
    for case, cells in CARRIED.items():
        other = Notebook()
        for cell in cells:
            other.cell(cell)
        hand_in(other.names["build_unet"])
        other.close()
        texts[case] = (course / UNET).read_text(encoding="utf-8")
    (course / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    program = (
        "import json, sys\n"
        "for case, text in json.load(open('texts.json', encoding='utf-8')).items():\n"
        "    sys.modules['mine'] = module = type(sys)('mine')\n"
        "    exec(text, vars(module))\n"
        "    assert module.build_unet(3) == 6, case\n"
        "    print(case)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=course, env=environment(), check=False
    )
    assert result.returncode == 0, result.stderr[-1000:]
    assert result.stdout.splitlines() == list(CARRIED)


def environment():
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "utf-8"}


def test_the_file_says_what_it_is_and_reads_like_a_module(notebook, course):
    notebook.cell("import keras\nfrom keras import layers\nimport numpy as np\nUNUSED = 1\nFACTOR = 2")
    notebook.cell("def unused():\n    return UNUSED")
    notebook.cell("# Doubles.\ndef double(n):\n    # with care\n    return FACTOR * n")
    notebook.cell("def build_unet(n):\n    layers.Dense(1)\n    return double(n)  # at last\n\n\nprint(build_unet(1))")
    hand_in(notebook.names["build_unet"])
    assert (course / UNET).read_text(encoding="utf-8") == (
        '"""build_unet as you wrote it in UNet_Arch/UNET_architecture.ipynb.\n\n'
        'Written by hand_in(build_unet), which checked it first. Notebook 4 gets it with use("build_unet").\n'
        "To change it, change the notebook and hand in again.\n"
        '"""\n\n'
        "from keras import layers\n\n"
        "FACTOR = 2\n\n\n"
        "def double(n):\n    # with care\n    return FACTOR * n\n\n\n"
        "def build_unet(n):\n    layers.Dense(1)\n    return double(n)  # at last\n"
    )


@pytest.mark.parametrize(
    ("imported", "used", "line"),
    [
        ("from keras.layers import Conv2D", "Conv2D", "from keras.layers import Conv2D"),
        ("import keras; C = keras.layers.Conv2D", "C", "from keras.layers import Conv2D as C"),
        ("from keras import ops as o", "o", "from keras import ops as o"),
        ("from keras.utils import Sequence", "Sequence", "from keras.utils import PyDataset as Sequence"),
        ("from keras import Model", "Model", "from keras import Model"),
        ("from numpy import sqrt", "sqrt", "from numpy import sqrt"),
        ("from lungseg import DataGenerator as D", "D", "from lungseg.generator import DataGenerator as D"),
        ("import matplotlib.pyplot as plt", "plt", "from matplotlib import pyplot as plt"),
        ("import math", "math", "import math"),
    ],
)
def test_imports_are_the_public_ones(notebook, course, imported, used, line):
    notebook.cell(imported)
    notebook.cell(f"def build_unet(n):\n    {used}\n    return 2 * n")
    hand_in(notebook.names["build_unet"])
    lines = (course / UNET).read_text(encoding="utf-8").splitlines()
    assert [text for text in lines if "import " in text] == [line]


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_carried_over_is_named(case, notebook, course):
    message, *cells = REFUSED[case]
    for cell in cells:
        notebook.cell(cell)
    with pytest.raises(InputError, match=message) as caught:
        hand_in(notebook.names["build_unet"])
    assert "\n" not in str(caught.value)
    assert [path for path in written(course) if path != "log.txt"] == []
    assert not (course / "UNet_Arch").exists()


def test_a_file_beside_the_notebook_is_refused(notebook, course, monkeypatch):
    (course / "my_helpers.py").write_text("def double(n):\n    return 2 * n\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(course))
    try:
        notebook.cell("from my_helpers import double")
        notebook.cell("def build_unet(n):\n    return double(n)")
        with pytest.raises(InputError, match=r"`double` comes from the file my_helpers\.py .*into a cell"):
            hand_in(notebook.names["build_unet"])
    finally:
        sys.modules.pop("my_helpers", None)


# ---- hand_in -----------------------------------------------------------------------------------


def test_a_class_is_handed_in(notebook, course, capsys):
    notebook.cell(CLASS)
    hand_in(notebook.names["DataGenerator"])
    assert capsys.readouterr().out == (
        "Handed in: DataGenerator → Data_Generator/DataGenerator.py (checked). Notebook 4 will use it.\n"
    )
    assert len(use("DataGenerator")([1, 2, 3], 2)) == 2


def test_loss_and_metric_go_into_one_file(notebook, course, capsys):
    notebook.cell("SMOOTH = 1\n\n\ndef overlap(n):\n    return 2 * n * SMOOTH")
    notebook.cell("def dice_loss(n):\n    return overlap(n)")
    notebook.cell("class Dice:\n    def result(self):\n        return overlap(2)")
    hand_in(notebook.names["Dice"], notebook.names["dice_loss"])
    out = capsys.readouterr().out
    assert out == "Handed in: dice_loss, Dice → Loss_Metrics/LossMetrics.py (checked). Notebook 4 will use them.\n"
    assert (course / "Loss_Metrics/LossMetrics.py").read_text(encoding="utf-8").count("def overlap") == 1
    loss, metric = use("dice_loss"), use("Dice")
    assert (loss(3), metric().result()) == (6, 4)
    assert (loss.__module__, metric.__module__) == ("student_dice_loss", "student_Dice")
    assert sys.modules["student_dice_loss"].dice_loss is loss
    assert sys.modules["student_Dice"].Dice is metric


def test_a_wrong_answer_is_explained_and_leaves_the_file_as_it_was(notebook, course, capsys):
    notebook.cell("def build_unet(n):\n    return 2 * n")
    hand_in(notebook.names["build_unet"])
    before = (course / UNET).read_bytes()
    capsys.readouterr()
    notebook.cell("def build_unet(n):\n    return 3 * n")
    hand_in(notebook.names["build_unet"])
    out = capsys.readouterr().out
    assert out.startswith("Not handed in: exercise 2.2 is not right yet.\n")
    assert "Mistake   not doubled." in out
    assert 'hint("2.2")' in out
    assert (course / UNET).read_bytes() == before
    assert written(course) == [UNET]


def test_a_wrong_answer_writes_nothing(notebook, course, capsys):
    notebook.cell("def build_unet(n):\n    return undefined")
    hand_in(notebook.names["build_unet"])
    assert "the name `undefined` is not known" in capsys.readouterr().out
    assert written(course) == []


def test_a_blank_is_named(notebook, course):
    notebook.cell("from lungseg_course import todo")
    notebook.cell("# Exercise 2.2\ndef build_unet(n):\n    todo()")
    with pytest.raises(NotAttempted, match=r"^Exercise 2\.2 is not done yet: `build_unet` still has its `todo\(\)`"):
        hand_in(notebook.names["build_unet"])
    assert written(course) == []


def test_handing_in_counts_as_a_try(notebook, course):
    notebook.cell("def build_unet(n):\n    return 3 * n")
    hand_in(notebook.names["build_unet"])
    notebook.cell("def build_unet(n):\n    return 2 * n")
    hand_in(notebook.names["build_unet"])
    book = json.loads((course / ".lungseg_progress.json").read_text(encoding="utf-8"))
    assert book["exercises"] == {"2.2": {"solved": True, "tries": 2}}


def something(n):
    return n


@pytest.mark.parametrize(
    ("objects", "message"),
    [
        ((), r"expected what you wrote: hand_in\(DataGenerator\) or .*Received: nothing"),
        ((something,), r"expected hand_in\(DataGenerator\) or hand_in\(build_unet\) or .*Received: 'something'"),
        ((3,), r"Received: 3\."),
        ((np.zeros((50, 50)),), r"Received: array"),
        (("DataGenerator",), r"Leave out the quotes"),
        ((lungseg.DataGenerator,), r"that you wrote\. Received: that of the package, lungseg\.generator"),
        ((todo,), r"Received: 'todo'"),
    ],
)
def test_other_things_are_refused(objects, message):
    with pytest.raises(InputError, match=message) as caught:
        hand_in(*objects)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("given", "missing"), [("Dice", "dice_loss"), ("dice_loss", "Dice")])
def test_half_a_file_is_refused(notebook, course, given, missing):
    notebook.cell("def dice_loss(n):\n    return 2 * n\n\n\nclass Dice:\n    pass")
    with pytest.raises(InputError, match=rf"together.*hand_in\(dice_loss, Dice\)\. Missing: {missing}\."):
        hand_in(notebook.names[given])
    assert written(course) == []


def test_a_folder_that_cannot_be_written_to(notebook, course):
    (course / "UNet_Arch").write_text("a file where the folder should be", encoding="utf-8")
    notebook.cell("def build_unet(n):\n    return 2 * n")
    with pytest.raises(InputError, match=r"UNET_architecture\.py: cannot be written") as caught:
        hand_in(notebook.names["build_unet"])
    assert "\n" not in str(caught.value)
    assert written(course) == ["UNet_Arch"]


@pytest.mark.parametrize("folder", ["Ein Kurs, für Zoë", "a b/c", "#1 %20"])
def test_it_works_in_any_folder_from_any_folder_below(notebook, course, monkeypatch, capsys, folder):
    root = course / folder
    (root / "Data_Generator" / "deep").mkdir(parents=True)
    (root / "Predict_UNet.ipynb").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(root / "Data_Generator" / "deep")
    notebook.cell(CLASS)
    hand_in(notebook.names["DataGenerator"])
    assert (root / "Data_Generator" / "DataGenerator.py").is_file()
    monkeypatch.chdir(root)
    assert len(use("DataGenerator")([1], 1)) == 1
    assert "yours, from Data_Generator/DataGenerator.py." in capsys.readouterr().out


def test_a_notebook_that_stands_alone_is_its_own_course(notebook, tmp_path_factory, monkeypatch, capsys):
    alone = tmp_path_factory.mktemp("alone")
    monkeypatch.chdir(alone)
    notebook.cell(CLASS)
    hand_in(notebook.names["DataGenerator"])
    assert written(alone) == ["Data_Generator/DataGenerator.py"]
    use("DataGenerator")
    assert "yours" in capsys.readouterr().out


# ---- use ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["DataGenerator", "build_unet", "dice_loss", "Dice"])
def test_without_a_file_the_package_steps_in(name, capsys):
    assert use(name) is getattr(lungseg, name)
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(f"{name}: the package's own, as there is no ")
    assert "hand_in(" in line
    assert ".ipynb" in line


def test_the_notice_in_words(capsys):
    use("Dice")
    assert capsys.readouterr().out == (
        "Dice: the package's own, as there is no Loss_Metrics/LossMetrics.py yet. To train with yours: "
        "hand_in(dice_loss, Dice) in Loss_Metrics/LossMetrics.ipynb.\n"
    )


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
    ],
)
def test_a_broken_file_stops_nobody(course, capsys, text, reason):
    (course / "UNet_Arch").mkdir()
    (course / UNET).write_text(text, encoding="utf-8")
    assert use("build_unet") is lungseg.build_unet
    out, err = capsys.readouterr()
    (line,) = out.splitlines()
    assert line.startswith(f"build_unet: the package's own, as yours cannot be used: {UNET}: ")
    assert re.search(reason, line), line
    assert line.endswith("Mend it in UNet_Arch/UNET_architecture.ipynb, and hand_in(build_unet) again.")
    assert err == ""


def test_a_file_that_is_no_text(course, capsys):
    (course / "UNet_Arch").mkdir()
    (course / UNET).write_bytes(b"\xff\xfe\x00")
    assert use("build_unet") is lungseg.build_unet
    assert "cannot be used" in capsys.readouterr().out


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
    printed = [output.text for output in outputs if output.output_type == "stream"]
    return printed, [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]


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
    assert printed[0].startswith("Handed in: DataGenerator → Data_Generator/DataGenerator.py (checked).")
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
