"""`trying`: runs the student's code, and turns what goes wrong into words."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from lungseg_course.engine.blank import NotAttempted
from lungseg_course.engine.lines import counted
from lungseg_course.engine.mistakes.error_text import describe_error
from lungseg_course.engine.mistakes.explaining import explain_error
from lungseg_course.engine.time_limit import OutOfTime, TimeLimit, running_limit
from lungseg_course.engine.verdict import Wrong


class DoesNotEnd(Wrong):
    """The answer had to be stopped."""


@contextmanager
def trying(tried: str, explain: Callable[[Any], Wrong | None] | None = None) -> Iterator[None]:
    """Run the student's code; turn what goes wrong into a `Wrong` that says what was tried.

    Parameters
    ----------
    tried : str
        What is called, small and concrete.
    explain : callable, optional
        Is given the student's exception; returns a `Wrong` for it, or None
        where it knows nothing better than the general explanation.
    """
    try:
        yield
    except NotAttempted:
        raise
    except Wrong as wrong:
        wrong.tried = wrong.tried or tried
        raise
    except (Exception, SystemExit, OutOfTime) as error:
        limit = running_limit()
        if limit is not None and limit.stopped:  # a library may have made another exception of it
            raise _out_of_time(limit, tried) from None
        explained = (explain(error) if explain else None) or explain_error(error)
        explained.received = explained.received or describe_error(error)
        explained.tried = tried
        raise explained from None


def _out_of_time(limit: TimeLimit, tried: str) -> DoesNotEnd:
    seconds = counted(round(limit.elapsed if limit.slept else limit.seconds), "second")
    place = f"\nin line {limit.place[0]} of your cell:  {limit.place[1]}" if limit.place else ""
    if limit.slept:
        return DoesNotEnd(
            "it waits, and does not come to an end",
            received=f"nothing; it was stopped after {seconds}, in which it hardly computed{place}",
            expected="a result in a few seconds",
            why="It sleeps, or waits for something that does not come: another program, a download.",
            remedy="Leave out what waits, such as `time.sleep`.",
            tried=tried,
        )
    why = (
        "A loop that never ends is the usual reason: what its condition asks about does not change in it. Or it does "
        "far more work than is needed."
    )
    remedy = "Print in each round of the loop what its condition asks about."
    if limit.place and re.match(r"while \(?(True|1)\b", limit.place[1]):
        why = "Such a loop goes round until `break` or `return` ends it, and neither of them is reached."
        remedy = "Say when it is to end: `while` with a condition that becomes false, or `break` under an `if`."
    return DoesNotEnd(
        "it does not come to an end",
        received=f"nothing; it was stopped after {seconds} of computing{place}",
        expected="a result in a few seconds",
        why=why,
        remedy=remedy,
        tried=tried,
    )
