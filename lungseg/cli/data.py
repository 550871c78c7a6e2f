"""The commands that make cases: phantom, download, prepare."""

import warnings
from pathlib import Path
from typing import Any

import click

from lungseg.cli.group import FOLDER, MEGAPIXELS, PIXELS, in_a_command
from lungseg.errors import counted


@click.command(short_help="Draw synthetic radiographs with masks.")
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


@click.command(short_help="Download cases.")
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


@click.command(short_help="Turn images and masks into cases.")
@click.argument("source", type=FOLDER)
@click.argument("out", type=FOLDER)
@click.option(
    "--size",
    type=PIXELS,
    help="Of the cases in pixels: 256; of others than lungs also height and width, 256x128.  [default: 256]",
)
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
    from lungseg.preparation.folder.problem import prepare as prepare_cases
    from lungseg.preparation.folder.report import LEFT_OUT

    settings["classes"] = settings["classes"] or None
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", LEFT_OUT)  # the summary says it
        report = prepare_cases(source, out, **settings)
    click.echo(report.summary())
    groups = ' --groups "(.+)_r[0-9]+_c[0-9]+"' if settings["tile"] else ""  # the tiles of an image are alike
    if not report.lacks_many:  # the others would be a choice, of images without a class perhaps
        click.echo(f"Next: lungseg train {in_a_command(out)} RUN{groups}")
    if report.failed:
        raise click.exceptions.Exit(1)
