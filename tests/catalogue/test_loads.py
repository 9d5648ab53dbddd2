"""The whole catalogue, beside changes: it goes on when it is killed, and ghosts are gone behind it."""

import signal
import threading
import unittest
from typing import ClassVar

from common.database import run
from devstack.mariadb_settings import DATACENTRE
from tests.catalogue.catalogue_rig import CatalogueRig, catalogue_rig
from tests.integration.topic_rig import eventually


class LoadTest(unittest.TestCase):
    rig: ClassVar[CatalogueRig]

    @classmethod
    def setUpClass(cls) -> None:
        cls.rig = catalogue_rig()
        cls.rig.does("sample", "--releases", "300")
        cls.rig.settled()

    def test_a_whole_load_that_is_killed_goes_on_and_removes_ghosts(self) -> None:
        rig = self.rig
        # As if the source had been restored from before these were there: nothing is left of them, not even a version.
        for release in (4007201, 4007202, 4007203):
            rig.add_release(release)
        rig.settled()
        rig.as_root(
            DATACENTRE,
            "SET @catalogue_is_told = 1;"
            + "".join(
                f"DELETE FROM catalogue_{table} WHERE release_id BETWEEN 4007201 AND 4007203;"
                for table in ("right", "track", "release", "version")
            ),
        )
        stop = threading.Event()
        writing = threading.Thread(target=self.write, args=(stop,))
        writing.start()
        try:
            rig.does("publish", "--all", "--no-wait")
            for least in (50, 150):
                eventually(lambda least=least: self.sent() >= least, "the load is under way")  # type: ignore[misc]
                rig.stack.producer.child.kill()
                rig.stack.producer.restart()
            eventually(
                lambda: not rig.source("SELECT 1 FROM catalogue_load WHERE state <> 'done'"), "the load has ended"
            )
        finally:
            stop.set()
            writing.join()
        rig.assert_equal("--from-log")
        states = rig.region("SELECT DISTINCT state FROM catalogue_release WHERE release_id BETWEEN 4007201 AND 4007203")
        self.assertEqual(states, [("ghost",)])
        self.assertEqual(rig.get("track/details?trackid=400720101&country=GB").status_code, 404)

    def write(self, stop: threading.Event) -> None:
        """Changes and deletions meanwhile."""
        connection = self.rig.writer()
        turn = 0
        while not stop.wait(0.02):
            turn += 1
            release = 100_000_001 + turn * 7 % 300
            sql = "UPDATE catalogue_release SET title = %s WHERE release_id = %s"
            run(connection, sql, (f"Title {turn}", release))
            if turn % 9 == 0:
                run(connection, "DELETE FROM catalogue_release WHERE release_id = %s", (release + 3,))
            connection.commit()
        connection.close()

    def sent(self) -> int:
        ((number,),) = self.rig.source("SELECT sent FROM catalogue_load ORDER BY number DESC LIMIT 1")
        return int(number)

    def test_a_catalogue_that_shrank_isnt_published_unasked(self) -> None:
        rig = self.rig
        rig.settled()
        ((published,),) = rig.source("SELECT COUNT(*) FROM catalogue_published WHERE NOT is_takedown")
        rows = ", ".join(f"({4_000_000_000 + number}, 1, '', 0, 0, 0, NOW(6))" for number in range(int(published)))
        insert = "INSERT INTO catalogue_published VALUES"
        rig.as_root(DATACENTRE, f"{insert} {rows}")
        try:
            done = rig.word("publish", "--all")
            self.assertEqual(done.returncode, 1)
            self.assertIn("--fewer", done.stderr)
        finally:
            rig.as_root(DATACENTRE, "DELETE FROM catalogue_published WHERE release_id >= 4000000000")

    def test_without_a_producer_it_stays_asked_for(self) -> None:
        rig = self.rig
        rig.settled()
        rig.stack.producer.child.ask_to_stop(signal.SIGTERM)
        rig.stack.producer.child.wait(10)
        try:
            rig.add_release(4007301)
            rig.does("publish", "--release", "4007301", "--no-wait")
            self.assertEqual(len(rig.source("SELECT 1 FROM catalogue_outbox WHERE release_id = 4007301 LIMIT 1")), 1)
        finally:
            rig.stack.producer.restart()
        rig.arrived(4007301)

    def test_a_release_that_is_too_large_waits_and_stops_no_other(self) -> None:
        rig = self.rig
        rig.add_release(4007302)
        rig.settled()
        # 60 tracks with 1,200 rights each.
        rows = ", ".join(
            f"(4007302, {track}, 'download', 'GB', '2020-01-01' + INTERVAL {number} MINUTE, NULL, NULL)"
            for track in range(1, 61)
            for number in range(1_200)
        )
        rig.as_root(DATACENTRE, "SET @catalogue_is_told = 1;" + "".join(self.tracks_of_7302()))
        rig.as_root(DATACENTRE, f"SET @catalogue_is_told = 1; INSERT INTO catalogue_right VALUES {rows}")
        rig.change("UPDATE catalogue_release SET title = 'Too large' WHERE release_id = 4007302")
        failure = "SELECT failure FROM catalogue_outbox WHERE release_id = 4007302 AND attempts > 0"
        eventually(lambda: bool(rig.source(failure)), "it is put off")
        self.assertIn("more than the topic's", rig.source(failure)[0][0])
        rig.add_release(4007303)
        rig.arrived(4007303)
        self.assertNotIn("Too large", rig.get("release/details?releaseid=4007302&country=GB").text)
        rig.as_root(
            DATACENTRE,
            "SET @catalogue_is_told = 1; DELETE FROM catalogue_right WHERE release_id = 4007302 AND track_id < 100;"
            " DELETE FROM catalogue_track WHERE release_id = 4007302 AND track_id < 100",
        )
        rig.does("repair", "--release", "4007302")
        rig.wait_for_answer("release/details?releaseid=4007302&country=GB", lambda reply: "Too large" in reply.text)
        rig.settled()

    def tracks_of_7302(self) -> list[str]:
        """Tracks whose rights don't fit into one record."""
        return [
            "INSERT INTO catalogue_track (track_id, release_id, title, type, track_number, artist_id)"
            f" VALUES ({number}, 4007302, 'x', 'audio', {number}, 1);"
            for number in range(1, 61)
        ]
