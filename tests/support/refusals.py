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
