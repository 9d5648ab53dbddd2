"""Charts of a day's sums as inline SVG, by pygal: the same numbers give the same text, and nothing is fetched."""

import sys
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from pygal.graph.graph import Graph

#: In units of the drawing, which fills its column: a column is about as many pixels wide, so that texts can be read.
WIDTH = 420
BARS_HEIGHT = 210
#: Of a lying bar, with its label.
ROW_HEIGHT, ROWS_MARGIN = 26, 8
NUMBER_ROOM = 1.35
MOST_STEPS = 5
#: A longer label would leave no room for its bar; the table beside has it whole.
MOST_LABEL = 18
NAMESPACES = (' xmlns="http://www.w3.org/2000/svg"', ' xmlns:xlink="http://www.w3.org/1999/xlink"')


def bars(title: str, labels: Sequence[str], values: Sequence[int], marked: Sequence[str] = ()) -> Markup:
    """Standing bars in the order given; only the labels in `marked` are written, or all when it is empty."""
    pygal = _pygal()
    steps = ticks(max(values, default=0))
    chart = pygal.Bar(**_options(BARS_HEIGHT), show_minor_x_labels=not marked, range=(0, steps[-1]))
    chart.y_labels = steps
    chart.x_labels = list(labels)
    if marked:
        chart.x_labels_major = list(marked)
    return _drawn(chart, title, values)


def rows(title: str, labels: Sequence[str], values: Sequence[int]) -> Markup:
    """Lying bars, the first on top, each with its number."""
    pygal = _pygal()
    height = ROWS_MARGIN + ROW_HEIGHT * len(labels)
    options = _options(height) | {"print_values": True, "print_values_position": "top", "show_x_labels": False}
    # Room for the number behind the longest bar.
    chart = pygal.HorizontalBar(**options, range=(0, max(1, *values) * NUMBER_ROOM))
    # The library begins below.
    chart.x_labels = [_short(label) for label in reversed(labels)]
    return _drawn(chart, title, list(reversed(values)))


def ticks(most: int) -> list[int]:
    """Whole, round numbers from 0 to `most` or a little above, at most six."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if step * MOST_STEPS >= most:
                return [step * number for number in range(max(1, -(-most // step)) + 1)]
        power *= 10


def _short(label: str) -> str:
    return label if len(label) <= MOST_LABEL else f"{label[: MOST_LABEL - 1]}…"


def _drawn(chart: "Graph", title: str, values: Sequence[int]) -> Markup:
    """The drawing without what the library adds for itself: its name and date, styles, scripts and tooltips' texts."""
    chart.add("", list(values))
    tree: Any = chart.render_tree()
    from lxml import etree

    etree.strip_tags(tree, etree.Comment)
    etree.strip_elements(tree, *("{*}" + name for name in ("style", "script", "desc", "title")), with_tail=False)
    tree.attrib.pop("id", None)
    tree.set("role", "img")
    tree.set("aria-label", title)
    text = etree.tostring(tree, encoding="unicode")
    for namespace in NAMESPACES:
        text = text.replace(namespace, "", 1)
    return Markup(text)  # noqa: S704 - serialised by lxml, which escapes


def _options(height: int) -> dict[str, Any]:
    return {
        "style": _style(),
        "width": WIDTH,
        "height": height,
        "margin": 4,
        "spacing": 6,
        "js": (),
        "show_legend": False,
        "truncate_label": -1,
        "disable_xml_declaration": True,
        "value_formatter": lambda value: f"{value:,.0f}",
    }


@cache
def _pygal() -> Any:
    """The library, without the finder of plugins that it adds to every later import: it isn't one of today's."""
    # Imported where it works: most words only look at reports.
    import pygal

    # Only its own: importlib_metadata, which it imports, adds one that Python's own metadata goes through from then on.
    sys.meta_path[:] = [each for each in sys.meta_path if not type(each).__module__.startswith("pygal")]
    return pygal


@cache
def _style() -> Any:
    """Sizes, by which the library makes room for texts; colours are the page's."""
    _pygal()
    from pygal.style import Style

    return Style(label_font_size=12, major_label_font_size=12, value_font_size=12, font_family="sans-serif")
