"""Does it carry over? Train on the radiographs of one hospital, test on all those of another, both ways.

    python benchmarks/cross_hospital.py CASES [--seed 0] [--batches 2000] [--strength 1.0]

CASES is a folder of prepared cases with more than one source. For each source, an eighth of its cases
shows how the training goes and the rest train; the last epoch is kept, and nothing of the other hospitals is
looked at before the end. Each network gets as many batches, whatever the number of cases. Prints the mean
Dice of an image with its bootstrap 95 % interval, over all cases of the other hospitals, two largest
components kept.
"""

import argparse
import math
import tempfile
from pathlib import Path

from lungseg import build_unet, evaluate, list_cases, split_cases, train
from lungseg.augmentation import standard
from lungseg.bootstrap import bootstrap_interval
from lungseg.cases import Split, case_group

NETWORK = {"filters": 12, "depth": 5, "dropout": 0.1}
BATCH_SIZE = 8


def split_by_source(cases: list[Path], source: str, seed: int) -> Split:
    """Return the cases of a source for training and validation, and all the others as the test."""
    own = [case for case in cases if case_group(case).source == source]
    parts = split_cases(own, seed)
    others = [case for case in cases if case_group(case).source != source]
    return Split([*parts.train, *parts.test], parts.validation, others)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path, help="folder of prepared cases from several hospitals")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--batches", type=int, default=2000, help="how long each network is trained")
    parser.add_argument("--strength", type=float, default=1.0, help="of the augmentation")
    parser.add_argument(
        "--precision", default="mixed_bfloat16", help="float32 where bfloat16 is slow: on processors without it"
    )
    options = parser.parse_args()
    import keras  # after lungseg, which keeps TensorFlow quiet

    cases = list_cases(options.cases)
    rows = []
    for source in sorted({case_group(case).source for case in cases}):
        split = split_by_source(cases, source, options.seed)
        keras.mixed_precision.set_global_policy(options.precision)
        with tempfile.TemporaryDirectory() as folder:
            run = train(
                cases,
                folder,
                split=split,
                seed=options.seed,
                epochs=round(options.batches / math.ceil(len(split.train) / BATCH_SIZE)),
                batch_size=BATCH_SIZE,
                schedule="cosine",
                keep="last",
                augment=standard(options.strength),
                report=lambda line: print(line, flush=True),
                **NETWORK,
            )
            keras.mixed_precision.set_global_policy("float32")
            model = build_unet(run.model.input_shape[1:], **NETWORK)
            model.set_weights(run.model.get_weights())
            table = evaluate(model, split.test, clean=True)
        for target, part in table.groupby("source"):
            dice = bootstrap_interval(part["dice"])
            rows.append(
                f"{source:>12} → {target:12} {len(split.train):5} train, {len(part):4} tested   Dice {dice.value:.4f} "
                f"({dice.low:.4f} to {dice.high:.4f})   HD95 {part['hd95'].mean():.1f} pixels"
            )
            print(rows[-1], flush=True)
    print("\n" + "\n".join(rows))


if __name__ == "__main__":
    main()
