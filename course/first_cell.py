"""The first cell of each notebook: silent where the course is installed; elsewhere it installs it.

It stands in no source. The build puts it before the first code cell of every notebook, the same text in all.
"""

import address as addresses
import nbformat

ID, LINKS_ID, TAG = "install-the-course", "open-elsewhere", "install"
CODE = """\
# Where the course is installed, this does nothing. Elsewhere, as on Colab, it installs it.
from glob import glob
from importlib.util import find_spec

if not (find_spec("lungseg_course") and find_spec("keras")):
    found = sorted(glob("lungseg-*.whl")){or_else}
    for course in found[-1:]:
        print("Installing the course, which takes some minutes:", course)
        get_ipython().run_line_magic("pip", f'install --quiet "{{course}}"')
    if not (find_spec("lungseg_course") and find_spec("keras")):
        from IPython.core.error import UsageError

        raise UsageError(
{words}
        )

import lungseg_course

lungseg_course.find_course()"""
BRING_IT = """\
            "The course is not installed here. Put its wheel, lungseg-….whl, beside this "
            "notebook (on Colab: under Files), and run this cell again. If it is there: pip "
            "says above what went wrong. If it says nothing, restart the kernel."\
"""
LOOK_ABOVE = """\
            "The course is not installed here: pip says above what went wrong. If it says "
            "nothing, restart the kernel, and run this cell again. Without a network, put the "
            "wheel of the course, lungseg-….whl, beside this notebook."\
"""


def code(address: str) -> str:
    """Return the text of the first cell.

    Parameters
    ----------
    address : str
        Of the repository; "" if it is not named.
    """
    or_else = f' or [\n        "{addresses.to_install(address)}"\n    ]' if address else ""
    return CODE.format(or_else=or_else, words=LOOK_ABOVE if address else BRING_IT)


def first_cells(address: str | None, path: str = "") -> list[nbformat.NotebookNode]:
    """Return the cells that the build adds to a notebook: the first one and, above it, links that open it elsewhere.

    Parameters
    ----------
    address : str or None
        As `address_of` returns it; None gives no cells.
    path : str
        Of the notebook in the repository; "" for one that is given out in another way, which gets no links.
    """
    if address is None:
        return []
    first = nbformat.v4.new_code_cell(code(address), id=ID, metadata={"tags": [TAG]})
    line = addresses.links(address, path) if path else ""
    above = [nbformat.v4.new_markdown_cell(line, id=LINKS_ID, metadata={"tags": [TAG]})] if line else []
    return [*above, first]
