"""Exercise 6.2: an experiment of the student's own."""

import numpy as np

from answers import Answers
from lungseg_course import compare

answers = Answers("6.2")
FEW_AND_MANY = {"few": {"training_cases": 20}, "many": {"training_cases": 100}}


def right(*results):
    """Note right answers, by what they return."""
    for result in results:
        answers.right(lambda result=result: result)


def wrong(cause, *results, share=None):
    """Note wrong answers, by what they return."""
    for result in results:
        answers.wrong(cause, share)(lambda result=result: result)


def own_unet(input_shape, filters, depth, dropout):
    raise NotImplementedError("it is not built by a plan")


right(
    (FEW_AND_MANY, 3),
    ({"usual": {}, "deep": {"depth": 4}, "shallow": {"depth": 2}}, 5),
    [{"dice": {"loss": "dice"}, "crossentropy": {"loss": "crossentropy"}, "both": {"loss": "both"}}, 4],
    ({"spatial": {}, "plain": {"spatial": False}}, np.int64(10)),
    ({"without": {"augmentation": False}, "with": {"augmentation": True}}, 5),
    ({f"{share:.0%} dropped": {"dropout": share} for share in (0, 0.1, 0.3)}, 3),
    ({"32": {"size": 32}, "64": {"size": 64}, "128": {"size": 128}}, 3),
    ({"ours": {}, "mine": {"build": own_unet}}, 3),
    ({"a": {"filters": 16}, "b": {}}, 5),
    ({8: {"batch_size": 8}, 4: {"batch_size": 4}}, 6),
    # One setting is other than usual in all of them, and that is not what is varied.
    ({"few cases": {"training_cases": 25, "dropout": 0.0}, "and dropout": {"training_cases": 25, "dropout": 0.2}}, 5),
    ({"slow": {"learning_rate": 2e-4}, "usual": {}, "fast": {"learning_rate": 2e-2}}, 5),
    ({"short": {"steps": 100}, "long": {"steps": 500}}, 5),
    ({"5 steps down": {"depth": 5}, "6 steps down": {"depth": 6}}, 3),
    ({"one step": {"steps": 1}, "two steps": {"steps": 2}}, 100),
)


@answers.right
def with_a_function_of_its_own():
    return {"ours": {}, "mine": {"build": lambda *shape, **settings: own_unet(*shape, **settings)}}, 3


@answers.right
def with_a_loop():
    variants = {}
    for count in [10, 30, 100]:
        variants[f"{count} cases"] = {"training_cases": count}
    return variants, 3


# ---- Wrong: the form ---------------------------------------------------------------------------

wrong("nothing is returned", None, share=0)
wrong("the number of seeds is missing", FEW_AND_MANY, share=0)
wrong("the two have changed places", (3, FEW_AND_MANY), share=0)
wrong("not two things", (FEW_AND_MANY, 3, "few cases are enough"), "few and many", 3)
wrong("a list in place of a dictionary", ([{"depth": 2}, {"depth": 3}], 3))
wrong("a set in place of a dictionary", ({"depth 2", "depth 3"}, 3))
wrong("the variants are no dictionary", ("depth", 3), (None, 3))
wrong("the settings of one variant in place of variants", ({"depth": 2}, 3), ({"depth": 2, "filters": 4}, 3))
wrong(
    "a value in place of a dictionary of settings",
    ({"shallow": 2, "deep": 3}, 3),
    ({"usual": None, "deep": {"depth": 4}}, 3),
    ({"with": True, "without": False}, 3),
    ({"usual": "usual", "deep": ("depth", 4)}, 3),
)


@answers.wrong("a dictionary as a name", 0)
def set_of_dictionaries():
    return {{"depth": 2}, {"depth": 3}}, 3


@answers.wrong("a name without quotes", 0)
def without_quotes():
    return {"few": {training_cases: 20}, "many": {training_cases: 100}}, 3  # noqa: F821


@answers.wrong("the experiment is run, where its plan is wanted", 0)
def runs_it():
    import pandas as pd

    return pd.DataFrame({"mean": [0.9, 0.95]}, index=list(FEW_AND_MANY))


@answers.wrong("the experiment is run, where its plan is wanted", 0)
def runs_it_without_cases():
    return compare(FEW_AND_MANY, seeds=3)


@answers.wrong("the experiment is run, where its plan is wanted", 0)
def runs_it_and_returns_the_plan():
    compare(FEW_AND_MANY, ["case.npy"], seeds=3)
    return FEW_AND_MANY, 3


@answers.wrong("the experiment is run, where its plan is wanted", 0)
def runs_it_by_its_full_name():
    import lungseg_course

    lungseg_course.compare(FEW_AND_MANY, ["case.npy"], 3)


@answers.wrong("nothing is returned", 0)
def no_return():
    variants, seeds = FEW_AND_MANY, 3  # noqa: F841


