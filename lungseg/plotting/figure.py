"""What all figures share: how they are shown, described, saved and laid out."""

import io
import math
from collections.abc import Iterable
from numbers import Integral
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lungseg.errors import InputError
from lungseg.files import telling_of_a_full_disk, writing
from lungseg.plotting.in_notebooks import no_second_picture, picture

GREY = "#707070"

WIDTH = 10.0  # inches: at 100 dots per inch, the text column of a notebook
LINE = 0.18  # inches: a line of text
GAP = 0.08  # inches around each panel


class NotebookFigure(Figure):
    """A figure that a notebook shows once, and that carries its alternative text.

    It is made without pyplot, so nothing keeps it open, and no other part of the notebook shows it a second time. The
    notebook asks for its picture when it is the value of a cell, or is given to `display`.

    Attributes
    ----------
    alt_text : str
        What the figure shows, in words and numbers. A notebook shows the
        picture with it as its `alt`, and stores it as its text.
    """

    alt_text = ""

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> dict[str, str]:
        no_second_picture(type(self))
        return {"text/html": as_html(self), "text/plain": self.alt_text or repr(self)}


def alt_text(figure: Figure) -> str:
    """Return a short description of a figure in words, with the numbers it shows.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        From any function of `lungseg.plotting`, or one of your own into which
        `plot_overlay` has drawn. The text is kept in its attribute `alt_text`.

    Returns
    -------
    str
        Empty if the figure is not one of these.

    Examples
    --------
    >>> from lungseg.plotting.history import plot_history
    >>> alt_text(plot_history({"loss": [0.9, 0.4], "dice": [0.6, 0.9], "val_dice": [0.5, 0.8]}))
    'Training curves over 2 epochs. Loss from 0.900 to 0.400. Best validation Dice 0.800 in epoch 2.'
    """
    return getattr(figure, "alt_text", "")


def save_figure(figure: Figure, path: str | Path, dpi: int = 150) -> Path:
    """Save a figure; the file appears whole or not at all.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    path : str or Path
        The ending tells the format: png, pdf, svg, jpg … Missing folders are
        made. A PNG also holds the alternative text, as its description.
    dpi : int
        Dots per inch.

    Returns
    -------
    Path
        Where the figure is.

    Raises
    ------
    InputError
        If there is no such format, or the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from lungseg.plotting.history import plot_history
    >>> save_figure(plot_history({"loss": [0.9, 0.4]}), Path(tempfile.mkdtemp()) / "history.png").name
    'history.png'
    """
    path = Path(path)
    kind = path.suffix[1:].lower()
    kinds = sorted(figure.canvas.get_supported_filetypes())
    if kind not in kinds:
        raise InputError(
            f"{path}: expected a file name that ends in one of {', '.join(kinds)}. "
            f"Received: {path.suffix!r}. Try {path.stem}.png."
        )
    metadata = _png_metadata(figure) if kind == "png" else None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with telling_of_a_full_disk(), writing(path) as temporary:
            figure.savefig(temporary, format=kind, dpi=dpi, metadata=metadata)
    except OSError as error:
        raise InputError(
            f"{path}: the figure cannot be written. Received: {error.strerror or error}. "
            "Name a file in a folder that you may write to."
        ) from error
    return path


