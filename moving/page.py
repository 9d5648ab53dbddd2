"""The report as a page: self-contained, for a browser at any width, and for paper."""

from pathlib import Path

import jinja2

from moving.report import VERDICTS, Report

FOLDER = Path(__file__).with_name("templates")


def render_page(report: Report) -> str:
    """HTML. What clients and APIs sent is escaped."""
    loader = jinja2.FileSystemLoader(FOLDER)
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    environment.filters["shown"] = lambda value: "nothing" if value is None else value
    return environment.get_template("report.html").render(report=report, verdicts=VERDICTS)
