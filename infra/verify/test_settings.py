"""Each word has its settings, can start with them, and reaches its database; no other user reads its secrets."""

import shlex

from infra.verify.case import HostCase
from infra.words import WORDS, Word

REACH = """\
import os, sys
sys.path.pop(0)
from common.config import load
from common.database import any_rows, connect
from common.datacentre import Datacentre
datacentre = load(Datacentre, os.environ)
print(any_rows(connect(datacentre.database, datacentre.password), "SELECT CURRENT_USER()")[0][0].partition("@")[0])
"""


class SettingsTest(HostCase):
    def test_its_user_alone_can_read_each_file(self) -> None:
        for word in self.site.words:
            self.is_owned(word.settings, word.user, 0o600)
            for user in {"nobody", *self.site.users} - {word.user}:
                self.refuses(user, f"cat {word.settings}")

    def test_each_file_is_what_the_inventory_says(self) -> None:
        for word in self.site.words:
            self.assertEqual(
                self.host.file(word.settings).content_string.splitlines(),
                self.site.settings_text(word).splitlines(),
                f"{word.settings} differs",
            )

    def test_no_settings_of_another_role_are_left(self) -> None:
        for word in WORDS:
            self.assertEqual(self.host.file(word.settings).exists, word in self.site.words, word.settings)

    def test_root_runs_a_word_with_its_settings_and_nobody_else_does(self) -> None:
        word = self.site.words[0]
        self.assertIn("usage: playlog", self.out(f"playlog {word.name} --help"))
        refused = self.host.run(self.as_user("nobody", f"playlog {word.name} --help"))
        self.assertEqual(refused.rc, 78, refused.stderr)

    def test_each_word_starts_with_its_settings(self) -> None:
        for word in self.site.words:
            self.starts(word)

    def test_each_word_reaches_the_database_as_its_own_user(self) -> None:
        for word in self.site.words:
            url = self.site.inventory.settings[word.name]["DATACENTRE_DB_URL"]
            self.assertEqual(self.out(self.reach(word)), url.partition("//")[2].partition("@")[0], word.name)

    def reach(self, word: Word) -> str:
        """The command that asks the database, as the word would, who it is."""
        inner = f'set -a; . {word.settings}; exec {self.site.release_folder}/bin/python -c "$1"'
        return f"runuser -u {word.user} -- env -i bash -c {shlex.quote(inner)} - {shlex.quote(REACH)}"
