"""Folders of cases: what their names tell, what is listed, and what is refused."""

import io
import itertools
import pickle
from pathlib import Path

import numpy as np
import pytest

from lungseg.cases import case_group, case_id, check_cases, list_cases, load_case
from lungseg.errors import InputError
from refusals import refusal


def make_case(size=8):
    """A grey image and a square lung: (H, W, 2)."""
    case = np.full((size, size, 2), 0.5, dtype=np.float32)
    case[..., 1] = 0
    case[2:5, 2:5, 1] = 1
    return case


def write(folder, *names, case=None):
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        np.save(folder / f"{name}.npy", make_case() if case is None else case)
    return [folder / f"{name}.npy" for name in names]


# ---- Ids and groups --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "name", "source", "diagnosis"),
    [
        ("CHNCXR_0317_0_mask.npy", "CHNCXR_0317_0", "Shenzhen", "normal"),
        ("a/b_mask/CHNCXR_0400_1_mask.npy", "CHNCXR_0400_1", "Shenzhen", "tuberculosis"),
        (Path("a") / "MCUCXR_0094_0.npy", "MCUCXR_0094_0", "Montgomery", "normal"),
        ("MCUCXR_0104_1", "MCUCXR_0104_1", "Montgomery", "tuberculosis"),
        ("PHANTOM_0002_1.npy", "PHANTOM_0002_1", "Phantom", "tuberculosis"),
        ("CHNCXR", "CHNCXR", "Shenzhen", "unknown"),
        ("JPCLN001.npy", "JPCLN001", "other", "unknown"),
        ("my_patient_1.npy", "my_patient_1", "other", "unknown"),
        ("patient_12.npy", "patient_12", "other", "unknown"),
        # Only at the end do `_mask` and `.npy` mean something, and a dot elsewhere does not end the name.
        ("a_mask_0.npy", "a_mask_0", "other", "unknown"),
        ("1.2.840.113_0.npy", "1.2.840.113_0", "other", "unknown"),
    ],
)
def test_a_name_tells_id_source_and_diagnosis(case, name, source, diagnosis):
    assert case_id(case) == name
    assert case_group(case) == case_group(name) == (source, diagnosis)


# ---- Listing ---------------------------------------------------------------------------------


def test_lists_in_the_order_of_ids_however_the_disk_lists(tmp_path, monkeypatch):
    # By id, not by file name: as those, "x_0_1.npy" comes before "x_0_mask.npy".
    paths = write(tmp_path, "x_0_1", "CHNCXR_0010_1_mask", "CHNCXR_0002_0_mask", "x_0_mask")
    expected = [paths[2], paths[1], paths[3], paths[0]]
    assert list_cases(tmp_path) == expected
    for order in itertools.permutations(paths):
        monkeypatch.setattr(Path, "glob", lambda folder, pattern, order=order: iter(order))
        monkeypatch.setattr(Path, "iterdir", lambda folder, order=order: iter(order))
        assert list_cases(str(tmp_path)) == expected


def test_lists_cases_only(tmp_path):
    write(tmp_path, "PHANTOM_0001_0", ".PHANTOM_0002_1", "._PHANTOM_0001_0")
    (tmp_path / "manifest.csv").write_text("case\n")
    (tmp_path / "PHANTOM_0003_0.npy.part").write_bytes(b"half")
    assert [path.name for path in list_cases(tmp_path)] == ["PHANTOM_0001_0.npy"]


def test_looks_into_the_one_folder_of_an_archive(tmp_path):
    paths = write(tmp_path / "Shezen_128128", "CHNCXR_0001_0_mask", "MCUCXR_0001_0")
    assert list_cases(tmp_path) == paths
    # What Jupyter and macOS leave behind does not make it ambiguous.
    write(tmp_path / ".ipynb_checkpoints", "CHNCXR_0001_0_mask")
    write(tmp_path / "__MACOSX", "._CHNCXR_0001_0_mask")
    assert list_cases(tmp_path) == paths


def test_its_own_cases_come_before_those_of_a_subfolder(tmp_path):
    ours = write(tmp_path, "PHANTOM_0001_0")
    write(tmp_path / "old", "PHANTOM_0002_1")
    assert list_cases(tmp_path) == ours


def test_two_subfolders_are_not_guessed_between(tmp_path):
    write(tmp_path / "128", "PHANTOM_0001_0")
    write(tmp_path / "256", "PHANTOM_0001_0")
    text = refusal(list_cases, tmp_path)
    assert str(tmp_path) in text
    assert "name one of them" in text


