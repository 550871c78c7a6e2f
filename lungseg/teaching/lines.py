"""Long texts in several lines: a notebook breaks them in the middle of a word."""

import textwrap

WIDTH = 96


def in_lines(text: str, width: int = WIDTH) -> str:
    """Return a text in lines of at most so many characters, broken between words."""
    return "\n".join(
        textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False) for line in text.splitlines()
    )
