"""Mails as they really come back are taken for what they are, and nobody is suppressed who can be reached."""

from typing import Any

from sqlalchemy import update

from app import delivery
from app.delivery.inbound import record
from app.delivery.inbound.read import read
from app.delivery.inbound.who import House
from app.delivery.models import Delivery, State
from app.kernel import tokens
from app.kernel.db import session, transaction
from tests.delivery.inbound.formats import Ours
from tests.delivery.inbound.samples import Sample, all_samples
from tests.delivery.mails import prepare, unlock

HOUSE = House("bounces@rundbrief.example", "redaktion@rundbrief.example", "rundbrief.example")
SAMPLES = all_samples()


def ours_of(row: Delivery) -> Ours:
    """How the mail of this delivery looked on the wire."""
    return Ours(
        sender=f"bounces+{tokens.derive('bounce', row.id)}@rundbrief.example",
        to=row.address,
        message_id=row.message_ref,
        unsubscribe=tokens.derive("unsubscribe", row.subject_id or 0),
    )


def test_there_are_more_than_200_of_them() -> None:
    assert len(SAMPLES) >= 250


def test_98_of_100_are_taken_for_what_they_are_and_nobody_is_suppressed_in_error(app: Any) -> None:
    wrong: list[str] = []
    suppressed_in_error: list[str] = []
    with app.app_context():
        unlock()
        with transaction():
            people = [(f"person{number}@amt.example", "", 1000 + number) for number in range(len(SAMPLES))]
            prepare(*people)
            session.execute(update(Delivery).values(state=State.ACCEPTED))
        with transaction():
            for sample, (address, *_rest) in zip(SAMPLES, people, strict=True):
                found = delivery.find("issue:1", address)
                assert found is not None
                _judge(sample, found, wrong, suppressed_in_error)
    assert suppressed_in_error == []
    assert len(wrong) <= 0.02 * len(SAMPLES), wrong
    assert wrong == []


def _judge(sample: Sample, row: Delivery, wrong: list[str], suppressed_in_error: list[str]) -> None:
    raw = sample.make(ours_of(row))
    reading = read(raw, HOUSE)
    mail = record.take(raw, reading, [])
    known = delivery.suppression(row.address)
    gone = known.reason.value if known else ""
    if gone and gone != sample.gone:
        suppressed_in_error.append(f"{sample.name}: {gone}")
    expected = (sample.kind.value, sample.cause.value if sample.cause else "", sample.gone)
    if (mail.kind, mail.cause, gone) != expected:
        wrong.append(
            f"{sample.name}: {mail.kind} {mail.cause} {gone!r} {reading.code} {reading.status} {reading.text[:90]}"
        )
