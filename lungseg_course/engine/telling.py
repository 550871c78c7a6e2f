"""How a verdict is told: what is right in a sentence, what is wrong in rows."""

from lungseg_course.engine.lines import in_lines
from lungseg_course.engine.panel import code, hint_offered, prose, rows, show
from lungseg_course.engine.verdict import Wrong

PROSE = ("Mistake", "Try")  # the rows that are sentences; the others hold calls and values


def show_right(title: str, praise: str, remarks: str = "") -> None:
    """Tell that an answer is right, what that has shown, and what else the student should know."""
    words = "\n".join([in_lines(f"{title} {praise}".rstrip()), *remarks.splitlines()])
    show("right", title, words=words, body=f"<div>{prose(praise)}</div>{_remarks(remarks)}")


def show_wrong(title: str, wrong: Wrong, number: str, remarks: str = "") -> None:
    """Tell the first thing that is wrong with an answer, and offer a hint for the exercise of this number."""
    words = "\n".join([title, wrong.report(), f'  (A hint: hint("{number}"))', *remarks.splitlines()])
    texts = {label: prose(text) if label in PROSE else code(text) for label, text in wrong.rows().items()}
    texts["Mistake"] = f"<strong>{prose(wrong.cause)}.</strong> {prose(wrong.why)}"
    show("wrong", title, words=words, body=f"{rows(texts)}{hint_offered(number)}{_remarks(remarks)}")


def _remarks(remarks: str) -> str:
    return "".join(f'<div style="margin-top:6px">{prose(line.strip())}</div>' for line in remarks.splitlines())
