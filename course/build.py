"""Build the notebooks from their sources.

    python course/build.py            writes solutions/**/*.ipynb
    python course/build.py --check    says which of them is out of date, and writes nothing

A source is a `.py` file in jupytext's percent form. Between the lines
`### BEGIN SOLUTION` and `### END SOLUTION` stands what a student is to write; the
solution notebooks keep the code and lose the two lines. Notebooks hold no
outputs, and the same source gives the same bytes.
"""

import argparse
import hashlib
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import jupytext
import nbformat

ROOT = Path(__file__).resolve().parents[1]
COURSE = ROOT / "course"
SOLUTIONS = ROOT / "solutions"
# In the order in which a student reads them.
NOTEBOOKS = (
    "Data_Generator/DataGenerator",
    "UNet_Arch/UNET_architecture",
    "Loss_Metrics/LossMetrics",
    "Train_UNET",
    "Predict_UNet",
)
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
IMAGE_WITHOUT_ALT = re.compile(r"!\[\s*\]|<img(?![^>]*\balt=\"[^\"]+\")[^>]*>")


class SourceError(ValueError):
    """A source from which no notebook can be made. The message is one line."""


def build_solution(source: Path, name: str) -> nbformat.NotebookNode:
    """Return the solution notebook of a source.

    Parameters
    ----------
    source : Path
        A `.py` file in percent form.
    name : str
        The name of the notebook; with the text of a cell it gives the cell's id.

    Raises
    ------
    SourceError
        If the source has no cells, an image without alternative text, or delimiters that do not match.
    """
    notebook = jupytext.reads(source.read_text(encoding="utf-8"), fmt="py:percent")
    if not any(cell.cell_type == "code" for cell in notebook.cells):
        raise SourceError(f"{_shown(source)}: expected cells that begin with `# %%`, found no code cell.")
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = without_delimiters(cell.source, source)
            cell.outputs, cell.execution_count = [], None
    for problem in problems_in(notebook):
        raise SourceError(f"{_shown(source)}: {problem}")
    _set_ids(notebook, name)
    nbformat.validate(notebook)
    return notebook


def without_delimiters(code: str, source: Path) -> str:
    """Return the code of a cell without the lines that delimit its solutions.

    Examples
    --------
    >>> without_delimiters("def two():\\n    ### BEGIN SOLUTION\\n    return 2\\n    ### END SOLUTION", Path("a.py"))
    'def two():\\n    return 2'
    """
    kept, inside = [], False
    for line in code.splitlines():
        if line.strip() in (BEGIN, END):
            if inside == (line.strip() == BEGIN):
                raise SourceError(f"{_shown(source)}: `{line.strip()}` without its partner in a cell.")
            inside = not inside
        else:
            kept.append(line)
    if inside:
        raise SourceError(f"{_shown(source)}: `{BEGIN}` without its partner in a cell.")
    return "\n".join(kept)


def problems_in(notebook: nbformat.NotebookNode) -> list[str]:
    """Return, a line each, what a notebook must not have: outputs, delimiters, images without alt text."""
    problems = []
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown" and (image := IMAGE_WITHOUT_ALT.search(cell.source)):
            problems.append(f"cell {number}: an image without alternative text: {image.group()}")
        if cell.cell_type == "code":
            if cell.outputs or cell.execution_count is not None:
                problems.append(f"cell {number}: has outputs. Build it again, and do not commit executed notebooks.")
            if "### BEGIN" in cell.source or "### END" in cell.source:
                problems.append(f"cell {number}: a delimiter is left over, or misspelt.")
    return problems


def notebook_bytes(notebook: nbformat.NotebookNode) -> bytes:
    return (nbformat.writes(notebook).rstrip("\n") + "\n").encode("utf-8")


def outdated(course: Path = COURSE, solutions: Path = SOLUTIONS) -> list[str]:
    """Return, a line each, which solution notebooks are missing, out of date or spoilt."""
    complaints = []
    for name in NOTEBOOKS:
        target = solutions / f"{name}.ipynb"
        expected = notebook_bytes(build_solution(course / f"{name}.py", name))
        if not target.is_file():
            complaints.append(f"{_shown(target)}: is missing. Run `python course/build.py`.")
        elif target.read_bytes() != expected:
            reasons = _spoilt(target) or ["is out of date. Run `python course/build.py`."]
            complaints += [f"{_shown(target)}: {reason}" for reason in reasons]
    known = {solutions / f"{name}.ipynb" for name in NOTEBOOKS}
    for path in sorted(solutions.rglob("*.ipynb")):
        if path not in known and ".ipynb_checkpoints" not in path.parts:
            complaints.append(f"{_shown(path)}: has no source in course/. Remove it, or add it to NOTEBOOKS.")
    return complaints


def write_solutions(course: Path = COURSE, solutions: Path = SOLUTIONS) -> list[Path]:
    """Write the solution notebooks, each one whole or not at all; return those that changed."""
    changed = []
    for name in NOTEBOOKS:
        target = solutions / f"{name}.ipynb"
        content = notebook_bytes(build_solution(course / f"{name}.py", name))
        if target.is_file() and target.read_bytes() == content:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}.part")
        temporary.write_bytes(content)
        os.replace(temporary, target)
        changed.append(target)
    return changed


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Build the notebooks from their sources in course/.")
    parser.add_argument("--check", action="store_true", help="only say which notebook is out of date")
    options = parser.parse_args(arguments)
    try:
        if options.check:
            complaints = outdated()
            print("\n".join(complaints) or f"{len(NOTEBOOKS)} solution notebooks are up to date.")
            return 1 if complaints else 0
        changed = write_solutions()
    except (SourceError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for path in changed:
        print(f"wrote {_shown(path)}")
    print(f"{len(NOTEBOOKS)} solution notebooks, {len(changed)} of them changed.")
    return 0


def _spoilt(path: Path) -> list[str]:
    try:
        return problems_in(nbformat.read(path, as_version=4))
    except (ValueError, AttributeError, nbformat.ValidationError):
        return ["is not a notebook. Run `python course/build.py`."]


def _set_ids(notebook: nbformat.NotebookNode, name: str) -> None:
    """Give each cell an id that depends on its text, so that a new cell does not rename those after it."""
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        text = f"{name}\n{cell.cell_type}\n{cell.source}"
        seen[text] = seen.get(text, 0) + 1
        cell.id = hashlib.sha256(f"{text}\n{seen[text]}".encode()).hexdigest()[:12]


def _shown(path: Path) -> str:
    try:
        return path.resolve().relative_to(ROOT).as_posix()
    except ValueError:
        return str(path)


if __name__ == "__main__":
    sys.exit(main())
