"""What disks hold beside files and folders: links, folders that cannot be read, too many of them."""

import os
from pathlib import Path

import pytest

from lungseg.preparation import find_radiographs
from lungseg.preparation.sources import tree
from lungseg.preparation.sources.layouts import scan
from radiographs import refusal
from raw_sources import pairs, touch


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_are_followed_once(tmp_path):
    touch(tmp_path, ["set/images/a.png", "set/masks/a.png", "elsewhere/b.png"])
    (tmp_path / "set/loop").symlink_to("../set")
    (tmp_path / "set/up").symlink_to("..")  # where other sets lie
    touch(tmp_path, ["other/images/c.png", "other/masks/c.png"])
    (tmp_path / "set/itself").symlink_to("itself")
    (tmp_path / "set/again").symlink_to("images")
    (tmp_path / "set/images/b.png").symlink_to(tmp_path / "elsewhere/b.png")
    (tmp_path / "set/images/gone.png").symlink_to("nowhere")
    (tmp_path / "set/images/round.png").symlink_to("round.png")
    found = scan(tmp_path / "set")
    assert [one.image.name for one in found.radiographs] == ["a.png"]
    assert found.without_mask == ["b.png", "gone.png", "round.png"]
    (tmp_path / "linked").mkdir()
    for name in ("images", "masks"):
        (tmp_path / "linked" / name).symlink_to(tmp_path / "set" / name)
    assert pairs(tmp_path / "linked") == {"a": ["masks/a.png"]}


def test_a_folder_that_cannot_be_read_is_named(tmp_path, monkeypatch):
    touch(tmp_path, ["images/a.png", "masks/a.png", "private/images/b.png"])
    real = os.scandir

    def scandir(path):
        if Path(path).name in ("private", "locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(tree.os, "scandir", scandir)
    assert scan(tmp_path).notes[-1] == "folders that cannot be read: private (Permission denied)"
    (tmp_path / "locked").mkdir()
    assert "locked (Permission denied)" in refusal(find_radiographs, tmp_path / "locked")


def test_somebodys_home_is_no_source(tmp_path, monkeypatch):
    monkeypatch.setattr(tree, "MOST_FOLDERS", 20)
    touch(tmp_path, [f"{i}/notes.txt" for i in range(30)])
    assert "more than 20 folders" in refusal(find_radiographs, tmp_path)
