"""The first steps of `playlog send`: reading lines and cutting them into batches that a request can hold."""

import gzip
import io
import tempfile
import unittest
from pathlib import Path

from playlog_client.batch import Batch, body_of, cut, request_of
from playlog_client.lines import MAX_BODY_BYTES, MAX_LINE_BYTES, CannotRead, Line, read_lines
from playlog_client.source import count_lines


def lines_of(content: bytes) -> list[Line]:
    """The lines in a file with this content."""
    return list(read_lines(io.BufferedReader(io.BytesIO(content)), "logs.jsonl"))


class LinesTest(unittest.TestCase):
    def test_lines_are_read_as_they_stand_plain_or_packed(self) -> None:
        content = '{"n":1}\r\n  \n {"u": "é🎵"}'.encode()
        wanted = [Line(1, b'{"n":1}'), Line(3, '{"u": "é🎵"}'.encode())]
        self.assertEqual(lines_of(content), wanted)
        self.assertEqual(lines_of(gzip.compress(content)), wanted)
        # Several gzip members in a row, as `cat a.gz b.gz` makes.
        self.assertEqual(lines_of(gzip.compress(content[:4]) + gzip.compress(content[4:])), wanted)

    def test_a_byte_order_mark_is_no_part_of_the_first_log(self) -> None:
        self.assertEqual(lines_of(b'\xef\xbb\xbf{"n":1}\n'), [Line(1, b'{"n":1}')])

    def test_each_kind_of_line_that_would_spoil_its_request_is_told(self) -> None:
        for text, problem in (
            (b"[1]", "is not a JSON object"),
            (b'{"n":1', "is not JSON"),
            (b'{"n":-Infinity}', "is not JSON"),
            (b'{"n":' + b"9" * 5000 + b"}", "is not JSON"),
            (b'{"n":' + b"[" * 90_000 + b"]" * 90_000 + b"}", "is nested too deeply"),
            (b'{"n":' + b"[" * 14 + b"]" * 14 + b"}", "is nested too deeply"),
            (b'{"n":' + b"[" * 13 + b"]" * 13 + b"}", None),
            (b'{"u":"\\ud83d"}', "is not text in UTF-8"),
            (b'{"u":"\xff"}', "is not text in UTF-8"),
        ):
            self.assertEqual([line.problem for line in lines_of(text)], [problem], text[:20])

    def test_an_endless_line_is_told_without_being_held(self) -> None:
        content = b'{"u":"' + b"a" * (3 * MAX_LINE_BYTES) + b'"}\n{"n":2}\n'
        first, second = lines_of(content)
        self.assertEqual((first.number, first.text), (1, b""))
        self.assertIn("is longer than", first.problem or "")
        self.assertEqual(second, Line(2, b'{"n":2}'))

    def test_a_line_of_just_the_most_bytes_still_fits_into_a_request(self) -> None:
        text = b'{"u":"' + b"a" * (MAX_LINE_BYTES - 8) + b'"}'
        for end in (b"", b"\n"):
            line = lines_of(text + end)[0]
            self.assertIsNone(line.problem)
            self.assertLessEqual(len(body_of([line])), MAX_BODY_BYTES)

    def test_damaged_gzip_is_named_with_its_place(self) -> None:
        packed = gzip.compress(b'{"n":1}\n' * 9)
        for damaged in (packed[:-5], packed[:15] + b"\x00\x01" + packed[17:]):
            with self.assertRaisesRegex(CannotRead, r"^logs.jsonl can't be read after line \d: "):
                lines_of(damaged)

    def test_lines_are_counted_for_the_progress_unless_the_file_is_damaged(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "logs.gz")
            path.write_bytes(gzip.compress(b"{}\n" * 5))
            self.assertEqual(count_lines(path), 5)
            path.write_bytes(gzip.compress(b"{}\n" * 5)[:-4])
            self.assertIsNone(count_lines(path))


class BatchTest(unittest.TestCase):
    def test_batches_are_cut_by_count(self) -> None:
        groups = cut(iter([Line(number, b"{}") for number in range(1, 8)]), most_logs=3)
        self.assertEqual([[line.number for line in group] for group in groups], [[1, 2, 3], [4, 5, 6], [7]])

    def test_batches_are_cut_by_bytes_and_stay_under_a_mebibyte(self) -> None:
        lines = [Line(number, b'{"u":"' + b"a" * (number * 7919 % 300_000) + b'"}') for number in range(1, 60)]
        groups = list(cut(iter(lines), most_logs=500))
        self.assertEqual([line for group in groups for line in group], lines)
        sizes = [len(body_of(group)) for group in groups]
        self.assertLessEqual(max(sizes), MAX_BODY_BYTES)
        self.assertLess(max(sizes), 1024 * 1024)
        self.assertGreater(min(sizes[:-1]), MAX_BODY_BYTES - 300_100)

    def test_a_body_is_the_lines_in_the_contracts_envelope(self) -> None:
        self.assertEqual(body_of([Line(1, b'{"n":1}'), Line(2, b'{"n":2}')]), b'{"logs":[{"n":1},{"n":2}]}')

    def test_a_request_is_the_same_bytes_each_time(self) -> None:
        batch = Batch(1, "key-1", "logs.jsonl", (Line(1, b'{"n":1}'),))
        packed, plain = request_of(batch, compress=True), request_of(batch, compress=False)
        self.assertEqual(packed, request_of(batch, compress=True))
        self.assertEqual(gzip.decompress(packed.body), plain.body)
        self.assertEqual(packed.headers, plain.headers | {"Content-Encoding": "gzip"})
        self.assertEqual(plain.headers["Idempotency-Key"], "key-1")
