"""The command line. Each command imports the modules it needs, so that `--help` comes at once."""

import click

from lungseg.cli.data import download, phantom, prepare
from lungseg.cli.group import OneLineErrors
from lungseg.cli.networks import evaluate, predict, train


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


@click.command(short_help="Check this computer, and say what to mend.")
def doctor() -> None:
    """Look at this computer: versions, device, data; and say what to mend."""
    from lungseg.doctor import examine

    raise click.exceptions.Exit(examine(click.echo))


for command in (phantom, download, prepare, train, evaluate, predict, doctor):
    main.add_command(command)
