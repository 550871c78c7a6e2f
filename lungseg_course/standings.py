"""How far a student is in each notebook, by what the record holds."""

from dataclasses import dataclass

from lungseg_course.engine.exercises import NOTEBOOKS, chapter


@dataclass(frozen=True)
class Standing:
    """How far a student is in one notebook.

    Attributes
    ----------
    notebook : str
        Its path, "Data_Generator/DataGenerator.ipynb" or where the student has put it.
    exercises, questions : tuple of int and int
        How many are done, and how many there are; without the optional exercises.
    optional : tuple of int and int
        The same of these.
    following : str
        What comes next in it: "exercise 1.2"; empty if nothing must be done.
    """

    notebook: str
    exercises: tuple[int, int]
    questions: tuple[int, int]
    optional: tuple[int, int]
    following: str

    @property
    def in_words(self) -> tuple[str, str]:
        """The exercises and the questions: "2 of 2, and 0 of 1 optional", "3 of 5"."""
        exercises, questions, optional = (f"{n} of {of}" for n, of in (self.exercises, self.questions, self.optional))
        return f"{exercises}, and {optional} optional" if self.optional[1] else exercises, questions


def standings(book: dict[str, dict], places: dict[str, str]) -> list[Standing]:
    """Return how far a student is, a `Standing` for each notebook, in their order.

    Parameters
    ----------
    book : dict
        What the student has done, as `lungseg_course.record` keeps it.
    places : dict
        Where the notebooks lie, as `where_they_are` tells.
    """
    found = []
    for notebook, path in NOTEBOOKS.items():
        module = chapter(notebook)
        optional = [item for item in module.EXERCISES if item.optional]
        must = {
            "exercises": [item for item in module.EXERCISES if not item.optional],
            "questions": list(module.QUESTIONS),
        }

        def solved(kind: str, item) -> bool:
            return bool(book[kind].get(item.number, {}).get("solved"))

        def count(kind: str, items: list) -> tuple[int, int]:
            return sum(solved(kind, item) for item in items), len(items)

        still = [f"{kind[:-1]} {item.number}" for kind in must for item in must[kind] if not solved(kind, item)]
        counts = {kind: count(kind, items) for kind, items in must.items()}
        done, following = count("exercises", optional), next(iter(still), "")
        found.append(Standing(places.get(path, path), **counts, optional=done, following=following))
    return found
