"""Notebook 4, exercise 4.4: rows of mistakes that each kind of callback shares with others."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from lungseg_course.chapters.chapter_4.story import BEST, SERIES, Story
from lungseg_course.engine.describing import describe
from lungseg_course.engine.kinds import Kind
from lungseg_course.engine.rows import Raises, Row, When


@dataclass(frozen=True)
class OfStory(Kind):
    """What a story tells of one kind of callback, how it is told, and what was expected."""

    of: Callable[[Story], Any]
    told: Callable[[Any], str]
    expected: str

    def read(self, result: Story) -> Any:
        return self.of(result)

    def show(self, value: Any, right: Any) -> tuple[str, str]:
        return self.told(value), self.expected


def first_watched(out, kind: str, *but: str) -> str | None:
    """Return the first number that callbacks of this kind watch and that is not one of these."""
    watched = (each.monitor for each in out.result.of_kind(kind) if hasattr(each, "monitor"))
    return next((name for name in watched if name not in but), None)


# fmt: off
BUILDING = (
    Raises(lambda out: f"`{out.found[1]}` without quotes", "NameError: name '((val_)?(dice|loss)|max|min|auto)'",
           "Without quotes Python looks for a variable of that name.", 'Write `monitor="val_dice"` and `mode="max"`.'),
    Raises("a number in quotes", "TypeError: 'str'", "In quotes it is a piece of text.",
           "Leave the quotes out: `patience=2`.", when=lambda out: "between instances" in str(out.error)),
    Raises("mode is missing", "Exception: automatically determine",
           "Keras cannot tell from a name such as `val_dice` whether higher or lower is better, and takes a mode that "
           "it does not know for none.", 'Give each of the three callbacks `mode="max"`.'),
    Raises("a path is no text", "TypeError: (?s:Path.*str|str.*Path)",
           "`run_folder` is a Path. It is put together with the name of a file by a slash, outside the quotes.",
           'Write `run_folder / "best.keras"`.'),
    Raises("only the weights are saved", r"Exception: \.weights\.h5",
           "`save_weights_only=True` keeps the numbers without the network, and needs a file of another kind.",
           "Leave `save_weights_only` out: best.keras should hold the whole network."),
    Raises("the factor is not below 1", "Exception: factor >= 1",
           "The learning rate is multiplied by it, and should become smaller.", "Use `factor=0.3`."),
    Raises("the name of the file has no .keras", r"Exception: must end in `\.keras`",
           "The checkpoint wants the name of a file. The run folder alone is none.",
           'Give it `run_folder / "best.keras"`.', expected="a file best.keras in the run folder"),
    When("a class in place of a callback",
         lambda out: [each for each in out.result.not_callbacks[:1] if isinstance(each, type)],
         "The class is the plan; with parentheses and settings behind it, it makes a callback.",
         lambda out: f"Write `keras.callbacks.{out.found[0].__name__}(...)`.",
         received=lambda out: f"{out.found[0].__name__} itself", expected="a callback that is ready to work"),
    When("not a list of callbacks", lambda out: out.result.not_callbacks,
         lambda out: "Without `return` a function returns None." if out.found[0] is None else "",
         "Return the callbacks in square brackets.",
         received=lambda out: describe(out.found[0]), expected="a list of four callbacks"),
)


def rows_of(kind: str, works: Callable[[Story], Any], why: str) -> tuple[Row, ...]:
    """Return the rows of a list without such a callback, or with one that watches a number that Keras never logs.

    `works` says whether its work is done: somebody's own callback may do it.
    """
    return (
        *BUILDING,
        When(f"{kind} is missing", lambda out: not out.result.of_kind(kind) and not works(out.result), why,
             f"Make a `keras.callbacks.{kind}`, and put it into the list that you return.",
             received=lambda out: ", ".join(type(each).__name__ for each in out.result.callbacks) or "an empty list",
             expected="ModelCheckpoint, ReduceLROnPlateau, EarlyStopping and CSVLogger"),
        When(lambda out: f"there is no number called `{out.found}`", lambda out: first_watched(out, kind, *SERIES),
             "Keras only warns. The metric is called `dice`, in small letters; of the validation cases it is "
             "`val_dice`.", 'Write `monitor="val_dice"`.',
             received=lambda out: f"{kind} waits for `{out.found}`, which Keras never logs",
             expected="it watches `val_dice`"),
    )


def patience_of(kind: str, with_min_delta: Callable[[float], Any]) -> tuple[Row, ...]:
    """Return the rows of another number, and of a `min_delta` that leads to the value that `with_min_delta` returns."""
    def too_large(out) -> float:
        least = out.result.setting(kind, "min_delta")
        hides = least > 1e-3 and not out.is_right and out.kind.distance(out.value, with_min_delta(least)) < np.inf
        return least if hides else 0

    rise = SERIES["val_dice"][BEST] - SERIES["val_dice"][BEST - 1]
    return (
        When(lambda out: f"it watches `{out.found}`",
             lambda out: None if out.is_right else first_watched(out, kind, "val_dice"),
             lambda out: "Without `monitor` Keras watches `val_loss`." if out.found == "val_loss"
             else "" if out.found.startswith("val_")
             else "That is of the training cases, which get better and better even when new ones do not.",
             f'Give {kind} `monitor="val_dice"` and `mode="max"`.',
             received=lambda out: f"{kind} looks at `{out.found}`", expected="it looks at `val_dice`"),
        When("`min_delta` hides progress", too_large,
             lambda out: f"`min_delta` is the smallest rise that counts, here {out.found:g}. In epoch {BEST + 1} "
             f"val_dice rose by {rise:.2f}, and near the end of a training it rises by less.",
             "Leave `min_delta` out, or give it 0.001 at most."),
    )
