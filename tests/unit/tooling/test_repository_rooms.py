"""The house keeps its promises: imports go one way, files stay small, migrations have numbers, words are described."""

import re
import unittest

from commands.__main__ import words
from tests.unit.tooling.repository import ROOT, imports_of, tracked

#: What each room may import of ours, beside itself.
MAY_IMPORT = {
    "common": set(),
    "app": {"common"},
    "catalogue": {"common"},
    "consumer": {"common"},
    "reports": {"common"},
    "migrations": {"common"},
    "listeners": {"common", "reports"},
    "moving": {"common"},
    # It speaks for the legacy API, in the shape that ours has as well.
    "standin": {"app", "catalogue", "common"},
    "commands": {"app", "catalogue", "common", "consumer", "listeners", "migrations", "moving", "reports"},
    "devstack": {"common"},
    "rollout": {"common"},
    # It brings wheels to other machines; devstack finds the free ports of its test host.
    "infra": {"devstack"},
    "bench": {"app", "catalogue", "commands", "common", "consumer", "devstack", "reports"},
}
MOST_LINES = 200


class RoomTest(unittest.TestCase):
    def test_imports_go_one_way(self) -> None:
        for room, allowed in MAY_IMPORT.items():
            for path in (ROOT / room).rglob("*.py"):
                strange = set(imports_of(path)) & ({*MAY_IMPORT, "tests"} - allowed - {room})
                self.assertEqual(strange, set(), f"{path.relative_to(ROOT)} must not import these")

    def test_every_room_of_code_is_in_the_list(self) -> None:
        rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
        self.assertEqual(rooms, set(MAY_IMPORT))

    def test_the_partners_package_needs_nothing_of_ours(self) -> None:
        for path in (ROOT / "client").rglob("*.py"):
            self.assertEqual(set(imports_of(path)) & {*MAY_IMPORT, "tests"}, set(), path.name)
        for room in MAY_IMPORT:
            for path in (ROOT / room).rglob("*.py"):
                if room != "commands":
                    self.assertNotIn("playlog_client", imports_of(path), path)

    def test_files_stay_small(self) -> None:
        long = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in tracked("*.py")}
        self.assertEqual({name: lines for name, lines in long.items() if lines > MOST_LINES}, {})

    def test_migrations_are_numbered_without_a_gap(self) -> None:
        for database in ("region", "datacentre"):
            names = sorted(path.name for path in (ROOT / "migrations" / database).glob("[0-9]*.sql"))
            self.assertTrue(all(re.fullmatch(r"\d{4}_[a-z_]+\.sql", name) for name in names), names)
            self.assertEqual([int(name[:4]) for name in names], list(range(1, len(names) + 1)))

    def test_every_word_is_described_in_the_architecture(self) -> None:
        text = (ROOT / "docs" / "architecture.md").read_text()
        self.assertEqual(set(re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE)), set(words()))

    def test_the_front_page_is_short_and_names_both_commands(self) -> None:
        text = (ROOT / "README.md").read_text()
        self.assertLessEqual(len(text.splitlines()), 150)
        for command in ("make run", "make test"):
            self.assertIn(command, "\n".join(text.splitlines()[:60]))

    def test_decisions_are_short_and_numbered(self) -> None:
        pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
        self.assertEqual([int(page.name[:4]) for page in pages], list(range(1, len(pages) + 1)))
        self.assertEqual([page.name for page in pages if len(page.read_text().splitlines()) > 40], [])

    def test_no_file_names_a_registry_or_somebodys_folder(self) -> None:
        names = ("pypi", "pythonhosted", "repo1.maven", "repo.maven.apache", "npmjs", "deb.debian")
        hosts = [f"{name}.org" for name in names]
        hosts += [f"/{folder}/" for folder in ("home", "work", "Users")]
        for path in tracked():
            text = path.read_bytes().decode(errors="replace")
            self.assertEqual([host for host in hosts if host in text], [], path.relative_to(ROOT))
