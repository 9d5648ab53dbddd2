"""What is moved goes to ours, and nothing else does; members of a share stay members; and back in one command."""

import requests

from moving.plan import PATHS, Move
from tests.moving.moving_case import MovingCase
from tests.moving.moving_rig import SECONDS
from tests.moving.operator_words import DETAILS

WHOLE = Move(1, DETAILS)


class MovesTest(MovingCase):
    def test_one_track_of_one_client_goes_to_ours_alone_answers_the_same_and_back(self) -> None:
        first, second, *_ = self.rig.tracks
        self.rig.put()
        before = self.rig.get(first)
        self.assertEqual(before.headers["X-Origin"], "legacy")
        number = self.rig.add("--client", "acme", "--track", str(first))
        after = self.rig.get(first)
        self.assertEqual(after.headers["X-Origin"], "app")
        self.assertEqual(
            (before.content, before.headers["Content-Type"]), (after.content, after.headers["Content-Type"])
        )
        self.assertEqual(self.rig.origin(second), "legacy")
        self.assertEqual(self.rig.origin(first, self.rig.other_key), "legacy")
        said = self.rig.does("remove", str(number))
        self.assertIn("1 nginx has it", said)
        self.assertEqual(self.rig.origin(first), "legacy")

    def test_members_of_a_share_of_tracks_stay_members_when_it_grows(self) -> None:
        tracks = self.rig.tracks[:45]
        number = 1
        self.rig.put(Move(number, DETAILS, "acme", share=10.0, by="track"))
        found = [{track for track, origin in self.rig.origins(tracks).items() if origin == "app"}]
        for share in ("40", "100"):
            self.rig.does("ratio", str(number), share, "--force", "--reason", "a test")
            found.append({track for track, origin in self.rig.origins(tracks).items() if origin == "app"})
        ten, forty, all_ = found
        self.assertTrue(0 < len(ten) < len(forty) < len(all_), [len(each) for each in found])
        self.assertLess(ten, forty)
        self.assertEqual(all_, set(tracks))
        # Down again: the same members as before, without a question.
        self.rig.does("ratio", str(number), "10")
        self.assertEqual({track for track, who in self.rig.origins(tracks).items() if who == "app"}, ten)

    def test_a_share_of_clients_takes_each_client_whole_on_every_path(self) -> None:
        tracks = self.rig.tracks[:5]
        self.rig.put(Move(1, DETAILS, share=50.0), Move(2, "/1.2/release/details", share=50.0))
        for key in (self.rig.key, self.rig.other_key):
            found = set(self.rig.origins(tracks, key).values())
            self.assertEqual(len(found), 1, found)
            reply = requests.get(
                f"{self.rig.url}/1.2/release/details?releaseid=100000001&country=GB&oauth_consumer_key={key}", timeout=9
            )
            self.assertEqual({reply.headers["X-Origin"]}, found)

    def test_the_track_is_found_however_the_parameter_is_written(self) -> None:
        track = self.rig.tracks[0]
        self.rig.put(Move(1, DETAILS, track=str(track)))
        for query in (f"trackId={track}&country=GB", f"country=GB&TRACKID={track}"):
            reply = requests.get(f"{self.rig.url}{DETAILS}?{query}&oauth_consumer_key={self.rig.key}", timeout=SECONDS)
            self.assertEqual((reply.status_code, reply.headers["X-Origin"]), (200, "app"), query)
        # Only inside another value, or of another parameter: not this track.
        for query in (f"country=GB&trackid=1&q=trackid={track}", f"country=GB&nottrackid={track}&trackid=2"):
            reply = requests.get(f"{self.rig.url}{DETAILS}?{query}&oauth_consumer_key={self.rig.key}", timeout=SECONDS)
            self.assertEqual(reply.headers["X-Origin"], "legacy", query)

    def test_other_methods_and_paths_go_to_the_legacy_api(self) -> None:
        self.rig.put(*(Move(number, path) for number, path in enumerate(PATHS, 1)))
        target = f"{self.rig.url}{self.rig.path(self.rig.tracks[0])}"
        self.assertEqual(requests.get(target, timeout=SECONDS).headers["X-Origin"], "app")
        self.assertEqual(requests.head(target, timeout=SECONDS).headers["X-Origin"], "app")
        self.assertEqual(requests.post(target, timeout=SECONDS).headers["X-Origin"], "legacy")
        self.assertEqual(requests.post(target, data={"a": "b"}, timeout=SECONDS).headers["X-Origin"], "legacy")
        for other in (f"{DETAILS}/", "/1.2/TRACK/details", "/1.2/artist/details"):
            reply = requests.get(f"{self.rig.url}{other}?oauth_consumer_key={self.rig.key}", timeout=SECONDS)
            self.assertEqual(reply.headers["X-Origin"], "legacy", other)

    def test_a_get_with_a_form_is_moved_like_any_other(self) -> None:
        self.rig.put(WHOLE)
        target = f"{self.rig.url}{DETAILS}?trackid={self.rig.tracks[0]}&country=GB"
        reply = requests.get(target, data={"oauth_consumer_key": self.rig.key}, timeout=SECONDS)
        self.assertEqual((reply.status_code, reply.headers["X-Origin"]), (200, "app"), reply.text)

    def test_only_internal_callers_are_told_and_nobody_learns_what_is_nginxs(self) -> None:
        self.rig.put(WHOLE)
        first, second = self.rig.tracks[:2]
        self.assertIn("X-Origin", self.rig.get(first).headers)
        self.rig.stack.nginx.internal, before = "127.0.0.7", self.rig.stack.nginx.internal
        self.addCleanup(setattr, self.rig.stack.nginx, "internal", before)
        self.rig.stack.nginx.stop()
        self.rig.stack.nginx.restart()
        for track in (first, second):
            reply = self.rig.get(track)
            self.assertEqual(reply.status_code, 200)
            self.assertEqual([name for name in reply.headers if name.startswith(("X-Gw", "X-Origin"))], [])
        self.rig.stack.nginx.stop()
        self.rig.stack.nginx.internal = before
        self.rig.stack.nginx.restart()

    def test_what_can_not_be_moved_is_said_and_nothing_changes(self) -> None:
        version = self.rig.plan()["version"]
        for arguments, rule in (
            (("--path", "/1.2/artist/details"), "ours answers"),
            (("--path", DETAILS, "--client", "nobody"), "there is no client nobody"),
            (("--path", DETAILS, "--ratio", "101"), "not from 0 to 100"),
            (("--path", DETAILS, "--track", "x"), "no track's id"),
            (("--path", DETAILS, "--force"), "--force needs --reason"),
        ):
            done = self.rig.word("add", *arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertIn(rule, done.stderr)
        done = self.rig.word("remove", "4711")
        self.assertEqual((done.returncode, "there is no move 4711" in done.stderr), (2, True))
        self.assertEqual(self.rig.plan()["version"], version)
