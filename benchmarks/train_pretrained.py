"""Train the network that the package ships, say how good it is, and write it into lungseg/data/pretrained.

    python benchmarks/train_pretrained.py CASES_128 CASES_256 OUT                      seed 0
    python benchmarks/train_pretrained.py CASES_128 CASES_256 OUT --seeds 0 1 2        three times, and pairs of them
    python benchmarks/train_pretrained.py CASES_128 CASES_256 OUT --seeds 0 --write    and ship it
    python benchmarks/train_pretrained.py CASES_128 CASES_256 OUT --choose             to try another recipe

CASES_128 and CASES_256 are the Montgomery and Shenzhen sets, prepared at both sizes. The network is
trained on the training and validation part of the split gaal2020 together, but for eight cases, which
show how it goes and choose nothing; the last epoch is kept. Then the test part is evaluated: the F1 score
of all pixels together, and the means of Dice, HD95 and ASSD (in pixels), with bootstrap 95 % intervals. With
several seeds, each two networks are evaluated together, too: 7.9 million parameters, the mean of their probabilities.
With --choose, the training part trains alone, and the validation part is evaluated: so recipes are compared.

Most of the training runs at 128 x 128, where an epoch is four times as fast, and the rest at 256 x 256,
with half the augmentation. Interrupt it if you must: the same command goes on.
"""

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations
from pathlib import Path
from string import Template
from textwrap import fill
from typing import Any, NamedTuple

import pandas as pd

from lungseg import build_unet, evaluate, list_cases, split_cases, train
from lungseg.augmentation import standard
from lungseg.evaluation import bootstrap_interval, pooled_f1, summarise, summary_text, write_evaluation
from lungseg.pretrained import write_pretrained
from lungseg.runs import CARD, PretrainedRun, Run
from lungseg.splits import Split

PACKAGE = Path(__file__).resolve().parent.parent / "lungseg" / "data" / "pretrained"

NETWORK: dict[str, Any] = {"filters": 12, "depth": 5, "dropout": 0.1}


class Stage(NamedTuple):
    size: int
    epochs: int
    learning_rate: float
    strength: float  # of the augmentation


STAGES = (Stage(128, 20, 2e-3, 1.0), Stage(256, 10, 1e-3, 0.5))
WATCHING = 9  # one of so many validation cases: eight of the seventy


def recipe_split(cases: list[Path], choose: bool) -> Split:
    """Return gaal2020; unless to choose, with all validation cases but a few among those that train."""
    parts = split_cases(cases, protocol="gaal2020")
    if choose:
        return parts
    watching = parts.validation[::WATCHING]
    return Split([*parts.train, *(case for case in parts.validation if case not in watching)], watching, parts.test)


def train_stages(
    folders: list[Path],
    out: Path,
    split: Callable[[list[Path]], Split],
    seed: int,
    precision: str,
    stages: Sequence[Stage] = STAGES,
    balance: bool = True,
) -> Run:
    """Train at each size, each time from the weights of the size before."""
    import keras

    weights = None
    for cases_folder, stage in zip(folders, stages, strict=True):
        keras.mixed_precision.set_global_policy(precision)
        keras.utils.set_random_seed(seed)
        model = build_unet((stage.size, stage.size, 1), **NETWORK)
        if weights is not None:
            model.set_weights(weights)
        cases = list_cases(cases_folder)
        run = train(
            cases,
            out / str(stage.size),
            split=split(cases),
            seed=seed,
            epochs=stage.epochs,
            learning_rate=stage.learning_rate,
            model=model,
            schedule="cosine",
            balance=balance,
            keep="last",
            augment=standard(stage.strength),
            report=lambda line: print(line, flush=True),
        )
        weights = run.model.get_weights()
    keras.mixed_precision.set_global_policy("float32")
    return run


def network_of(run: Run, seed: int):
    """Return the network of a run in full precision."""
    size = STAGES[-1].size
    model = build_unet((size, size, 1), **NETWORK, name=f"seed_{seed}")
    model.set_weights(run.model.get_weights())
    return model


def mean_of(models: list):
    """Return a network that answers with the mean of the probabilities of others."""
    import keras

    image = keras.Input(models[0].input_shape[1:])
    return keras.Model(image, keras.layers.Average()([model(image) for model in models]))


