"""The pictures of the opening chapter in the notebooks."""

import base64
import json
import re

import pytest

import build
from lungseg import InputError
from lungseg_course import picture
from lungseg_course.pictures import FOLDER
from notebooks import NOTEBOOKS, SourceError
from picture_files import packaged_pictures

PACKAGED = sorted(path.stem for path in FOLDER.glob("*.png"))


@pytest.mark.parametrize("name", PACKAGED)
def test_a_picture_is_shown_with_its_words_once(name):
    shown = picture(name)._repr_mimebundle_()
    assert shown.keys() == {"text/html", "text/plain"}
    assert base64.b64decode(re.search('base64,(.*?)"', shown["text/html"])[1]) == (FOLDER / f"{name}.png").read_bytes()
    assert f'alt="{shown["text/plain"]}"' in shown["text/html"].replace("&#x27;", "'")
    assert len(shown["text/plain"].split()) >= 15


def test_a_name_that_is_none_is_told_the_others():
    with pytest.raises(InputError, match=r"expected one of .*strides.*\. Received: 'lungs'\."):
        picture("lungs")


def test_the_package_has_those_that_the_notebooks_show_and_no_other():
    assert sorted(json.loads((FOLDER / "words.json").read_text(encoding="utf-8"))) == PACKAGED
    files = packaged_pictures(build.ROOT, [build.Course().source(name) for name in NOTEBOOKS])
    assert sorted(path.name for path in files) == sorted([*(f"{name}.png" for name in PACKAGED), "words.json"])


@pytest.fixture
def source(tmp_path):
    (tmp_path / "images").mkdir()
    (tmp_path / "docs").mkdir()
    (tmp_path / "images" / "lung.png").write_bytes(b"PNG")
    (tmp_path / "README.md").write_text("![A lung.](images/lung.png)", encoding="utf-8")
    path = tmp_path / "source.py"
    path.write_text('# %%\npicture("lung")\n', encoding="utf-8")
    return path


def test_the_longest_words_of_all_pages_are_taken(source, tmp_path):
    page = tmp_path / "docs" / "page.md"
    page.write_text("![A lung, white\non black.](../images/lung.png)", encoding="utf-8")
    files = packaged_pictures(tmp_path, [source])
    folder = tmp_path / "lungseg_course" / "pictures"
    assert files[folder / "lung.png"] == b"PNG"
    assert json.loads(files[folder / "words.json"]) == {"lung": "A lung, white on black."}


@pytest.mark.parametrize("missing", ["images/lung.png", "README.md"])
def test_a_picture_without_a_file_or_words_is_refused(source, tmp_path, missing):
    (tmp_path / missing).unlink()
    (tmp_path / "README.md").touch()
    with pytest.raises(SourceError, match=r"picture\(\"lung\"\) needs .*images/lung\.png"):
        packaged_pictures(tmp_path, [source])
