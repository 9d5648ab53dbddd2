"""Set-up changes a machine by one apt-get line, and stops where that would take something away."""

import unittest

from devstack.setup_needs import NEEDS, java_version, resources_line
from devstack.setup_system import Run, SetupStopped, apt_line, has_candidate, install, privilege, removals

REMOVAL = """\
Reading package lists...
The following packages will be REMOVED:
  mysql-server-core-8.0
Remv mysql-server-core-8.0 [8.0.36-2]
Inst mariadb-server-core (1:10.11.6-0 Debian:12/stable [amd64])
"""


class FakeRunner:
    """Remembers the programs that it was asked for; answers as it was told, by a word of the line."""

    def __init__(self, **answers: list[Run]) -> None:
        self.lines: list[str] = []
        self._answers = answers

    def __call__(self, argv: list[str], quiet: bool) -> Run:
        line = " ".join(argv)
        self.lines.append(line)
        kind = "simulate" if " -s " in line else "update" if line.endswith(" update") else "install"
        answers = self._answers.get("sudo" if line == "sudo -n true" else kind, [])
        return answers.pop(0) if answers else Run(0)


class AptLine(unittest.TestCase):
    def test_the_line_asks_nothing_removes_nothing_and_waits_for_the_lock(self) -> None:
        self.assertEqual(
            " ".join(apt_line(["maven", "nginx"])),
            "env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -o DPkg::Lock::Timeout=300"
            " install -y --no-remove --no-install-recommends maven nginx",
        )

    def test_every_need_names_one_package(self) -> None:
        packages = [need.package for need in NEEDS]
        self.assertEqual(len(packages), len(set(packages)))
        self.assertIn("mariadb-server-core", packages)


class Installing(unittest.TestCase):
    def test_what_apt_would_remove_is_named_and_nothing_is_changed(self) -> None:
        run = FakeRunner(simulate=[Run(0, REMOVAL)])
        with self.assertRaisesRegex(SetupStopped, "apt would remove mysql-server-core-8.0"):
            install(["mariadb-server-core"], [], run)
        self.assertEqual(len(run.lines), 1)

    def test_a_machine_without_lists_is_updated_first(self) -> None:
        run = FakeRunner(simulate=[Run(100, "E: Unable to locate package maven"), Run(0)])
        install(["maven"], [], run)
        self.assertEqual(["-s" in line for line in run.lines], [True, False, True, False])
        self.assertTrue(run.lines[1].endswith(" update"))

    def test_a_package_that_nobody_has_stops_with_apts_own_words(self) -> None:
        run = FakeRunner(simulate=[Run(100), Run(100, "E: Unable to locate package maven")])
        with self.assertRaisesRegex(SetupStopped, "Unable to locate package maven"):
            install(["maven"], [], run)

    def test_old_lists_are_renewed_once_when_the_mirror_lacks_a_file(self) -> None:
        run = FakeRunner(install=[Run(100), Run(0)])
        install(["maven"], ["sudo", "-n"], run)
        self.assertTrue(run.lines[2].startswith("sudo -n env "))
        self.assertTrue(run.lines[2].endswith(" update"))

    def test_a_package_that_apt_could_not_install_has_no_candidate(self) -> None:
        for said, has in (("  Candidate: 156.0-1\n", True), ("  Candidate: (none)\n", False), ("", False)):
            self.assertEqual(has_candidate("chromium", FakeRunner(install=[Run(0, said)])), has)

    def test_only_the_reported_packages_count_as_removed(self) -> None:
        self.assertEqual(removals(REMOVAL), ["mysql-server-core-8.0"])
        self.assertEqual(removals("Inst maven (3.8)\nConf maven\n"), [])


class Privilege(unittest.TestCase):
    def test_root_needs_nothing_in_front(self) -> None:
        self.assertEqual(privilege(True, {}, FakeRunner()), [])

    def test_a_user_whose_sudo_wants_a_password_has_no_way(self) -> None:
        self.assertIsNone(privilege(False, {}, FakeRunner(sudo=[Run(1)])))


class Needs(unittest.TestCase):
    def test_java_versions_are_read_in_both_of_their_forms(self) -> None:
        self.assertEqual(java_version('openjdk version "17.0.15" 2025-04-15'), 17)
        self.assertEqual(java_version('java version "1.8.0_392"'), 8)
        self.assertEqual(java_version("command not found"), 0)

    def test_the_needs_are_said_and_what_is_short_is_named(self) -> None:
        self.assertNotIn("run out", resources_line(4.1, 20.0))
        self.assertIn("run out of memory and disk", resources_line(2.0, 1.0))
