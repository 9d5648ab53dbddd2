"""Two nginx follow one map: an operator is told when both have it, or which hasn't; the last map stays."""

import json

import requests

from devstack.nginx import Nginx
from devstack.ports import HOST, Ports
from devstack.service import Service
from tests.integration.topic_rig import eventually
from tests.moving.moving_case import MovingCase
from tests.moving.moving_rig import CLOSING_SECONDS
from tests.moving.steady_load import CLIENTS, SteadyLoad


class FollowingTest(MovingCase):
    second: Nginx
    follower: Service

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        stack, ports = cls.rig.stack, Ports()
        home = stack.home / "second"
        cls.second = Nginx(
            home, ports, lambda: stack.app.port, legacy=lambda: stack.legacy.address, compare_port=stack.compare_port
        )
        cls.second.start()
        cls.follower = Service("second-follower", "moves", home, ports, cls.environ, arguments=("follow",))
        cls.follower.start()

    @classmethod
    def environ(cls) -> dict[str, str]:
        own = {"FOLLOW_STATUS_BIND": f"{HOST}:{cls.follower.port}"}
        return cls.rig.stack.environ("moves") | cls.second.follow_settings | own

    @classmethod
    def tearDownClass(cls) -> None:
        cls.follower.stop()
        cls.second.stop()

    @property
    def second_url(self) -> str:
        return f"http://{HOST}:{self.second.port}"

    def setUp(self) -> None:
        super().setUp()
        self.rig.put()

    def test_both_have_it_when_the_word_returns(self) -> None:
        track = self.rig.tracks[0]
        said = self.rig.does("add", "--path", "/1.2/track/details", "--force", "--reason", "a test")
        self.assertIn("all 2 nginx have it", said)
        self.assertEqual([self.rig.origin(track), self.rig.origin(track, url=self.second_url)], ["app", "app"])
        self.assertIn("all 2 nginx have it", self.rig.does("remove", "--all"))
        self.assertEqual([self.rig.origin(track), self.rig.origin(track, url=self.second_url)], ["legacy", "legacy"])

    def test_one_whose_follower_was_killed_is_named_and_has_it_later(self) -> None:
        self.follower.kill()
        done = self.rig.word("add", "--path", "/1.2/track/details", "--force", "--reason", "a test", "--wait", "0")
        self.assertEqual(done.returncode, 75, done.stdout)
        self.assertIn(f":{self.second.private_port} serves version", done.stderr)
        self.assertEqual(self.rig.origin(self.rig.tracks[0], url=self.second_url), "legacy")
        self.follower.restart()
        eventually(lambda: self.rig.origin(self.rig.tracks[0], url=self.second_url) == "app", "it has it", 10)
        # One that is stopped says so itself, and isn't waited for.
        self.follower.stop()
        self.assertIn("1 nginx has it", self.rig.does("remove", "--all"))
        self.follower.restart()
        version = self.rig.plan()["version"]
        eventually(lambda: {each["version"] for each in self.rig.plan()["nginx"]} == {version}, "both have it", 10)
        self.assertEqual(len(self.rig.plan()["nginx"]), 2)

    def test_without_the_database_the_last_map_stays_also_over_a_restart(self) -> None:
        track = self.rig.tracks[0]
        self.rig.add()
        self.rig.stack.mariadb.child.pause()
        try:
            self.assertEqual(self.rig.origin(track), "app")
            self.second.stop()
            self.second.restart()
            self.assertEqual(self.rig.origin(track, url=self.second_url), "app")
            self.follower.kill()
            self.follower.launch()
        finally:
            self.rig.stack.mariadb.child.resume()
        self.follower.wait()
        self.assertIn("all 2 nginx have it", self.rig.does("remove", "--all"))

    def test_no_request_fails_while_the_map_changes(self) -> None:
        number = self.rig.add("--ratio", "5")
        paths = [self.rig.path(each) for each in self.rig.tracks[:50]]
        with SteadyLoad(HOST, self.rig.stack.nginx.port, paths, CLOSING_SECONDS) as load:
            self.rig.does("ratio", str(number), "100", "--force", "--reason", "a test")
            self.rig.does("remove", str(number))
            self.rig.stack.nginx.reload()
        self.assertEqual(load.failures, [])
        # Each reload ends a connection of each client at most.
        self.assertLessEqual(load.late, 3 * CLIENTS)
        self.assertGreater(load.answered, 100)

    def test_the_followers_door_says_what_is_served(self) -> None:
        reply = requests.get(f"http://{HOST}:{self.follower.port}/ready", timeout=5)
        self.assertEqual((reply.status_code, json.loads(reply.text)["version"]), (200, self.rig.plan()["version"]))
