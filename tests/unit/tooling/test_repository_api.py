"""The contract follows the rules of OpenAPI, and says of each operation what whoever makes a client of it needs."""

import unittest

import schemathesis

from app.logs.stream import read_streams
from app.openapi.document import openapi_document


class ContractTest(unittest.TestCase):
    document = openapi_document(read_streams())

    def test_it_follows_the_rules_of_openapi(self) -> None:
        schemathesis.openapi.from_dict(self.document).validate()
        self.assertEqual(self.document["openapi"][:4], "3.1.")

    def test_each_operation_has_a_name_of_its_own_a_summary_and_the_doors_refusals(self) -> None:
        names: set[str] = set()
        for methods in self.document["paths"].values():
            for operation in methods.values():
                self.assertTrue(operation["summary"])
                self.assertNotIn(operation["operationId"], names)
                names.add(operation["operationId"])
                self.assertLessEqual({"200", "429", "500", "503"}, operation["responses"].keys())
