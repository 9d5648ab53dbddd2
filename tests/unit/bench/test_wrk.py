"""wrk's own words are read; what it doesn't say is no figure."""

import unittest

from bench.ground import BenchFailed
from bench.wrk import Found, read

SAID = """\
Running 20s test @ http://127.0.0.1:8080
  2 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency    17.09ms   12.98ms 129.37ms   73.46%
    Req/Sec   506.57    286.68     1.89k    85.32%
  Latency Distribution
     50%   500.00us
     75%   22.93ms
     90%   32.95ms
     99%    1.20s
  20147 requests in 20.03s, 37.59MB read
{}Requests/sec:   1005.95
Transfer/sec:      1.88MB
"""


class WrkTest(unittest.TestCase):
    def test_rate_latency_and_failures_of_both_kinds_are_read(self) -> None:
        lost = "  Socket errors: connect 0, read 37, write 1, timeout 2\n  Non-2xx or 3xx responses: 5\n"
        self.assertEqual(read(SAID.format(lost)), Found(20147, 45, 1005.95, 0.5, 1200.0))

    def test_without_a_word_of_failures_there_are_none(self) -> None:
        self.assertEqual(read(SAID.format("")).failed, 0)

    def test_anything_else_is_no_figure(self) -> None:
        for said in ("", "unable to connect to 127.0.0.1:1", SAID.format("").replace("99%", "98%")):
            with self.assertRaises(BenchFailed):
                read(said)
