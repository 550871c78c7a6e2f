"""What each choice in a small U-Net is worth: the experiments of notebook 6, all of them, on any folder of cases.

    python benchmarks/experiments.py CASES OUT [--seeds 5] [--table]

Trains each variant with each seed, the first seed of all variants before the second of any, and keeps each score in
OUT: a second call goes on where the first one was stopped. `--table` trains nothing, and prints the tables of what is
there so far. On two cores a training takes about ten seconds, all of them with five seeds half an hour.
"""

import argparse
import time
from pathlib import Path

from lungseg.cases import list_cases
from lungseg_course.experiments.cases import Cases
from lungseg_course.experiments.keeping import Kept
from lungseg_course.experiments.settings import settings_of
from lungseg_course.experiments.statistics import mean_interval
from lungseg_course.experiments.training import train_once

USUAL = "usual"
# Heading → variant → what is other than usual. The usual network is trained once for all of them.
EXPERIMENTS: dict[str, dict[str, dict]] = {
    "skips": {USUAL: {}, "without skips": {"skips": False}},
    "batch normalisation": {
        USUAL: {},
        "momentum 0.99": {"momentum": 0.99},
        "without": {"batch_norm": False},
    },
    "dropout": {
        USUAL: {},
        "without": {"dropout": 0},
        "plain, 0.1": {"spatial": False},
    },
    "loss": {USUAL: {}, "cross-entropy": {"loss": "crossentropy"}, "both": {"loss": "both"}},
    "augmentation": {USUAL: {}, "augmented": {"augmentation": True}},
    "training cases": {
        USUAL: {},
        **{f"{count}": {"training_cases": count} for count in (10, 50, 500)},
    },
    "depth": {USUAL: {}, **{f"{depth}": {"depth": depth} for depth in (2, 4)}},
    "filters": {USUAL: {}, "16": {"filters": 16}},
    "image size": {USUAL: {}, "32 × 32": {"size": 32}, "128 × 128": {"size": 128}},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("cases", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--table", action="store_true", help="print what is there, and train nothing")
    options = parser.parse_args()
    cases = Cases(list_cases(options.cases))
    kept = Kept(options.out, cases.mark)
    if not options.table:
        train(cases, kept, options.seeds)
    print_tables(cases, kept, options.seeds)


def train(cases: Cases, kept: Kept, seeds: int) -> None:
    """Train what is not there yet."""
    for seed in range(seeds):
        for heading, variants in EXPERIMENTS.items():
            for name, given in variants.items():
                settings = settings_of(given, name)
                count = cases.count(settings)
                if kept.read(settings, count, seed) is None:
                    began = time.perf_counter()
                    score = train_once(settings, cases.arrays(settings), seed)
                    kept.write(settings, count, seed, score)
                    seconds = time.perf_counter() - began
                    print(f"{heading}, {name}, seed {seed}: {score['dice']:.4f}, {seconds:.0f} s", flush=True)


def print_tables(cases: Cases, kept: Kept, seeds: int) -> None:
    """Print a row for each variant, as Markdown: its mean, and how far it is from the usual network, pair by pair."""
    print("| what is other | variant | seeds | mean Dice | against the usual network | parameters |")
    print("|---|---|---|---|---|---|")
    usual = settings_of({})
    rows: list[tuple[str, str, dict]] = [("nothing", USUAL, {})]
    rows += [(heading, name, given) for heading, each in EXPERIMENTS.items() for name, given in each.items() if given]
    for heading, name, given in rows:
        settings = settings_of(given, name)
        scores, pairs, parameters = [], [], 0.0
        for seed in range(seeds):
            score = kept.read(settings, cases.count(settings), seed)
            other = kept.read(usual, cases.count(usual), seed)
            if score is not None:
                scores.append(score["dice"])
                parameters = score["parameters"]
                pairs += [score["dice"] - other["dice"]] if other is not None and given else []
        if scores:
            mean, low, high = mean_interval(scores)
            interval = f" ({low:.4f} to {high:.4f})" if len(scores) > 2 else ""
            told = f"{len(scores)} | {mean:.4f}{interval} | {in_words(pairs)} | {parameters:,.0f}"
            print(f"| {heading} | {name} | {told} |")


def in_words(pairs: list[float]) -> str:
    """Return the mean difference with its interval, bold where 0 lies outside; of one or two pairs each."""
    if len(pairs) < 3:
        return " and ".join(f"{pair:+.4f}" for pair in pairs)
    mean, low, high = mean_interval(pairs)
    text = f"{mean:+.4f} ({low:+.4f} to {high:+.4f})"
    return f"**{text}**" if low > 0 or high < 0 else text


if __name__ == "__main__":
    main()
