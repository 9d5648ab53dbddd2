"""nginx.conf is rendered from the environment, and says the same numbers as the app."""

import re
import unittest

from devstack.nginx import TEMPLATE, render
from devstack.process import ProcessFailed

VALUES = {
    "NGINX_LISTEN": "127.0.0.1:8080",
    "NGINX_PRIVATE_LISTEN": "127.0.0.1:8081",
    "NGINX_UPSTREAM": "app:8000",
    "TRUSTED_PROXIES": "",
    "INTERNAL_CALLERS": "",
    "COMPARE_BIND": "127.0.0.1:8082",
}


class Rendering(unittest.TestCase):
    def test_no_name_is_left_over(self) -> None:
        rendered = render(VALUES)
        lines = [line for line in rendered.splitlines() if not line.lstrip().startswith("#")]
        self.assertNotIn("${", "\n".join(lines))
        self.assertIn("listen 127.0.0.1:8080 ", rendered)
        self.assertIn("server app:8000 ", rendered)

    def test_nobody_is_trusted_when_no_proxy_is_named(self) -> None:
        self.assertNotRegex(render(VALUES), r"\n\s*set_real_ip_from")

    def test_every_trusted_proxy_has_a_line_of_its_own(self) -> None:
        rendered = render({**VALUES, "TRUSTED_PROXIES": "10.0.0.0/8  fd00::/8"})
        self.assertEqual(re.findall(r"set_real_ip_from (\S+);", rendered), ["10.0.0.0/8", "fd00::/8"])

    def test_a_name_without_a_value_is_named(self) -> None:
        with self.assertRaisesRegex(ProcessFailed, "NGINX_UPSTREAM is not set"):
            render({**VALUES, "NGINX_UPSTREAM": ""})

    def test_a_value_can_not_bring_directives_of_its_own(self) -> None:
        for name, value in (("NGINX_UPSTREAM", "app:8000; } server {"), ("TRUSTED_PROXIES", "10.0.0.0/8;")):
            with self.subTest(name=name), self.assertRaisesRegex(ProcessFailed, name):
                render({**VALUES, name: value})


class Template(unittest.TestCase):
    def setUp(self) -> None:
        self.text = "\n".join(line.partition("#")[0] for line in TEMPLATE.read_text().splitlines())

    def seconds(self, directive: str) -> int:
        found = re.search(rf"\n\s*{directive} (\d+)s;", self.text)
        assert found is not None, directive
        return int(found[1])

    def test_a_post_that_was_sent_is_never_sent_again(self) -> None:
        self.assertNotIn("non_idempotent", self.text)

    def test_bodies_are_read_whole_before_the_app_sees_them(self) -> None:
        self.assertIn("proxy_request_buffering on;", self.text)

    def test_no_log_line_can_hold_a_query_string(self) -> None:
        formats = dict(re.findall(r"log_format (\w+) (.*?);", self.text, re.DOTALL))
        written = re.findall(r"access_log (\S+) (\w+)", self.text)
        # What the comparator is told, on this machine, is no log: it asks again what was asked.
        told = [each for each in written if each[0].startswith("syslog:server=${COMPARE_BIND},")]
        self.assertEqual([form for _, form in told], ["compared"])
        self.assertEqual([each for each in written if each not in told], [("/dev/stdout", "lines")])
        for name in ("$request ", '$request"', "$request_uri", "$args", "$query_string", "$http_referer", "$arg_"):
            self.assertNotIn(name, formats["lines"])
        self.assertIn("error_log stderr alert;", self.text)

    def test_every_error_page_has_a_body_in_the_one_shape(self) -> None:
        pages = set(re.findall(r"error_page .* /nginx/(\d+);", self.text))
        bodies = dict(re.findall(r"location = /nginx/(\d+) \{\s*return (\d+) '\{\"error\":\{\"code\":", self.text))
        self.assertEqual(pages, set(bodies))
        self.assertTrue(all(place == status for place, status in bodies.items()))

    def test_what_nginx_alone_may_know_leaves_it_in_no_place(self) -> None:
        """A location with headers to hide of its own has none of those that are hidden for all."""
        everywhere, *locations = re.split(r"\n\s*location ", self.text)
        hidden = set(re.findall(r"proxy_hide_header (X-Gw-[\w-]+);", everywhere))
        self.assertGreaterEqual(len(hidden), 4)
        for location in locations:
            if "proxy_hide_header" in location:
                self.assertLessEqual(hidden, set(re.findall(r"proxy_hide_header ([\w-]+);", location)), location[:40])

    def test_each_request_goes_on_as_it_was_written_whatever_location_it_was_in(self) -> None:
        """A request that was rewritten, as before a reload, would go on in nginx's own spelling, unsigned."""
        for target in re.findall(r"proxy_pass (\S+);", self.text):
            is_of_ours = target.startswith("http://app/gateway/") or target == "http://app"
            self.assertTrue(is_of_ours or target.endswith("$request_uri"), target)

    def test_nginx_waits_longer_than_the_app_may_take(self) -> None:
        self.assertGreater(self.seconds("proxy_read_timeout"), 10)
