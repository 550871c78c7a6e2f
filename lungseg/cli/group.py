"""What the commands share: kinds of arguments and options, and one line for each error."""

import os
import re
import sys
from pathlib import Path
from typing import Any

import click

from lungseg.environment import tidy_imports
from lungseg.errors import InputError


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
