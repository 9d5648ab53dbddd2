"""Rows as SQL text: nothing a value holds can end its literal, and a bad value is named, never quoted."""

import re
import unittest
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from consumer.play_logs.bad_item import BadItem
from consumer.play_logs.decode import Entry, entries_of
from consumer.play_logs.log_rows import MOST_LITERALS, LogRows
from tests.fakes.play_requests import booked, log, request

#: A value of the wrong kind or shape, and the field that has to be named.
BAD: tuple[tuple[dict[str, Any], str], ...] = (
    ({"trackId": "secret"}, "trackId"),
    ({"trackId": True}, "trackId"),
    ({"trackId": 1.5}, "trackId"),
    ({"trackId": 2**70}, "trackId"),
    ({"totalTimePlayed": [7]}, "totalTimePlayed"),
    ({"releaseId": "secret"}, "releaseId"),
    ({"userId": 7}, "userId"),
    ({"userId": "\ud800secret"}, "userId"),
    ({"id": {}}, "id"),
    ({"userAgent": None}, "userAgent"),
    ({"userAgent": ["secret"]}, "userAgent"),
    ({"userAgent": "\ud800secret"}, "userAgent"),
    ({"country": "secret '"}, "country"),
    ({"playMode": ["secret"]}, "playMode"),
    ({"endReason": "a'b"}, "endReason"),
    ({"dateTimePlayed": "secret"}, "dateTimePlayed"),
    ({"dateTimePlayed": None}, "dateTimePlayed"),
    ({"dateTimePlayed": "2026-02-30T00:00:00.000000Z"}, "dateTimePlayed"),
    ({"dateTimePlayed": "2026-03-10T11:00:00.000000Z\n"}, "dateTimePlayed"),
    ({"dateTimePlayed": "2026-03-10T11:00:00.000000Z\n2026-03-10T11:00:00.000000Z"}, "dateTimePlayed"),
)


#: All that a log can have, and all that JSON can put there.
FIELDS = {*log(), "releaseId", "formatId", "endReason", "id"}
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False),
    st.text(max_size=5),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.none(), max_size=1),
    st.sampled_from(["GB", "online", "2026-03-10T11:00:00.000000Z", "\ud800", "2026-03-10T11:00:00.000000Z\n"]),
)


def escape(data: bytes) -> bytes:
    return data.replace(b"\\", b"\\\\").replace(b"'", b"\\'")


def entry_of(*logs: dict[str, Any]) -> Entry:
    (entry,) = entries_of([booked(0, request(*logs))])
    return entry


def entry_with(logs: list[dict[str, Any]], changed: int, changes: dict[str, Any]) -> Entry:
    """A record as only another program than ours could have written it."""
    entry = entry_of(*logs)
    assert entry.request is not None
    entry.request.items[changed].update(changes)
    return entry


def rows(entry: Entry) -> list[bytes | BadItem]:
    return [row for _, row in LogRows(escape).rows(entry, range(entry.n_items))]


def row(**changes: Any) -> bytes:
    (found,) = rows(entry_of(log(**changes)))
    assert isinstance(found, bytes), found
    return found


def columns(entry: Entry) -> list[str]:
    found = re.fullmatch(r"INSERT INTO play_log \((.+)\) VALUES ", LogRows(escape).head(entry).decode())
    assert found is not None
    return found[1].split(", ")


