"""One page for a professional: composed of values, printed as HTML and PDF."""

from kneeroll.exports.report.compose import compose
from kneeroll.exports.report.page import check_pdf, to_html, to_pdf
from kneeroll.exports.report.values import Report

__all__ = ["Report", "check_pdf", "compose", "to_html", "to_pdf"]