# ---- Wrong: the variants -----------------------------------------------------------------------

wrong("nothing to compare", ({"many": {"training_cases": 100}}, 3), ({}, 5), share=1 / 2)
wrong(
    "a setting that there is not",
    ({"with": {}, "without": {"skip": False}}, 3),
    ({"usual": {}, "more": {"cases": 200}}, 3),
    ({"short": {"epochs": 5}, "long": {"epochs": 10}}, 3),
    ({"usual": {}, "dice": {"Loss": "dice"}}, 3),
    ({"big": {"image_size": 128}, "small": {"image_size": 64}}, 3),
    share=1 / 2,
)
wrong("the seed as a setting", ({"seed 0": {"seed": 0}, "seed 1": {"seed": 1}}, 3), share=1 / 2)
wrong("several values for one variant", ({"depths": {"depth": [2, 3, 4]}, "usual": {}}, 3), share=1 / 2)
wrong(
    "a setting that cannot be",
    ({"usual": {}, "deep": {"depth": 9}}, 3),
    ({"usual": {}, "entropy": {"loss": "cross-entropy"}}, 3),
    ({"usual": {}, "half": {"filters": 0.5}}, 3),
    ({"usual": {}, "text": {"training_cases": "50"}}, 3),
    ({"usual": {}, "odd": {"size": 50}}, 3),
    ({"usual": {}, "all of it": {"dropout": 1.0}}, 3),
    share=1 / 2,
)
wrong(
    "two variants are the same",
    ({"a": {}, "b": {}}, 3),
    ({"usual": {}, "8 filters": {"filters": 8}}, 3),
    ({"a": {"dropout": 0, "spatial": True}, "b": {"dropout": 0, "spatial": False}}, 3),
    ({"2": {"depth": 2}, "3": {"depth": 3}, "usual": {}}, 3),
    share=1 / 2,
)
wrong(
    "more than one thing is varied",
    ({"small": {"depth": 2, "filters": 4}, "large": {"depth": 4, "filters": 16}}, 3),
    ({"usual": {}, "deep": {"depth": 4}, "wide": {"filters": 16}}, 3),
    ({"no dropout": {"dropout": 0}, "plain": {"spatial": False}, "usual": {}}, 3),
    ({"with": {}, "without": {"skips": False, "batch_norm": False}}, 3),
    share=1 / 2,
)
wrong(
    "too few cases to learn from",
    ({"few": {"training_cases": 5}, "usual": {}}, 5),
    ({"one": {"training_cases": 1}, "many": {"training_cases": 100}}, 3),
    share=1 / 2,
)
wrong(
    "more cases than there are to learn from",
    ({"few": {"training_cases": 20}, "all": {"training_cases": 300}}, 3),
    ({f"{n}": {"training_cases": n} for n in (100, 200, 400)}, 3),
    share=1 / 2,
)

wrong(
    "images larger than those of the cases",
    ({"usual": {}, "large": {"size": 192}}, 3),
    ({"small": {"size": 64, "steps": 50}, "large": {"size": 256, "steps": 50}}, 3),
    share=1 / 2,
)


@answers.wrong("another plan at each call", 1 / 2)
def by_chance():
    rng = np.random.default_rng()
    return {f"{depth} steps": {"depth": depth, "dropout": rng.uniform(0, 0.3)} for depth in (2, 3)}, 3


wrong(
    "the experiment of above",
    ({"with skips": {}, "without skips": {"skips": False}}, 5),
    ({"0.9": {}, "0.99": {"momentum": 0.99}}, 5),
    ({"with": {"batch_norm": True}, "without": {"batch_norm": False}}, 5),
    share=1 / 2,
)


# ---- Wrong: the seeds --------------------------------------------------------------------------

wrong("one training says nothing of chance", (FEW_AND_MANY, 1), share=1 / 2)
wrong("too few seeds", (FEW_AND_MANY, 2), share=1 / 2)
wrong("no training at all", (FEW_AND_MANY, 0), (FEW_AND_MANY, -3), share=1 / 2)
wrong("the seeds themselves in place of their number", (FEW_AND_MANY, [0, 1, 2]), (FEW_AND_MANY, range(3)), share=1 / 2)
wrong("the seeds are no whole number", (FEW_AND_MANY, "3"), (FEW_AND_MANY, 3.0), (FEW_AND_MANY, None), share=1 / 2)
wrong("too many seeds", ({"short": {"steps": 1}, "long": {"steps": 2}}, 101), share=1 / 2)
wrong(
    "it would take too long",
    (FEW_AND_MANY, 100),
    ({"usual": {}, "long": {"steps": 2500}}, 3),
    ({"usual": {}, "large": {"size": 128}}, 7),
    ({f"{n} filters": {"filters": n} for n in (8, 16, 32, 64)}, 5),
    share=1 / 2,
)
