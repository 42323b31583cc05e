# ruff: noqa: E501  (hostile mails are written in one line each)
"""Hostile mails: whatever comes in, reading it ends soon, stays small, and suppresses nobody."""

import os
import random
import resource
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from app import wiring
from app.delivery.inbound.mime import DEEPEST, MOST_PARTS, parse
from app.delivery.inbound.models import ReturnedMail
from app.delivery.inbound.pump import receive
from app.delivery.inbound.read import read
from app.delivery.inbound.reading import Kind, Reading
from app.delivery.inbound.who import House
from app.delivery.models import Suppression
from app.kernel.db import session, transaction
from tests.delivery.inbound import formats
from tests.delivery.inbound.formats import Ours
from tests.delivery.inbound.mutations import mutated
from tests.delivery.inbound.replies import HARD
from tests.delivery.inbound.samples import all_samples

HOUSE = House("bounces@rundbrief.example", "redaktion@rundbrief.example", "rundbrief.example")
STRANGER = Ours(
    "bounces+1-1-aaaaaaaaaaaaaaaaaaaaaaaa@rundbrief.example", "a@b.example", "<1.0123456789abcdef@x.example>", "1-1-b"
)
MUTATIONS = int(os.environ.get("MUTATIONS", "1000"))  # ``make soak`` reads 10,000
SECONDS = 1.0  # of the processor: what else the machine does is not the mail's fault
MEGABYTE = 1_000_000


def test_mutated_mails_are_read_in_time_and_prove_nothing() -> None:
    assert slowest_of(MUTATIONS) < SECONDS


def slowest_of(number: int, seed: int = 4) -> float:
    """Read so many mutated mails, none of which carries a token of ours; the longest time for one, in seconds."""
    dice = random.Random(seed)
    seeds = [sample.make(STRANGER) for sample in all_samples()]
    slowest = 0.0
    for _ in range(number):
        raw = mutated(dice.choice(seeds), dice, seeds)
        began = time.process_time()
        reading = read(raw, HOUSE)
        slowest = max(slowest, time.process_time() - began)
        assert isinstance(reading, Reading)
        assert not reading.who.proof.is_authentic
        assert len(reading.text) <= 500
    return slowest


def nested(levels: int) -> bytes:
    head = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(levels))
    return ("From: a@b.example\n" + head + "\nText").encode()


def nested_messages(levels: int) -> bytes:
    return b"From: a@b.example\n" + b"Content-Type: message/rfc822\n\n" * levels


BOMBS: dict[str, Callable[[], bytes]] = {
    "10,000 multiparts in each other": lambda: nested(10_000),
    "one boundary, nested 15,000 times": lambda: b'Content-Type: multipart/mixed; boundary=b\n\n--b\n' * 15_000,
    "30,000 messages in each other": lambda: nested_messages(30_000),
    "200,000 parts": lambda: b'Content-Type: multipart/mixed; boundary=b\n\n' + b"--b\n\n" * 200_000,
    "nested and a million short lines": lambda: nested(200) + b"\n" * MEGABYTE,
    "a header of a megabyte": lambda: b"Subject: " + b"a" * MEGABYTE,
    "100,000 header fields": lambda: b"To: a@b.example\n" * 60_000 + b"\n\nx",
    "folded without end": lambda: b"Subject: a\n" + b" b\n" * 300_000,
    "encoded words without end": lambda: b"Subject: " + b"=?utf-8?q?a" * 90_000 + b"\n\nx",
    "broken encoded words": lambda: b"Subject: " + b"=?utf-8?b?====?= =?x?q?=ZZ?= " * 30_000 + b"\n\nx",
    "tags that never end": lambda: b"Content-Type: text/html\n\n" + b"<style" * 150_000,
    "open tags": lambda: b"Content-Type: text/html\n\n" + b"<" * MEGABYTE,
    "entities": lambda: b"Content-Type: text/html\n\n" + b"&#x1F4A9;&lt;" * 70_000,
    "base64 that is none": lambda: b"Content-Transfer-Encoding: base64\n\n" + b"A=" * 500_000,
    "quoted-printable that is none": lambda: b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=" * MEGABYTE,
    "a slow character set": lambda: b"Content-Type: text/plain; charset=punycode\n\n" + b"a-" * 500_000,
    "a character set that is none": lambda: b"Content-Type: text/plain; charset=zlib\n\n" + b"x" * MEGABYTE,
    "a report of 300,000 groups": lambda: b"Content-Type: message/delivery-status\n\n" + b"a: b\n\n" * 160_000,
    "a report of one endless field": lambda: b"Content-Type: message/delivery-status\n\nAction: failed\nStatus: 5.1.1\nX: a\n" + b" b\n" * 300_000,
    "codes and codes": lambda: b"From: mailer-daemon@x.example\n\n" + b"550 5.1.1 " * 100_000,
    "dots and digits": lambda: b"From: mailer-daemon@x.example\n\n" + b"5.1" * 330_000,
    "addresses": lambda: b"From: mailer-daemon@x.example\nSubject: failure notice\n\n" + b"a@" * 500_000,
    "tokens": lambda: b"From: mailer-daemon@x.example\n\n" + b"1-1-aaaaaaaaaaaaaaaaaaaaaaaa " * 30_000,
    "quoted parameters": lambda: b"Content-Type: multipart/mixed" + b'; a="b' * 100_000 + b"\n\nx",
    "only returns": lambda: b"\r" * MEGABYTE,
    "only zeroes": lambda: b"\0" * MEGABYTE,
    "random bytes": lambda: random.Random(7).randbytes(MEGABYTE),
    "fifty megabytes": lambda: b"From: a@b.example\n\n" + b"x" * (50 * MEGABYTE),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_read_within_a_second_and_little_memory(name: str) -> None:
    raw = BOMBS[name]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    reading = read(raw, HOUSE)
    assert time.process_time() - began < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000
    assert not reading.who.proof.is_authentic
    assert reading.kind in list(Kind)


def test_parts_and_levels_end_at_their_limits() -> None:
    assert len(parse(b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 5_000).walk()) == MOST_PARTS
    depth, part = 0, parse(nested(50))
    while part.parts:
        depth, part = depth + 1, part.parts[0]
    assert depth == DEEPEST - 1


def test_every_mutated_mail_can_be_stored_and_is_kept(app: Any) -> None:
    dice = random.Random(11)
    seeds = [sample.make(STRANGER) for sample in all_samples()]
    evil = b"From: =?utf-8?q?=00=ed=a0=80?= <a=?utf-8?q?=00?=@b.example>\nSubject: =?utf-8?q?=00?= \xed\xa0\x80\n\n\0"
    report = formats.postfix(STRANGER, HARD[0]).replace(b"rfc822; a@b.example", b"utf-8; \\x{d800}\\x{0}@b.example")
    with app.app_context():
        for raw in (evil, report, *(mutated(dice.choice(seeds), dice, seeds) for _ in range(80))):
            receive(raw, wiring.INBOUND)
        with transaction(write=False):
            assert session.scalar(select(func.count(Suppression.digest))) == 0
            kept = session.scalars(select(ReturnedMail).options(undefer(ReturnedMail.raw))).all()
    assert all(mail.raw is not None for mail in kept if mail.consequence != "ignored")
