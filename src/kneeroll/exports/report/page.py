"""The report as HTML that stands alone, and as PDF of one page. Nothing is fetched from anywhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import resources
from typing import TYPE_CHECKING

from jinja2 import Environment

from kneeroll import __version__
from kneeroll.errors import NotExported
from kneeroll.exports.report.sparks import bars, spark
from kneeroll.exports.report.values import Report
from kneeroll.languages import Language, translator
from kneeroll.outcomes.trends import SURE
from kneeroll.wording import DISCLAIMER

if TYPE_CHECKING:
    from weasyprint import Document

SIZES_PT = (8.6, 8.0, 7.4, 6.8)
"""Of the text: the largest with which everything is on one page."""
PRINTED_PT = 7.0
"""When a browser prints it, whose fonts nobody knows."""


def to_html(report: Report, language: Language, size_pt: float = PRINTED_PT, inside: Sequence[str] = ()) -> str:
    """The page, with its style and pictures in it and no script. inside: SVG pictures for a second sheet."""
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(resources.files("kneeroll.exports.report").joinpath("report.html").read_text("utf-8"))
    return template.render(
        report=report, language=language, _=translator(language), size=size_pt, spark=spark, bars=bars,
        version=__version__, disclaimer=DISCLAIMER, odds=f"{100 * min(SURE.values()):g}",
        inside=[on_paper(picture) for picture in inside],
    )  # fmt: skip


def on_paper(svg: str) -> str:
    """The picture in its light colours alone, written where they are used: what makes the PDF knows no variables."""
    colours = dict(re.findall(r"--(\w+):([^;}]+)", svg.partition("@media")[0]))
    return re.sub(r"var\(--(\w+)\)", lambda name: colours[name[1]], svg)


def to_pdf(report: Report, language: Language, inside: Sequence[str] = ()) -> bytes:
    """The page on one sheet of A4, in the largest letters that fit, and the pictures on a second one.

    NotExported says what the machine lacks.
    """
    sheets = 2 if inside else 1
    documents = (_document(to_html(report, language, size_pt, inside)) for size_pt in SIZES_PT)
    fitting = next((document for document in documents if len(document.pages) == sheets), None)
    if fitting is None:
        raise NotExported("The report does not fit on one page; write it as .html and print that from the browser")
    return bytes(fitting.write_pdf())


def check_pdf() -> str:
    """What makes the PDF. NotExported says what the machine lacks."""
    from PIL import ImageFile

    whole_only = ImageFile.LOAD_TRUNCATED_IMAGES
    try:
        import weasyprint
    except OSError as error:  # WeasyPrint is there, the system's Pango is not
        raise NotExported(
            f"A PDF needs Pango, which this machine lacks ({str(error).splitlines()[0]}). On Debian: sudo apt-get install "
            "libpangoft2-1.0-0. Or write the report as .html and print that from the browser"
        ) from error
    finally:  # it tells Pillow to take pictures that were cut short, in all of this process; a camera's are refused
        ImageFile.LOAD_TRUNCATED_IMAGES = whole_only
    return f"WeasyPrint {weasyprint.__version__}"


def _document(html: str) -> Document:
    check_pdf()
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    return HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=())).render()
