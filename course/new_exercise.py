"""The skeleton of a new exercise: text, blank and solution, a table with one mistake, and three hints.

    python course/build.py --new-exercise 3.5 "specificity"

It fits together as it is. What stands behind FILL IN is to be filled in: until then `build.py` builds nothing, and
names the files.
"""

import keyword
import re
from collections.abc import Callable
from pathlib import Path

from notebooks import NOTEBOOKS, SourceError, shown

from lungseg.files import writing

FILL_IN = "FILL IN"
SOURCE = '''

# %% [markdown]
# ### Exercise {number}: {title}
#
# FILL IN: what is to be written, and why; which numbers come in, and which should come out.


# %% tags=["exercise"] nbgrader={{"grade_id": "exercise_{id}"}}
# Exercise {number}
def {name}(value):
    """FILL IN: return twice the value."""
    ### BEGIN SOLUTION
    return 2 * value
    ### END SOLUTION


# %% tags=["check"] nbgrader={{"grade_id": "check_{id}", "points": 1}}
check("{number}", {name})
'''
TABLE = '''"""Exercise {number}, {title}: what is tried, and the mistakes that have a name."""

from lungseg_course.engine.rows import Gives
from lungseg_course.engine.table import Case, look_at

# fmt: off
ROWS = (
    Gives("FILL IN: the value itself", lambda value: value,
          "FILL IN: how this mistake leads to what came out.", "FILL IN: one thing to try."),
)
# fmt: on


@look_at("{name}", lambda value: 2 * value, ROWS)
def look_at_some_values(rng):
    """FILL IN: what is tried. Each look is worth the same share of the points."""
    yield Case(3.0)
    yield Case(float(rng.integers(4, 100)))
'''
RECORD = """    Exercise(
        number="{number}",
        title="{title}",
        names=("{name}",),
        looks=({name}.look_at_some_values,),
        praise="FILL IN: what a right answer has shown.",
        hints=(
            "FILL IN: a nudge.",
            "FILL IN: which functions help.",
            "FILL IN: nearly the answer.",
        ),
    ),
"""


def new_exercise(number: str, title: str, root: Path, chapter: Callable) -> list[Path]:
    """Write the skeleton of an exercise: into its source and the list of its chapter, and a new file with its table.

    Parameters
    ----------
    number : str
        "3.5": the next one of notebook 3.
    title : str
        A few words; the name of the function is made of them.
    root : Path
        The folder of the project.
    chapter : callable
        Returns what has the EXERCISES of a notebook "1" to "6".

    Returns
    -------
    list of Path
        The files that were changed or written.

    Raises
    ------
    SourceError
        If the number is not the next one of its notebook, the title makes no name, or a file is there already.
    """
    notebook = number.partition(".")[0]
    if notebook not in map(str, range(1, len(NOTEBOOKS) + 1)):
        raise SourceError(f"expected a number of notebook 1 to {len(NOTEBOOKS)}, as 3.5. Received: {number!r}.")
    following = f"{notebook}.{len(chapter(notebook).EXERCISES) + 1}"
    if number != following:
        raise SourceError(f"expected the next number of notebook {notebook}, {following}. Received: {number!r}.")
    name = re.sub(r"\W+", "_", title.lower()).strip("_")
    if not name.isidentifier() or keyword.iskeyword(name) or re.search(r'["\\]', title):
        raise SourceError(f"expected a title of which a function can be named, as specificity. Received: {title!r}.")
    source = root / "course" / f"{NOTEBOOKS[int(notebook) - 1]}.py"
    folder = root / "lungseg_course" / "chapters" / f"chapter_{notebook}"
    record, table = folder / "__init__.py", folder / f"{name}.py"
    if table.exists():
        raise SourceError(f"{shown(table)}: exists already. Take another title, or remove it.")
    words = {"number": number, "title": title, "name": name, "id": number.replace(".", "_")}
    texts = {
        source: _with_cells(source.read_text(encoding="utf-8"), SOURCE.format(**words), notebook),
        record: _with_record(record.read_text(encoding="utf-8"), RECORD.format(**words), name, notebook),
        table: TABLE.format(**words),
    }
    for path, text in texts.items():
        with writing(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
    return list(texts)


def _with_cells(text: str, cells: str, notebook: str) -> str:
    """Put cells behind the check of the last exercise of a source."""
    checks = list(re.finditer(rf'^check\("{notebook}\.\d+", .*\)$', text, re.MULTILINE))
    if not checks:
        raise SourceError("expected a source with the check of an exercise, after which the new one could stand.")
    return text[: checks[-1].end()] + cells.rstrip("\n") + text[checks[-1].end() :]


def _with_record(text: str, record: str, name: str, notebook: str) -> str:
    """Put a record at the end of the exercises of a chapter, and import the module of its table."""
    start = text.find("EXERCISES = (\n")
    end = text.find("\n)\n", start)
    line = re.search(rf"^from lungseg_course\.chapters\.chapter_{notebook} import (\w+(?:, \w+)*)$", text, re.MULTILINE)
    if start < 0 or end < 0 or line is None:
        raise SourceError(f"chapter_{notebook}/__init__.py: expected `EXERCISES = (` and the modules of its tables.")
    modules = ", ".join(sorted([*line[1].split(", "), name]))
    imports = f"{line[0].removesuffix(line[1])}{modules}"
    return text[: end + 1].replace(line[0], imports) + record + text[end + 1 :]


def unfilled(root: Path) -> list[Path]:
    """Return the files in which an exercise still waits to be filled in."""
    sources = [root / "course" / f"{name}.py" for name in NOTEBOOKS]
    tables = sorted((root / "lungseg_course" / "chapters").rglob("*.py"))
    return [path for path in (*sources, *tables) if FILL_IN in path.read_text(encoding="utf-8")]