def evaluate_cases(model, cases: list[Path]) -> pd.DataFrame:
    """Evaluate a network, the two largest components kept, and print a line for each source."""
    table = evaluate(model, cases, clean=True)
    print(f"{'':12}{'cases':>6}" + "".join(f"{name:>26}" for name in ("pooled F1", "Dice", "HD95", "ASSD")))
    for source, part in table.groupby("source"):
        scores = [bootstrap_interval(part[["tp", "fp", "fn"]], lambda counts, axis: pooled_f1(counts))]
        scores += [bootstrap_interval(part[name]) for name in ("dice", "hd95", "assd")]
        digits = (4, 4, 2, 2)
        texts = [f"{s.value:.{d}f} ({s.low:.{d}f}-{s.high:.{d}f})" for s, d in zip(scores, digits, strict=True)]
        print(f"{source:12}{len(part):6}" + "".join(f"{text:>26}" for text in texts), flush=True)
    return table


def compare(tables: list[pd.DataFrame]) -> None:
    """Print how much the figures differ from network to network."""
    print(f"\nThe {len(tables)} of them, mean (lowest to highest):")
    for source in tables[0]["source"].unique():
        own = [table[table["source"] == source] for table in tables]
        f1 = pd.Series([float(pooled_f1(cases[["tp", "fp", "fn"]])) for cases in own])
        dice = pd.Series([cases["dice"].mean() for cases in own])
        texts = [f"{name} {s.mean():.4f} ({s.min():.4f} to {s.max():.4f})" for name, s in (("F1", f1), ("Dice", dice))]
        print(f"{source:12}" + "   ".join(texts))


def write_package(run: Run, cases_folder: Path, folder: Path = PACKAGE) -> None:
    """Write the weights into the package, evaluate what was written, and write its summary and model card."""
    stages = "; then ".join(
        f"{stage.epochs} epochs at {stage.size} × {stage.size} pixels, with a learning rate from {stage.learning_rate} "
        f"down along a cosine and the augmentation `standard({stage.strength})`"
        for stage in STAGES
    )
    write_pretrained(run, NETWORK, folder, split="gaal2020, its validation part trained too", stages=stages)
    shipped = PretrainedRun()
    test = shipped.find_split(cases_folder).test
    write_evaluation(table := evaluate(shipped.model, test, clean=True), folder)
    summary = summarise(table)
    settings = shipped.settings
    card = Template((Path(__file__).parent / "model_card.md").read_text(encoding="utf-8")).substitute(
        parameters=f"{settings['parameters']:,}",
        network=", ".join(f"{name} {value}" for name, value in NETWORK.items()),
        size=settings["size"][0],
        train=settings["count"]["train"],
        validation=settings["count"]["validation"],
        test=settings["count"]["test"],
        recipe=f"{stages}. The augmentation: small rotations, shifts and changes of scale, exposure, contrast, blur, "
        f"noise, boxes, borders. Batches of {settings['batch_size']}, Adam, the loss `{settings['loss']}`, "
        f"precision {settings['precision']}. In an epoch each Montgomery case comes four times, so that both sets have "
        "the same weight. The last epoch was kept.",
        seed=settings["seed"],
        command="lungseg evaluate pretrained --cases CASES --part test --clean --out DIR",
        figures=summary_text(summary),
    )
    paragraphs = card.strip().split("\n\n")
    paragraphs = [fill(p, 120, break_on_hyphens=False) if max(map(len, p.split("\n"))) > 120 else p for p in paragraphs]
    (folder / CARD).write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")
    print(summary_text(summary))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path, nargs=2, help="prepared at 128 x 128, and at 256 x 256")
    parser.add_argument("out", type=Path, help="for the run folders, two for each seed")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--choose", action="store_true", help="leave out the validation part, and evaluate it")
    parser.add_argument("--write", action="store_true", help="write the network of the first seed into the package")
    parser.add_argument(
        "--precision", default="mixed_bfloat16", help="float32 where bfloat16 is slow: on processors without it"
    )
    options = parser.parse_args()
    split = partial(recipe_split, choose=options.choose)
    runs, models, tables = [], {}, []
    for seed in options.seeds:
        out = options.out / ("choose" if options.choose else "final") / f"seed_{seed}"
        run = train_stages(options.cases, out, split, seed, options.precision)
        runs.append(run)
        models[seed] = network_of(run, seed)
        cases = getattr(run.find_split(options.cases[1]), "validation" if options.choose else "test")
        print(f"\nSeed {seed}:")
        tables.append(evaluate_cases(models[seed], cases))
    if len(models) > 1:
        compare(tables)
        tables = []
        for pair in combinations(models, 2):
            print(f"\nSeeds {pair[0]} and {pair[1]}, the mean of their probabilities:")
            tables.append(evaluate_cases(mean_of([models[seed] for seed in pair]), cases))
        if len(tables) > 1:
            compare(tables)
    if options.write and not options.choose:
        write_package(runs[0], options.cases[1])


if __name__ == "__main__":
    main()
