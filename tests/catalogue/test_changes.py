"""What changes in the source is in the region within a moment, by whomever it was changed, and nothing is lost."""

import threading
import unittest
from typing import ClassVar

from common.database import run
from tests.catalogue.catalogue_rig import CatalogueRig, catalogue_rig


class ChangesTest(unittest.TestCase):
    rig: ClassVar[CatalogueRig]

    @classmethod
    def setUpClass(cls) -> None:
        cls.rig = catalogue_rig()

    def test_each_kind_of_change_by_plain_sql_arrives(self) -> None:
        rig, release = self.rig, 4005001
        rig.add_release(release)
        rig.arrived(release)
        path = f"track/details?trackid={release}01&country=GB&usageTypes=download"
        rig.wait_for_answer(path, lambda reply: reply.status_code == 200)
        place = f"({release}, {release}01, 'GB', 2"
        for statement, part in (
            (f"UPDATE catalogue_track SET title = 'Renamed' WHERE track_id = {release}01", "Renamed"),
            (f"UPDATE catalogue_release SET title = 'Album Two' WHERE release_id = {release}", "Album Two"),
            ("INSERT INTO catalogue_label (label_id, name) VALUES (4005001, 'Label X')", None),
            (f"UPDATE catalogue_release SET label_id = 4005001 WHERE release_id = {release}", "Label X"),
            ("UPDATE catalogue_label SET name = 'Label Y' WHERE label_id = 4005001", "Label Y"),
            (f"INSERT INTO catalogue_price VALUES {place}, 'GBP', 1.49, NULL)", "1.49"),
            (f"INSERT INTO catalogue_price_format VALUES {place}, 45)", "FLAC 16/44.1"),
            ("UPDATE catalogue_artist SET name = 'Another' WHERE artist_id = 1", "Another"),
        ):
            rig.change(statement)
            if part is not None:
                rig.wait_for_answer(path, lambda reply, part=part: part in reply.text)  # type: ignore[misc]
        rig.change(f"DELETE FROM catalogue_right WHERE track_id = {release}01")
        rig.wait_for_answer(path, lambda reply: "Track not found" in reply.text)

    def test_a_takedown_is_2001_at_once_and_keeps_its_version(self) -> None:
        rig, release = self.rig, 4005002
        rig.add_release(release)
        rig.arrived(release)
        path = f"release/details?releaseid={release}&country=GB"
        rig.wait_for_answer(path, lambda reply: reply.status_code == 200)
        self.assertIn("is deleted", rig.does("takedown", str(release), "--reason", "a test"))
        rig.wait_for_answer(path, lambda reply: "Release not found" in reply.text)
        self.assertEqual(rig.held(release), (rig.version(release), "takedown"))
        self.assertEqual(rig.word("takedown", str(release), "--reason", "again").returncode, 1)
        rig.add_release(release, title="Back again")
        rig.wait_for_answer(path, lambda reply: "Back again" in reply.text)

    def test_one_album_is_published_whether_it_changed_or_not(self) -> None:
        rig, release = self.rig, 4005003
        rig.add_release(release)
        rig.arrived(release)
        before = rig.version(release)
        self.assertIn(f"version {before + 1} is at partition", rig.does("publish", "--release", str(release)))
        done = rig.word("publish", "--release", "4000000000")
        self.assertEqual(done.returncode, 1)
        self.assertIn("has never had release 4000000000", done.stderr)

    def test_eight_writers_at_once_lose_no_change(self) -> None:
        rig, releases = self.rig, range(4005100, 4005110)
        for release in releases:
            rig.add_release(release, tracks=1)
        failures: list[BaseException] = []

        def write(number: int) -> None:
            try:
                connection = rig.writer()
                for turn in range(12):
                    release = releases[(number + turn) % len(releases)]
                    sql = "UPDATE catalogue_track SET popularity = popularity IS NULL, duration_seconds = %s"
                    run(connection, f"{sql} WHERE track_id = %s", (number * 100 + turn, release * 100 + 1))
                    connection.commit()
                connection.close()
            except BaseException as error:
                failures.append(error)
                raise

        threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        rig.assert_equal()
        for release in releases:
            ((seconds,),) = rig.source(
                "SELECT duration_seconds FROM catalogue_track WHERE track_id = %s", release * 100 + 1
            )
            reply = rig.get(f"track/details?trackid={release}01&country=GB", Accept="application/json")
            self.assertEqual(reply.json()["track"]["duration"], seconds)
