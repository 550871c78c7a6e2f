"""How accurate can U-Nets of this course's kind be? Four of them, trained alike from other seeds, answer together.

    python benchmarks/ensemble.py CASES OUT                     four networks and their mean
    python benchmarks/ensemble.py CASES OUT --seeds 0 1 2       three times
    python benchmarks/ensemble.py CASES OUT --only 0            one network, to share the work (see below)
    python benchmarks/ensemble.py CASES OUT --choose            to try another recipe

CASES are the Montgomery and Shenzhen sets, prepared at 256 x 256. Each network is that of `build_unet` as it is,
with 1.7 million parameters; four have seven. They are trained on the training and validation part of the split
gaal2020 together, but for seven cases, which show how it goes and choose nothing; the last epoch is kept. Then the
test part is judged: the F1 score of all pixels together, and the means of Dice, HD95 and ASSD (in pixels), with
bootstrap 95 % intervals; first each network alone, then the mean of the four probabilities.
With --choose, the training part trains alone, and the validation part is judged: so recipes are compared.

A network takes some twenty minutes on two cores. Interrupt it if you must: the same command goes on. Several
processes can share the work: give each --only with a number of its own (seed 1 has the networks 100 to 103); when
all are trained, the command without --only judges them.
"""

import argparse
from functools import partial
from pathlib import Path

from train_pretrained import compare, judge, recipe_split

from lungseg import build_unet, list_cases, train
from lungseg.augmentation import standard
from lungseg.cases import Split
from lungseg.runs import Run

NETWORKS = 4
EPOCHS = 22
WATCHING = 10  # one of so many validation cases: seven of the seventy
BATCH_SIZE = 18  # an epoch then has 882 cases, 49 such batches: none is smaller, and JAX compiles once


def train_network(cases: list[Path], run: Path, split: Split, seed: int, precision: str) -> Run:
    """Train one network by the recipe."""
    import keras  # after lungseg, which keeps TensorFlow quiet

    keras.mixed_precision.set_global_policy(precision)
    try:
        return train(
            cases,
            run,
            split=split,
            seed=seed,
            epochs=EPOCHS,
            batch_size=BATCH_SIZE,
            schedule="cosine",
            balance=True,
            keep="last",
            augment=standard(elastic=True),
            report=lambda line: print(line, flush=True),
        )
    finally:
        keras.mixed_precision.set_global_policy("float32")


def in_full_precision(run: Run, name: str):
    """Return the network of a run, to compute in float32 whatever it was trained in."""
    model = build_unet((*run.settings["size"], 1), name=name)
    model.set_weights(run.model.get_weights())
    return model


def mean_of(models: list):
    """Return a network that answers with the mean of the probabilities of others."""
    import keras

    image = keras.Input(models[0].input_shape[1:])
    return keras.Model(image, keras.layers.Average()([model(image) for model in models]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path, help="prepared at 256 x 256")
    parser.add_argument("out", type=Path, help="for the run folders, one for each network")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--only", type=int, metavar="NUMBER", help="train this network, and judge nothing")
    parser.add_argument("--choose", action="store_true", help="leave out the validation part, and judge it")
    parser.add_argument(
        "--precision", default="mixed_bfloat16", help="float32 where bfloat16 is slow: on processors without it"
    )
    options = parser.parse_args()
    cases = list_cases(options.cases)
    split = recipe_split(cases, options.choose, WATCHING)
    out = options.out / ("choose" if options.choose else "final")
    trained = partial(train_network, cases, split=split, precision=options.precision)
    if options.only is not None:
        trained(out / str(options.only), seed=options.only)
        return

    judged = split.validation if options.choose else split.test
    alone, together = [], []
    for seed in options.seeds:
        models = []
        for number in range(100 * seed, 100 * seed + NETWORKS):
            run = trained(out / str(number), seed=number)
            models.append(in_full_precision(run, f"unet_{number}"))
            print(f"\nNetwork {number}:")
            alone.append(judge(models[-1], judged))
        mean = mean_of(models)
        print(f"\nSeed {seed}, the mean of its {NETWORKS} networks, {mean.count_params():,} parameters:")
        together.append(judge(mean, judged))
    compare("One network", alone)
    if len(together) > 1:
        compare(f"The mean of {NETWORKS} networks", together)


if __name__ == "__main__":
    main()