def as_png(figure: Figure, dpi: float = 150) -> bytes:
    """Return a figure as the bytes of a PNG; the same figure gives the same bytes.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    dpi : float
        Dots per inch.

    Returns
    -------
    bytes

    Examples
    --------
    >>> from lungseg.plotting.history import plot_history
    >>> as_png(plot_history({"loss": [0.9, 0.4]}))[1:4]
    b'PNG'
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi, metadata=_png_metadata(figure))
    return buffer.getvalue()


def as_html(figure: Figure) -> str:
    """Return a figure as the HTML of a picture with its alternative text, which a notebook keeps.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        One with an `alt_text`.

    Returns
    -------
    str

    Examples
    --------
    >>> from lungseg.plotting.history import plot_history
    >>> as_html(plot_history({"loss": [0.9, 0.4]}))[:40]
    '<img alt="Training curves over 2 epochs.'
    """
    width, height = (round(inches * figure.dpi) for inches in figure.get_size_inches())
    return picture(as_png(figure, figure.dpi), alt_text(figure) or repr(figure), width, height)


def _png_metadata(figure: Figure) -> dict[str, Any]:
    # Without the version of Matplotlib, which a PNG otherwise names, only the picture decides on the bytes.
    return {"Software": None, "Description": alt_text(figure) or None}


def panel_grid(
    count: int,
    columns: int,
    aspect: float = 1.0,
    title_lines: int = 1,
    header: str = "",
    footer: bool = False,
    side: float = 0.0,
    largest: float = 3.6,
) -> tuple[NotebookFigure, list[Axes], float]:
    """Make a figure of equal panels for images, `columns` in a row.

    Parameters
    ----------
    count, columns : int
        How many panels, and how many side by side at most.
    aspect : float
        Height of an image divided by its width.
    title_lines : int
        Lines of text above each panel.
    header : str
        A line above all panels.
    footer : bool
        Leave room for a legend below all panels.
    side : float
        Inches of room on the left, for the names of the rows.
    largest : float
        No panel is wider than this, in inches.

    Returns
    -------
    figure : NotebookFigure
    axes : list of matplotlib.axes.Axes
        The `count` panels, row by row, without ticks or frames.
    width : float
        The width of a panel in inches.

    Examples
    --------
    >>> figure, axes, width = panel_grid(count=5, columns=4)
    >>> len(axes), width
    (5, 2.4)
    """
    columns = min(columns, count)
    rows = math.ceil(count / columns)
    width = min((WIDTH - side - GAP) / columns, largest) - GAP
    height = width * min(max(aspect, 0.3), 3.0)
    above = title_lines * LINE + GAP
    head, foot = 0.28 if header else 0.02, 0.4 if footer else GAP
    total_width = side + GAP + columns * (width + GAP)
    total_height = head + rows * (above + height) + (rows - 1) * GAP + foot
    figure = NotebookFigure(figsize=(total_width, total_height))
    axes = []
    for place in range(count):
        row, column = divmod(place, columns)
        left = side + GAP + column * (width + GAP)
        bottom = total_height - head - (row + 1) * (above + height) - row * GAP
        box = left / total_width, bottom / total_height, width / total_width, height / total_height
        axes.append(figure.add_axes(box))
        bare(axes[-1])
    if header:
        figure.suptitle(header, fontsize=11, y=1 - 0.08 / total_height, parse_math=False)
    return figure, axes, width


def bare(ax: Axes) -> None:
    """Remove ticks and frame from axes that hold an image.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    """
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)


def show_title(ax: Axes, text: str, width: float | None = None) -> None:
    """Write a title above axes; of a line that is too long, the middle is left out.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    text : str
        One line or several.
    width : float, optional
        Inches; by default a line may be as long as it is.
    """
    lines = str(text).split("\n")
    if width is not None:
        room = max(8, int(width * 72 / 5.8))  # letters, of about 5.8 points each
        lines = [line if len(line) <= room else f"{line[: room // 2 - 1]}…{line[-room // 2 + 1 :]}" for line in lines]
    # A file name may hold dollar signs, which Matplotlib would read as a formula.
    ax.set_title("\n".join(lines), fontsize=10, pad=4, parse_math=False)


def plain_chart(ax: Axes, xlabel: str = "", ylabel: str = "") -> None:
    """Give the axes of a chart a faint grid, and no frame on top and at the right.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    xlabel, ylabel : str
    """
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(color="#e4e4e4", lw=0.8)
    ax.set_axisbelow(True)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)


def check_count(**numbers: int) -> None:
    """Check that each of some numbers of panels is a whole number, 1 or more.

    Parameters
    ----------
    **numbers : int
        By their names, for the message.

    Raises
    ------
    InputError
        If one is not.
    """
    for name, number in numbers.items():
        if isinstance(number, bool) or not isinstance(number, Integral) or number < 1:
            raise InputError(f"{name}: expected a whole number, 1 or more. Received: {number!r}. Try 4.")
