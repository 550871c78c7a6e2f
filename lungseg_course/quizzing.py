"""quiz(): a word on each answer to a question, the right one and the others."""

import sys

from lungseg_course import record
from lungseg_course.engine.blank import answer_name
from lungseg_course.engine.exercises import find_question
from lungseg_course.engine.notebook.staleness import answer_to_another, outdated
from lungseg_course.engine.panel import show


def quiz(number: str, answer: str | None = None) -> None:
    """Say whether the chosen option is right, and why.

    Parameters
    ----------
    number : str
        Of the question, "1.2".
    answer : str
        The letter of an option, "b".

    Raises
    ------
    InputError
        If there is no such question.
    """
    question = find_question(number)
    names = sys._getframe(1).f_globals
    if answer is names.get("answer"):  # as the notebooks had it before each answer got a name of its own
        answer = names.get(answer_name(question.number), answer)
    heading = f"Question {question.number}"
    if old := outdated(heading, {answer_name(question.number): answer}) or answer_to_another(heading, answer):
        show("note", f"{heading}: not looked at.", old)
        return
    letter = letter_of(answer)
    if letter not in question.feedback:
        first, *others = (f'"{each}"' for each in question.feedback)
        what = f"{answer_name(question.number)} = {first}  (or {', '.join(others)}) in the cell above"
        words = f"{heading}: write  {what}, and run it, then this one."
        show("note", f"{heading}:", words.removeprefix(f"{heading}: "), words=words)
        return
    right = letter == question.right
    record.note_answer(question.number, right)
    kind, verdict = ("right", "right") if right else ("wrong", "not this one")
    show(kind, f"{heading}, {letter}: {verdict}.", question.feedback[letter])


def quiz_points(number: str, answer: str | None = None, *, of: float) -> float:
    """Return the points of an answer: all of them, or none."""
    question = find_question(number)
    return float(of) if letter_of(answer) == question.right else 0.0


def letter_of(answer) -> str | None:
    """Return the letter of an answer however it was typed, such as "(B)"; None for what is no text."""
    return answer.strip().strip("().").lower() if isinstance(answer, str) else None
