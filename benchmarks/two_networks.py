"""The numbers that notebook 5 tells: a network trained on phantoms beside the shipped one, and without its skips.

python benchmarks/two_networks.py RUN                  RUN: of notebook 4, or `lungseg train` on phantoms
python benchmarks/two_networks.py RUN --cases CASES    CASES: real cases, of the size of the phantoms (lungseg prepare)

Prints the mean Dice of both networks on the test cases of the run; of the shipped one also at the size of the cases,
without enlarging them; of the run's network with its skips silenced, one after the other and all of them. Of real
cases, those of the test part of the split gaal2020 are taken, which have trained neither network.
"""

import argparse
from pathlib import Path

import lungseg
from lungseg.pretrained import load_pretrained
from lungseg.runs import PRETRAINED
from lungseg_course.figures.two_networks import both_networks
from lungseg_course.looking_inside.graph import find_skips
from lungseg_course.looking_inside.skips import without
from lungseg_course.trained import shipped_network


def compare(model, cases: list) -> None:
    """Print what both networks come to on some cases."""
    yours, theirs = lungseg.evaluate(model, cases), lungseg.evaluate(shipped_network(cases), cases)
    print(both_networks(yours, theirs).round(3).to_string())
    print(f"ahead: yours in {(yours['dice'] > theirs['dice']).sum()} of {len(cases)} cases\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("--cases", type=Path, help="a folder of real cases")
    options = parser.parse_args()

    run = lungseg.load_run(options.run)
    test = list(run.split.test)
    print(f"{len(test)} test cases of the run")
    compare(run.model, test)

    size = run.model.input_shape[1:3]
    as_they_are = lungseg.evaluate(load_pretrained(size), test)
    print(f"the shipped network, images of {size[0]} × {size[1]} not enlarged: {as_they_are['dice'].mean():.3f}\n")

    skips = find_skips(run.model)
    variants = {"all skips": [], **{f"without {each.height} × {each.width}": [each] for each in skips}}
    for name, silent in {**variants, "without any": skips}.items():
        print(f"{name:20} {lungseg.evaluate(without(run.model, silent), test)['dice'].mean():.3f}")

    if options.cases:
        real = list(lungseg.load_run(PRETRAINED).find_split(options.cases).test)
        print(f"\n{len(real)} real cases")
        compare(run.model, real)


if __name__ == "__main__":
    main()
