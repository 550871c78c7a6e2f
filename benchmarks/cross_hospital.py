"""Does it carry over? Train on the radiographs of one hospital, test on all those of another, both ways.

    python benchmarks/cross_hospital.py CASES_128 CASES_256 OUT [--seed 0] [--batches 2000 600] [--strength 1.0]

CASES_128 and CASES_256 are the same cases from more than one source, prepared at both sizes. The network and the
two stages are those of the pretrained network (train_pretrained.py), with the whole augmentation in both.
For each source, an eighth of its cases shows how the training goes and the rest train; the last epoch is kept, and
nothing of the other hospitals is looked at before the end. Each network gets as many batches, whatever the number of
cases. Prints the mean Dice of an image with its bootstrap 95 % interval, over all cases of the other hospitals, two
largest components kept. Interrupt it if you must: the same command goes on.
"""

import argparse
import math
from functools import partial
from pathlib import Path

from lungseg import evaluate, list_cases, split_cases
from lungseg.cases import case_group
from lungseg.evaluation import bootstrap_interval
from lungseg.splits import Split
from train_pretrained import STAGES, network_of, train_stages

BATCH_SIZE = 8  # of train()


def split_by_source(cases: list[Path], source: str, seed: int) -> Split:
    """Return the cases of a source for training and validation, and all the others as the test."""
    own = [case for case in cases if case_group(case).source == source]
    parts = split_cases(own, seed)
    others = [case for case in cases if case_group(case).source != source]
    return Split([*parts.train, *parts.test], parts.validation, others)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path, nargs=2, help="cases from several hospitals, at 128 x 128 and at 256 x 256")
    parser.add_argument("out", type=Path, help="for the run folders, two for each source")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--batches", type=int, nargs=2, default=[2000, 600], help="how long each stage is")
    parser.add_argument("--strength", type=float, default=1.0, help="of the augmentation")
    parser.add_argument(
        "--precision", default="mixed_bfloat16", help="float32 where bfloat16 is slow: on processors without it"
    )
    options = parser.parse_args()

    rows = []
    for source in sorted({case_group(case).source for case in list_cases(options.cases[0])}):
        split = partial(split_by_source, source=source, seed=options.seed)
        train_cases, _, test_cases = split(list_cases(options.cases[1]))
        an_epoch = math.ceil(len(train_cases) / BATCH_SIZE)
        stages = [
            stage._replace(epochs=round(batches / an_epoch), strength=options.strength)
            for stage, batches in zip(STAGES, options.batches, strict=True)
        ]
        out = options.out / f"{source.lower()}_{options.seed}"
        run = train_stages(options.cases, out, split, options.seed, options.precision, stages, balance=False)
        table = evaluate(network_of(run, options.seed), test_cases, clean=True)
        for target, part in table.groupby("source"):
            dice = bootstrap_interval(part["dice"])
            rows.append(
                f"{source:>12} → {target:12} {len(train_cases):5} train, {len(part):4} tested   Dice {dice.value:.4f} "
                f"({dice.low:.4f} to {dice.high:.4f})   HD95 {part['hd95'].mean():.1f} pixels"
            )
            print(rows[-1], flush=True)
    print("\n" + "\n".join(rows))


if __name__ == "__main__":
    main()
