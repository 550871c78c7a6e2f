"""What is no file to read at all: none of the readers waits for it, or takes it whole into memory."""

import os

import pytest

from lungseg.files.untrusted import read_array, read_arrays, read_json, read_table
from refusals import file_refusal, refusal

READERS = (read_array, read_arrays, read_json, read_table)


@pytest.mark.parametrize("read", READERS)
def test_a_folder_and_a_file_that_is_not_there_are_refused(tmp_path, read):
    assert "Received: a folder" in file_refusal(read, tmp_path)
    assert "no such file" in refusal(read, tmp_path / "x")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no names here")
@pytest.mark.parametrize("read", READERS)
def test_a_pipe_is_not_waited_for(tmp_path, read):
    os.mkfifo(tmp_path / "pipe")
    assert "Received: something else" in file_refusal(read, tmp_path / "pipe")


@pytest.mark.parametrize("read", [read_json, read_table])
def test_a_large_file_is_not_read(tmp_path, read):
    path = tmp_path / "a"
    path.write_bytes(bytes(100))
    assert "at most 10 bytes" in file_refusal(read, path, largest=10)
