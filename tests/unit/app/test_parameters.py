"""The query string is read as the standard library reads it, but for the case of names and the first of two."""

import unittest
from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st

from app.errors import ApiError
from app.parameters import MAX_PARAMETERS, read_parameters

PIECES = st.text(alphabet="aB=&+%;#?/ 20eEfF~é\xff\x00", max_size=40)


def by_the_library(query: str) -> dict[str, str]:
    text = query.encode("latin-1").decode("utf-8", "surrogateescape")
    found: dict[str, str] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, errors="surrogateescape"):
        found.setdefault(name.lower(), value)
    return found


class ParametersTest(unittest.TestCase):
    @given(PIECES)
    def test_it_agrees_with_the_standard_library(self, query: str) -> None:
        self.assertEqual(read_parameters(query), by_the_library(query))

    def test_the_first_of_two_counts_whatever_the_case(self) -> None:
        self.assertEqual(read_parameters("Country=GB&country=US&COUNTRY=FR"), {"country": "GB"})

    def test_encoded_characters_and_bytes_that_are_no_utf_8(self) -> None:
        found = read_parameters("userId=caf%C3%A9+1&other=%ff&empty=&alone&&x=a=b")
        self.assertEqual(found, {"userid": "café 1", "other": "\udcff", "empty": "", "alone": "", "x": "a=b"})

    def test_too_many_are_refused(self) -> None:
        self.assertEqual(len(read_parameters("&".join(f"n{number}=1" for number in range(MAX_PARAMETERS)))), 100)
        with self.assertRaisesRegex(ApiError, "more than 100 parameters"):
            read_parameters("&" * MAX_PARAMETERS)
