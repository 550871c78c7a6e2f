"""What an editor offers while somebody types: names, signatures, and what comes back."""

import runpy
from pathlib import Path

import jedi
import pytest

import lungseg

SCRIPT = Path(__file__).resolve().parents[1] / "typing" / "user_script.py"
RUN = "run = lungseg.load_run('run')\n"
PREFIXES = [
    ("lungseg.tr", "train"),
    ("lungseg.ev", "evaluate"),
    ("lungseg.seg", "segment"),
    ("lungseg.spl", "split_cases"),
    ("lungseg.li", "list_cases"),
    ("lungseg.load_c", "load_case"),
    ("lungseg.load_r", "load_run"),
    ("lungseg.load_p", "load_pretrained"),
    ("lungseg.bu", "build_unet"),
    ("lungseg.Da", "DataGenerator"),
    ("lungseg.dice_", "dice_loss"),
    ("lungseg.Di", "Dice"),
    ("lungseg.J", "Jaccard"),
    ("lungseg.pha", "phantom"),
    ("from lungseg import enc", "encoder_block"),
    ("lungseg.phantom.wri", "write_phantoms"),
    ("lungseg.split_cases([]).v", "validation"),
    (f"{RUN}run.sp", "split"),
    (f"{RUN}run.mo", "model"),
    (f"{RUN}run.split.te", "test"),
    (f"{RUN}run.hi", "history"),
]


@pytest.mark.parametrize(("typed", "name"), PREFIXES)
def test_the_name_that_is_meant_is_among_the_first(typed, name):
    offered = [completion.name for completion in jedi.Script(f"import lungseg\n{typed}").complete()]
    assert name in offered[:3]


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        ("lungseg.train(", ["cases", "run", "split"]),
        ("lungseg.split_cases(", ["cases", "seed", "protocol"]),
        ("lungseg.segment(", ["model", "image"]),
        ("lungseg.build_unet(", ["input_shape", "filters", "depth"]),
        (f"{RUN}run.find_split(", ["cases"]),
    ],
)
def test_a_call_shows_its_arguments(call, arguments):
    signatures = jedi.Script(f"import lungseg\n{call}").get_signatures()  # several of a function with overloads
    shown = [[argument.name for argument in signature.params] for signature in signatures]
    assert arguments in [names[: len(arguments)] for names in shown]


def test_what_editors_are_told_is_what_there_is():
    typed = {completion.name for completion in jedi.Script("import lungseg\nlungseg.").complete()}
    assert {name for name in dir(lungseg) if not name.startswith("_")} <= typed


@pytest.mark.slow
def test_the_script_that_the_type_checker_reads_runs(tmp_path):
    assert 0 <= runpy.run_path(str(SCRIPT))["main"](tmp_path) <= 1
