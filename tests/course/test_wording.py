"""What a teacher reads of the error in which a cell ended."""

import pytest

from grader.wording import error_in_words


@pytest.mark.parametrize(
    ("name", "message", "words"),
    [
        ("SyntaxError", "'(' was never closed (3691147527.py, line 2)", "Python could not read the cell (line 2)"),
        ("_IncompleteInputError", "incomplete input (42.py, line 1)", "Python could not read the cell (line 1)"),
        ("SyntaxError", "invalid syntax (mine.py, line 3)", "Python could not read the cell or a file: invalid syntax"),
        ("StdinNotImplementedError", "raw_input was called", "it asks with `input()`"),
        ("KeyError", "'image'", "KeyError: 'image'"),
    ],
)
def test_an_error_in_words(name, message, words):
    assert error_in_words(name, message).startswith(words)
