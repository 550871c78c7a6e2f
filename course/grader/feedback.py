"""The pages that students get back: small, readable in the dark, and without anything from the network."""

import base64
import io
import re
from html import escape, unescape
from pathlib import Path

from latex2mathml.converter import convert as to_mathml
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import GetGrades, NbGraderPreprocessor
from PIL import Image, features
from pygments.formatters import HtmlFormatter
from traitlets import Dict
from traitlets.config import Config

from grader import gradebooks
from grader.mending import in_words
from grader.one_student import Job
from grader.wording import check_in_words, traceback_in_short, without_hints, without_our_places

TEMPLATES = Path(__file__).parent / "templates"
# What the pictures of a page may take together, and what else a single output may.
PICTURES, CHARACTERS = 500_000, 6_000
WIDTHS = {900: 8, 640: 20, 450: 40, 320: 999}  # of pictures, in pixels → how many a page may have
# A figure of the course, as `lungseg.plotting` gives it to a notebook.
FIGURE = re.compile(r'<img alt="([^"]*)"[^>]* src="data:image/png;base64,([A-Za-z0-9+/=]*)">')
KIND = "WEBP" if features.check("webp") else "PNG"


def write_feedback(job: Job) -> None:
    """Write the pages of a student who has been graded in `job.work`."""
    settings = Config(job.settings)
    settings.CourseDirectory.db_url = gradebooks.url(job.work / "gradebook.db")
    settings.HTMLExporter.template_name = "lungseg"
    settings.HTMLExporter.extra_template_basedirs = [str(TEMPLATES)]
    settings.GenerateFeedback.exporter_class = FeedbackExporter
    settings.GenerateFeedback.preprocessors = [GetGrades, MakePlain, MakeSmall]
    for assignment in job.assignments:
        graded = job.work / "autograded" / job.hand_in.student / assignment
        if any(graded.glob("*.ipynb")):
            folders = CourseDirectory(
                config=settings, root=str(job.work), assignment_id=assignment, student_id=job.hand_in.student
            )
            settings.MakePlain.folders = {str(graded): "your folder", str(job.work / "home"): "~", str(job.work): "..."}
            GenerateFeedback(coursedir=folders, config=settings).start()


class FeedbackExporter(HTMLExporter):
    """nbconvert's own, with formulas as MathML, which browsers draw by themselves."""

    def default_filters(self):
        yield from super().default_filters()
        yield "markdown2html", markdown_with_formulas
        yield "in_words", lambda each: in_words(each).removeprefix("the check of ")
        yield "picture", picture
        yield "short", lambda number: f"{round(float(number or 0), 2):g}"

    def _init_resources(self, resources):
        resources = super()._init_resources(resources)
        own = (TEMPLATES / "lungseg" / "feedback.css").read_text(encoding="utf-8")
        light, dark = (HtmlFormatter(style=style).get_style_defs(".highlight") for style in ("tango", "github-dark"))
        resources["feedback_css"] = f"{own}{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}"
        return resources


class _Formulas(IPythonRenderer):
    def block_math(self, body: str) -> str:
        return formula(body, "block")

    def inline_math(self, body: str) -> str:
        return formula(body, "inline")


def markdown_with_formulas(source: str) -> str:
    """Return the HTML of a text in Markdown."""
    return MarkdownWithMath(renderer=_Formulas(escape=False, exclude_anchor_links=True)).render(source)


def formula(latex: str, display: str) -> str:
    """Return a formula as MathML; as it was written where that is no formula.

    Examples
    --------
    >>> "<mfrac>" in formula(r"\\frac{1}{2}", "inline")
    True
    """
    try:
        return to_mathml(latex.strip(), display=display)
    except Exception:  # a student may have written anything between two dollars
        return f"<code>{escape(latex)}</code>"


