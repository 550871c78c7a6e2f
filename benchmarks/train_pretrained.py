"""Train the network that the package ships, and the four whose mean is most accurate; say how good they are.

    python benchmarks/train_pretrained.py CASES OUT                     seed 0: four networks and their mean
    python benchmarks/train_pretrained.py CASES OUT --seeds 0 1 2       three times
    python benchmarks/train_pretrained.py CASES OUT --only 0            one network, to share the work (see below)
    python benchmarks/train_pretrained.py CASES OUT --write             and ship the first network of the first seed
    python benchmarks/train_pretrained.py CASES OUT --choose            to try another recipe

CASES are the Montgomery and Shenzhen sets, prepared at 256 x 256. The networks are trained on the training and
validation part of the split gaal2020 together, but for seven cases, which show how it goes and choose nothing; the
last epoch is kept. Then the test part is judged: the F1 score of all pixels together, and the means of Dice, HD95
and ASSD (in pixels), with bootstrap 95 % intervals; first the networks alone, then the mean of their probabilities.
With --choose, the training part trains alone, and the validation part is judged: so recipes are compared.

A network takes half an hour on two cores, and minutes on a GPU. Interrupt it if you must: the same command goes on.
Several processes can share the work: give each --only with a number of its own (seed 1 has the networks 100 to 103);
when all are trained, the command without --only judges them.
"""

import argparse
from functools import partial
from pathlib import Path
from string import Template
from textwrap import fill

import pandas as pd

from lungseg import build_unet, evaluate, list_cases, split_cases, train
from lungseg.augmentation import standard
from lungseg.bootstrap import bootstrap_interval, pooled_f1
from lungseg.cases import Split
from lungseg.pretrained import write_pretrained
from lungseg.runs import CARD, SUMMARY, PretrainedRun, Run, write_json
from lungseg.summary import summarise, summary_text

PACKAGE = Path(__file__).resolve().parent.parent / "lungseg" / "data" / "pretrained"

NETWORK = {"filters": 16, "depth": 4, "dropout": 0.1}  # 1.7 million parameters; four have less than ten
NETWORKS = 4
EPOCHS = 28
WATCHING = 10  # one of so many validation cases: seven of the seventy
BATCH_SIZE = 18  # an epoch then has 882 cases, 49 such batches: none is smaller, and JAX compiles once


def recipe_split(cases: list[Path], choose: bool) -> Split:
    """Return gaal2020; unless to choose, with all validation cases but a few among those that train."""
    parts = split_cases(cases, protocol="gaal2020")
    if choose:
        return parts
    watching = parts.validation[::WATCHING]
    return Split([*parts.train, *(case for case in parts.validation if case not in watching)], watching, parts.test)


def train_network(
    cases: list[Path], run: Path, split: Split, seed: int, precision: str, epochs: int = EPOCHS, balance: bool = True
) -> Run:
    """Train one network by the recipe."""
    import keras  # after lungseg, which keeps TensorFlow quiet

    keras.mixed_precision.set_global_policy(precision)
    try:
        return train(
            cases,
            run,
            split=split,
            seed=seed,
            epochs=epochs,
            batch_size=BATCH_SIZE,
            schedule="cosine",
            balance=balance,
            keep="last",
            augment=standard(),
            report=lambda line: print(line, flush=True),
            **NETWORK,
        )
    finally:
        keras.mixed_precision.set_global_policy("float32")


def in_full_precision(run: Run, name: str = "unet"):
    """Return the network of a run, to compute in float32 whatever it was trained in."""
    model = build_unet((*run.settings["size"], 1), **NETWORK, name=name)
    model.set_weights(run.model.get_weights())
    return model


def mean_of(models: list):
    """Return a network that answers with the mean of the probabilities of others."""
    import keras

    image = keras.Input(models[0].input_shape[1:])
    return keras.Model(image, keras.layers.Average()([model(image) for model in models]))