@pytest.mark.parametrize("kind", ["missing", "file", "empty", "radiographs"])
def test_a_folder_without_cases_says_what_to_do(tmp_path, kind):
    folder = tmp_path / "cases"
    if kind == "file":
        folder.write_text("not a folder")
    elif kind != "missing":
        folder.mkdir()
    if kind == "radiographs":
        (folder / "CHNCXR_0001_0.png").write_bytes(b"")
    text = refusal(list_cases, folder)
    assert str(folder) in text
    assert "`lungseg prepare`" in text


def test_one_case_in_two_files_is_refused(tmp_path):
    write(tmp_path, "CHNCXR_0001_0", "CHNCXR_0002_0", "CHNCXR_0001_0_mask")
    text = refusal(list_cases, tmp_path)
    assert "CHNCXR_0001_0.npy" in text
    assert "CHNCXR_0001_0_mask.npy" in text
    assert "Remove one" in text


def test_a_name_stored_in_two_ways_is_one_case(tmp_path):
    write(tmp_path, "Mu\u0308ller", "Muller", "M\u00fcller")
    if len(list(tmp_path.iterdir())) < 3:
        pytest.skip("this disk knows that they are one")
    text = refusal(list_cases, tmp_path)
    assert "M\u00fcller.npy (in Unicode NFC)" in text
    assert "Mu\u0308ller.npy (in Unicode NFD)" in text


# ---- Reading one case ------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", ">f4"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_any_float_is_read_as_float32(tmp_path, dtype, order):
    path = tmp_path / "MCUCXR_0001_0.npy"
    case = np.asarray(make_case(), dtype=dtype, order=order)
    case[0, 0, 0], case[0, 1, 0] = 0, 1
    np.save(path, case)
    read = load_case(path)
    assert read.dtype == np.dtype("float32")
    assert read.shape == (8, 8, 2)
    np.testing.assert_array_equal(read, case)
    np.testing.assert_array_equal(load_case(str(path)), case)


def test_whole_numbers_and_rectangles_are_read(tmp_path):
    [path] = write(tmp_path, "x_0", case=np.ones((4, 6, 2), dtype=np.uint8))
    np.testing.assert_array_equal(load_case(path), np.ones((4, 6, 2)))
    assert load_case(path).dtype == np.float32


