"""Notebook 4, exercise 4.1: what is looked at in the split."""

import numpy as np

from lungseg_course.engine.chance import global_state, same_chance
from lungseg_course.engine.verdict import Wrong, describe, trying

SHARES = (0.5, 0.3, 0.2)
PARTS = ("training", "validation", "test")


def look_parts(split_names, rng) -> None:
    """Three lists, each name in one of them, in the shares asked for."""
    # Three shares of 43 that are cut off by `int` add up to less, and so do three shares of 41 that are rounded.
    for names in (_names(rng, 43), _names(rng, 41)):
        with trying(_call(len(names), 3), _explain), same_chance():
            given = list(names)
            parts = _three_lists(split_names(given, 3, SHARES))
            _expect_each_once(names, parts)
            _expect_sizes(parts, len(names))
            if given != names:
                raise Wrong(
                    "the list that you were given is changed",
                    received=f"afterwards it begins with {given[:2]}" if given else "afterwards it is empty",
                    expected=f"the list as it was, beginning with {names[:2]}",
                    why="`names.sort()` and `shuffle(names)` work in place, on the caller's own list.",
                    remedy="Work on a new list: `sorted(names)` makes one.",
                )


def look_order(split_names, rng) -> None:
    """The same split for any order of the names, and each time."""
    names = _names(rng, 60)
    with trying(f"{_call(60, 5)}, twice"), same_chance():
        first, again = (_three_lists(split_names(list(names), 5, SHARES)) for _ in range(2))
        if first != again:
            what, why = _difference(first, again)
            raise Wrong(
                f"{what} each time",
                received=f"a second call with the same names and the same seed gave {what}",
                expected="the same lists",
                why=f"The random numbers do not come from `seed`. {why}",
                remedy="Make a generator from the seed inside the function, `np.random.default_rng(seed)`, and "
                "shuffle with it.",
            )
    salted = [_Name(name) for name in names]
    with trying("split_names(names, seed=5) as if in another run of Python"), same_chance():
        again = _three_lists(split_names(salted, 5, SHARES))
        if first != again:
            what, why = _difference(first, again)
            raise Wrong(
                "the order of a set decides",
                received=f"another run of Python gave {what}",
                expected="the same lists",
                why=f"A set has no order but that of `hash(name)`, which Python draws anew in each run. {why}",
                remedy="Cut lists, not sets, or sort what you make of a set: `sorted(set(names))`.",
            )
    turned = [names[k] for k in rng.permutation(len(names))]
    with trying("split_names(names, seed=5) with the same 60 names in another order"), same_chance():
        for other in (turned, names[::-1]):
            again = _three_lists(split_names(list(other), 5, SHARES))
            if first != again:
                what, why = _difference(first, again)
                raise Wrong(
                    "the order of the list decides",
                    received=f"the same names in another order gave {what}",
                    expected="the same lists",
                    why=f"A disk lists its files in any order, so each computer would have lists of its own. {why}",
                    remedy="Sort the names first, shuffle what you have sorted, and cut that.",
                )


def look_seed(split_names, rng) -> None:
    """Another seed, another split; and no hand on the random numbers of everybody else."""
    names = sorted(_names(rng, 40))
    with trying("split_names(names, seed) with 40 names and the seeds 0, 1, 2 and 3"), same_chance():
        splits = [_as_sets(split_names(list(names), seed, SHARES)) for seed in range(4)]
        if splits[0] == splits[1] == splits[2] == splits[3]:
            ordered = splits[0][0] in (set(names[:20]), set(names[20:]))
            cause = "nothing is shuffled" if ordered else "the seed is ignored"
            why = (
                "The first names went into one part and the last ones into another. Names follow the hospitals, so "
                "a whole hospital may end up in one part."
                if ordered
                else "The same fixed number is used in place of `seed`."
            )
            raise Wrong(
                cause,
                received="the same split for all four seeds",
                expected="another split for another seed",
                why=why,
                remedy="Sort, then shuffle with `np.random.default_rng(seed)`, then cut."
                if ordered
                else "Hand the argument `seed` on to the random generator.",
            )
        if any(splits[a] == splits[b] for a in range(4) for b in range(a)):
            raise Wrong(
                "some seeds give the same split",
                received="two of the four seeds gave the same split",
                expected="four different splits",
                why="`seed` should go into the random generator as it is.",
                remedy="Use `np.random.default_rng(seed)`.",
            )
    with trying("split_names(names, seed=1)"), same_chance():
        before = global_state()
        split_names(list(names), 1, SHARES)
        changed = [library for library, state in global_state().items() if state != before[library]]
        if changed:
            raise Wrong(
                "global random numbers",
                received=f"the state of the global `{changed[0]}` was changed",
                expected="a generator of the function's own",
                why="Setting the global seed here changes each random number that is drawn later, elsewhere: first "
                "weights, dropout. And others change yours.",
                remedy="`rng = np.random.default_rng(seed)` belongs to you alone; so does `random.Random(seed)`.",
            )


