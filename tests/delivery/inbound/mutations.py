# ruff: noqa: E501  (pieces of mails)
"""Mails changed at random, as a broken gateway or a hostile hand would change them."""

import random
from collections.abc import Callable, Sequence

Change = Callable[[bytes, random.Random, Sequence[bytes]], bytes]
PIECES = [
    b"\0", b"\r", b"\n\n", b"--", b"=?utf-8?q?", b"?=", b"Content-Type: multipart/mixed; boundary=\"\"\n", b"\xff\xfe",
    b"Content-Transfer-Encoding: base64\n", b"Status: 5.1.1\n", b"Action: failed\n\n", b"550 5.1.1 user unknown", b";" * 50,
    b"<" * 100, b"Final-Recipient: rfc822; x@y.example\n", b"charset=punycode", "\u202e\u0000ß".encode(), b"\t" * 80,
]  # fmt: skip


def mutated(raw: bytes, dice: random.Random, others: Sequence[bytes]) -> bytes:
    """This mail after one to eight changes."""
    for _ in range(dice.randint(1, 8)):
        raw = dice.choice(CHANGES)(raw, dice, others)
    return raw[:200_000]


def _flip(raw: bytes, dice: random.Random, others: Sequence[bytes]) -> bytes:
    changed = bytearray(raw)
    for _ in range(dice.randint(1, 40)):
        if changed:
            changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def _cut(raw: bytes, dice: random.Random, others: Sequence[bytes]) -> bytes:
    start = dice.randrange(len(raw) + 1)
    return raw[:start] + raw[start + dice.randint(0, 2000) :]


def _repeat(raw: bytes, dice: random.Random, others: Sequence[bytes]) -> bytes:
    start = dice.randrange(len(raw) + 1)
    return raw[:start] + raw[start : start + dice.randint(1, 300)] * dice.randint(2, 60) + raw[start:]


def _insert(raw: bytes, dice: random.Random, others: Sequence[bytes]) -> bytes:
    start = dice.randrange(len(raw) + 1)
    return raw[:start] + dice.choice(PIECES) * dice.randint(1, 20) + raw[start:]


def _splice(raw: bytes, dice: random.Random, others: Sequence[bytes]) -> bytes:
    other = dice.choice(others)
    return raw[: dice.randrange(len(raw) + 1)] + other[dice.randrange(len(other) + 1) :]


def _shuffle(raw: bytes, dice: random.Random, others: Sequence[bytes]) -> bytes:
    lines = raw.splitlines(keepends=True)
    dice.shuffle(lines)
    return b"".join(lines)


CHANGES: list[Change] = [_flip, _cut, _repeat, _insert, _insert, _splice, _shuffle]
