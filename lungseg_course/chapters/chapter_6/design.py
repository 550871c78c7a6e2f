"""Notebook 6, exercise 6.2: an experiment of the student's own, which varies one thing."""

from collections.abc import Callable, Mapping
from functools import partial
from numbers import Integral
from typing import Any

from lungseg_course.chapters.chapter_6.plans import FEWEST_CASES, Plan, limits
from lungseg_course.engine.describing import describe
from lungseg_course.engine.lines import counted
from lungseg_course.engine.rows import Raises, When
from lungseg_course.engine.table import Case, look_at
from lungseg_course.experiments.refusing import refusing_to_train
from lungseg_course.experiments.settings import MOST_SEEDS, NAMES, Settings

FEWEST = 3  # seeds
MOST = 30  # trainings of the usual kind: about ten minutes
OF_ABOVE = ("skips", "batch_norm", "momentum")
PAIR = "a dictionary of variants, and the number of seeds: `return variants, seeds`"


def _is_a_number(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _in_words(plan: Plan) -> str:
    return f"variants that differ in {' and '.join(plan.varied)}" if plan.varied else "variants that do not differ"


def _lists_of_settings(plan: Plan) -> Any:
    """Return the setting of which one variant has several values."""
    maps = [given for given in plan.variants.values() if isinstance(given, Mapping)]
    return next((name for given in maps for name, value in given.items() if isinstance(value, (list, tuple))), None)


def _why_refused(out) -> str:
    return next(iter(out.result.refused.values()))


def _names_of(things: Any) -> str:
    return " and ".join(f"`{name}`" for name in things)


RUN = "the experiment is run, where its plan is wanted"
BELOW = "`compare` trains. Here you say what is to be trained; the cell below runs it."
RETURN_IT = "Return the plan, `return variants, seeds`; do not train in it."

# fmt: off
planned = partial(When, of=lambda out: out.result)
broken = partial(planned, expected=PAIR, received=lambda out: _short(out.result.result))
FORM = (
    broken("nothing is returned", lambda plan: plan.result is None, "A function returns only what follows `return`.",
           "End with `return variants, seeds`."),
    broken(RUN, lambda plan: _is_a_table(plan.result) or any(map(_is_a_table, (plan.variants, plan.seeds))),
           BELOW, RETURN_IT),
    broken("the number of seeds is missing", lambda plan: isinstance(plan.result, Mapping),
           "Without it nobody knows how often each variant is to be trained.", "End with `return variants, seeds`."),
    broken("the two have changed places", lambda plan: _is_a_number(plan.variants) and isinstance(plan.seeds, Mapping),
           "", "Return the variants first, then the seeds."),
    broken("not two things", lambda plan: plan.variants is None and plan.seeds is None, "",
           "End with `return variants, seeds`."),
    broken("a set in place of a dictionary", lambda plan: isinstance(plan.variants, (set, frozenset)),
           "In curly brackets, a dictionary has a colon behind each name.",
           'Write `{"shallow": {"depth": 2}, "usual": {}}`.'),
    broken("a list in place of a dictionary", lambda plan: isinstance(plan.variants, (list, tuple)),
           "In the table and in the chart, each variant has a name.",
           'Give each a name: `{"shallow": {"depth": 2}, "usual": {}}`.'),
    broken("the variants are no dictionary", lambda plan: not isinstance(plan.variants, Mapping), "",
           'Write `{"shallow": {"depth": 2}, "usual": {}}`.'),
    planned("the settings of one variant in place of variants",
            lambda plan: plan.variants and set(plan.variants) <= set(NAMES)
            and not any(isinstance(given, Mapping) for given in plan.variants.values()),
            "The dictionary of settings stands behind the name of a variant.",
            'Give each variant a name: `{"shallow": {"depth": 2}, "usual": {}}`.',
            received=lambda out: _short(out.result.variants), expected="name → dictionary of settings"),
    planned("a value in place of a dictionary of settings",
            lambda plan: [name for name, given in plan.variants.items() if not isinstance(given, Mapping)],
            "Behind the name of a variant stands what is different in it: a setting and its value.",
            'Write `{"depth": 2}`, or `{}` for the usual network.',
            received=lambda out: f"{_short(out.result.variants[out.found[0]])} for the variant {out.found[0]!r}",
            expected="a dictionary of settings for each variant"),
)
variants = partial(planned, received=lambda out: counted(len(out.result.variants), "variant"))
VARIANTS = (
    variants("nothing to compare", lambda plan: len(plan.variants) < 2,
             "A score alone says nothing about what the setting is worth.",
             "Add the variant to compare it with; `{}` is the usual network.", expected="two variants or more"),
    planned("the seed as a setting", lambda plan: {"seed", "seeds"} & set(plan.unknown),
            "Each variant is trained with the same seeds: they are chance, not what you try.",
            "Leave it out. The number of seeds is returned behind the variants.",
            received=lambda out: f"a setting {_names_of(sorted(out.found))}", expected="settings of the network"),
    planned("a setting that there is not", lambda plan: plan.unknown, lambda out: f"{_reason(out)}",
            "The menu above has all their names.",
            received=lambda out: f"a setting `{out.found[0]}`", expected="names of the menu"),
    planned("several values for one variant", _lists_of_settings,
            "Each variant is one network: it has one value of each setting.",
            "Make a variant of each value.",
            received=lambda out: f"a list for `{out.found}`", expected="one value of each setting"),
    planned("a setting that cannot be", lambda plan: plan.refused, lambda out: "",
            "The menu above tells which values are possible.",
            received=lambda out: _reason(out).rstrip("."), expected="values that are possible"),
    planned("too few cases to learn from", lambda plan: plan.fewest_cases < FEWEST_CASES,
            "From so few, a network learns what these few patients have in common.",
            f"Take {FEWEST_CASES} or more.",
            received=lambda out: f"a variant with {counted(out.result.fewest_cases, 'case')}",
            expected=f"{FEWEST_CASES} or more in each variant"),
    planned("more cases than there are to learn from", lambda plan: plan.too_many_cases,
            lambda out: f"{out.result.most_cases} of the cases are for training; the others score the networks, or "
                        "wait for the test.",
            lambda out: f"Take at most {out.result.most_cases}.",
            received=lambda out: f"a variant with {counted(out.found, 'case')}",
            expected=lambda out: f"{out.result.most_cases} or fewer in each variant"),
    planned("images larger than those of the cases", lambda plan: plan.too_large,
            "Images can be made smaller, not larger: there is nothing to see between the pixels.",
            lambda out: f"Take a size of at most {out.result.largest}.",
            received=lambda out: f"a variant of size {out.found}",
            expected=lambda out: f"{out.result.largest} or less in each variant"),
    planned("two variants are the same", lambda plan: plan.twins, lambda out: _why_the_same(out.result),
            "Let them differ in the setting that you want to try.",
            received=lambda out: f"{out.found[1]!r} and {out.found[0]!r} are the same training",
            expected="variants that differ"),
    planned("more than one thing is varied", lambda plan: len(plan.varied) > 1,
            "If one of them does better, nobody can say which of the settings it was.",
            "Choose one setting. All others stay the same in all variants.",
            received=lambda out: _in_words(out.result), expected="variants that differ in one setting"),
    planned("the experiment of above", lambda plan: plan.varied[0] in OF_ABOVE,
            "Skips, batch normalisation and its momentum have had their turn.", "Choose another setting of the menu.",
            received=lambda out: _in_words(out.result), expected="another setting"),
)
CHANGES = planned("another plan at each call", lambda plan: plan.changes,
                  "It is drawn by chance, or goes on from the call before: what is checked here is not what "
                  "the cell below trains, and nobody could repeat it.",
                  "Write the values down. Chance is what the seeds are for.",
                  received="another plan in the second call than in the first", expected="the same plan in each call")
number = partial(planned, received=lambda out: f"seeds = {_short(out.result.seeds)}")
SEEDS = (
    number("the seeds themselves in place of their number", lambda plan: isinstance(plan.seeds, (list, tuple, range)),
           "`compare` counts them itself: 0, 1, 2 ...", "Return how many there are.", expected="a whole number"),
    number("the seeds are no whole number", lambda plan: not _is_a_number(plan.seeds), "", "Return a number such as 5.",
           expected="a whole number"),
    number("one training says nothing of chance", lambda plan: plan.seeds == 1,
           "From one training nobody knows how much the next one would differ.", f"Take {FEWEST} or more.",
           expected=f"{FEWEST} or more"),
    number("no training at all", lambda plan: plan.seeds < 1, "It is how often each variant is trained.",
           f"Take {FEWEST} or more.", expected=f"{FEWEST} or more"),
    number("too few seeds", lambda plan: plan.seeds < FEWEST,
           "With two differences, t is 12.7: the interval is so wide that nearly everything is within chance.",
           f"Take {FEWEST} or more.", expected=f"{FEWEST} or more"),
    number("too many seeds", lambda plan: plan.seeds > MOST_SEEDS,
           "From so many seeds, the interval is narrower than any difference worth having.",
           f"Take {MOST_SEEDS} or fewer.", expected=f"{FEWEST} to {MOST_SEEDS}"),
    planned("it would take too long", lambda plan: plan.effort > MOST,
            "The time of a training grows with its steps, its filters and, squared, with the size of the images.",
            "Take fewer variants or fewer seeds, or a smaller difference.",
            received=lambda out: f"{counted(len(out.result.variants), 'variant')} with {out.result.seeds} seeds: as "
                                 f"much work as {out.result.effort:.0f} trainings of the usual network",
            expected=f"the work of at most {MOST}, about ten minutes"),
)
ERRORS = (
    Raises(RUN, r"TrainsWhilePlanning|TypeError: ^compare\b", BELOW, RETURN_IT,
           received="a call of `compare`", expected=PAIR),
    Raises("a name without quotes", r"NameError: name '(\w+)' is not defined",
           "Without quotes, Python takes a word for a variable.", "Put the names of variants and settings in quotes.",
           when=lambda out: out.found[1] in (*NAMES, "usual", "crossentropy", "dice", "both"), expected=PAIR),
    Raises("a dictionary as a name", "TypeError: unhashable type: '(dict|list|set)'|cannot use '(dict|list|set)' as",
           "Curly brackets without a colon make a set, and what is in it must not change.",
           'Give each variant a name, and a colon behind it: `{"shallow": {"depth": 2}}`.', expected=PAIR),
)
# fmt: on


def _reason(out) -> str:
    text = _why_refused(out)
    return f"{text[0].upper()}{text[1:]}"


def _why_the_same(plan: Plan) -> str:
    one, other = (plan.variants[name] for name in plan.twins or ())
    if dict(one) == dict(other):
        return "Only their names differ."
    idle = {name for given in (one, other) for name in given if given.get(name) != getattr(Settings(), name)}
    silent = sorted(idle & {"momentum", "spatial"})
    if silent:
        return f"`{silent[0]}` has no effect here, as there is no {_whose(silent[0])}."
    return "What is written there is the usual value."


def _whose(name: str) -> str:
    return {"momentum": "batch normalisation", "spatial": "dropout"}[name]


def _is_a_table(value: Any) -> bool:
    return hasattr(value, "iloc")


def _short(value: Any) -> str:
    return "a table" if _is_a_table(value) else describe(value)


def _run(answer: Callable) -> Plan:
    with refusing_to_train():
        plan = Plan(answer(), *limits(getattr(answer, "__globals__", {})))
        plan.changes = not plan.is_like(Plan(answer()))
    return plan


look = partial(look_at, "my_experiment", run=_run)


def _case(*rows: tuple) -> Case:
    return Case(tried="my_experiment()", rows=[*(row for group in rows for row in group), *ERRORS])


@look()
def look_variants(rng):
    """Variants with names, which differ in one setting."""
    yield _case(FORM, (CHANGES,), VARIANTS)


@look()
def look_seeds(rng):
    """Enough seeds to see chance, and not more than there is time for."""
    yield _case(FORM, SEEDS)
