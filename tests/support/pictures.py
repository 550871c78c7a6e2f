"""The pictures of README and opening chapter, as their scripts draw them, and the words that describe them."""

import importlib
import re
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "images"
PAGES = [ROOT / "README.md", ROOT / "docs" / "opening.md"]
TEXT = "\n\n".join(page.read_text(encoding="utf-8") for page in PAGES)
PICTURE = re.compile(r"!\[(.*?)\]\((?:\.\./)?images/([^)]*)\)", re.DOTALL)
SHOWN = [(name, " ".join(words.split())) for words, name in PICTURE.findall(TEXT)]
ALT_TEXTS = {Path(name).stem: words for name, words in SHOWN}
PHONE = 368  # pixels: a page on a phone of 400, without its margins


def script(name):
    """Import a script of images/; they find each other as they do when they are run."""
    if str(IMAGES) not in sys.path:
        sys.path.insert(0, str(IMAGES))
    return importlib.import_module(name)


@cache
def figure_of(name):
    with script("style").in_this_style():
        return script(name).draw()


@cache
def drawn(name):
    return script("style").pixels(figure_of(name))


@cache
def animated(name):
    return script("draw").animate(name)


def words_of(figure):
    return "\n".join(text.get_text() for ax in figure.axes for text in ax.texts)


def as_shown(value):
    return f"{value:.2f}"
