"""One nginx as its follower handles it: what is refused, what isn't served, and what was killed half way."""

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import requests

from devstack.nginx import Nginx
from devstack.ports import HOST, Ports
from moving.nginx import NginxHandle, Refused
from moving.nginx_processes import taking_workers
from moving.plan import Move, Plan
from moving.render import render
from tests.integration.topic_rig import eventually
from tests.moving.moving_case import MovingCase
from tests.moving.moving_rig import SECONDS


class HandleTest(MovingCase):
    nginx: ClassVar[Nginx]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        stack = cls.rig.stack
        cls.nginx = Nginx(
            stack.home / "alone",
            Ports(),
            lambda: stack.app.port,
            legacy=lambda: stack.legacy.address,
            compare_port=stack.compare_port,
        )
        cls.nginx.start()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.nginx.stop()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.nginx.port}"

    def handle(
        self, workers: Callable[[int], set[int] | None] = taking_workers, taken_seconds: float = SECONDS
    ) -> NginxHandle:
        """As a follower has it, with all the time that a busy machine takes."""
        settings = self.nginx.follow_settings
        prefix = Path(settings["NGINX_PREFIX"])
        return NginxHandle(
            Path(settings["NGINX_CONFIG"]),
            prefix,
            settings["NGINX_PRIVATE_LISTEN"],
            "nginx",
            0.05,
            taken_seconds,
            workers,
        )

    def test_a_map_that_nginx_refuses_changes_nothing(self) -> None:
        handle, config = self.handle(), self.nginx.follow_settings["NGINX_CONFIG"]
        served = handle.served()
        with self.assertRaisesRegex(Refused, 'unknown directive "nonsense"'):
            handle.put(99, "nonsense;\n")
        self.assertEqual((handle.served(), self.rig.get(self.rig.tracks[0], url=self.url).status_code), (served, 200))
        self.assertIn(f'default "{served}"', Path(config).with_name("moved.conf").read_text())

    def test_a_map_that_nobody_serves_in_time_gives_way_to_the_former(self) -> None:
        """The file says another version than was announced: as when nginx takes no reload."""
        handle = self.handle(taken_seconds=0.4)
        served = handle.served()
        with self.assertRaisesRegex(Refused, "didn't serve version 4711"):
            handle.put(4711, render(Plan(1234)))
        eventually(lambda: handle.served() == served, "the former map is served", 5)

    def test_a_put_that_was_killed_at_any_line_is_ended_by_the_next(self) -> None:
        handle = self.handle()
        moved = Path(self.nginx.follow_settings["NGINX_CONFIG"]).with_name("moved.conf")
        text = render(Plan().with_move(Move(1, "/1.2/track/details")))
        # The file was put in place, and the reload never came; the mark of a reload was left behind.
        moved.write_text(text)
        closing = Path(self.nginx.follow_settings["NGINX_PREFIX"]) / "reload" / "closing"
        closing.touch()
        self.assertEqual(self.rig.get(self.rig.tracks[0], url=self.url).headers["Connection"], "close")
        handle.put(1, text)
        self.assertEqual((handle.served(), closing.exists()), (1, False))
        self.assertEqual(self.rig.get(self.rig.tracks[0], url=self.url).headers["Connection"], "keep-alive")
        self.assertEqual(self.rig.origin(self.rig.tracks[0], url=self.url), "app")

    def test_while_connections_close_nobody_reaches_what_only_nginx_may_ask_for(self) -> None:
        closing = Path(self.nginx.follow_settings["NGINX_PREFIX"]) / "reload" / "closing"
        closing.parent.mkdir(exist_ok=True)
        closing.touch()
        self.addCleanup(closing.unlink)
        inner = ("authorise", "refused", "failed/502", "500", "closing/1.2/limits", "closing/nginx/refused")
        for path in (*(f"/nginx/{each}" for each in inner), "//nginx/refused", "/gateway/authorise"):
            for target in (path, f"{path}?oauth_consumer_key={self.rig.key}"):
                reply = requests.get(f"{self.url}{target}", timeout=SECONDS)
                self.assertEqual(
                    (reply.status_code, "There is nothing at this path" in reply.text), (404, True), target
                )
        # And what it sends on is what was sent, byte for byte.
        odd = "/1.2/track/details?trackid=1&country=GB&q=a%2Fb%20c+d&oauth_consumer_key=" + self.rig.key
        self.assertEqual(requests.get(f"{self.url}{odd}", timeout=SECONDS).headers["Connection"], "close")

    def test_it_returns_when_no_former_worker_takes_connections(self) -> None:
        answers = iter([{1, 2}, *[{2, 3, 4}] * 5, {3, 4}])
        asked: list[set[int] | None] = []

        def workers(_: int) -> set[int] | None:
            asked.append(next(answers))
            return asked[-1]

        handle = self.handle(workers)
        handle.put(501, render(Plan(501)))
        self.assertEqual((len(asked), handle.served()), (7, 501))

    def test_nginx_shows_which_workers_take_connections(self) -> None:
        master = self.nginx.child.pid
        former = taking_workers(master)
        self.handle().put(601, render(Plan(601)))
        now = taking_workers(master)
        assert former
        assert now
        self.assertEqual(former & now, set())
        self.assertIsNone(taking_workers(2**22 + 1))
