"""The mails with which flufl.bounce tests itself are taken for what they are."""

import json
import sys
from pathlib import Path

import pytest

from app.delivery.inbound.read import read
from app.delivery.inbound.reading import Cause, Kind
from app.delivery.inbound.who import House

CORPUS = Path(sys.prefix) / "share" / "flufl.bounce"
HOUSE = House("bounces@rundbrief.example", "redaktion@rundbrief.example", "rundbrief.example")
# A report on a meeting, and a machine's thanks: they stand in the corpus because they are no bounces.
NONE_OF_THEM = {"groupwise_03.txt", "qmail_08.txt"}
FOR_NOW = (Cause.DELAYED, Cause.SOFT, Cause.FULL)


@pytest.mark.needs("bounce-corpus")
def test_every_bounce_of_the_corpus_is_one_and_names_the_right_address() -> None:
    expected = json.loads((CORPUS / "expected.json").read_text())["mails"]
    mails = sorted(CORPUS.glob("*.txt"))
    assert len(mails) >= 110
    wrong = []
    for path in mails:
        reading = read(path.read_bytes(), HOUSE)
        addresses, temporary = expected.get(path.name, ([], False))
        named = {reading.who.recipient.lower(), reading.who.original.lower()}
        right = (reading.kind is Kind.DSN) != (path.name in NONE_OF_THEM)
        right = right and (not addresses or bool(named & set(addresses)))
        right = right and (not temporary or reading.cause in FOR_NOW)
        if not right or reading.who.proof.is_authentic:
            wrong.append(f"{path.name}: {reading.kind} {reading.cause} {named}")
    assert len(wrong) <= 0.02 * len(mails), wrong
