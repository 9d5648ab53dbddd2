"""Source, topic and region are proved equal without a pause; what was tampered with is named, and mended."""

import tempfile
import unittest
from pathlib import Path
from typing import ClassVar

from devstack.mariadb_settings import DATACENTRE, REGION
from tests.catalogue.catalogue_rig import CatalogueRig, catalogue_rig

FIRST = 4007001
ADD_TRACK = "INSERT INTO catalogue_track (track_id, release_id) VALUES"
CHANGE = "UPDATE catalogue_release SET"
FLIP = """
UPDATE catalogue_release SET document = INSERT(document, 40, 1, CHAR(ASCII(SUBSTRING(document, 40, 1)) ^ 1))
WHERE release_id = 4007001"""
SWAP = """
UPDATE catalogue_release AS r, (SELECT document, digest FROM catalogue_release WHERE release_id = 4007002) AS other
SET r.document = other.document, r.digest = other.digest WHERE r.release_id = 4007003"""
ROGUE = """
INSERT INTO catalogue_release
SELECT 4007999, version, state, digest, document, partition_no, seen_offset, changed_at, stored_at
FROM catalogue_release WHERE release_id = 4007005"""


class ProofTest(unittest.TestCase):
    rig: ClassVar[CatalogueRig]

    @classmethod
    def setUpClass(cls) -> None:
        cls.rig = catalogue_rig()
        for release in range(FIRST, FIRST + 9):
            cls.rig.add_release(release)
        cls.rig.settled()

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "different"

    def verify(self, *arguments: str) -> str:
        """What it says when it isn't equal."""
        done = self.rig.word("verify", "--output", str(self.file), *arguments)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("NOT EQUAL", done.stdout)
        return done.stdout

    def test_all_is_equal_by_the_sums_and_by_the_topic(self) -> None:
        self.rig.assert_equal()
        self.rig.assert_equal("--from-log")

    def test_a_region_that_still_reads_is_neither_equal_nor_different_unless_something_differs(self) -> None:
        rig = self.rig
        rig.settled()
        rig.stack.sink.stop()
        rig.as_root(REGION, "UPDATE catalogue_sum SET as_of = NULL WHERE partition_no = 0")
        done = rig.word("verify")
        self.assertEqual(done.returncode, 75, done.stdout)
        self.assertIn("no checkpoint has come in partitions 0. Try again", done.stdout)
        rig.as_root(REGION, "UPDATE catalogue_release SET version = version + 1 WHERE release_id = 4007002")
        self.assertIn("release 4007002", self.verify("--leg", "region"))
        rig.as_root(REGION, "UPDATE catalogue_release SET version = version - 1 WHERE release_id = 4007002")
        rig.stack.sink.start()
        rig.assert_equal()

    def test_each_tampering_is_named_and_repaired(self) -> None:
        rig = self.rig
        rig.settled()
        tampered = (
            ("a byte of a document", FLIP, 4007001),
            ("a document of another release, with its digest", SWAP, 4007003),
            ("a release that is gone", "DELETE FROM catalogue_release WHERE release_id = 4007004", 4007004),
            ("a rogue release", ROGUE, 4007999),
            ("a track that is gone", "DELETE FROM catalogue_track WHERE track_id = 400700601", 4007006),
            ("a rogue track", f"{ADD_TRACK} (400799901, 4007007)", 4007007),
            ("a track of no release", f"{ADD_TRACK} (400799801, 4007998)", 4007998),
            ("a ghost that is none", f"{CHANGE} state = 'ghost' WHERE release_id = 4007008", 4007008),
            ("a version", f"{CHANGE} version = 900 WHERE release_id = 4007009", 4007009),
        )
        for _, tamper, _ in tampered:
            rig.as_root(REGION, tamper)
        said = self.verify("--leg", "region")
        for what, _, release in tampered:
            self.assertIn(f"release {release}: ", said, what)
        rig.does("repair", "--differences", str(self.file))
        rig.assert_equal("--from-log")
        self.assertEqual(rig.get("release/details?releaseid=4007999&country=GB").status_code, 404)
        for release in (4007001, 4007003, 4007004, 4007006, 4007007, 4007008, 4007009):
            self.assertEqual(rig.get(f"release/tracks?releaseid={release}&country=GB").status_code, 200)

    def test_what_no_other_column_shows_is_named_without_the_topic(self) -> None:
        rig = self.rig
        rig.settled()
        rig.as_root(REGION, f"{CHANGE} version = 800 WHERE release_id = 4007002")
        self.assertIn("release 4007002: ", self.verify("--leg", "region"))
        rig.does("repair", "--differences", str(self.file))
        rig.assert_equal()

    def test_a_source_that_changed_without_a_version_is_named_and_repaired(self) -> None:
        rig = self.rig
        rig.settled()
        rig.as_root(
            DATACENTRE,
            "SET @catalogue_is_told = 1; UPDATE catalogue_track SET title = 'Quietly' WHERE track_id = 400700201",
        )
        said = self.verify("--leg", "published")
        self.assertIn("release 4007002: changed without a new version", said)
        rig.does("repair")
        rig.wait_for_answer("track/details?trackid=400700201&country=GB", lambda reply: "Quietly" in reply.text)
        rig.assert_equal()

    def test_a_change_that_was_never_published_is_named(self) -> None:
        rig = self.rig
        rig.settled()
        rig.as_root(DATACENTRE, "DELETE FROM catalogue_published WHERE release_id = 4007003")
        said = self.verify("--leg", "published")
        self.assertIn("release 4007003: not published", said)
        self.assertIn("the kept sum isn't that of what is published there", said)
        rig.does("repair")
        # The next producer makes the sums anew.
        rig.stack.producer.stop()
        rig.stack.producer.restart()
        rig.assert_equal("--from-log")

    def test_a_trace_shows_each_hop(self) -> None:
        rig = self.rig
        rig.settled()
        said = rig.does("trace", "4007005")
        for part in ("source     version", "published  version", "topic      partition", "applied", "holds version"):
            self.assertIn(part, said)
        self.assertIn("track 400700501 is on release 4007005", rig.does("trace", "400700501", "--track"))
        done = rig.word("trace", "3999999999")
        self.assertEqual(done.returncode, 1)
        self.assertIn("never heard of it", done.stdout)