def picture(output: NotebookNode, kind: str) -> str:
    """Return the tag of a picture, with the words that stand for it."""
    data = output.data[kind]
    words = output.metadata.get(kind, {}).get("alt") or output.data.get("text/plain", "")
    if not words or words.startswith("<"):
        words = "A picture that your code has drawn"
    if not data:
        return f'<p class="output">A picture has no place on this page: {escape(words)}</p>'
    true_kind = output.metadata.get("made_small", kind)
    return f'<img src="data:{true_kind};base64,{data}" alt="{escape(words)}">'


class MakePlain(NbGraderPreprocessor):
    """Leaves out what says nothing to a student: places on the computer that grades, and insides of libraries."""

    folders = Dict(help="folder of the one who grades → what it is called").tag(config=True)

    def preprocess(self, nb, resources):
        for cell in nb.cells:
            if cell.metadata.get("nbgrader", {}).get("grade"):
                check_in_words(cell)
            for output in cell.get("outputs", []):
                if output.output_type == "error":
                    output.traceback = [without_our_places(traceback_in_short(output), self.folders)]
                elif output.output_type == "stream":
                    output.text = without_our_places(without_hints(output.text), self.folders)
                else:
                    for kind in ("text/plain", "text/html", "text/markdown"):
                        if kind in output.data:
                            output.data[kind] = without_our_places(without_hints(output.data[kind]), self.folders)
        return nb, resources


class MakeSmall(NbGraderPreprocessor):
    """Makes the pictures of a notebook so small that the page with all of them stays below a megabyte."""

    def preprocess(self, nb, resources):
        outputs = [output for cell in nb.cells for output in cell.get("outputs", [])]
        for output in outputs:
            _take_picture(output)
            _shorten(output)
        shown = [output for output in outputs if _kind_of(output)]
        width = next((width for width, most in WIDTHS.items() if len(shown) <= most), min(WIDTHS))
        left = PICTURES
        for output in shown:
            tried = (_smaller(output.data[_kind_of(output)], each) for each in (width, min(WIDTHS)))
            data = next((small for small in tried if len(small) <= left), "")
            left -= len(data)
            output.data[_kind_of(output)] = data
            output.metadata["made_small"] = f"image/{KIND.lower()}"
        return nb, resources


def _take_picture(output: NotebookNode) -> None:
    """Take the picture out of the HTML in which a figure of the course stands, with its words."""
    figure = FIGURE.fullmatch(output.get("data", {}).get("text/html", ""))
    if figure:
        words, output.data["image/png"] = figure.groups()
        output.metadata["image/png"] = {"alt": unescape(words)}
        del output.data["text/html"]


def _kind_of(output: NotebookNode) -> str:
    return next((kind for kind in ("image/png", "image/jpeg") if kind in output.get("data", {})), "")


def _smaller(data: str, width: int) -> str:
    """Return a picture in base64, at most so many pixels wide; "" if it is none."""
    try:
        image = Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")
    except (OSError, ValueError):
        return ""
    image.thumbnail((width, width))
    small = io.BytesIO()
    image.save(small, KIND, quality=70, method=2)  # quickly
    return base64.b64encode(small.getvalue()).decode("ascii")


def _shorten(output: NotebookNode) -> None:
    """Cut what would make a page long: the beginning of a text tells what it is, the end of an error."""
    if output.output_type == "stream" and len(output.text) > CHARACTERS:
        output.text = f"{output.text[:CHARACTERS]}\n... and {len(output.text) - CHARACTERS:,} characters more"
    elif output.output_type == "error":
        output.traceback = ["\n".join(output.traceback)[-CHARACTERS:]]
    else:
        data = output.get("data", {})
        for kind in ("text/html", "image/svg+xml", "application/javascript"):
            if len(data.get(kind, "")) > 10 * CHARACTERS or kind != "text/html":
                data.pop(kind, None)
        if len(data.get("text/plain", "")) > CHARACTERS:
            data["text/plain"] = f"{data['text/plain'][:CHARACTERS]}..."
