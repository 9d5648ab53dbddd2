"""The example of the README works as it stands."""

import re
from datetime import UTC, datetime
from pathlib import Path

from client_tests.loopback import start
from client_tests.send_bench import SendTest
from client_tests.sending_fakes import FakeServer

README = Path(__file__).parents[1] / "README.md"


class ReadmeTest(SendTest):
    def test_the_example_sends_its_log(self) -> None:
        (example,) = re.findall(r"```python\n(.+?)```", README.read_text(), re.DOTALL)
        fake = FakeServer()
        server = start(self, lambda posted: fake.post(posted.request))
        given = {"URL": server.url, "KEY": "k", "NOW": datetime.now(UTC).isoformat()}
        exec(example.replace("/var/lib/player/playlog", str(self.folder / "queue")), given)  # noqa: S102
        (logs,) = fake.kept.values()
        self.assertEqual(logs[0]["trackId"], 123456)

    def test_every_name_that_it_uses_is_there(self) -> None:
        import playlog_client

        names = set(re.findall(r"`(QueueFull|NotALog|QueueInUse|QueueBroken|Options|Sender)", README.read_text()))
        self.assertLessEqual(names, set(playlog_client.__all__))
        for name in re.findall(r"`(?:sender\.)?(\w+)\(\)`", README.read_text()):
            self.assertTrue(hasattr(playlog_client.Sender, name), name)
