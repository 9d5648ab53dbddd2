"""Producer, broker, sink and database killed while somebody writes: in the end all is equal."""

import threading
import unittest
from typing import ClassVar

from common.database import run
from devstack.mariadb_settings import REGION
from tests.catalogue.catalogue_rig import CatalogueRig, catalogue_rig

ADD = "INSERT IGNORE INTO catalogue_release (release_id, title, type, artist_id) VALUES (%s, %s, 'Album', 1)"
RELEASES = range(4007501, 4007541)


class KilledTest(unittest.TestCase):
    rig: ClassVar[CatalogueRig]

    @classmethod
    def setUpClass(cls) -> None:
        cls.rig = catalogue_rig()
        for release in RELEASES:
            cls.rig.add_release(release, tracks=3)
        cls.rig.settled()

    def write(self, stop: threading.Event, done: list[int]) -> None:
        """Changes a release every few milliseconds; deletes some, and brings them back."""
        connection = self.rig.writer()
        turn = 0
        while not stop.wait(0.005):
            turn += 1
            release = RELEASES[turn * 7 % len(RELEASES)]
            if turn % 11 == 0:
                run(connection, "DELETE FROM catalogue_release WHERE release_id = %s", (release,))
            elif turn % 11 == 5:
                run(connection, ADD, (release, f"Again {turn}"))
            else:
                sql = "UPDATE catalogue_track SET title = %s WHERE track_id = %s"
                run(connection, sql, (f"Title {turn}", release * 100 + 1))
            connection.commit()
        connection.close()
        done.append(turn)

    def test_killed_under_writes_all_is_equal_in_the_end(self) -> None:
        rig, stack = self.rig, self.rig.stack
        stop, done = threading.Event(), [0]
        writing = threading.Thread(target=self.write, args=(stop, done))
        writing.start()
        try:
            stack.producer.child.kill()
            stack.producer.restart()
            stack.sink.child.kill()
            stack.sink.restart()
            stack.kafka.kill()
            stack.kafka.restart()
            stack.producer.child.pause()
            stack.sink.child.kill()
            stack.producer.child.resume()
            stack.sink.restart()
        finally:
            stop.set()
            writing.join()
        self.assertGreater(done[-1], 100)
        rig.assert_equal("--from-log")
        records = rig.region("SELECT COUNT(*) FROM catalogue_record")[0][0]
        positions = rig.region("SELECT SUM(next_offset) FROM consumer_offset")[0][0]
        # What was trimmed before this region began is booked as a gap.
        trimmed = rig.as_root(REGION, "SELECT COALESCE(SUM(to_offset - from_offset), 0) FROM gap")
        self.assertEqual(int(records) + int(trimmed), int(positions))
        self.assertEqual(rig.as_root(REGION, "SELECT id FROM dead_letter").split(), [])