class RowTest(unittest.TestCase):
    def test_an_id_that_could_end_its_literal_is_written_as_bytes(self) -> None:
        for user in ("u1 ", "'); DROP TABLE play_log; --", "ü", "a\\b", "a\nb", ""):
            written = b",'%s'," % user.encode() if user == "" else b",x'%s'," % user.encode().hex().encode()
            self.assertIn(written, row(userId=user))

    def test_a_plain_id_is_written_as_it_is(self) -> None:
        for user in ("u1", "U1", "a.b@c-d_e:f/g"):
            self.assertIn(b",'%s'," % user.encode(), row(userId=user))

    def test_text_is_escaped(self) -> None:
        self.assertIn(rb"'it\'s'", row(userAgent="it's"))

    def test_a_row_has_as_many_values_as_its_statement_has_columns(self) -> None:
        for changes in (
            {},
            {"releaseId": 7, "formatId": 8},
            {"endReason": "other"},
            {"id": "i1"},
            {"id": "i", "releaseId": 1},
        ):
            entry = entry_of(log(), log(**changes))
            for found in rows(entry):
                assert isinstance(found, bytes)
                self.assertEqual(len(found.split(b",")), len(columns(entry)), changes)

    def test_what_no_log_has_is_not_named(self) -> None:
        self.assertEqual(columns(entry_of(log()))[-2:], ["play_mode", "play_type"])

    def test_what_one_log_has_is_null_in_the_others(self) -> None:
        first, second = rows(entry_of(log(releaseId=7), log()))
        assert isinstance(first, bytes) and isinstance(second, bytes)
        self.assertIn(b",7,", first)
        self.assertIn(b",NULL,", second)

    def test_a_conflict_marks_its_log_alone(self) -> None:
        entry = entry_of(log(id="i1"), log(id="i2"))
        entry.conflicts.add(1)
        self.assertEqual(columns(entry)[-1], "is_id_conflict")
        self.assertEqual([each[-3:] for each in rows(entry) if isinstance(each, bytes)], [b",0)", b",1)"])

    def test_only_the_numbers_asked_for_come_each_under_its_own(self) -> None:
        entry = entry_of(*(log(trackId=number) for number in range(1, 6)))
        found = dict(LogRows(escape).rows(entry, [1, 4]))
        self.assertEqual(sorted(found), [1, 4])
        self.assertIn(b",2,", bytes(found[1]))  # type: ignore[arg-type]

    def test_more_texts_than_are_kept_are_all_written(self) -> None:
        writer = LogRows(escape)
        for number in range(0, MOST_LITERALS + 1500, 500):
            entry = entry_of(*(log(userAgent=f"agent {each}") for each in range(number, number + 500)))
            for each, (_, found) in enumerate(writer.rows(entry, range(500)), start=number):
                assert isinstance(found, bytes)
                self.assertIn(b"'agent %d'" % each, found)


class BadItemTest(unittest.TestCase):
    def test_a_value_of_another_kind_is_named_and_not_quoted(self) -> None:
        for changes, field in BAD:
            with self.subTest(changes):
                (found,) = rows(entry_with([log()], 0, changes))
                self.assertIsInstance(found, BadItem)
                self.assertTrue(str(found).startswith(field), found)
                self.assertNotIn("secret", str(found))

    def test_a_bad_log_takes_none_of_its_neighbours_with_it(self) -> None:
        """Also where its value and a neighbour's, looked at together, would make something right."""
        for changes, _ in BAD:
            with self.subTest(changes):
                found = rows(entry_with([log(), log(), log(userId="u3")], 1, changes))
                self.assertIsInstance(found[1], BadItem)
                for good, user in ((found[0], b"listener-1"), (found[2], b"u3")):
                    assert isinstance(good, bytes)
                    self.assertIn(b",'2026-03-10T11:00:00.000000','%s','GB',123456,31," % user, good)

    def test_a_missing_field_is_named(self) -> None:
        for name in ("dateTimePlayed", "trackId", "totalTimePlayed", "country", "userAgent"):
            entry = entry_of(log())
            assert entry.request is not None
            del entry.request.items[0][name]
            self.assertRegex(str(rows(entry)[0]), f"^{name} is ")

    @given(st.lists(st.dictionaries(st.sampled_from(sorted(FIELDS)), ANYTHING, max_size=4), min_size=1, max_size=4))
    def test_whatever_json_is_there_each_log_has_its_row_or_its_reason(self, changed: list[dict[str, Any]]) -> None:
        """And none of them changes what becomes of another."""
        entry = entry_of(*(log() for _ in changed))
        assert entry.request is not None
        for item, changes in zip(entry.request.items, changed, strict=True):
            item.update(changes)
        found = LogRows(escape).rows(entry, range(entry.n_items))
        alone = [next(LogRows(escape).rows(entry, [number]))[1] for number in range(entry.n_items)]
        for (number, row), lonely in zip(found, alone, strict=True):
            self.assertEqual(type(row), type(lonely), number)
            self.assertIn(type(row), {bytes, BadItem})