def _explain(error: Exception) -> Wrong | None:
    if "slice indices" not in str(error):
        return None
    return Wrong(
        "a place to cut that is no whole number",
        received="",
        expected="three lists of names",
        why="`share * len(names)` is a number such as 21.5, and there is no half name.",
        remedy="Round it: `round(...)` gives a whole number.",
    )


class _Name(str):
    """A name with the hash of another run of Python."""

    def __hash__(self):
        return hash(self[::-1] + "another run")


def _difference(first: list[list[str]], again: list[list[str]]) -> tuple[str, str]:
    """Say what is different in two splits that should be the same, and what comes of it."""
    if _as_sets(first) == _as_sets(again):
        return (
            "another order of the same cases",
            "A generator that shuffles with a seed mixes places, so it would make other batches, and another network.",
        )
    return "another split", "Who trains on one and tests on another tests on cases that the network knows."


def _names(rng, count: int) -> list[str]:
    numbers = rng.choice(np.arange(1, 1000), size=count, replace=False)
    return [f"CHNCXR_{number:04d}_{number % 2}" for number in numbers]


def _call(count: int, seed: int) -> str:
    return f"split_names(names, seed={seed}, shares={SHARES}) with {count} names"


def _three_lists(result) -> list[list[str]]:
    if result is None:
        raise Wrong(
            "nothing is returned",
            received="None",
            expected="three lists",
            why="A function gives back only what stands behind `return`.",
            remedy="End with `return` and the three lists.",
        )
    try:
        parts = [list(part) for part in (result.values() if isinstance(result, dict) else result)]
        if len(parts) != 3 or not all(isinstance(name, str) for part in parts for name in part):
            raise TypeError
    except TypeError:
        raise Wrong(
            "not three lists of names",
            received=f"{type(result).__name__} of {len(result)}" if hasattr(result, "__len__") else describe(result),
            expected="three lists of names: training, validation, test",
            why="Numbers or indices are no names, and two lists are one part short.",
            remedy="Return `train, validation, test`, each a list of names.",
        ) from None
    return [[str(name) for name in part] for part in parts]


def _as_sets(result) -> tuple[frozenset, ...]:
    return tuple(frozenset(part) for part in _three_lists(result))


def _expect_each_once(names: list[str], parts: list[list[str]]) -> None:
    everywhere = [name for part in parts for name in part]
    twice = sorted({name for name in everywhere if everywhere.count(name) > 1})
    if twice:
        where = [part for part, members in zip(PARTS, parts, strict=True) if twice[0] in members]
        raise Wrong(
            "the parts overlap" if len(where) > 1 else "a case comes twice",
            received=f"{twice[0]} is in {' and in '.join(where) if len(where) > 1 else f'the {where[0]} part twice'}"
            + (f", and {len(twice) - 1} more like it" if len(twice) > 1 else ""),
            expected="each case in one part, once",
            why="A test case that helped to train or to choose is no test any more: the score comes out too good.",
            remedy="Shuffle once, then cut the one list at two places: let each part begin where the last one ends.",
        )
    lost = sorted(set(names) - set(everywhere))
    if lost:
        raise Wrong(
            "cases are lost",
            received=f"the three parts hold {len(everywhere)} of {len(names)} names; {lost[0]} is missing",
            expected=f"all {len(names)}",
            why="Three sizes that are each rounded, or cut off by `int`, need not add up; or a slice begins one too "
            "late.",
            remedy="Compute two of the sizes, and give the third part all the rest.",
        )
    unknown = sorted(set(everywhere) - set(names))
    if unknown:
        raise Wrong(
            "a name that was not given",
            received=f"{unknown[0]!r}",
            expected="only names of the list",
            remedy="Leave the names as they are.",
        )


def _expect_sizes(parts: list[list[str]], count: int) -> None:
    sizes = tuple(len(part) for part in parts)

    def near(shares) -> bool:
        return all(abs(size - share * count) <= 2 for size, share in zip(sizes, shares, strict=True))

    if near(SHARES):
        return
    train, validation, test = SHARES
    cause, why = "the sizes are others", "The shares are those of training, validation and test, in this order."
    remedy = "Print the size of each part beside `share * len(names)`."
    if near((train, test, validation)) or near((test, validation, train)) or near((validation, test, train)):
        cause, why = "the parts are in another order", "The sizes are right, but they belong to other parts."
        remedy = "Return training, validation and test in this order."
    elif any(near(usual) for usual in ((0.7, 0.15, 0.15), (0.8, 0.1, 0.1), (0.6, 0.2, 0.2), (0.7, 0.2, 0.1))):
        cause, why = "the shares are ignored", "The sizes are fixed in the function."
        remedy = "Use the argument `shares`."
    wanted = ", ".join(f"{share * count:.1f}" for share in SHARES)
    raise Wrong(cause, received=f"{sizes} names", expected=f"about ({wanted}) names", why=why, remedy=remedy)
