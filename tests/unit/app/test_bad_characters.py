"""G01: characters that JSON can carry, and UTF-8 or a database can't."""

import json

from tests.unit.app.bench import AppCase


class BadCharactersTest(AppCase):
    def body(self, field: str, raw: str) -> str:
        """Three logs; the middle one has `raw`, as it stands in the JSON, at the end of a field."""
        logs = [self.log(), self.log(), self.log()]
        logs[1][field] = f"{logs[1].get(field, '')}MARK"
        return json.dumps({"logs": logs}).replace("MARK", raw)

    def test_a_nul_is_refused_at_its_log_in_every_text_field(self) -> None:
        for field in ("userAgent", "userId", "country", "playMode", "playType", "dateTimePlayed", "id", "trackId"):
            with self.subTest(field):
                reply = self.post(self.body(field, r"\u0000b"))
                self.assert_one_problem(reply, f"/logs/1/{field}", "nul")

    def test_half_a_surrogate_pair_is_refused_at_its_log(self) -> None:
        for raw in (r"\ud83d", r"\udc00", r"\ud83dx", r"\ud83d\ud83d", r"\udfff\ud800", r"\uD83D\u0041"):
            with self.subTest(raw):
                reply = self.post(self.body("userId", raw))
                self.assert_one_problem(reply, "/logs/1/userId", "surrogate")

    def test_a_field_that_nobody_reads_may_not_carry_them_either(self) -> None:
        self.assert_one_problem(self.post(self.body("note", r"\u0000")), "/logs/1/note", "nul")
        self.assert_one_problem(self.post(self.body("note", r"\ud800")), "/logs/1/note", "surrogate")

    def test_a_name_with_half_a_pair_is_refused_and_the_reply_can_still_be_written(self) -> None:
        body = json.dumps({"logs": [self.log(MARK=1)]}).replace("MARK", r"a\ud800")
        self.assert_one_problem(self.post(body), "/logs/0", "surrogate")

    def test_all_of_them_are_reported_at_once(self) -> None:
        body = json.dumps({"logs": [self.log(userId="A"), self.log(), self.log(userAgent="B")]})
        error = self.assert_refused(self.post(body.replace('"A"', r'"\ud800"').replace('"B"', r'"\u0000"')))
        self.assertEqual([(each["index"], each["rule"]) for each in error["errors"]], [(0, "surrogate"), (2, "nul")])

    def test_what_only_looks_like_a_nul_is_text(self) -> None:
        stored = self.assert_accepted(self.post(self.body("userAgent", r"\\u0000")))
        self.assertEqual(stored[1]["userAgent"], "DemoPlayer/1.0\\u0000")

    def test_whole_pairs_and_other_planes_are_kept_as_utf_8(self) -> None:
        stored = self.assert_accepted(self.post(self.body("userId", r"\ud83c\udfb5")))
        self.assertEqual(stored[1]["userId"], "listener-1🎵")
        self.assertIn("🎵".encode(), self.publisher.values[-1])

    def test_bytes_that_are_not_utf_8_are_refused(self) -> None:
        good = json.dumps({"logs": [self.log(userId="MARK")]}).encode()
        for raw in (b"\xff", b"\xc0\x80", b"\xed\xa0\xbd", b"\xf8\x88\x80\x80\x80", b"\xe2\x82"):
            with self.subTest(raw):
                error = self.assert_refused(self.post(good.replace(b"MARK", raw)))
                self.assertIn("UTF-8", error["message"])

    def test_other_encodings_of_unicode_are_refused(self) -> None:
        text = json.dumps({"logs": [self.log()]})
        for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"):
            with self.subTest(encoding):
                self.assert_refused(self.post(text.encode(encoding)))

    def test_a_mark_that_says_utf_8_is_no_part_of_the_text(self) -> None:
        self.assert_accepted(self.post(json.dumps({"logs": [self.log()]}).encode("utf-8-sig")))

    def test_a_raw_nul_or_line_feed_within_a_text_is_no_json(self) -> None:
        for raw in ("\x00", "\n", "\x1f"):
            with self.subTest(repr(raw)):
                self.assert_refused(self.post(self.body("userId", raw)))
