"""An inventory says what is wrong with it, place by place; no secret is in it; its words would start."""

import importlib
import tempfile
import unittest
from pathlib import Path

from common.config import load
from infra.inventory import (
    ELSEWHERE,
    ENVIRONMENTS,
    FOLDER,
    PLACEHOLDER,
    BadInventory,
    Host,
    Inventory,
    in_order,
    of_host,
    read,
)
from infra.site import Site
from infra.words import BY_NAME, ROLES

GOOD = """
environment = "uat"
[hosts."one.example"]
roles = ["persister"]
[settings]
KAFKA_BOOTSTRAP = "k:9093"
[settings.consume]
DATACENTRE_DB_PASSWORD = "${SECRET}"
FLUSH_ROWS = 100
"""


class ReadTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def problems(self, text: str, **environ: str) -> list[str]:
        (self.folder / "uat.toml").write_text(text)
        with self.assertRaises(BadInventory) as caught:
            read("uat", {**environ, ELSEWHERE: str(self.folder)})
        return caught.exception.problems

    def changed(self, old: str, new: str) -> list[str]:
        self.assertIn(old, GOOD)
        return self.problems(GOOD.replace(old, new), SECRET="x")

    def test_settings_are_the_shared_ones_and_the_words_own(self) -> None:
        (self.folder / "uat.toml").write_text(GOOD)
        found = read("uat", {"SECRET": "s3", ELSEWHERE: str(self.folder)})
        self.assertEqual(found.hosts, (Host("one.example", ("persister",)),))
        self.assertEqual(
            found.settings["consume"],
            {"PLAYLOG_ENV": "uat", "KAFKA_BOOTSTRAP": "k:9093", "DATACENTRE_DB_PASSWORD": "s3", "FLUSH_ROWS": "100"},
        )
        self.assertEqual(set(found.settings), {"consume", "catalogue-produce"})
        self.assertNotIn("s3", repr(found))

    def test_all_that_is_wrong_is_said_at_once_with_its_place(self) -> None:
        problems = self.problems(GOOD.replace("[settings]", "[settings]\nlower = 1"))
        self.assertEqual(
            problems,
            [
                "uat.toml: settings.lower must be the name of a setting, in capitals",
                "uat.toml: settings.consume.DATACENTRE_DB_PASSWORD wants ${SECRET}, which is not set",
            ],
        )

    def test_a_secret_that_is_written_into_the_file_is_refused_and_not_repeated(self) -> None:
        (problem,) = self.changed("${SECRET}", "hunter2")
        self.assertIn("settings.consume.DATACENTRE_DB_PASSWORD is a secret: write ${NAME}", problem)
        self.assertNotIn("hunter2", problem)

    def test_each_wrong_place_is_named(self) -> None:
        for old, new, said in (
            ('"uat"', '"production"', "environment must be"),
            ('["persister"]', '["webserver"]', "hosts.one.example.roles must be a list of reports and persister"),
            ('["persister"]', "[]", "hosts.one.example.roles must be a list"),
            ("[settings.consume]", "[settings.serve]", "settings.serve is no word of these hosts"),
            ("[settings]", "[colour]\nred = 1\n[settings]", "colour is unknown"),
            ("100", "[1]", "settings.consume.FLUSH_ROWS must be a text or a number"),
            ("100", "true", "settings.consume.FLUSH_ROWS must be a text or a number"),
            ('"k:9093"', '"it\'s"', "settings.KAFKA_BOOTSTRAP must have neither '"),
            ('environment = "uat"', 'environment = "uat"\nca = "/no/such/file"', "ca names /no/such/file, which is no"),
        ):
            with self.subTest(said):
                problems = self.changed(old, new)
                self.assertEqual(len(problems), 1, problems)
                self.assertIn(said, problems[0])

    def test_a_file_that_is_no_toml_is_named_with_the_line(self) -> None:
        (problem,) = self.problems("environment = uat")
        self.assertRegex(problem, r"^uat\.toml: .*line 1")

    def test_an_environment_that_nobody_knows_is_refused(self) -> None:
        with self.assertRaisesRegex(BadInventory, "it must be one of developer, uat, production"):
            read("test", {})
        with self.assertRaisesRegex(BadInventory, "there is no .*/uat.toml: PLAYLOG_INVENTORIES names the folder"):
            read("uat", {ELSEWHERE: str(self.folder / "nowhere")})

    def test_a_stacks_own_settings_lie_below_those_of_the_file(self) -> None:
        stack = self.folder / "stack"
        stack.mkdir()
        for word in ("consume", "catalogue-produce"):
            (stack / f"{word}.env").write_text("KAFKA_BOOTSTRAP=stack:1\nREGION_DB_URL=x\nLISTENER_SECRET=a=b\n")
        (self.folder / "uat.toml").write_text(GOOD.replace('"uat"', '"uat"\nsettings_from = "${STACK}"', 1))
        found = read("uat", {"SECRET": "s", "STACK": str(stack), ELSEWHERE: str(self.folder)}).settings["consume"]
        self.assertEqual((found["KAFKA_BOOTSTRAP"], found["LISTENER_SECRET"]), ("k:9093", "a=b"))
        self.assertNotIn("REGION_DB_URL", found)

    def test_reports_come_first_for_there_the_tables_are_made(self) -> None:
        hosts = [Host("a", ("persister",)), Host("b", ("reports", "persister")), Host("c", ("reports",))]
        self.assertEqual([host.name for host in in_order(hosts)], ["b", "c", "a"])

    def test_one_host_is_picked_by_its_name_and_a_wrong_name_lists_them(self) -> None:
        inventory = Inventory("uat", (Host("a", ("persister",)), Host("b", ("reports",))), None, None, {})
        self.assertEqual(of_host(inventory, "b").hosts, (Host("b", ("reports",)),))
        self.assertEqual(of_host(inventory, None), inventory)
        with self.assertRaisesRegex(BadInventory, "no host is called c; there are a, b"):
            of_host(inventory, "c")