def judge(model, cases: list[Path]) -> pd.DataFrame:
    """Judge a network, the two largest components kept, and print a line for each source."""
    table = evaluate(model, cases, clean=True)
    print(f"{'':12}{'cases':>6}" + "".join(f"{name:>26}" for name in ("pooled F1", "Dice", "HD95", "ASSD")))
    for source, cases in table.groupby("source"):
        scores = [bootstrap_interval(cases[["tp", "fp", "fn"]], lambda counts, axis: pooled_f1(counts))]
        scores += [bootstrap_interval(cases[name]) for name in ("dice", "hd95", "assd")]
        digits = (4, 4, 2, 2)
        texts = [f"{s.value:.{d}f} ({s.low:.{d}f}-{s.high:.{d}f})" for s, d in zip(scores, digits, strict=True)]
        print(f"{source:12}{len(cases):6}" + "".join(f"{text:>26}" for text in texts), flush=True)
    return table


def compare(what: str, tables: list[pd.DataFrame]) -> None:
    """Print how much the figures differ from one training to the next."""
    print(f"\n{what}, mean of {len(tables)} (lowest to highest):")
    for source in tables[0]["source"].unique():
        own = [table[table["source"] == source] for table in tables]
        f1 = pd.Series([float(pooled_f1(cases[["tp", "fp", "fn"]])) for cases in own])
        dice = pd.Series([cases["dice"].mean() for cases in own])
        texts = [f"{name} {s.mean():.4f} ({s.min():.4f} to {s.max():.4f})" for name, s in (("F1", f1), ("Dice", dice))]
        print(f"{source:12}" + "   ".join(texts), flush=True)


def write_package(run: Run, cases: list[Path], folder: Path = PACKAGE) -> None:
    """Write the weights into the package, judge what was written, and write its summary and model card."""
    write_pretrained(run, NETWORK, folder, split="gaal2020, its validation part trained too")
    shipped = PretrainedRun()
    summary = summarise(evaluate(shipped.model, shipped.split(cases).test, clean=True))
    write_json(folder / SUMMARY, summary)
    settings = shipped.settings
    card = Template((Path(__file__).parent / "model_card.md").read_text(encoding="utf-8")).substitute(
        parameters=f"{settings['parameters']:,}",
        network=", ".join(f"{name} {value}" for name, value in NETWORK.items()),
        size=settings["size"][0],
        train=settings["count"]["train"],
        validation=settings["count"]["validation"],
        test=settings["count"]["test"],
        recipe=f"{EPOCHS} epochs, with the learning rate {settings['learning_rate']} of Adam falling along a cosine, "
        f"batches of {settings['batch_size']}, the loss `{settings['loss']}`, precision {settings['precision']}. "
        "The augmentation `standard()`: small rotations, shifts, changes of scale, elastic deformations, exposure, "
        "contrast, blur, noise, boxes, borders. In an epoch each Montgomery case comes four times, so that both sets "
        "have the same weight. The last epoch was kept.",
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
    parser.add_argument("cases", type=Path, help="prepared at 256 x 256")
    parser.add_argument("out", type=Path, help="for the run folders, one for each network")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--only", type=int, metavar="NUMBER", help="train this network, and judge nothing")
    parser.add_argument("--choose", action="store_true", help="leave out the validation part, and judge it")
    parser.add_argument("--write", action="store_true", help="write the first network into the package")
    parser.add_argument(
        "--precision", default="mixed_bfloat16", help="float32 where bfloat16 is slow: on processors without it"
    )
    options = parser.parse_args()
    cases = list_cases(options.cases)
    split = recipe_split(cases, options.choose)
    out = options.out / ("choose" if options.choose else "final")
    trained = partial(train_network, cases, split=split, precision=options.precision)
    if options.only is not None:
        trained(out / str(options.only), seed=options.only)
        return

    judged = split.validation if options.choose else split.test
    alone, together, first = [], [], None
    for seed in options.seeds:
        models = []
        for number in range(100 * seed, 100 * seed + NETWORKS):
            run = trained(out / str(number), seed=number)
            first = first or run
            models.append(in_full_precision(run, f"unet_{number}"))
            print(f"\nNetwork {number}:")
            alone.append(judge(models[-1], judged))
        mean = mean_of(models)
        print(f"\nSeed {seed}, the mean of its {NETWORKS} networks, {mean.count_params():,} parameters:")
        together.append(judge(mean, judged))
    compare("One network", alone)
    if len(together) > 1:
        compare(f"The mean of {NETWORKS} networks", together)
    if options.write and not options.choose:
        write_package(first, cases)


if __name__ == "__main__":
    main()
