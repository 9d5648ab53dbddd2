"""The running app against its own contract: schemathesis makes up requests, and checks every answer."""

import re
import unittest

from app.logs.stream import read_streams
from app.openapi.document import openapi_document
from tests.integration.shared_stack import BUILD
from tests.pages.pages_rig import contract_later, stack

GENERATED = re.compile(r"(\d+) generated")
#: The schemas have so many bounds: fewer requests would mean that most weren't looked at.
LEAST_REQUESTS = 1_000
#: Nobody makes up a receipt; the contract itself isn't asked for as an operation.
UNREACHED = {"GET /1.2/logs/receipts/{receipt}", "GET /openapi.json"}


class ContractTest(unittest.TestCase):
    def test_no_answer_is_a_5xx_or_undocumented_and_bad_data_is_refused(self) -> None:
        done = contract_later().result()
        said = done.stdout + done.stderr
        self.assertEqual(done.returncode, 0, said[-6_000:])
        found = GENERATED.search(said)
        assert found is not None, said[-2_000:]
        self.assertGreater(int(found[1]), LEAST_REQUESTS)
        self.assertFalse(stack().dead())
        answers = set((BUILD / "pages" / "schemathesis" / "answers.txt").read_text().splitlines())
        # Else every answer could be that of a door that lets nobody in.
        paths = openapi_document(read_streams())["paths"]
        reached = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods} - UNREACHED
        self.assertEqual({each for each in reached if f"{each} 200" not in answers}, set())
