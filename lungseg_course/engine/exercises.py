"""What an exercise and a question are, and where to find one by its number."""

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from lungseg.errors import InputError

NOTEBOOKS = {
    "1": "Data_Generator/DataGenerator.ipynb",
    "2": "UNet_Arch/UNET_architecture.ipynb",
    "3": "Loss_Metrics/LossMetrics.ipynb",
    "4": "Train_UNET.ipynb",
    "5": "Predict_UNet.ipynb",
    "6": "Experiments.ipynb",
}


@dataclass(frozen=True)
class Exercise:
    """Something to write.

    Attributes
    ----------
    number : str
        "2.1" is the first exercise of notebook 2.
    title : str
    names : tuple of str
        What the student writes, in the order in which `check` takes it.
    looks : tuple of callables
        `look(answer, ..., rng)` tries the answers, and raises
        `lungseg_course.engine.verdict.Wrong` at the first thing that is wrong.
        `rng` is a `numpy.random.Generator` for inputs. In the order in which
        mistakes should be mended; each is worth the same share of the points,
        which the source of the notebook tells.
    praise : str
        What a right answer has shown, a sentence.
    hints : tuple of three str
        From a nudge to nearly the answer.
    optional : bool
        The advanced and hard ones.
    in_the_package : tuple of str
        Functions and methods of `lungseg` that are a whole answer, such as
        "lungseg.unet.build_unet". An answer that is one of them, or calls it, is
        not the student's own, and is told so.
    """

    number: str
    title: str
    names: tuple[str, ...]
    looks: tuple[Callable, ...]
    praise: str
    hints: tuple[str, str, str]
    optional: bool = False
    in_the_package: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """Something to choose.

    Attributes
    ----------
    number : str
        "1.2" is the second question of notebook 1. The notebook holds its text.
    right : str
        The letter of the right option.
    feedback : dict
        Letter → what to say to whoever chose it. One for each option.
    """

    number: str
    right: str
    feedback: dict[str, str]


def find_exercise(number: str) -> Exercise:
    """Return the exercise with a number such as "2.1".

    Raises
    ------
    InputError
        If there is none.
    """
    return _find(number, "exercise", "EXERCISES")


def exercise_of(name: str) -> Exercise | None:
    """Return the exercise whose answer has a name, None if there is none."""
    every = (each for notebook in NOTEBOOKS for each in chapter(notebook).EXERCISES)
    return next((each for each in every if name in each.names), None)


def find_question(number: str) -> Question:
    """Return the question with a number such as "1.2".

    Raises
    ------
    InputError
        If there is none.
    """
    return _find(number, "question", "QUESTIONS")


def chapter(notebook: str):
    """Return the module with the exercises and questions of notebook "1" to "6"."""
    return importlib.import_module(f"lungseg_course.chapters.chapter_{notebook}")


def _find(number, kind, table):
    first = str(number)[:1]
    items = getattr(chapter(first), table) if first in NOTEBOOKS else ()
    for item in items:
        if item.number == str(number):
            return item
    known = [item.number for notebook in NOTEBOOKS for item in getattr(chapter(notebook), table)]
    digits = ".".join(re.findall(r"\d", str(number)))
    meant = f' Did you mean "{digits}"?' if digits in known else ""
    article = "an" if kind == "exercise" else "a"
    raise InputError(
        f"expected the number of {article} {kind}: {', '.join(known) or 'none yet'}. Received: {number!r}.{meant}"
    )
