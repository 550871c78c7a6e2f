"""Notebook 4, exercise 4.2: what is looked at in the generators."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from lungseg.splits import Split
from lungseg_course.engine.lines import counted
from lungseg_course.engine.verdict import Wrong, trying

PARTS = ("training", "validation", "test")
COUNTS = (12, 6, 3)  # training, validation, test
BATCH = 4


def look_which_cases(make_generators, rng) -> None:
    """Training cases to train, validation cases to validate, in batches of the size asked for."""
    with _small_split() as split, _trying_generators():
        training, validation = _two_generators(make_generators(split, BATCH, int(rng.integers(100))))
        seen = [_cases_read(generator) for generator in (training, validation)]
        _expect_right_cases(seen)
        for name, cases in zip(("training", "validation"), seen, strict=True):
            if len(cases[0]) != BATCH:
                raise Wrong(
                    "another batch size",
                    received=f"the first {name} batch holds {counted(len(cases[0]), 'case')}",
                    expected=f"{BATCH}",
                    why="Without `batch_size` the generator takes its own; and the order of the arguments counts.",
                    remedy="Hand `batch_size` on to both generators, as the second argument.",
                )


def look_shuffling(make_generators, rng) -> None:
    """The training cases are shuffled, with the seed; the validation cases stay."""
    seed = int(rng.integers(100))
    with _small_split() as split, _trying_generators():
        training, validation = _two_generators(make_generators(split, BATCH, seed))
        epochs = [_epochs(generator) for generator in (training, validation)]
        in_order = [list(range(12)), list(range(12, 18))]
        if all(epoch == in_order[0] for epoch in epochs[0]):
            instead = "; the validation cases are shuffled instead" if epochs[1][1] != in_order[1] else ""
            raise Wrong(
                "the training cases are not shuffled",
                received="the training cases come in the order of the list, epoch by epoch" + instead,
                expected="another order in each epoch",
                why="Then each batch holds the same neighbours each time, all from one hospital perhaps.",
                remedy="Give the training generator `shuffle=True`.",
            )
        if any(epoch != in_order[1] for epoch in epochs[1]):
            raise Wrong(
                "the validation cases are shuffled",
                received="the validation cases come in another order than in the list",
                expected="the order of the list",
                why="`shuffle` is True unless you say otherwise. For the score alone it would not matter, but "
                "predictions that come in another order than the names end up under the wrong names.",
                remedy="Give the validation generator `shuffle=False`.",
            )
    with _small_split() as split, _trying_generators("twice with the same seed, then with four others"):
        same = [_epochs(_two_generators(make_generators(split, BATCH, seed))[0]) for _ in range(2)]
        others = [_epochs(_two_generators(make_generators(split, BATCH, seed + k))[0]) for k in range(1, 5)]
        if same[0] != same[1] or all(other == same[0] for other in others):
            raise Wrong(
                "the seed is not handed on",
                received="another order although the seed is the same"
                if same[0] != same[1]
                else "the same order for five different seeds",
                expected="the order that belongs to the seed",
                why="Then nobody can repeat a training, or try what chance does to it.",
                remedy="Give the training generator `seed=seed`.",
            )


def _trying_generators(what: str = "and read all the batches of both"):
    counts = "12 training, 6 validation and 3 test cases"
    return trying(f"make_generators(split, batch_size={BATCH}, seed) with {counts}, {what}", _explain_generators)


def _explain_generators(error: Exception) -> Wrong | None:
    if isinstance(error, ValueError) and "unpack" in str(error):
        return Wrong(
            "not two generators",
            received="",
            expected="two generators: of the training and of the validation cases",
            remedy="End with `return training, validation`.",
        )
    if isinstance(error, TypeError) and "indices must be" in str(error):
        return Wrong(
            "square brackets where a dot should be",
            received="",
            expected="two generators: of the training and of the validation cases",
            why="A split is no dictionary: its parts have names behind a dot.",
            remedy="Write `split.train` and `split.validation`.",
        )
    return None


@contextmanager
def _small_split() -> Iterator[Split]:
    """Give a split of tiny cases; the brightness of an image is the number of its case."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number in range(sum(COUNTS)):
            case = np.zeros((8, 8, 2), dtype="float32")
            case[..., 0] = number / 100
            case[:4, :, 1] = 1
            paths.append(Path(folder) / f"CHNCXR_{number:04d}_{number % 2}.npy")
            np.save(paths[-1], case)
        yield Split(paths[:12], paths[12:18], paths[18:])


def _two_generators(result) -> list:
    both = list(result) if isinstance(result, tuple | list) else [result]
    if len(both) != 2 or not all(hasattr(one, "__len__") and hasattr(one, "__getitem__") for one in both):
        raise Wrong(
            "not two generators",
            received=f"a {type(result).__name__}" if result is not None else "None",
            expected="two generators: of the training and of the validation cases",
            why="Without `return` a function gives None." if result is None else "",
            remedy="End with `return training, validation`.",
        )
    for one in both:
        if isinstance(one, list | tuple | str):
            raise Wrong(
                "a list in place of a generator",
                received=f"a {type(one).__name__} of {len(one)}",
                expected="a DataGenerator",
                why="The lists of the split hold names of files. The generator reads them.",
                remedy="Call `DataGenerator` with each list.",
            )
    return both


def _cases_read(generator) -> list[list[int]]:
    """The numbers of the cases in each batch of an epoch."""
    batches = []
    for index in range(len(generator)):
        images = np.asarray(generator[index][0], dtype="float64")
        batches.append([round(100 * float(image.mean())) for image in images])
    return batches


def _epochs(generator) -> list[list[int]]:
    """The numbers of the cases in the order of two epochs."""
    orders = []
    for _ in range(2):
        orders.append([number for batch in _cases_read(generator) for number in batch])
        if hasattr(generator, "on_epoch_end"):
            generator.on_epoch_end()
    return orders


def _expect_right_cases(seen: list[list[list[int]]]) -> None:
    own = (set(range(12)), set(range(12, 18)), set(range(18, 21)))
    found = [{number for batch in batches for number in batch} for batches in seen]
    wanted = {"expected": "the 12 training cases in the first generator, the 6 validation cases in the second"}
    if found == [own[0], own[1]]:
        return
    shown = " and ".join(
        "the " + " and ".join(f"{part} cases" for part, members in zip(PARTS, own, strict=True) if members & numbers)
        for numbers in found
    )
    if own[2] & (found[0] | found[1]):
        raise Wrong(
            "the test cases are used",
            received=f"the two generators hold {shown}",
            **wanted,
            why="Who chooses the best epoch by the test cases has nothing left to judge it by.",
            remedy="Leave `split.test` alone until notebook 5.",
        )
    if found == [own[1], own[0]]:
        raise Wrong(
            "the two generators are swapped",
            received=f"the two generators hold {shown}",
            **wanted,
            remedy="Return the training generator first.",
        )
    if found[0] & found[1]:
        raise Wrong(
            "the same cases to train and to validate",
            received=f"the two generators hold {shown}",
            **wanted,
            why="Then the validation says only how well the network knows its cases by heart.",
            remedy="Give one of them `split.train`, the other `split.validation`.",
        )
    raise Wrong(
        "cases are missing",
        received=f"the two generators hold {len(found[0])} and {len(found[1])} different cases",
        **wanted,
        remedy="Give one of them all of `split.train`, the other all of `split.validation`.",
    )
