"""OAuth secrets at rest: sealed under a key with an id, for their own row alone."""

import unittest

from app.gateway.sealed import CannotUnseal, Sealed, SealingKeys, sealing_keys

OLD, NEW = b"o" * 32, b"n" * 32
OWNER = b"h" * 32


class SealedTest(unittest.TestCase):
    def setUp(self) -> None:
        self.keys = SealingKeys({"old": OLD})

    def test_it_opens_what_it_sealed(self) -> None:
        sealed = self.keys.seal("s3cret", OWNER)
        self.assertEqual((sealed.key_id, self.keys.open(sealed, OWNER)), ("old", "s3cret"))
        self.assertNotIn(b"s3cret", sealed.content)
        self.assertNotIn("s3cret", repr(sealed))

    def test_no_two_sealings_are_alike(self) -> None:
        self.assertNotEqual(self.keys.seal("s3cret", OWNER), self.keys.seal("s3cret", OWNER))

    def test_in_another_row_or_changed_it_does_not_open(self) -> None:
        sealed = self.keys.seal("s3cret", OWNER)
        with self.assertRaises(CannotUnseal):
            self.keys.open(sealed, b"x" * 32)
        for place in range(len(sealed.content)):
            changed = bytearray(sealed.content)
            changed[place] ^= 1
            with self.assertRaises(CannotUnseal):
                self.keys.open(Sealed("old", bytes(changed)), OWNER)
        for content in (b"", b"short", sealed.content[:-1]):
            with self.assertRaises(CannotUnseal):
                self.keys.open(Sealed("old", content), OWNER)

    def test_a_new_key_in_front_seals_and_the_old_one_still_opens(self) -> None:
        sealed = self.keys.seal("s3cret", OWNER)
        both = SealingKeys({"new": NEW, "old": OLD})
        self.assertEqual(both.open(sealed, OWNER), "s3cret")
        self.assertEqual(both.seal("s3cret", OWNER).key_id, "new")

    def test_a_key_that_was_taken_out_is_named(self) -> None:
        with self.assertRaisesRegex(CannotUnseal, "the key old, which CLIENT_SECRET_KEYS hasn't"):
            SealingKeys({"new": NEW}).open(self.keys.seal("s3cret", OWNER), OWNER)


class SettingTest(unittest.TestCase):
    def test_the_first_is_the_newest(self) -> None:
        found = sealing_keys(f"2026-11:{NEW.hex()}, old:{OLD.hex().upper()}")
        self.assertEqual(found.newest, "2026-11")
        self.assertEqual(found.open(self.sealed_by_old(), OWNER), "s3cret")

    def sealed_by_old(self) -> Sealed:
        return SealingKeys({"old": OLD}).seal("s3cret", OWNER)

    def test_what_is_wrong_is_said_without_the_value(self) -> None:
        for value in ("", "x", NEW.hex(), f"a:{NEW.hex()[1:]}", f"a:{NEW.hex()},", f"a b:{NEW.hex()}", f"a:{'g' * 64}"):
            with self.subTest(value), self.assertRaisesRegex(ValueError, "must be ID:HEX") as bad:
                sealing_keys(value)
            self.assertNotIn(NEW.hex(), str(bad.exception))
        with self.assertRaisesRegex(ValueError, "has the id a twice"):
            sealing_keys(f"a:{NEW.hex()},a:{OLD.hex()}")
