"""Train the network that the package ships, and write it into lungseg/data/pretrained.

    python benchmarks/train_pretrained.py CASES_128 CASES_256 FOLDER
    python benchmarks/train_pretrained.py CASES_128 CASES_256 FOLDER --write

CASES_128 and CASES_256 are the Montgomery and Shenzhen sets, prepared at both sizes. Depth and schedule
were chosen on the validation part of the split gaal2020; width, stages and strength of the augmentation
were not compared with others. The network is trained on the training and validation part together, but
for eight cases, which choose the epoch that is kept. With --write, the test part is judged once, at the end.

Most of the training runs at 128 x 128, where an epoch is four times as fast, and the rest at 256 x 256.
Interrupt it if you must: the same command goes on. With --write, what was trained goes into the package.
"""

import argparse
from pathlib import Path
from string import Template

from lungseg import build_unet, evaluate, list_cases, split_cases, train
from lungseg.augmentation import standard
from lungseg.cases import Split
from lungseg.pretrained import CARD, SUMMARY, PretrainedRun, write_pretrained
from lungseg.runs import Run, write_json
from lungseg.summary import summarise, summary_text

PACKAGE = Path(__file__).resolve().parent.parent / "lungseg" / "data" / "pretrained"

NETWORK = {"filters": 12, "depth": 5, "dropout": 0.1}
STAGES = (  # size, epochs, learning rate
    (128, 30, 2e-3),
    (256, 20, 1e-3),
)
STRENGTH = 1.0
SEED = 0
WATCHING = 9  # one of so many validation cases: eight of the seventy


def final_split(cases: list[Path]) -> Split:
    """Return gaal2020 with its validation cases among those that train, but for a few."""
    parts = split_cases(cases, protocol="gaal2020")
    watching = parts.validation[::WATCHING]
    return Split([*parts.train, *(case for case in parts.validation if case not in watching)], watching, parts.test)


def train_stages(folders: tuple[Path, Path], out: Path, report=print) -> Run:
    """Train at each size, each time from the weights of the size before."""
    weights, run = None, None
    for cases_folder, (size, epochs, learning_rate) in zip(folders, STAGES, strict=True):
        model = build_unet((size, size, 1), **NETWORK)
        if weights is not None:
            model.set_weights(weights)
        cases = list_cases(cases_folder)
        run = train(
            cases,
            out / str(size),
            split=final_split(cases),
            seed=SEED,
            epochs=epochs,
            learning_rate=learning_rate,
            model=model,
            schedule="cosine",
            augment=standard(STRENGTH),
            report=lambda line: report(line, flush=True),
        )
        weights = run.model.get_weights()
    return run


def write_package(run: Run, cases_folder: Path, folder: Path = PACKAGE) -> None:
    """Write the weights into the package, judge what was written, and write its summary and model card."""
    write_pretrained(run, NETWORK, folder)
    shipped = PretrainedRun()
    test = shipped.split(list_cases(cases_folder)).test
    summary = summarise(evaluate(shipped.model, test, clean=True))
    write_json(folder / SUMMARY, summary)
    stages = [
        f"{epochs} epochs at {size} × {size} pixels, with a learning rate from {rate} down along a cosine"
        for size, epochs, rate in STAGES
    ]
    settings = shipped.settings
    card = Template((Path(__file__).parent / "model_card.md").read_text(encoding="utf-8")).substitute(
        parameters=f"{settings['parameters']:,}",
        network=", ".join(f"{name} {value}" for name, value in NETWORK.items()),
        size=settings["size"][0],
        train=settings["count"]["train"],
        validation=settings["count"]["validation"],
        test=settings["count"]["test"],
        recipe=f"{'; then '.join(stages)}. Batches of {settings['batch_size']}, Adam, the loss "
        f"`{settings['loss']}`, and the augmentation `standard({STRENGTH})`: small rotations, shifts and changes of "
        "scale, exposure, contrast, blur, noise, hidden boxes, borders.",
        seed=SEED,
        command="lungseg evaluate pretrained --cases CASES --part test --clean --out DIR",
        figures=summary_text(summary),
    )
    (folder / CARD).write_text(card, encoding="utf-8")
    print(summary_text(summary))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path, nargs=2, help="prepared at 128 x 128, and at 256 x 256")
    parser.add_argument("out", type=Path, help="for the run folders, one for each size")
    parser.add_argument("--write", action="store_true", help="write what was trained into the package")
    options = parser.parse_args()
    run = train_stages(tuple(options.cases), options.out)
    if options.write:
        write_package(run, options.cases[1])


if __name__ == "__main__":
    main()
