"""Feed files, from the disk to the answer."""

from datetime import UTC, datetime, timedelta

from tests.catalogue.feed_case import RELEASE_COLUMNS, TRACK_COLUMNS, FeedCase


class MadeUpFeedTest(FeedCase):
    def test_a_track_waits_for_its_release_and_is_sold_from_its_day_on(self) -> None:
        rig = self.rig
        rig.does("load-feed", self.write(TRACK_COLUMNS, self.track(400610101, 4006101)))
        rig.settled()
        path = "track/details?trackid=400610101&country=GB&usageTypes=download,subscriptionstreaming"
        self.assertEqual(rig.get(path).status_code, 404)
        rig.does("load-feed", self.write(RELEASE_COLUMNS, self.release(4006101)), "--force")
        rig.wait_for_answer(path, lambda reply: reply.status_code == 200)
        found = rig.get(path, Accept="application/json").json()["track"]
        self.assertEqual(found["download"]["releaseDate"], "2010-01-01T00:00:00Z")
        self.assertEqual(found["subscriptionStreaming"]["releaseDate"], "2011-01-01T00:00:00Z")
        rig.change("DELETE FROM catalogue_release WHERE release_id = 4006101")

    def test_two_countries_feeds_dont_disturb_each_other(self) -> None:
        rig, updates = self.rig, {"action": "U"}
        for country, currency in (("GB", "GBP"), ("DE", "EUR")):
            at = ("--country", country, "--currency", currency, "--force")
            rig.does("load-feed", self.write(RELEASE_COLUMNS, self.release(4006201) | updates), *at)
            rig.does("load-feed", self.write(TRACK_COLUMNS, self.track(400620101, 4006201) | updates), *at)
        path = "track/details?trackid=400620101&usageTypes=download&country="
        for country, currency in (("GB", "GBP"), ("DE", "EUR")):
            rig.wait_for_answer(f"{path}{country}", lambda reply, currency=currency: currency in reply.text)  # type: ignore[misc]
        gone = self.track(400620101, 4006201) | {"action": "D"}
        rig.does("load-feed", self.write(TRACK_COLUMNS, gone), "--force")
        rig.wait_for_answer(f"{path}GB", lambda reply: reply.status_code == 404)
        self.assertEqual(rig.get(f"{path}DE").status_code, 200)
        rig.does("load-feed", self.write(TRACK_COLUMNS, gone), "--country", "DE", "--force")
        rig.wait_for_answer(f"{path}DE", lambda reply: reply.status_code == 404)
        self.assertEqual(rig.source("SELECT 1 FROM catalogue_track WHERE track_id = 400620101"), [])

    def test_new_changed_and_deleted_in_one_file_ends_deleted(self) -> None:
        rig = self.rig
        rig.does("load-feed", self.write(RELEASE_COLUMNS, self.release(4006601)), "--force")
        lines = [self.track(400660101, 4006601) | {"action": action} for action in "UID"]
        rig.does(
            "load-feed", self.write(TRACK_COLUMNS, self.track(400660102, 4006601) | {"action": "I"}, *lines), "--force"
        )
        rig.settled()
        self.assertEqual(rig.region("SELECT track_id FROM catalogue_track WHERE release_id = 4006601"), [(400660102,)])

    def test_a_full_feed_takes_away_what_it_doesnt_name(self) -> None:
        rig, at = self.rig, ("--country", "NO", "--currency", "NOK", "--force")
        rig.does("load-feed", self.write(RELEASE_COLUMNS, self.release(4006301)), *at)
        rig.does(
            "load-feed", self.write(TRACK_COLUMNS, self.track(400630101, 4006301), self.track(400630102, 4006301)), *at
        )
        said = rig.does("load-feed", self.write(TRACK_COLUMNS, self.track(400630102, 4006301)), *at)
        self.assertIn("1 tracks that it doesn't name aren't sold in NO any more", said)
        self.assertEqual(rig.source("SELECT track_id FROM catalogue_track WHERE release_id = 4006301"), [(400630102,)])

    def test_nothing_is_loaded_of_a_file_with_a_bad_line_and_each_is_named(self) -> None:
        rig = self.rig
        good, bad = (
            self.track(400640101, 4006401) | {"action": "U"},
            self.track(400640102, 4006401) | {"action": "U", "price": "x"},
        )
        path = self.write(TRACK_COLUMNS, good, bad)
        done = rig.word("load-feed", path, "--force")
        self.assertEqual(done.returncode, 1)
        self.assertIn("line 3: price must be an amount like 0.99", done.stderr)
        self.assertEqual(rig.source("SELECT 1 FROM catalogue_track WHERE track_id = 400640101"), [])
        rig.does("load-feed", path, "--skip-bad", "--force")
        self.assertEqual(len(rig.source("SELECT 1 FROM catalogue_track WHERE release_id = 4006401")), 1)

    def test_an_older_feed_than_the_last_one_is_refused(self) -> None:
        rig = self.rig
        path = self.write(RELEASE_COLUMNS, self.release(4006501))
        today = datetime.now(UTC).date()
        at = ("--country", "SE", "--currency", "SEK")
        rig.does("load-feed", path, *at)
        done = rig.word("load-feed", path, *at, "--day", str(today - timedelta(days=1)))
        self.assertEqual(done.returncode, 1)
        self.assertIn("--force", done.stderr)
        rig.does("load-feed", path, *at, "--day", str(today - timedelta(days=1)), "--force")

    def test_a_sample_is_made_once(self) -> None:
        rig = self.rig
        self.assertIn("20 releases with", rig.does("sample", "--releases", "20"))
        counts = "SELECT COUNT(*) FROM catalogue_track WHERE release_id > 100000000"
        before = rig.source(counts)
        rig.does("sample", "--releases", "20")
        self.assertEqual(rig.source(counts), before)
        kinds = rig.source("SELECT DISTINCT usage_type FROM catalogue_right WHERE release_id > 100000000")
        self.assertEqual({row[0] for row in kinds}, {"download", "subscriptionStreaming", "adSupportedStreaming"})
