"""python -m lungseg_course lab: your notebooks, up to date, in JupyterLab. And: update, without JupyterLab."""

import argparse
import sys
from collections.abc import Sequence

from lungseg.environment.missing import say_what_to_install
from lungseg.errors import InputError


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m lungseg_course", description="The notebooks that you work in.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("lab", help="bring them up to date, and open JupyterLab; further options are for JupyterLab")
    bringing = commands.add_parser("update", help="bring them up to date, and keep what you wrote into them")
    bringing.add_argument("--from", dest="earlier", metavar="FOLDER", help="take over what you wrote in another copy")
    options, others = parser.parse_known_args(arguments)
    try:
        from lungseg_course.updating.copies import bring_up_to_date, lab
    except ModuleNotFoundError as error:  # what reads notebooks comes with JupyterLab, not with the package
        print(say_what_to_install(error) or error, file=sys.stderr)
        return 1
    try:
        if options.command == "lab":
            return lab(others)
        if others:
            parser.error(f"unrecognized arguments: {' '.join(others)}")
        return 0 if bring_up_to_date(options.earlier) else 1
    except InputError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
