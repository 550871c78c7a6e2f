"""Long texts in several lines: a notebook breaks them in the middle of a word."""

import textwrap

WIDTH = 96


def in_lines(text: str, width: int = WIDTH) -> str:
    """Return a text in lines of at most so many characters, broken between words."""
    return "\n".join(
        textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False) for line in text.splitlines()
    )


def say(text: str) -> None:
    """Print a text, `in_lines`."""
    print(in_lines(text))


def counted(number: int, noun: str) -> str:
    """Return a number and what it counts: "1 case", "3 cases", "0 batches", "2 epochs"."""
    return f"{number} {noun}" + ("" if number == 1 else "es" if noun.endswith("tch") else "s")
