"""What is said where something is refused."""

import pytest

from lungseg.errors import InputError


def refusal(call, *arguments, **settings):
    """The one line of the InputError that a call raises."""
    with pytest.raises(InputError) as raised:
        call(*arguments, **settings)
    text = str(raised.value)
    assert "\n" not in text
    return text


def file_refusal(read, path, **settings):
    """The short line in which a reader of files refuses one: it begins with the file, and ends with what to do."""
    text = refusal(read, path, remedy="Make it anew.", **settings)
    assert text.startswith(f"{path}: ")
    assert text.endswith(" Make it anew.")
    assert len(text) < len(str(path)) + 250
    return text
