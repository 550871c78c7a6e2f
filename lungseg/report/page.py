"""The parts of an HTML page: tables, figures, paragraphs, and the page around them. Each escapes its text."""

import base64
from collections.abc import Sequence
from html import escape

from matplotlib.figure import Figure

from lungseg.plotting.figure import alt_text, as_png

# Links and rules keep a contrast of 4.5 : 1 and more on their background, light and dark.
STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #ffffff; --soft: #595959; --line: #c8c8c8;
  --shade: #f3f5f7; --link: #00558a; --warn: #d55e00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --paper: #16181b; --soft: #b0b0b0; --line: #4a4f55;
  --shade: #22262b; --link: #7cc4f0; --warn: #f08a3c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
header, main, footer { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 2rem 0 0.5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 2.75rem 0 0.5rem; border-top: 1px solid var(--line);
  padding-top: 1rem; }
p, figcaption, details { max-width: 46rem; }
a { color: var(--link); }
nav ul { list-style: none; padding: 0; margin: 1rem 0; display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; }
.lead { font-size: 1.15rem; }
.warning { border-left: 0.35rem solid var(--warn); background: var(--shade); padding: 0.6rem 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding-bottom: 0.4rem; }
th, td { padding: 0.3rem 0.7rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid var(--line); vertical-align: bottom; }
th { white-space: nowrap; }
.dense { font-size: 0.875rem; } .dense thead th { white-space: normal; }
.dense th, .dense td { padding: 0.25rem 0.5rem; }
.number { text-align: right; } td.number { white-space: nowrap; } .text { min-width: 14rem; }
figure { margin: 1.25rem 0; }
img { max-width: 100%; height: auto; background: #ffffff; border-radius: 0.3rem; display: block; }
figcaption { margin-top: 0.5rem; }
summary { cursor: pointer; color: var(--link); }
footer { color: var(--soft); border-top: 1px solid var(--line); margin-top: 3rem; padding-bottom: 2rem; }
@media print {
  :root { --ink: #000000; --paper: #ffffff; --soft: #444444; --line: #999999; --shade: #ffffff; --link: #000000; }
  body { font-size: 10pt; } nav { display: none; } .wide { overflow: visible; } th, td { padding: 0.15rem 0.4rem; }
  header, main, footer { max-width: none; padding: 0; }
  figure, tr, p { break-inside: avoid; } h2, caption, section > p { break-after: avoid; }
  img { max-width: 82%; max-height: 20cm; width: auto; } footer { margin: 0; }
}
"""


def paragraph(text: str, kind: str = "") -> str:
    """Return a paragraph; `kind` is "", "lead" or "warning".

    Examples
    --------
    >>> paragraph("a < b")
    '<p>a &lt; b</p>'
    """
    return f'<p class="{escape(kind)}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"


def bullets(items: Sequence[str]) -> str:
    """Return a list.

    Examples
    --------
    >>> bullets(["one", "two"])
    '<ul><li>one</li><li>two</li></ul>'
    """
    return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"


def data_table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]], text: Sequence[int] = ()) -> str:
    """Return a table whose first column names the rows.

    Parameters
    ----------
    caption : str
    head : sequence of str
        A name for each column; if there is none at all, the table has no head.
    rows : sequence of sequences of str
    text : sequence of int
        The columns that hold text. The others hold numbers, which end at the right.

    Examples
    --------
    >>> data_table("Sizes", ["name", "size"], [["a", "1"]]).splitlines()[2]
    '<tr><th scope="row">a</th><td class="number">1</td></tr>'
    """

    def cell(column: int, value: str, tag: str = "td", scope: str = "") -> str:
        kind = "" if column == 0 else ' class="text"' if column in text else ' class="number"'
        return f"<{tag}{scope}{kind}>{escape(value)}</{tag}>"

    dense = ' class="dense"' if len(head) > 6 else ""
    # On a narrow screen the table is moved sideways, with the keyboard as well.
    lines = [
        f'<div class="wide" role="region" aria-label="{escape(caption)}" tabindex="0">'
        f"<table{dense}><caption>{escape(caption)}</caption>"
    ]
    if head:
        names = "".join(cell(at, name, "th", ' scope="col"') for at, name in enumerate(head))
        lines.append(f"<thead><tr>{names}</tr></thead>")
    for first, *others in rows:
        values = "".join(cell(at, value) for at, value in enumerate(others, start=1))
        lines.append(f'<tr><th scope="row">{escape(first)}</th>{values}</tr>')
    return "\n".join([*lines, "</table></div>"])


def figure_block(figure: Figure, caption: str) -> str:
    """Return a figure as a picture inside the page, with its alternative text, above its caption.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Of `lungseg.plotting.cases` or `lungseg.report.figures`.
    caption : str
        How to read it.

    Examples
    --------
    >>> from lungseg.report.figures import plot_dice_histogram
    >>> figure_block(plot_dice_histogram([0.9]), "One case.").endswith("<figcaption>One case.</figcaption></figure>")
    True
    """
    width, height = (round(100 * inches) for inches in figure.get_size_inches())
    picture = base64.b64encode(as_png(figure)).decode("ascii")
    return (
        f'<figure><img width="{width}" height="{height}" alt="{escape(alt_text(figure))}"\n'
        f'src="data:image/png;base64,{picture}">\n<figcaption>{escape(caption)}</figcaption></figure>'
    )


def folded(name: str, content: str) -> str:
    """Return content of HTML that opens when its name is clicked."""
    return f"<details><summary>{escape(name)}</summary>\n{content}\n</details>"


def whole_page(title: str, lead: Sequence[str], sections: Sequence[tuple[str, Sequence[str]]], foot: str) -> str:
    """Return the page: title, lead, links to the sections, the sections, and a line below.

    Parameters
    ----------
    title, foot : str
    lead : sequence of HTML
    sections : sequence of (heading, sequence of HTML)

    Examples
    --------
    >>> page = whole_page("A page", [paragraph("Hello.")], [("First", [paragraph("One.")])], "The end.")
    >>> '<h2 id="part-1">First</h2>' in page
    True
    """
    links = "".join(f'<li><a href="#part-{at}">{escape(name)}</a></li>' for at, (name, _) in enumerate(sections, 1))
    body = "\n".join(
        f'<section aria-labelledby="part-{at}">\n<h2 id="part-{at}">{escape(name)}</h2>\n'
        + "\n".join(parts)
        + "\n</section>"
        for at, (name, parts) in enumerate(sections, 1)
    )
    opening = "\n".join(lead)
    # The policy makes sure that nothing is ever loaded from elsewhere.
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{escape(title)}</title>
<style>{STYLE}</style>
</head>
<body>
<header>
<h1>{escape(title)}</h1>
{opening}
<nav aria-label="Sections"><ul>{links}</ul></nav>
</header>
<main>
{body}
</main>
<footer><p>{escape(foot)}</p></footer>
</body>
</html>
"""
