"""Metrics have one truth: the table in the code, docs/metrics.md, the dashboard and the monitors agree."""

import ast
import json
import re
import unittest
from collections.abc import Iterator

from common.metrics import METRICS
from tests.unit.tooling.repository import ROOT, tracked

FOLDER = ROOT / "deploy" / "datadog"
ROOMS = ("app", "catalogue", "commands", "common", "consumer", "listeners", "moving", "reports")
#: AGGREGATOR:playlog.NAME[.PERCENTILE]{FILTERS} [by {TAGS}]
QUERY = re.compile(
    r"(\w+):playlog\.([a-z_.]+?)(\.95percentile|\.avg|\.max)?"
    r"\{((?:\$\{[A-Z_]+\}|[^}])*)\}(?: by \{([^}]*)\})?(\.as_count\(\))?"
)


def queries() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each query of the dashboard and the monitors, with the file that it stands in."""
    for path in sorted(FOLDER.glob("*.json")):
        text = path.read_text()
        found = QUERY.findall(text)
        if len(found) != text.count("playlog."):
            raise AssertionError(f"{path.name} names a metric in a way that isn't read here")
        for each in found:
            yield path.name, each


def anchors() -> set[str]:
    """The anchors of the runbook's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", (ROOT / "docs" / "runbook.md").read_text(), re.MULTILINE)
    return {anchor_of(each) for each in headings}


def anchor_of(heading: str) -> str:
    return re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")


class MetricsTest(unittest.TestCase):
    def test_the_page_says_what_the_code_says(self) -> None:
        page = re.findall(r"^\| `playlog\..*$", (ROOT / "docs" / "metrics.md").read_text(), re.MULTILINE)
        wanted = [
            f"| `playlog.{name}` | {each.kind} | {each.unit} | {', '.join(each.tags) or '–'} | {each.meaning} |"
            for name, each in METRICS.items()
        ]
        self.assertEqual(page, wanted)

    def test_every_metric_is_sent_as_the_kind_that_the_table_says(self) -> None:
        sent: dict[str, set[str]] = {}
        for room in ROOMS:
            for path in tracked(f"{room}/*.py"):
                for node in ast.walk(ast.parse(path.read_text())):
                    match node:
                        case ast.Call(
                            func=ast.Attribute(attr="count" | "gauge" | "timing" as kind),
                            args=[ast.Constant(value=str(name)), *_],
                        ) if re.fullmatch(r"[a-z]+\.[a-z_]+", name):
                            sent.setdefault(name, set()).add(kind)
        # One loop stores both: of the catalogue under names of its own (FamilyMetrics).
        of_the_loop = {name: kinds for name, kinds in sent.items() if name.startswith("persister.")}
        del of_the_loop["persister.days_ahead"]
        sent |= {name.replace("persister.", "catalogue."): kinds for name, kinds in of_the_loop.items()}
        self.assertEqual(sent, {name: {each.kind} for name, each in METRICS.items()})

    def test_the_dashboard_and_the_monitors_ask_for_metrics_and_tags_that_exist(self) -> None:
        for place, (_, name, part, filters, by, as_count) in queries():
            metric = METRICS[name]
            kind = "timing" if part else "count" if as_count else "gauge"
            self.assertEqual(kind, metric.kind, f"{place}: {name}")
            tags = {each.partition(":")[0] for each in (*filters.split(","), *filter(None, by.split(",")))}
            self.assertEqual(tags - {*metric.tags, "env", "$env"}, set(), f"{place}: {name}")

    def test_each_query_asks_for_one_environment(self) -> None:
        for place, (_, name, _, filters, *_) in queries():
            self.assertIn("$env" if place == "dashboard.json" else "env:${PLAYLOG_ENV}", filters.split(","), name)

    def test_every_metric_is_on_the_dashboard(self) -> None:
        shown = {name for place, (_, name, *_) in queries() if place == "dashboard.json"}
        self.assertEqual(shown, set(METRICS))


class MonitorTest(unittest.TestCase):
    monitors = json.loads((FOLDER / "monitors.json").read_text())

    def test_each_monitor_names_its_heading_of_the_runbook(self) -> None:
        for each in self.monitors:
            (anchor,) = re.findall(r"docs/runbook\.md#([a-z-]+)", each["message"])
            self.assertIn(anchor, anchors(), each["name"])
            self.assertEqual(anchor, anchor_of(f"Monitor: {each['name'].partition(': ')[2]}"))
            self.assertIn("${NOTIFY}", each["message"])

    def test_the_threshold_in_the_query_is_the_critical_one(self) -> None:
        for each in self.monitors:
            (threshold,) = re.findall(r" [<>]=? ([0-9.]+)$", each["query"])
            self.assertEqual(float(threshold), each["options"]["thresholds"]["critical"], each["name"])

    def test_names_are_used_once(self) -> None:
        names = [each["name"] for each in self.monitors]
        self.assertEqual(len(names), len(set(names)))
