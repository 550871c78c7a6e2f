"""The commands that train a network and use it: train, evaluate, predict."""

import warnings
from pathlib import Path
from typing import Any

import click

from lungseg.cli.group import FOLDER, MEGAPIXELS, in_a_command, parse_weights
from lungseg.errors import InputError


@click.command(short_help="Train a U-Net on a folder of cases.")
@click.argument("cases", type=FOLDER)
@click.argument("run", type=FOLDER)
@click.option("--split", type=click.Choice(["default", "gaal2020"]), default="default", show_default=True)
@click.option(
    "--folds", type=int, help="Cross-validate: train so many networks, RUN/fold_1 and on; each case is tested once."
)
@click.option(
    "--groups",
    default=None,
    metavar="FILE_OR_PATTERN",
    help="Keep cases together, all of a patient: a table (CSV) with the columns case and group, or a pattern of names.",
)
@click.option("--seed", default=0, show_default=True, help="Fixes the split, the weights and the batches.")
@click.option("--epochs", default=15, show_default=True, help="At most so many.")
@click.option("--batch-size", default=8, show_default=True)
@click.option("--learning-rate", "--lr", default=2e-3, show_default=True, help="At the start.")
@click.option("--optimizer", default="adam", show_default=True, help="adam, adamw, sgd, or another that Keras knows.")
@click.option(
    "--schedule",
    type=click.Choice(["plateau", "cosine", "constant"]),
    default="plateau",
    show_default=True,
    help="How the learning rate falls: when nothing improves, steadily, or not at all.",
)
@click.option(
    "--loss", type=click.Choice(["dice", "dice_crossentropy"]), default="dice_crossentropy", show_default=True
)
@click.option(
    "--class-weight",
    "class_weights",
    multiple=True,
    metavar="CLASS=WEIGHT",
    callback=parse_weights,
    help="What a class counts in the loss, 1 if it is not named: heart=2. Once for each.",
)
@click.option(
    "--augment",
    default=0.0,
    show_default=True,
    metavar="STRENGTH",
    help="Vary the training cases at random: 0 not at all, 1 as between hospitals.",
)
@click.option("--balance", is_flag=True, help="Give Montgomery, Shenzhen and all other cases the same weight.")
@click.option(
    "--keep", type=click.Choice(["best", "last"]), default="best", show_default=True, help="Which epoch to keep."
)
@click.option("--start", metavar="RUN", help='Fine-tune the network of a run, or "pretrained", at its size.')
@click.option("--filters", default=16, show_default=True, help="Channels at full size; each step down doubles them.")
@click.option("--depth", default=4, show_default=True, help="How many times the image is halved.")
@click.option("--dropout", default=0.1, show_default=True, help="Fraction of channels dropped in training.")
def train(cases: Path, run: Path, augment: float, folds: int | None, split: str, **settings: Any) -> None:
    """Train a U-Net on the folder CASES and keep its best epoch, or the last, in the folder RUN.

    Interrupt it with Ctrl+C if you must: the same command goes on after the last finished epoch.
    """
    from lungseg.augmentation.pipeline import standard
    from lungseg.training.folds import train_folds
    from lungseg.training.training import train as train_network

    try:
        augmentation = standard(augment) if augment else None
        settings |= {"report": click.echo, "progress": True, "augment": augmentation}
        if folds is not None:
            if split != "default":
                raise InputError(
                    f"--folds: expected no --split, as folds are splits. Received: {split}. Leave one out."
                )
            train_folds(cases, run, folds, **settings)
            click.echo(f"The {folds} networks are in {run}. Next: lungseg evaluate {in_a_command(run)}")
            return
        train_network(cases, run, split, **settings)
    except KeyboardInterrupt:
        raise click.exceptions.Exit(130) from None
    network = run / "best.keras"
    click.echo(f"The {settings['keep']} epoch is in {network}. Next: lungseg evaluate {in_a_command(run)}")


@click.command(short_help="Evaluate a trained network on unseen cases.")
@click.argument("run", type=FOLDER)
@click.option("--cases", type=FOLDER, help="A folder of cases.  [default: the one the run was trained on]")
@click.option(
    "--part",
    type=click.Choice(["test", "validation", "train", "all"]),
    help="Which part of the run's split.  [default: test; of other CASES, all that the training has not seen]",
)
@click.option("--out", type=FOLDER, help="Where to write the results.  [default: RUN]")
@click.option("--clean", is_flag=True, help="Keep the two largest components of each mask and fill holes.")
def evaluate(run: Path, cases: Path | None, part: str | None, out: Path | None, clean: bool) -> None:
    """Evaluate the network of RUN on cases it has not seen.

    RUN is a run folder, or the folder of a cross-validation; or "pretrained", with --cases and --out, for the network
    that comes with the package.
    Writes report.html (one page with all figures, to read and to pass on), evaluation.csv (a row for
    each case), summary.json and figures/.
    """
    from lungseg.evaluation.folds import is_cross_validation
    from lungseg.report import evaluate_folds, evaluate_run

    evaluate_them = evaluate_folds if is_cross_validation(run) else evaluate_run
    evaluate_them(run, cases, part, out, clean, report=click.echo, progress=True)


@click.command(short_help="Segment images of your own.")
@click.argument("inputs", type=FOLDER, nargs=-1, required=True)
@click.option("--model", type=FOLDER, default="run", show_default=True, help='A run folder; or "pretrained".')
@click.option("--out", type=FOLDER, default="masks", show_default=True, help="Where to write the masks.")
@click.option("--overlay", is_flag=True, help="Also draw each image with the outlines of its masks.")
@click.option("--dicom-seg", is_flag=True, help="Also write a DICOM Segmentation object for each DICOM file, of lungs.")
@click.option("--clean/--no-clean", default=None, help="Largest components, holes filled.  [default: of lungs, two]")
@click.option("--threshold", default=0.5, show_default=True, help="Probabilities from here on count.")
@click.option("--tile", type=int, help="Do not resize the images, but predict them in tiles of so many pixels a side.")
@click.option(
    "--overlap", type=float, help="The share of a tile that neighbours have in common.  [default: 0.25, of tiles]"
)
@click.option("--recipe", metavar="NAME", help="lungs, grey, colour or a file NAME.json, if the run does not tell.")
@MEGAPIXELS
def predict(inputs: tuple[Path, ...], out: Path, model: Path, **settings: Any) -> None:
    """Segment images: write a mask (PNG) at its own size for each image of INPUTS.

    INPUTS are PNG, JPEG, TIFF, GIF or DICOM files, or folders of them (DICOM: pip install
    "lungseg[dicom]"); of anything but lungs BMP and .npy, too. A file that cannot be used is named at
    the end; the others are done.

    \b
    A mask holds
      0 and 255, if the network knows one class, the lungs for example;
      0, and k for its k-th class, with a palette, if it knows several that exclude each other;
      0 and 255 in a file for each class, NAME_CLASS.png, if they may overlap.

    \b
    OUT/predictions.csv has a row for each file:
      areas in pixels, and in cm2 where the file tells the size of a pixel;
      right and left lung are the patient's: the right one is on the left of the image;
      whether the mask can be a pair of lungs on a frontal chest X-ray, and if not, why.
    """
    from lungseg.prediction.files import predict as predict_files

    with warnings.catch_warnings():
        warnings.showwarning = lambda message, *_, **__: click.echo(f"Warning: {message}", err=True)
        failed = predict_files(inputs, out, model, report=click.echo, **settings)
    if failed:
        raise click.exceptions.Exit(1)
