"""The command line. Each command imports the modules it needs, so that `--help` comes at once."""

import os
import re
import sys
import warnings
from pathlib import Path
from typing import Any

import click

from lungseg.environment import tidy_imports
from lungseg.errors import InputError, counted


class Folder(click.Path):
    """A path, but no empty text: of a variable of the shell that nobody has set, it would be the folder one is in."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail(
                'expected a folder. Received: an empty name. Name one, or "." for the one you are in.', param, ctx
            )
        return super().convert(value, param, ctx)


class Pixels(click.ParamType):
    """A number of pixels, or height and width."""

    name = "pixels"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        found = re.fullmatch(r"(-?\d+)(?:x(-?\d+))?", str(value).strip().lower())
        if not found:
            self.fail(f"expected a number of pixels, 256, or height and width, 256x128. Received: {value}.", param, ctx)
        return int(found[1]) if found[2] is None else (int(found[1]), int(found[2]))


FOLDER = Folder(path_type=Path)
PIXELS = Pixels()
MEGAPIXELS = click.option(
    "--max-megapixels", default=120.0, show_default=True, help="Refuse a file with more million pixels."
)


def in_a_command(path: Path) -> str:
    """Return a path as it is typed into a command: in quotes, if it has a space in it."""
    return f'"{path}"' if " " in str(path) else str(path)


class OneLineErrors(click.Group):
    """Turns bad input into one line on the error stream and exit status 1."""

    def main(self, args: Any = None, *others: Any, **settings: Any) -> Any:
        """Run a command; one that was typed draws into files only, whatever MPLBACKEND says of windows."""
        if args is None and "doctor" not in sys.argv[1:2]:  # which tells of it
            os.environ["MPLBACKEND"] = "agg"
        tidy_imports()
        return super().main(args, *others, **settings)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except InputError as error:
            raise click.ClickException(str(error)) from None
        except ModuleNotFoundError as error:
            from lungseg.environment.missing import say_what_to_install

            said = say_what_to_install(error)
            if said is None:
                raise
            raise click.ClickException(said) from None
        except BrokenPipeError:  # `lungseg ... | head`: nobody reads on, and Click ends quietly
            raise
        except OSError as error:
            from lungseg.files import FULL, DiskFull

            if error.errno in FULL:
                raise click.ClickException(str(DiskFull(error.filename or "A file"))) from None
            where = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(
                f"{where}{error.strerror or error}. Check the name, your permissions and the free space on the disk."
            ) from None


def parse_weights(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> dict[str, float] | None:
    """Return the weights of classes from heart=2 and the like."""
    weights = {}
    for text in given:
        name, _, weight = text.rpartition("=")
        try:
            weights[name.strip()] = float(weight)
        except ValueError:
            raise click.BadParameter(f"expected a class and its weight, heart=2 for one. Received: {text!r}.") from None
    return weights or None


@click.group(cls=OneLineErrors, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="lungseg")
def main() -> None:
    """Segment the lungs on chest X-rays with a U-Net.

    \b
    A first try, without any data of your own:
      lungseg phantom phantoms         draw 300 synthetic radiographs
      lungseg train phantoms run       train a U-Net on them
      lungseg evaluate run             evaluate it on cases it has not seen
    """


@main.command(short_help="Draw synthetic radiographs with masks.")
@click.argument("out", type=FOLDER)
@click.option("--count", default=300, show_default=True, help="How many to draw.")
@click.option("--size", default=128, show_default=True, help="Height and width in pixels.")
@click.option("--seed", default=0, show_default=True, help="Another seed draws other patients.")
@click.option(
    "--raw", is_flag=True, help="Write images/ and masks/ as PNG, as if from a hospital, to practise `prepare`."
)
@click.option(
    "--classes",
    type=click.Choice(["lungs", "thorax", "overlapping"]),
    default="lungs",
    show_default=True,
    help="What has a mask. thorax: right lung, left lung and heart; overlapping: the same, with the lungs behind the "
    "heart.",
)
def phantom(out: Path, count: int, size: int, seed: int, raw: bool, classes: str) -> None:
    """Draw synthetic chest X-rays with exact masks into the folder OUT."""
    from lungseg.phantom.writing import write_phantoms, write_raw_phantoms

    if raw:
        paths = write_raw_phantoms(out, count, size, seed, classes=classes)
        values = '--class "right lung=1" --class "left lung=2" --class heart=3'
        more = {"thorax": f" {values}", "overlapping": " --overlapping"}.get(classes, "")
        click.echo(
            f"{counted(len(paths), 'radiograph')} with masks written to {out}. Next: lungseg prepare "
            f"{in_a_command(out)} CASES{more}"
        )
    else:
        paths = write_phantoms(out, count, size, seed, n_jobs=-1, progress=True, classes=classes)
        click.echo(f"{counted(len(paths), 'case')} written to {out}. Next: lungseg train {in_a_command(out)} RUN")


@main.command(short_help="Download cases.")
@click.argument("out", type=FOLDER, required=False)
@click.option("--size", type=click.Choice(["128", "256", "512"]), default="128", show_default=True)
@click.option(
    "--set",
    "dataset",
    type=click.Choice(["course", "montgomery"]),
    default="course",
    show_default=True,
    help="The course's prepared cases; or the Montgomery set as the NLM publishes it, which is then prepared.",
)
@click.option("--url", "urls", multiple=True, help="Where to look for the archive instead, a mirror of your own.")
def download(out: Path | None, size: str, dataset: str, urls: tuple[str, ...]) -> None:
    """Download radiographs with masks: the course's cases of Shenzhen and Montgomery, or the Montgomery set.

    They go into the folder OUT, or into a cache folder if none is named. An interrupted download goes
    on where it was, with the same command.
    """
    from lungseg.datasets import download as download_cases
    from lungseg.datasets import download_montgomery

    get = download_montgomery if dataset == "montgomery" else download_cases
    folder = get(int(size), out, urls=urls or None, report=click.echo)
    click.echo(f"Next: lungseg train {in_a_command(folder)} RUN")


@main.command(short_help="Turn images and masks into cases.")
@click.argument("source", type=FOLDER)
@click.argument("out", type=FOLDER)
@click.option("--size", type=PIXELS, help="Of the cases in pixels: 256, or height and width, 256x128.  [default: 256]")
@click.option(
    "--recipe",
    default="lungs",
    show_default=True,
    help="How image files become images: lungs, grey, colour, or a file NAME.json with the numbers of another.",
)
@click.option(
    "--channels", metavar="NAMES", help="Those of the image: red,green,blue,nir.  [default: as the recipe says]"
)
@click.option(
    "--class",
    "classes",
    metavar="NAME=VALUES",
    multiple=True,
    help='A class, and its values in the masks: road=1, road=1,2, road=1-9, "road=#ff0000"; or a name alone, if each '
    "class has masks of its own.",
)
@click.option("--ignore", metavar="VALUES", help="The values of pixels that are not to count: 255, or a colour.")
@click.option("--overlapping", is_flag=True, help="A pixel may belong to several classes.")
@click.option("--tile", type=PIXELS, help="Cut large images, at their own size, into tiles of so many pixels.")
@click.option("--jobs", "n_jobs", default=-1, show_default=True, help="Processes; -1 is one for each core.")
@click.option("--overwrite", is_flag=True, help="Make every case anew.")
@click.option("--images", type=FOLDER, help="The folder in SOURCE that holds the images, if its name does not tell.")
@click.option("--masks", type=FOLDER, help="The folder in SOURCE that holds the masks.")
@click.option(
    "--corrected",
    type=FOLDER,
    help="A folder of `lungseg predict` with masks of the images in SOURCE that a person has corrected.",
)
@click.option(
    "--lung-values",
    metavar="VALUES",
    help="The values of the masks that are lung, if they have labels of several organs: 150,200 or #ff0000,#800000.",
)
@MEGAPIXELS
def prepare(source: Path, out: Path, **settings: Any) -> None:
    """Turn the images and masks in SOURCE into cases in OUT.

    Without a recipe these are radiographs and lungs: black borders are cropped, the contrast is stretched between the
    5th and the 95th percentile, and image and mask are resized. These layouts of SOURCE are known, in it or further
    down:

    \b
      CXR_png/ and masks/                                both sets together
      CXR_png/ and ManualMask/leftMask, .../rightMask    Montgomery
      CXR_png/ and mask/                                 Shenzhen
      a folder and fold1/masks/left lung, .../right lung, fold2/...    JSRT with the masks of SCR
      images/ and masks/                                 your own; img, X-rays, labels, GT and the like will do

    A mask is called like its image, or with _mask, -label and the like at the end. Images are PNG, JPEG, TIFF, GIF
    or DICOM, masks PNG, JPEG, TIFF, GIF or BMP. Several pairs of folders (COVID/images, COVID/masks,
    Normal/images, ...) are prepared together; where names repeat, each case is called after its folder: COVID_1,
    Normal_1.

    At the end the cases that need a look are named: masks that may be a negative, an outline, one lung, upside down,
    too large or too small. OUT/overview.png shows them first.

    Anything else (docs/preparing.md):

    \b
      lungseg prepare SOURCE OUT --recipe colour                             nuclei on slides, one class
      lungseg prepare SOURCE OUT --recipe colour --class road=1 --class water=2    a number for each class
      lungseg prepare SOURCE OUT --recipe grey                               masks/CLASS/NAME.png for each class
      lungseg prepare SOURCE OUT --recipe colour --channels red,green,blue,nir --tile 256
    """
    from lungseg.preparation.problem_folder import prepare as prepare_cases

    settings["classes"] = settings["classes"] or None
    report = prepare_cases(source, out, **settings)
    click.echo(report.summary())
    groups = ' --groups "(.+)_r[0-9]+_c[0-9]+"' if settings["tile"] else ""  # the tiles of an image are alike
    click.echo(f"Next: lungseg train {in_a_command(out)} RUN{groups}")
    if report.failed:
        raise click.exceptions.Exit(1)


@main.command(short_help="Train a U-Net on a folder of cases.")
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


@main.command(short_help="Evaluate a trained network on unseen cases.")
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


@main.command(short_help="Segment images of your own.")
@click.argument("inputs", type=FOLDER, nargs=-1, required=True)
@click.option("--model", type=FOLDER, default="run", show_default=True, help='A run folder; or "pretrained".')
@click.option("--out", type=FOLDER, default="masks", show_default=True, help="Where to write the masks.")
@click.option("--overlay", is_flag=True, help="Also draw each image with the outlines of its masks.")
@click.option("--dicom-seg", is_flag=True, help="Also write a DICOM Segmentation object for each DICOM file, of lungs.")
@click.option("--clean/--no-clean", default=None, help="Largest components, holes filled.  [default: of lungs, two]")
@click.option("--threshold", default=0.5, show_default=True, help="Probabilities from here on count.")
@click.option("--tile", type=int, help="Do not resize the images, but predict them in tiles of so many pixels a side.")
@click.option("--overlap", default=0.25, show_default=True, help="The share of a tile that neighbours have in common.")
@click.option("--recipe", metavar="NAME", help="lungs, grey, colour or a file NAME.json, if the run does not tell.")
@MEGAPIXELS
def predict(inputs: tuple[Path, ...], out: Path, model: Path, **settings: Any) -> None:
    """Segment images: write a mask (PNG) at its own size for each image of INPUTS.

    INPUTS are PNG, JPEG, TIFF, GIF or DICOM files, or folders of them (DICOM: pip install
    "lungseg[dicom]"). A file that cannot be used is named at the end; the others are done.

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


@main.command(short_help="Check this computer, and say what to mend.")
def doctor() -> None:
    """Look at this computer: versions, device, data; and say what to mend."""
    from lungseg.doctor import examine

    raise click.exceptions.Exit(examine(click.echo))
