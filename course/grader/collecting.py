"""What a student has handed in: which file is which notebook, whatever it is called and wherever it lies."""

import hashlib
import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat

LARGEST_BESIDE = 1_000_000  # bytes of a file that comes along with the notebooks


@dataclass(frozen=True)
class HandIn:
    """What is graded of a student.

    Attributes
    ----------
    student : str
    notebooks : dict
        Name of a notebook of the course → the student's file.
    beside : tuple of Path
        Other files that lie beside these, such as a module of the student's own.
    timestamps : dict
        Name of a notebook → nbgrader's file with the time of handing in, where there is one.
    notes : tuple of str
        What is unusual about it, a line each.
    unreadable : tuple of str
        Names of notebooks whose file is there and cannot be read.
    """

    student: str
    notebooks: dict[str, Path]
    beside: tuple[Path, ...]
    timestamps: dict[str, Path]
    notes: tuple[str, ...]
    unreadable: tuple[str, ...] = ()

    def fingerprint(self) -> str:
        """Return a sum over all the files: another one means that there is something new to grade."""
        total = hashlib.sha256()
        for path in sorted({*self.notebooks.values(), *self.beside, *self.timestamps.values()}):
            total.update(f"{path}\0".encode())
            total.update(path.read_bytes())
        return total.hexdigest()


@dataclass(frozen=True)
class _Candidate:
    path: Path
    name: str
    has_work: bool

    @property
    def rank(self) -> tuple[bool, float, bool]:
        """A blank copy counts less than any work, then the newest, then the one with the right name."""
        return self.has_work, self.path.stat().st_mtime, self.path.stem == self.name


def collect(folder: Path, releases: dict[str, nbformat.NotebookNode]) -> HandIn:
    """Find the notebooks of a student.

    Parameters
    ----------
    folder : Path
        The student's, `submitted/NAME`; its name is the student's.
    releases : dict
        Name of a notebook → as it was released. What a file is, its cells tell
        by their `grade_id`; its name may be any.
    """
    notes: list[str] = []
    found: dict[str, list[_Candidate]] = {}
    damaged: set[str] = set()
    for path in _notebooks_in(folder):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of cells with one id, as copies have
                notebook = nbformat.read(path, as_version=4)
            name = which_notebook(notebook, releases)
        except Exception:  # whatever a file holds that is called .ipynb
            notes.append(f"{path.relative_to(folder)}: cannot be read (no notebook)")
            damaged.update(name for name in releases if path.stem.startswith(name))
            continue
        if name is None:
            if path.stem in releases:
                notes.append(f"{path.relative_to(folder)}: has no cell of the course, by its `grade_id`s")
            continue
        found.setdefault(name, []).append(_Candidate(path, name, _has_work(notebook, releases[name])))
    chosen: dict[str, Path] = {}
    for name in releases:
        candidates = sorted(found.get(name, []), key=lambda candidate: candidate.rank)
        if not candidates and name in damaged:
            continue
        if not candidates:
            notes.append(f"{name}: is missing")
            continue
        chosen[name] = candidates[-1].path
        if len(candidates) > 1:
            others = ", ".join(str(other.path.relative_to(folder)) for other in candidates[:-1])
            notes.append(f"{name}: graded is {chosen[name].relative_to(folder)}, the newest; not {others}")
        elif chosen[name].stem != name:
            notes.append(f"{name}: found as {chosen[name].relative_to(folder)}")
    beside, timestamps = _beside(chosen.values()), _timestamps(folder, chosen)
    unreadable = tuple(name for name in releases if name in damaged - chosen.keys())
    return HandIn(folder.name, chosen, beside, timestamps, tuple(notes), unreadable)


def which_notebook(notebook: nbformat.NotebookNode, releases: dict[str, nbformat.NotebookNode]) -> str | None:
    """Return the name of the released notebook that shares most `grade_id`s with this one, or None."""
    ids = set(grade_ids(notebook))
    shared = {name: len(ids.intersection(grade_ids(release))) for name, release in releases.items()}
    best = max(shared, key=lambda name: shared[name], default=None)
    return best if best is not None and shared[best] else None


def grade_ids(notebook: nbformat.NotebookNode) -> list[str]:
    """Return what nbgrader knows the cells by, in their order."""
    return [each for each in map(grade_id, notebook.cells) if each is not None]


def grade_id(cell: nbformat.NotebookNode) -> str | None:
    """Return what nbgrader knows a cell by; None for cells that it does not know."""
    facts = cell.metadata.get("nbgrader")
    found = facts.get("grade_id") if isinstance(facts, dict) else None
    return found if isinstance(found, str) else None


def _has_work(notebook: nbformat.NotebookNode, release: nbformat.NotebookNode) -> bool:
    blank = {each: cell.source for cell, each in _known(release) if cell.metadata.nbgrader.get("solution")}
    return any(cell.source.strip() != blank.get(each, cell.source).strip() for cell, each in _known(notebook))


def _known(notebook: nbformat.NotebookNode) -> Iterator[tuple[nbformat.NotebookNode, str]]:
    for cell in notebook.cells:
        if (each := grade_id(cell)) is not None:
            yield cell, each


def _notebooks_in(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "site-packages")
        for name in sorted(files):
            path = Path(parent, name)
            if path.suffix.lower() == ".ipynb" and not path.is_symlink():
                yield path


def _beside(notebooks) -> tuple[Path, ...]:
    found = set()
    for folder in {path.parent for path in notebooks}:
        if (folder / "lungseg" / "__init__.py").is_file():
            continue  # a whole clone: nothing in it is the student's own but the notebooks
        for path in folder.iterdir():
            kept = path.is_file() and not path.is_symlink() and not path.name.startswith((".", "lungseg"))
            if kept and path.suffix.lower() != ".ipynb" and path.stat().st_size <= LARGEST_BESIDE:
                found.add(path)
    return tuple(sorted(path for path in found if path.name != "timestamp.txt"))


def _timestamps(folder: Path, chosen: dict[str, Path]) -> dict[str, Path]:
    found = {}
    for name, path in chosen.items():
        for place in (path.parent, *path.parent.parents):
            if (place / "timestamp.txt").is_file():
                found[name] = place / "timestamp.txt"
            if place == folder or name in found:
                break
    return found
