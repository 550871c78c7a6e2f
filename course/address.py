"""Where the course can be fetched from: one setting, and all that follows from it.

The setting is `Repository` under `[project.urls]` in pyproject.toml. From it are made the badges of the README, the
links and the first cell of each notebook, and what docs/setup.md says about getting the course. As long as it is not
there, they say how to bring the course instead. `python course/build.py` writes all of them.
"""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from notebooks import NOTEBOOKS, SourceError

BRANCH = "main"
PAGES = ("README.md", "docs/setup.md")
# In a page: what stands between the two is written by the build.
BLOCK = re.compile(r"(<!-- address: ([a-z]+) -->\n).*?(<!-- end of \2 -->)", re.DOTALL)
BINDER = "https://mybinder.org/v2"


def address_of(root: Path) -> str | None:
    """Return the address of the course's repository: "" if none is named, None if nothing can be installed here.

    Parameters
    ----------
    root : Path
        The folder of the course.

    Raises
    ------
    SourceError
        If it is not the address of a repository.
    """
    settings = root / "pyproject.toml"
    if not settings.is_file():
        return None
    address = tomllib.loads(settings.read_text(encoding="utf-8"))["project"].get("urls", {}).get("Repository", "")
    if address and not re.fullmatch(r"https://[\w.-]+(/[\w.~-]+){2,}", address):
        raise SourceError(
            "pyproject.toml: expected a Repository such as https://github.com/OWNER/lungseg under [project.urls]. "
            f"Found: {address!r}."
        )
    return address.removesuffix(".git")


def to_install(address: str) -> str:
    """Return what pip installs the course from.

    Examples
    --------
    >>> to_install("https://github.com/ada/lungs"), to_install("https://git.example.org/ada/lungs")
    ('https://github.com/ada/lungs/archive/refs/heads/main.zip', 'git+https://git.example.org/ada/lungs@main')
    """
    return f"{address}/archive/refs/heads/{BRANCH}.zip" if _on_github(address) else f"git+{address}@{BRANCH}"


def colab(address: str, path: str) -> str:
    """Return the address of a notebook in Google Colab, which opens those on GitHub only; "" for others.

    Examples
    --------
    >>> colab("https://github.com/ada/lungs", "Train_UNET.ipynb")
    'https://colab.research.google.com/github/ada/lungs/blob/main/Train_UNET.ipynb'
    """
    name = _on_github(address)
    return f"https://colab.research.google.com/github/{name}/blob/{BRANCH}/{quote(path)}" if name else ""


def binder(address: str, path: str = "my_course") -> str:
    """Return the address of a notebook, or of the student's folder, on Binder.

    Examples
    --------
    >>> binder("https://github.com/ada/lungs")
    'https://mybinder.org/v2/gh/ada/lungs/main?urlpath=lab/tree/my_course'
    """
    name = _on_github(address)
    provider = f"gh/{name}" if name else f"git/{quote(address, safe='')}"
    return f"{BINDER}/{provider}/{BRANCH}?urlpath={quote(f'lab/tree/{path}')}"


def codespaces(address: str) -> str:
    """Return the address that opens the course in a GitHub Codespace; "" for what is not on GitHub."""
    name = _on_github(address)
    return f"https://codespaces.new/{name}" if name else ""


def with_address(text: str, address: str | None) -> str:
    """Return a page with its blocks as they should be with an address.

    Parameters
    ----------
    text : str
        Markdown in which `<!-- address: badges -->` and `<!-- end of badges -->` stand around each block.
    address : str or None

    Examples
    --------
    >>> print(with_address("<!-- address: get -->\\n?\\n<!-- end of get -->", ""))
    <!-- address: get -->
    Unpack the folder of the course, open a terminal, and go into the folder (`cd lungseg`).
    <!-- end of get -->
    """
    blocks = {"badges": _badges, "get": _get, "notebooks": _notebooks}

    def filled(found: re.Match) -> str:
        if found[2] not in blocks:
            raise SourceError(f"expected a block that is one of {', '.join(blocks)}. Found: {found[2]}.")
        return found[1] + _lines(blocks[found[2]](address or "")) + found[3]

    return BLOCK.sub(filled, text)


def links(address: str, path: str) -> str:
    """Return a line of Markdown that opens a notebook, and the others, elsewhere; "" without an address."""
    if not address:
        return ""
    here = [f"[on Binder]({binder(address, _in_binder(path))})"]
    if _on_github(address):
        here.insert(0, f"[on Google Colab]({colab(address, path)})")
        parts = " · ".join(f"[{n}]({colab(address, f'{name}.ipynb')})" for n, name in enumerate(NOTEBOOKS, start=1))
        return f"A fresh copy of this notebook: {' · '.join(here)}. All parts on Colab: {parts}."
    return f"A fresh copy of this notebook: {here[0]}."


def _in_binder(path: str) -> str:
    """Return where a student works on a notebook on Binder: in a copy, which `binder/postBuild` makes."""
    return path if path.startswith("solutions/") else f"my_course/{path}"


def _on_github(address: str) -> str:
    """Return the owner and name of a repository on GitHub; "" for others."""
    found = re.fullmatch(r"https://github\.com/([^/]+/[^/]+)", address)
    return found[1] if found else ""


def _lines(text: str) -> str:
    return f"{text}\n" if text else ""


def _badges(address: str) -> str:
    if not address:
        return ""
    first = f"{NOTEBOOKS[0]}.ipynb"
    shown = [
        ("Open in Colab", "https://colab.research.google.com/assets/colab-badge.svg", colab(address, first)),
        ("Launch on Binder", "https://mybinder.org/badge_logo.svg", binder(address)),
        ("Open in GitHub Codespaces", "https://github.com/codespaces/badge.svg", codespaces(address)),
    ]
    return "\n".join(f"[![{words}]({picture})]({target})" for words, picture, target in shown if target)


def _get(address: str) -> str:
    name = address.rpartition("/")[2]
    if not address:
        return "Unpack the folder of the course, open a terminal, and go into the folder (`cd lungseg`)."
    return f"```sh\ngit clone {address}\ncd {name}\n```"


def _notebooks(address: str) -> str:
    if not address:
        return (
            "This copy of the course does not name the address of its repository, so there is nothing to click on:\n"
            "bring the notebook and the wheel yourself."
        )
    rows = "".join(_row(address, number, name) for number, name in enumerate(NOTEBOOKS, start=1))
    return f"| | notebook | |\n|---|---|---|\n{rows}".rstrip("\n")


def _row(address: str, number: int, name: str) -> str:
    path = f"{name}.ipynb"
    places: Iterable[tuple[str, str]] = (("Colab", colab(address, path)), ("Binder", binder(address, _in_binder(path))))
    targets = " · ".join(f"[{words}]({target})" for words, target in places if target)
    return f"| {number} | `{path}` | {targets} |\n"
