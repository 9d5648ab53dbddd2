"""The hash under one key is HMAC-SHA256, for every key and text, from several threads at once."""

import hmac
import unittest
from concurrent.futures import ThreadPoolExecutor

from common.keyed_hash import KeyedHash


class KeyedHashTest(unittest.TestCase):
    def test_it_is_hmac_sha256(self) -> None:
        for length in (1, 32, 63, 64, 65, 200):
            key = bytes(range(length))
            hashed = KeyedHash(key)
            for size in (0, 1, 55, 64, 3000):
                data = b"y" * size
                self.assertEqual(hashed(data), hmac.digest(key, data, "sha256"))

    def test_threads_do_not_disturb_each_other(self) -> None:
        hashed = KeyedHash(b"key")
        texts = [str(number).encode() for number in range(2000)]
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(hashed, texts))
        self.assertEqual(found, [hmac.digest(b"key", text, "sha256") for text in texts])
