"""`python -m lungseg` is the command `lungseg`."""

from lungseg.cli import main

if __name__ == "__main__":
    main(prog_name="lungseg")