class OwnTest(unittest.TestCase):
    """The inventories in the repository."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.ca = Path(folder.name) / "ca.pem"
        self.ca.write_text("-----BEGIN CERTIFICATE-----\n")

    def test_each_environment_has_one_with_both_roles(self) -> None:
        self.assertEqual({path.stem for path in FOLDER.glob("*.toml")}, set(ENVIRONMENTS))
        for name in ("uat", "production"):
            hosts = read(name, self.environ(name)).hosts
            self.assertEqual({role for host in hosts for role in host.roles}, set(ROLES))

    def test_every_word_would_start_with_its_settings(self) -> None:
        for name in ("uat", "production"):
            for word, settings in read(name, self.environ(name)).settings.items():
                here = {key: value.replace("/etc/playlog/ca.pem", str(self.ca)) for key, value in settings.items()}
                module, kind = BY_NAME[word].config.split(":")
                with self.subTest(f"{name}: {word}"):
                    load(getattr(importlib.import_module(module), kind), here)

    def test_uat_and_production_differ_in_names_alone(self) -> None:
        texts = {name: (FOLDER / f"{name}.toml").read_text().partition("\n")[2] for name in ("uat", "production")}
        self.assertEqual(texts["uat"].replace("uat", "production"), texts["production"])

    def test_a_settings_file_is_read_alike_by_bash_and_systemd(self) -> None:
        inventory = read("uat", self.environ("uat"))
        site = Site(inventory, "one", ROLES, "r")
        for word in site.words:
            for line in site.settings_text(word).splitlines()[1:]:
                self.assertRegex(line, r"^[A-Z_]+='[^']*'$")

    def environ(self, name: str) -> dict[str, str]:
        wanted = PLACEHOLDER.findall((FOLDER / f"{name}.toml").read_text())
        return dict.fromkeys(wanted, "x" * 40) | {"PLAYLOG_CA_FILE": str(self.ca)}
