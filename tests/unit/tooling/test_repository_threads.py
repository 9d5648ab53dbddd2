"""A subclass of Thread that has an attribute of Thread's own under the same name breaks it, at the end alone."""

import ast
import threading
import unittest

from tests.unit.tooling.repository import ROOT, tracked

#: Which a subclass may set: they are there to be set.
MEANT = {"name", "daemon"}


class ThreadTest(unittest.TestCase):
    def test_no_subclass_of_thread_hides_an_attribute_of_it(self) -> None:
        own = set(dir(threading.Thread(target=None))) | set(vars(threading.Thread()))
        found = 0
        for path in tracked("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ClassDef) and any("Thread" in ast.unparse(base) for base in node.bases):
                    found += 1
                    self.assertEqual(assigned(node) & own - MEANT, set(), f"{path.relative_to(ROOT)}: {node.name}")
        self.assertGreater(found, 0)


def assigned(node: ast.ClassDef) -> set[str]:
    """The names of the attributes that a class gives itself."""
    return {
        each.attr
        for each in ast.walk(node)
        if isinstance(each, ast.Attribute)
        and isinstance(each.ctx, ast.Store)
        and isinstance(each.value, ast.Name)
        and each.value.id == "self"
    }