class Trap:
    """Unpickling it writes a file."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return open, (self.path, "w")


def npy(array, **options):
    file = io.BytesIO()
    np.save(file, array, **options)
    return file.getvalue()


def npz(array):
    file = io.BytesIO()
    np.savez(file, case=array)
    return file.getvalue()


def changed(channel, value, place=(0, 0)):
    case = make_case()
    case[(*place, channel)] = value
    return npy(case)


# What is wrong, the bytes of the file, what the message says.
BAD_FILES = {
    "empty file": (b"", "cannot be read"),
    "text": (b"image,mask\n0,1\n", "holds a pickle"),
    "truncated in the data": (npy(make_case())[:-40], "cannot be read"),
    "truncated in the header": (npy(make_case())[:40], "cannot be read"),
    "damaged header": (npy(make_case()).replace(b"}", b" "), "cannot be read"),
    "an archive of arrays": (npz(make_case()), ".npz"),
    "a truncated archive": (npz(make_case())[:100], ".npz"),
    "a pickle": (pickle.dumps({"image": 1}), "holds a pickle"),
    "an array of objects": (npy(np.array([{}, {}]), allow_pickle=True), "holds a pickle"),
    "no mask": (npy(make_case()[..., 0]), r"(H, W, 2). Received: shape (8, 8)"),
    "one channel": (npy(make_case()[..., :1]), "Received: shape (8, 8, 1)"),
    "channels first": (npy(make_case().transpose(2, 0, 1)), "Received: shape (2, 8, 8)"),
    "a batch": (npy(make_case()[None]), "Received: shape (1, 8, 8, 2)"),
    "a number": (npy(np.float32(1)), "Received: shape ()"),
    "no pixels": (npy(np.zeros((0, 8, 2))), "Received: shape (0, 8, 2)"),
    "complex numbers": (npy(make_case().astype(complex)), "Received: dtype complex128"),
    "strings": (npy(make_case().astype("U4")), "Received: dtype <U4"),
    "NaN in the image": (changed(0, np.nan), "not finite"),
    "NaN in the mask": (changed(1, np.nan), "not finite"),
    "infinity": (changed(0, np.inf), "not finite"),
    "minus infinity": (changed(0, -np.inf), "not finite"),
    "both infinities": (npy(np.where(make_case() > 0, np.inf, -np.inf)), "not finite"),
    "beyond single precision": (npy(make_case().astype(float) * 1e300), "not finite"),
    "image too bright": (changed(0, 1.01), "[0, 1]. Received: 0.5 to 1.01"),
    "image below 0": (changed(0, -0.01), "[0, 1]. Received: -0.01 to 0.5"),
    "image 0..255": (changed(0, 255), "[0, 1]. Received: 0.5 to 255"),
    "mask 0/255": (npy(make_case() * [1, 255]), "0 and 1 only. Received: 0 to 255, 2 different"),
    "grey mask": (changed(1, 0.5), "0 and 1 only. Received: 0 to 1, 3 different"),
    "mask below 0": (changed(1, -1), "0 and 1 only. Received: -1 to 1"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_is_named_in_one_line(tmp_path, kind, recwarn):
    content, says = BAD_FILES[kind]
    path = tmp_path / "CHNCXR_0001_0.npy"
    path.write_bytes(content)
    text = refusal(load_case, path)
    assert text.startswith(f"{path}: ")
    assert says in text
    assert "`lungseg prepare`" in text  # the remedy
    assert refusal(check_cases, [path]) == text
    assert not recwarn.list


def test_a_missing_file_is_named(tmp_path):
    text = refusal(load_case, tmp_path / "gone.npy")
    assert str(tmp_path / "gone.npy") in text
    assert "no such file" in text


def test_a_folder_is_not_a_case(tmp_path):
    (tmp_path / "x_0.npy").mkdir()
    assert "cannot be read" in refusal(load_case, tmp_path / "x_0.npy")


@pytest.mark.parametrize("wrap", [pickle.dumps, lambda trap: npy(np.array([trap]), allow_pickle=True)])
def test_a_pickle_is_never_run(tmp_path, wrap):
    sprung = tmp_path / "sprung"
    trap = wrap(Trap(sprung))
    pickle.loads(pickle.dumps(Trap(tmp_path / "works"))).close()
    assert (tmp_path / "works").exists()  # the trap itself is in order

    path = tmp_path / "x_0.npy"
    path.write_bytes(trap)
    assert "pickle" in refusal(load_case, path)
    assert not sprung.exists()


@pytest.mark.filterwarnings("ignore")  # Python parses the damaged header
def test_damaged_bytes_never_surprise(tmp_path):
    path, rng = tmp_path / "x_0.npy", np.random.default_rng(0)
    said = []
    for whole in [npy(make_case()), npz(make_case())]:
        for _ in range(300):
            content = bytearray(whole)
            for place in rng.integers(0, 128, 3):
                content[place] = rng.integers(256)
            path.write_bytes(content[: rng.integers(1, len(content) * 2)])
            try:
                load_case(path)
            except InputError as error:  # anything else fails the test
                said.append(str(error))
    assert len(said) > 500
    assert all(text.startswith(f"{path}: ") and "\n" not in text for text in said)


def test_a_hair_outside_of_the_range_is_forgiven(tmp_path):
    # Interpolation overshoots by rounding errors.
    [path] = write(tmp_path, "x_0")
    path.write_bytes(changed(0, 1 + 1e-6))
    assert load_case(path).max() == pytest.approx(1)


# ---- Checking many ---------------------------------------------------------------------------


def test_check_returns_the_size_all_share(tmp_path):
    paths = write(tmp_path, "a_0", "b_0", case=np.zeros((4, 6, 2)))
    assert check_cases(paths) == (4, 6)


def test_check_spells_out_five_bad_files_and_counts_the_rest(tmp_path):
    paths = write(tmp_path, *(f"x{i}_0" for i in range(8)), case=np.full((4, 4, 2), 2.0))
    [good] = write(tmp_path, "good_0", case=np.zeros((4, 4, 2)))
    text = refusal(check_cases, [*paths[:2], good, *paths[2:]])
    assert [f"x{i}_0.npy" in text for i in range(8)] == [True] * 5 + [False] * 3
    assert "3 more" in text
    assert "good_0.npy" not in text


def test_check_names_the_case_of_another_size(tmp_path):
    paths = write(tmp_path, "a_0", "b_0", "c_0")
    [odd] = write(tmp_path, "b_1", case=make_case(16))
    text = refusal(check_cases, [paths[0], odd, *paths[1:]])
    assert text.startswith(str(odd))
    assert "(8, 8)" in text
    assert "(16, 16)" in text
    assert "--size" in text


def test_check_wants_cases():
    assert "empty list" in refusal(check_cases, [])
