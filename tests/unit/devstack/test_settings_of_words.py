"""Each word finds the settings of its own database user, and a shell finds all of them by one file."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from common.word_settings import with_word_settings
from devstack.env_file import render_env, render_settings
from devstack.secrets_file import CLIENT_KEY, SecretsFile
from devstack.words import NEEDS, Places, settings

PLACES = Places(kafka="127.0.0.1:9092", mariadb_port=13306, web_port=8000, consumer_status_port=8090, nginx_port=8080)


class WordSettings(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = Path(folder.name)
        self.secrets = SecretsFile(self.home)
        self.secrets.make_missing()

    def settings(self, word: str) -> dict[str, str]:
        return settings(word, self.home, PLACES, self.secrets)

    def test_the_app_is_never_told_of_the_data_centre(self) -> None:
        self.assertNotIn("DATACENTRE_DB_URL", self.settings("serve"))
        self.assertEqual(self.settings("serve")["REGION_DB_URL"], "mysql://playlog_app@127.0.0.1:13306/playlog_region")

    def test_only_migrate_is_given_a_user_who_may_change_tables(self) -> None:
        with_rights = [word for word in NEEDS if "playlog_migrate" in str(self.settings(word))]
        self.assertEqual(with_rights, ["migrate"])

    def test_the_password_stays_out_of_the_url(self) -> None:
        found = self.settings("report")
        self.assertNotIn(found["DATACENTRE_DB_PASSWORD"], found["DATACENTRE_DB_URL"])

    def test_secrets_are_kept_for_the_next_start_and_for_their_owner_alone(self) -> None:
        self.secrets.remember(CLIENT_KEY, "the-demo-clients-key")
        again = SecretsFile(self.home)
        again.make_missing()
        self.assertEqual(again.passwords(), self.secrets.passwords())
        self.assertEqual(again[CLIENT_KEY], "the-demo-clients-key")
        self.assertEqual((self.home / "etc" / "secrets.json").stat().st_mode & 0o777, 0o600)

    def test_a_words_file_is_read_back_under_the_environment(self) -> None:
        (self.home / "report.env").write_text(render_settings(self.settings("report")))
        found = with_word_settings("report", {"PLAYLOG_SETTINGS_DIR": str(self.home), "REPORT_DIR": "/elsewhere"})
        self.assertEqual(found["REPORT_DIR"], "/elsewhere")
        self.assertEqual(found["DATACENTRE_DB_PASSWORD"], self.secrets["playlog_reports"])

    def test_without_the_folder_a_word_has_its_environment_alone(self) -> None:
        self.assertEqual(with_word_settings("report", {"A": "1"}), {"A": "1"})
        self.assertEqual(
            with_word_settings("gone", {"PLAYLOG_SETTINGS_DIR": str(self.home)}),
            {"PLAYLOG_SETTINGS_DIR": str(self.home)},
        )


class ShellFile(unittest.TestCase):
    def test_a_shell_that_sources_it_has_the_path_and_the_settings(self) -> None:
        text = render_env(
            Path("/a clone/.venv/bin"),
            Path("/a clone/.local/settings"),
            {"PLAYLOG_URL": "http://x", "PLAYLOG_KEY": "k'1", "LEGACY_URL": "http://y"},
        )
        script = text + 'printf "%s\\n" "$PATH" "$PLAYLOG_SETTINGS_DIR" "$PLAYLOG_KEY" "$LEGACY_URL"'
        done = subprocess.run(
            ["sh", "-euc", script], env={"PATH": os.defpath}, capture_output=True, text=True, timeout=10, check=True
        )
        self.assertEqual(
            done.stdout.splitlines(),
            [f"/a clone/.venv/bin:{os.defpath}", "/a clone/.local/settings", "k'1", "http://y"],
        )
