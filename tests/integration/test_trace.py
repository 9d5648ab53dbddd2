"""One request can be followed by its id, and by its sender's trace, from nginx's log to the record and the row."""

import json
import unittest
from typing import ClassVar

from tests.integration.ingest_rig import IngestRig
from tests.integration.ingest_sender import body_of, log
from tests.integration.topic_rig import eventually

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class TraceTest(unittest.TestCase):
    rig: ClassVar[IngestRig]

    @classmethod
    def setUpClass(cls) -> None:
        cls.rig = IngestRig()
        cls.addClassCleanup(cls.rig.stop)
        cls.rig.start()

    def line_of(self, request_id: str) -> dict[str, str]:
        """nginx's line of a request."""
        assert self.rig.nginx is not None
        path = self.rig.nginx.child.log_path
        found: list[dict[str, str]] = []

        def is_there() -> bool:
            lines = [line for line in path.read_text().splitlines() if line.startswith("{")]
            found[:] = [each for each in map(json.loads, lines) if each["request_id"] == request_id]
            return bool(found)

        eventually(is_there, f"nginx's log has {request_id}")
        return found[0]

    def test_id_and_trace_are_the_same_in_the_answer_in_nginxs_log_and_in_the_record(self) -> None:
        reply = self.rig.post(body_of(log()), traceparent=TRACE)
        self.assertEqual(reply.status, 200, reply.data)
        request_id = reply.headers["X-Request-Id"]
        self.assertEqual(self.line_of(request_id)["traceparent"], TRACE)
        (record,) = [each for each in self.rig.records() if str(each.request_id) == request_id]
        self.assertEqual(record.traceparent, TRACE)

    def test_what_is_no_trace_is_passed_on_to_nobody(self) -> None:
        for strange in ("forged", f"{TRACE}\\u0000x", TRACE.upper(), f"{TRACE}-extra"):
            with self.subTest(strange):
                reply = self.rig.post(body_of(log()), traceparent=strange)
                self.assertEqual(reply.status, 200, reply.data)
                request_id = reply.headers["X-Request-Id"]
                self.assertEqual(self.line_of(request_id)["traceparent"], "")
                (record,) = [each for each in self.rig.records() if str(each.request_id) == request_id]
                self.assertIsNone(record.traceparent)
