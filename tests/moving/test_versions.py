"""Versions of the map in the database: of two operators at once one decides anew, and nothing is ever changed."""

from contextlib import closing

from MySQLdb.connections import Connection

from commands.mover.desk import Desk
from common.config import load
from common.database import connect
from moving import table
from moving.config import MoveConfig
from moving.plan import Plan, Step
from tests.moving.moving_case import MovingCase


class VersionsTest(MovingCase):
    def connect(self) -> Connection:
        at = load(MoveConfig, self.rig.stack.environ("move"))
        return connect(at.region.database, at.region.password)

    def test_of_two_operators_at_once_one_decides_anew(self) -> None:
        with closing(self.connect()) as one, closing(self.connect()) as other:
            before = table.newest(one)
            seen: list[int] = []

            def make(found: Plan) -> Plan:
                seen.append(found.version)
                if len(seen) == 1:
                    # Somebody else is quicker.
                    table.append(other, Step(found.with_shadow(7), "shadow", "theirs", "other"))
                return found.with_shadow(found.shadow + 1)

            desk = Desk(one, load(MoveConfig, self.rig.stack.environ("move")), "one")
            made = desk.change("shadow", make, lambda _, after: f"{after.shadow:g} %")
            self.assertEqual(seen, [before.version, before.version + 1])
            self.assertEqual((made.version, made.shadow, table.newest(one)), (before.version + 2, 8, made))

    def test_a_version_is_made_once(self) -> None:
        with closing(self.connect()) as connection:
            step = Step(table.newest(connection).with_shadow(5), "shadow", "5 %", "one")
            table.append(connection, step)
            with self.assertRaisesRegex(table.Overtaken, f"version {step.plan.version} was made by somebody else"):
                table.append(connection, step)
            self.assertEqual(table.newest(connection), step.plan)
