"""Lost all mails: the links come to the address, and nobody else learns anything."""

from typing import Any

import pytest

from app import delivery
from app.kernel.db import db, transaction
from tests.subscriptions.story import OZG, SAKD, found_newsletters, link_in, links_of, mails_to, states, subscribe
from tests.support.client import Visitor
from tests.support.dump import differences, dump
from tests.support.house import HeldClock

KLARA = "klara.muster@grosse-stadt.example"
FORM = "/newsletter/link"


@pytest.fixture(autouse=True)
def _klara(saxony: Any, client: Visitor, clock: HeldClock, work: Any) -> None:
    found_newsletters(saxony)
    subscribe(saxony, client, clock, KLARA, newsletters=[OZG, SAKD])
    work()
    clock.tick(days=2)


def test_the_links_in_the_mail_change_and_leave(saxony: Any, client: Visitor) -> None:
    assert client.submit(FORM, {"email": KLARA.upper()}, follow=True).status_code == 200
    subject, text = mails_to(saxony, KLARA)[-1]
    assert subject == "Ihre Links zum Ändern und Abmelden"
    assert link_in(text, "einstellungen") == links_of(saxony, KLARA)[1]
    assert text.count("/newsletter/abmelden/") == 2
    client.submit(link_in(text, "abmelden"))
    assert states(saxony, KLARA) == {OZG: "withdrawn", SAKD: "active"}


def test_the_answer_is_the_same_for_every_address(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    subscribe(saxony, client, clock, "weg@stadt.example")
    client.post(links_of(saxony, "weg@stadt.example")[0], data={"List-Unsubscribe": "One-Click"})
    subscribe(saxony, client, clock, "gesperrt@stadt.example")
    with saxony.app_context(), transaction():
        delivery.suppress("gesperrt@stadt.example", "wish")
    addresses = [KLARA, "unbekannt@stadt.example", "weg@stadt.example", "gesperrt@stadt.example"]
    before = {address: len(mails_to(saxony, address)) for address in addresses}
    answers = {_seen(client.submit(FORM, {"email": address})) for address in addresses}
    assert len(answers) == 1
    more = {address: len(mails_to(saxony, address)) - count for address, count in before.items()}
    assert more == {KLARA: 1, "unbekannt@stadt.example": 0, "weg@stadt.example": 0, "gesperrt@stadt.example": 0}


def _seen(answer: Any) -> tuple[Any, ...]:
    headers = tuple((name, value) for name, value in answer.headers if name not in ("Date", "Set-Cookie"))
    return answer.status_code, answer.text, headers


def test_a_mailbox_gets_three_a_day_those_of_signing_up_included(saxony: Any, client: Visitor) -> None:
    for _ in range(5):
        client.submit(FORM, {"email": KLARA})
    assert len([subject for subject, _ in mails_to(saxony, KLARA) if subject.startswith("Ihre Links")]) == 3


def test_looking_changes_nothing_and_a_mistake_gets_advice(saxony: Any, client: Visitor) -> None:
    with saxony.app_context():
        before = dump(db.engine)
    for method in ("GET", "HEAD", "OPTIONS"):
        assert client.open(FORM, method=method).status_code == 200
    answer = client.submit(FORM, {"email": "klara"})
    assert (answer.status_code, "name@beispiel.de" in answer.text, 'value="klara"' in answer.text) == (422, True, True)
    with saxony.app_context():
        assert differences(before, dump(db.engine)) == []


def test_the_page_speaks_english(client: Visitor) -> None:
    assert "Lost your link?" in client.get(f"{FORM}?lang=en").text
