"""What a student hands in: the file that is written from a notebook."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import lungseg_course
from handed_in import UNET, Notebook, environment, written
from lungseg.errors import InputError
from lungseg_course import hand_in, use
from lungseg_course.handing_in.carrying import import_line


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
    assert capsys.readouterr().out.startswith(f"Handed in: build_unet → {UNET}")
    mine = use("build_unet")
    assert mine.__module__ == "student_build_unet"
    assert mine(3) == 6
    assert capsys.readouterr().out == f"build_unet: yours, from {UNET}.\n"
    first = (course / UNET).read_bytes()
    hand_in(notebook.names["build_unet"])
    assert (course / UNET).read_bytes() == first


@pytest.mark.slow
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


def test_the_course_is_no_file_beside_the_notebook(monkeypatch):
    monkeypatch.chdir(Path(lungseg_course.__file__).parents[1])  # the notebooks lie there, in a clone
    assert import_line("quiz", lungseg_course.quiz) == "from lungseg_course.quizzing import quiz"


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
