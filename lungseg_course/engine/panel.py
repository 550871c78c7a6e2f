"""Panels: what a notebook tells in colour, with an icon and the words; everywhere else the words alone."""

import html
import re
import sys
from collections.abc import Mapping
from typing import Any

from lungseg_course.engine.in_notebook import notebook_shell
from lungseg_course.engine.lines import in_lines

# What a panel is called for who does not see it, its sign, and its colour. On each of the colours white can be read,
# and each can be told from a white page and from a black one. The text has the colour of the page's own.
KINDS = {
    "right": ("Right", "✓", "#1a7f37"),
    "wrong": ("Not right yet", "✗", "#cf222e"),
    "note": ("Note", "!", "#9a6700"),
    "hint": ("Hint", "?", "#0969da"),
    "solution": ("Solution", "=", "#0969da"),
    "progress": ("Progress", "→", "#0969da"),
}
STOPPED = "Stopped here."  # what remains of an error whose message stands in a panel
HINT = "lungseg-hint"  # the class of what offers a hint, which a page of feedback leaves out
# In messages code stands between backticks, or two spaces away from the words, or is a call of the course.
_CODE = re.compile(
    r"`(?P<quoted>[^`\n]+)`"
    r"|(?<=\S)  (?P<apart>\S.*?)(?P<after>  |(?=\n|$))"
    r"|(?P<call>\b(?:check|hint|solution|quiz|progress|hand_in|use)\([^()\n]*\))"
)
_MONOSPACED = "font-family:ui-monospace,Menlo,Consolas,monospace;font-size:0.92em;white-space:pre-wrap"
_CODE_STYLE = f"{_MONOSPACED};color:inherit;background:rgba(128,128,128,0.16);padding:0 0.25em;border-radius:3px"


def show(kind: str, title: str, text: str = "", *, words: str | None = None, body: str | None = None) -> None:
    """Tell something: in a notebook as a panel, with the words beside it; anywhere else print the words.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    title : str
        What matters, in a few words: "Exercise 2.1: correct."
    text : str
        What follows it. Code stands between backticks.
    words : str, optional
        The plain text; by default title and text, in lines.
    body : str, optional
        HTML that stands under the title; by default the text.
    """
    words = in_lines(f"{title} {text}".rstrip()) if words is None else words
    shell = _shell_of_a_notebook()
    if shell is None:
        print(words)
        return
    if body is None:  # a verdict has a line of its own; another sentence goes on
        body = f" {prose(text)}" if kind == "note" else f"<div>{prose(text)}</div>"
    data = {"text/html": panel(kind, title, body), "text/plain": words}
    shell.display_pub.publish(data=data, metadata={})


def show_in_place_of_traceback(error: BaseException, message: str) -> list[str]:
    """Tell the message of an error, once, and return the lines for the place where IPython shows a traceback."""
    if _shell_of_a_notebook() is None:
        return in_lines(message).splitlines()
    if not hasattr(error, "lungseg_told"):  # IPython asks twice, the second time for its history
        vars(error)["lungseg_told"] = True
        show("note", *title_and_text(message), words=in_lines(message))
    return [STOPPED]


def title_and_text(message: str) -> tuple[str, str]:
    """Return how a message begins, up to its first colon or full stop, and the rest.

    Examples
    --------
    >>> title_and_text("Exercise 1.1 is not done yet: `f` is blank. Fill it.")
    ('Exercise 1.1 is not done yet:', '`f` is blank. Fill it.')
    """
    found = re.match(r".+?[:.](?=\s\S)", message)
    title = found[0] if found else message
    return title, message[len(title) :].removeprefix(" ")


def panel(kind: str, title: str, body: str = "") -> str:
    """Return the HTML of a panel, whose body is HTML.

    Styles stand at each element, as VS Code, Colab and JupyterLab share no others. The background is see-through, so
    that the panel is light in a light theme and dark in a dark one.
    """
    label, sign, colour = KINDS[kind]
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return (
        f'<div role="status" aria-label="{label}" class="lungseg-panel lungseg-{kind}" style="'
        f"background:rgba({red},{green},{blue},0.12);border-left:6px solid {colour};border-radius:4px;color:inherit;"
        f'display:flex;line-height:1.5;margin:4px 0;max-width:62em;overflow-wrap:anywhere;padding:8px 12px">'
        f'<span aria-hidden="true" style="background:{colour};border-radius:1em;color:#ffffff;flex:none;'
        f'font-weight:bold;height:1.5em;line-height:1.5em;margin-right:0.6em;text-align:center;width:1.5em">{sign}</span>'
        f'<div style="color:inherit;flex:1 1 0;min-width:0"><strong>{prose(title)}</strong>{body}</div></div>'
    )


def prose(text: str) -> str:
    """Return a text as HTML, with code shown as such.

    Examples
    --------
    >>> import re
    >>> re.sub(" style='.*?'", "", prose("`a < b` is true").replace('"', "'"))
    '<code>a &lt; b</code> is true'
    """
    parts, end = [], 0
    for found in _CODE.finditer(text):
        before, after = (" ", found["after"][:1]) if found["apart"] else ("", "")
        quoted = html.escape(found["quoted"] or found["apart"] or found["call"])
        parts += [html.escape(text[end : found.start()]), before, f'<code style="{_CODE_STYLE}">{quoted}</code>', after]
        end = found.end()
    return "".join([*parts, html.escape(text[end:])]).replace("\n", "<br>")


def rows(texts: Mapping[str, str]) -> str:
    """Return texts as HTML, one under the other: label → HTML of what stands beside it."""
    place = "color:inherit;float:none;margin:0;width:auto"  # JupyterLab lets labels float, in a fifth of the width
    pairs = (
        f'<dt style="{place};font-weight:600;white-space:nowrap">{html.escape(label)}</dt>'
        f'<dd style="{place}">{text}</dd>'
        for label, text in texts.items()
    )
    style = "display:grid;grid-template-columns:max-content minmax(0,1fr);gap:2px 14px;margin:6px 0 0 0"
    return f'<dl style="{style}">{"".join(pairs)}</dl>'


def code(text: str) -> str:
    """Return code as HTML, or a result as Python shows it: monospaced, with its spaces and lines."""
    return f'<code style="{_MONOSPACED};background:none;color:inherit;padding:0">{html.escape(text)}</code>'


def hint_offered(number: str) -> str:
    """Return the HTML that offers a hint."""
    offer = prose(f'(A hint: hint("{number}"))')
    return f'<div class="{HINT}" style="margin-top:6px">{offer}</div>'


def bar(done: int, of: int) -> str:
    """Return a bar as HTML: so many of its parts are full. It says nothing to a screen reader; the words must."""
    colour = KINDS["right"][2]
    parts = "".join(
        f'<span style="background:{colour if place < done else "transparent"};border:1px solid {colour};'
        f'border-radius:2px;box-sizing:border-box;display:inline-block;height:0.8em;margin-right:2px;width:0.8em">'
        "</span>"
        for place in range(of)
    )
    style = "display:inline-block;min-width:7.5em;white-space:nowrap"
    return f'<span aria-hidden="true" style="{style}">{parts}</span>'


def _shell_of_a_notebook() -> Any:
    is_held_back = getattr(sys.stdout, "holds_back", False)  # as in an answer that calls `check` itself
    return None if is_held_back else notebook_shell()
