"""What gunicorn can't read as a request is answered in our one shape, and its line isn't logged."""

import io
import json
import unittest

from gunicorn.http import errors as unreadable

from app.server_worker import error_reply
from tests.unit.app.bench import KEY, PATH, AppCase


class ErrorReplyTest(unittest.TestCase):
    def reply(self, exc: BaseException) -> tuple[int, dict[str, object], str]:
        with self.assertLogs("app.server_worker") as logs:
            head, _, body = error_reply(exc).partition(b"\r\n\r\n")
        self.assertIn(f"Content-Length: {len(body)}".encode(), head)
        self.assertIn(b"Content-Type: application/json", head)
        self.assertIn(b"X-Request-Id: ", head)
        return int(head.split()[1]), json.loads(body)["error"], "".join(logs.output)

    def test_a_request_that_can_not_be_read_is_the_senders_fault(self) -> None:
        cases = {
            unreadable.InvalidRequestLine("POST /?oauth_consumer_key=k3y HTTP/9"): 400,
            unreadable.InvalidHeader("X"): 400,
            unreadable.LimitRequestLine(9, 8): 414,
            unreadable.LimitRequestHeaders("x"): 431,
            unreadable.ExpectationFailed("x"): 417,
        }
        for exc, status in cases.items():
            found, error, logged = self.reply(exc)
            self.assertEqual((found, error["code"]), (status, 1002))
            self.assertNotIn("k3y", logged)

    def test_anything_else_is_ours(self) -> None:
        found, error, _ = self.reply(RuntimeError("secret"))
        self.assertEqual((found, error["code"]), (500, 9001))
        self.assertNotIn("secret", str(error))


class BrokenBodyTest(AppCase):
    def post_stream(self, stream: io.BytesIO, length: int | None) -> int:
        environ = {
            "wsgi.input": stream,
            "CONTENT_LENGTH": "" if length is None else str(length),
            "HTTP_TRANSFER_ENCODING": "chunked" if length is None else "",
        }
        query = f"country=GB&oauth_consumer_key={KEY}"
        reply = self.http.post(PATH, query_string=query, content_type="application/json", environ_overrides=environ)
        return reply.status_code

    def test_a_body_that_ends_early_is_refused_though_it_is_json_so_far(self) -> None:
        body = json.dumps({"logs": [self.log()]}).encode()
        self.assertEqual(self.post_stream(io.BytesIO(body), len(body) + 1), 400)
        self.assertEqual(self.publisher.records, [])

    def test_a_body_in_chunks_has_the_same_limit(self) -> None:
        body = json.dumps({"logs": [self.log()]}).encode()
        self.assertEqual(self.post_stream(io.BytesIO(body + b" " * 2**20), None), 413)
        self.assertEqual(self.publisher.records, [])
        self.assertEqual(self.post_stream(io.BytesIO(body), None), 200)

    def test_a_stream_that_breaks_is_the_senders_fault(self) -> None:
        class Broken(io.BytesIO):
            def __init__(self, error: Exception) -> None:
                super().__init__()
                self.error = error

            def read(self, size: int | None = -1) -> bytes:
                raise self.error

        for error in (OSError(), unreadable.InvalidChunkSize(b"zz"), unreadable.NoMoreData()):
            self.assertEqual(self.post_stream(Broken(error), None), 400)
