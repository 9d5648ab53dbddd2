"""Status of a persister that runs, that was killed, and of a data centre that can't be asked."""

import tempfile
from pathlib import Path
from typing import Any

from lxml import html

from common.clock import SystemClock
from common.database import connect, database_url
from reports.status.facts import gather
from reports.status.pages import lines_of as status_lines
from tests.fakes.play_requests import log, request
from tests.integration.topic_rig import eventually
from tests.integration.words_case import AwayTopics, WordsCase


class StatusTest(WordsCase):
    def test_it_shows_the_persister_its_lag_and_its_end(self) -> None:
        nobody = self.document("status")
        self.assertIn("no persister was heard of", nobody["look"][0])
        self.rig.produce(*(request(log(), log()) for _ in range(3)))
        child = self.rig.start()
        self.rig.wait_until_stored(3)
        eventually(lambda: self.document("status")["persisters"] != [], "the persister has written its row")
        found = self.document("status")
        self.assertEqual((found["lag_records"], found["persisters"][0]["is_alive"]), (0, True))
        self.assertEqual(found["partitions"][0]["next_offset"], 3)
        self.assertEqual(found["persisters"][0]["partitions"][0]["partition"], 0)
        self.assertFalse([each for each in found["look"] if "persister" in each], found["look"])
        text = self.word("status").stdout
        self.assertRegex(text, r"stored: \d+ logs/s in \d+ requests/s, by 1 persisters")
        child.stop()
        self.assertEqual(self.document("status")["persisters"], [])

    def test_a_killed_persister_and_open_dead_letters_want_a_person(self) -> None:
        self.rig.produce(request(log(country="GBR")))
        child = self.rig.start()
        self.rig.wait_until_stored(1)
        eventually(lambda: self.document("status")["persisters"] != [], "the persister has written its row")
        child.kill()
        self.rig.as_root("UPDATE persister SET seen_at = seen_at - INTERVAL 2 MINUTE")
        done = self.word("status")
        self.assertEqual(done.returncode, 1)
        self.assertIn("LOOK: no persister was heard of within a minute", done.stdout)
        self.assertIn("LOOK: 1 dead letters are open", done.stdout)
        self.assertIn(self.rig.client, done.stdout)

    def test_the_page_says_the_same_in_one_file(self) -> None:
        self.rig.produce(request(log(), log()), request(log(country="GBR")))
        child = self.rig.start()
        self.rig.wait_until_stored(2)
        eventually(lambda: self.document("status")["persisters"] != [], "the persister has written its row")
        file = self.folder() / "status.html"
        done = self.word("status", "--html", str(file), "--job-notes", str(file.parent))
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        page: Any = html.document_fromstring(file.read_text())
        ledger = [[cell.text_content() for cell in row] for row in page.xpath("//table[@id='ledger']/tbody/tr")]
        self.assertEqual(ledger, [[self.rig.client, "preview", "3", "2", "0", "1"]])
        (letter,) = page.xpath("//table[@id='letters']/tbody/tr")
        self.assertIn(f"playlog dead-letters replay --client {self.rig.client} --reason", letter.text_content())
        self.assertIn("1 dead letters are open", page.get_element_by_id("wanted").text_content())
        child.stop()
        away = self.word("status", "--html", str(file), DATACENTRE_DB_URL="mysql://nobody@127.0.0.1:1/nothing")
        self.assertEqual(away.returncode, 75)
        page = html.document_fromstring(file.read_text())
        said = page.get_element_by_id("wanted").text_content()
        self.assertIn("can't be asked: the database failed with error 2002", said)
        nowhere = self.word("status", "--html", str(file.parent / "no" / "status.html"))
        self.assertEqual((nowhere.returncode, "Make its folder" in nowhere.stderr), (1, True), nowhere.stderr)

    def folder(self) -> Path:
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        return Path(made.name)

    def test_without_kafka_or_the_database_it_cannot_judge(self) -> None:
        environ = self.rig.stack.environ("status")
        connection = connect(database_url(environ["DATACENTRE_DB_URL"]), environ["DATACENTRE_DB_PASSWORD"])
        self.addCleanup(connection.close)
        facts = gather(connection, AwayTopics(), self.rig.topic, SystemClock().now())
        self.assertEqual(facts.kafka, "no answer in time")
        self.assertIn("Kafka could not be asked", status_lines(facts, [], SystemClock().now())[-1])
        away = self.word("status", DATACENTRE_DB_URL="mysql://nobody@127.0.0.1:1/nothing")
        self.assertEqual((away.returncode, "can't be asked" in away.stderr), (75, True), away.stderr)
