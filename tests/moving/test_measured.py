"""What follower and comparator measure arrives at an agent, by the names, kinds and tags of the table."""

import socket

from common.metrics import METRICS
from devstack.ports import HOST
from moving.plan import Move
from tests.integration.topic_rig import eventually
from tests.moving.moving_case import MovingCase
from tests.moving.operator_words import DETAILS

#: Of trouble that other tests make, with fakes: tests/unit/moving/test_workers.py.
ELSEWHERE = frozenset({"move.without_legacy"})


class MeasuredTest(MovingCase):
    def test_what_is_sent_is_in_the_table_and_what_is_in_the_table_is_sent(self) -> None:
        agent = self.rig.agent
        before = agent.total("move.step_back")
        # A number of its own: what the comparator has seen of a move it holds against that number.
        self.rig.put(Move(41, DETAILS), shadow=100)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"nothing of nginx's", (HOST, self.rig.stack.compare_port))
        self.rig.fault(wrong_field="title")
        for track in self.rig.tracks[:4]:
            self.rig.get(track)
        eventually(lambda: agent.total("move.step_back") == before + 1, "a step back is measured", 10)
        wanted = {name for name in METRICS if name.startswith("move.")} - ELSEWHERE
        eventually(lambda: {each.name for each in agent.measured()} >= wanted, f"each of {wanted} is sent", 10)
        self.assertGreaterEqual(agent.total("move.compared", "verdict:differs"), 3)
        self.assertGreaterEqual(agent.total("move.dropped"), 1)
        for each in agent.measured():
            metric = METRICS[each.name]
            self.assertEqual((each.kind, {tag.partition(":")[0] for tag in each.tags}), (metric.kind, set(metric.tags)))
