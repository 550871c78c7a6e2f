"""A few of the damaged files of benchmarks/fuzz.py; and whether that would notice what goes wrong."""

import os

import pytest

from fuzzing.attempts import attempt
from fuzzing.drawing import damaged_files
from fuzzing.targets import TARGETS
from fuzzing.trainings import TRAININGS
from fuzzing.workers import UNUSABLE, Worker
from planted import PLANTED
from trainings import computing_eagerly

pytestmark = [pytest.mark.slow, pytest.mark.thorough]

ALL = TARGETS | TRAININGS
KINDS = {
    "readers": (
        *("png", "jpeg", "tiff", "gif", "png mask", "jpeg mask", "tiff mask", "gif mask", "dicom", "npy", "npz"),
        *("manifest", "predictions", "history", "evaluation", "split", "settings", "state"),
    ),
    "prepare": ("png", "tiff", "csv", "npy"),
    "predict": ("jpeg", "dicom", "csv"),
    "unpack": ("zip",),
}
TRAINED = {"networks": ("keras",), "resume": ("h5",)}  # fewer, since each takes longer


@pytest.fixture(scope="session")
def whole(tmp_path_factory):
    """The folder of whole files of a target, made when it is needed."""
    made = {}

    def folder(name):
        if name not in made:
            made[name] = tmp_path_factory.mktemp(name)
            ALL[name].make(made[name])
        return made[name]

    return folder


def try_files(name, count, whole, tmp_path):
    target, folder = ALL[name.split("/")[0]], whole(name.split("/")[0])
    places = target.places(folder)[name.split("/")[1]]
    for place in places:
        outcome = attempt(target, folder, tmp_path / "sandbox", place.file, place.instead_of, place.whole)
        assert not outcome.fault, (place.file, outcome)
        assert not outcome.refused, outcome.said
    for number, place, damaged in damaged_files(places, count, 0, name):
        outcome = attempt(target, folder, tmp_path / "sandbox", place.file, place.instead_of, damaged.data)
        assert not outcome.fault, (number, place.file, damaged.how, outcome)


@pytest.mark.parametrize("name", [f"{target}/{kind}" for target, kinds in KINDS.items() for kind in kinds])
def test_a_damaged_file_is_read_or_refused_in_one_line(tmp_path, whole, name):
    try_files(name, 5, whole, tmp_path)


@pytest.mark.parametrize("name", [f"{target}/{kind}" for target, kinds in TRAINED.items() for kind in kinds])
def test_a_damaged_run_is_trained_on_or_refused_in_one_line(tmp_path, whole, name):
    with computing_eagerly():
        try_files(name, 3, whole, tmp_path)


def test_the_same_seed_draws_the_same_files(whole):
    places = TARGETS["readers"].places(whole("readers"))["png"]

    def files(seed, name="readers/png"):
        return [damaged.data for _, _, damaged in damaged_files(places, 30, seed, name)]

    assert files(3) == files(3)
    assert len({*files(3), *files(4)}) > 50
    assert len({*files(3), *files(3, "readers/other")}) > 50


@pytest.fixture
def planted(tmp_path):
    whole = tmp_path / "whole"
    whole.mkdir()
    PLANTED.make(whole)
    return whole


@pytest.mark.parametrize(
    ("word", "fault"),
    [
        ("nothing", ""),
        ("refuse", ""),
        ("two\nlines", "not one line"),
        ("bell\a", "a line with control characters"),
        ("long", "a line of more than 500 characters"),
        ("swallow", "swallowed: TypeError"),
        ("error", "traceback: TypeError"),
        ("leave", "leaves .part behind"),
        ("outside", "changes files outside"),
        ("overwrite", "changes files outside"),
        ("remove", "changes files outside"),
        ("print", "writes to the terminal"),
        ("suffer", "a whole radiograph failed"),
        pytest.param(
            *("grow", "grows by more than 500 MB"),
            marks=pytest.mark.skipif(not os.path.exists("/proc/self/clear_refs"), reason="Linux alone tells"),
        ),
    ],
)
def test_what_must_not_happen_is_noticed(tmp_path, planted, word, fault):
    outcome = attempt(PLANTED, planted, tmp_path / "sandbox", "file.txt", None, word.encode())
    assert outcome.fault == fault
    assert outcome.refused == (word in ("refuse", "two\nlines", "bell\a", "long", "swallow"))


def test_a_process_that_hangs_or_crashes_is_started_anew(tmp_path, planted):
    with Worker(PLANTED, planted, ("file.txt", None, b"nothing"), tmp_path / "sandbox", limit=1) as worker:
        for word, fault in [
            ("run", "does what it must not: pickle.find_class"),
            ("elsewhere", "does what it must not: open"),
            ("hang", "takes more than 1 s"),
            ("crash", "crash: SIGSEGV"),
            ("nothing", ""),
        ]:
            assert worker.attempt("file.txt", None, word.encode()).fault == fault


def test_whole_files_must_be_read(tmp_path, planted):
    with Worker(PLANTED, planted, ("file.txt", None, b"refuse"), tmp_path / "sandbox") as worker:
        assert worker.attempt("file.txt", None, b"nothing").fault == UNUSABLE
