"""What a message may hold: names of files and words of libraries come from anywhere."""

import pickle

import pytest

from lungseg.errors import InputError


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("chest.png", "chest.png"),
        ("胸部 X線 (é, ß, 👍).png", "胸部 X線 (é, ß, 👍).png"),
        ("C:\\films\\new.png", "C:\\films\\new.png"),
        ("two\nlines\r.png", "two\\nlines\\r.png"),
        ("\x1b[2Jcleared\x07.png", "\\x1b[2Jcleared\\x07.png"),
        ("\x00\x85\u2028.png", "\\x00\\x85\\u2028.png"),
        ("gnp.\u202etxt", "gnp.\\u202etxt"),  # shown backwards
        ("\udcff.png", "\\udcff.png"),  # no UTF-8
    ],
)
def test_a_message_is_one_line_that_every_terminal_can_show(name, shown):
    error = InputError(f"{name}: expected an image.")
    assert str(error) == f"{shown}: expected an image."
    assert str(error).encode("utf-8").decode().splitlines() == [str(error)]
    assert error._render_traceback_() == [f"InputError: {shown}: expected an image."]
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # from another process
