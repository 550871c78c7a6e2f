"""Whether this is a notebook, which shows panels and figures, and can replace them; a terminal can do neither."""

import sys
from typing import Any


def notebook_shell() -> Any:
    """Return IPython's shell, if what it displays is seen in a notebook; None in a terminal, and of plain Python."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return shell if getattr(shell, "kernel", None) is not None else None


def is_in_a_notebook() -> bool:
    """Whether there is such a shell."""
    return notebook_shell() is not None
