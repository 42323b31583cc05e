"""Who gets no mails any more, and signs up: what bounced is asked and lifted by confirming; a wish is respected."""

from typing import Any

import pytest

from app import delivery
from app.kernel.db import session, transaction
from app.subscriptions import Subscriber
from tests.delivery.mails import prepare
from tests.subscriptions.story import (
    OZG,
    found_newsletters,
    link_in,
    links_of,
    mails_to,
    sign_up,
    states,
    subscribe,
)
from tests.support.client import Visitor
from tests.support.house import HeldClock
from tests.support.smtp import SmtpSink

KLARA = "klara.muster@stadt.example"


@pytest.fixture(autouse=True)
def _newsletters(saxony: Any, clock: HeldClock) -> None:
    found_newsletters(saxony)


def _suppress(app: Any, reason: str) -> None:
    with app.app_context(), transaction():
        delivery.suppress(KLARA, reason)


def _reason(app: Any) -> str | None:
    with app.app_context():
        known = delivery.suppression(KLARA)
        return None if known is None else str(known.reason)


def test_what_bounced_gets_the_question_and_is_lifted_by_confirming(
    saxony: Any, client: Visitor, clock: HeldClock, smtp: SmtpSink, work: Any
) -> None:
    _suppress(saxony, "bounce")
    sign_up(client, clock, KLARA)
    work()
    [asked] = smtp.to(KLARA)
    assert (asked.subject, _reason(saxony)) == ("Bitte bestätigen Sie Ihre Anmeldung", "bounce")
    link = link_in(asked.body(), "bestaetigen")
    client.get(link)
    assert _reason(saxony) == "bounce"
    client.submit(link)
    assert (_reason(saxony), states(saxony, KLARA)) == (None, {OZG: "active"})
    work()
    assert [mail.subject.startswith("Willkommen") for mail in smtp.to(KLARA)] == [False, True]


def test_what_bounced_gets_three_questions_a_day_at_most(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    _suppress(saxony, "bounce")
    for _ in range(5):
        sign_up(saxony.test_client(), clock, KLARA)
    assert len(mails_to(saxony, KLARA)) == 3


@pytest.mark.parametrize("reason", ["complaint", "wish", "staff"])
def test_who_wished_for_no_mails_gets_none_and_is_told_whom_to_write_to(
    saxony: Any, client: Visitor, clock: HeldClock, smtp: SmtpSink, work: Any, reason: str
) -> None:
    _suppress(saxony, reason)
    answer = sign_up(client, clock, KLARA)
    page = client.get(answer.location).text
    assert 'href="mailto:redaktion@rundbrief.example"' in page
    work()
    assert (smtp.to(KLARA), mails_to(saxony, KLARA), _reason(saxony)) == ([], [], reason)
    with saxony.app_context():
        assert session.query(Subscriber).count() == 0


def test_who_complained_after_signing_up_is_not_lifted_by_the_old_link(
    saxony: Any, client: Visitor, clock: HeldClock
) -> None:
    sign_up(client, clock, KLARA)
    link = link_in(mails_to(saxony, KLARA)[0][1], "bestaetigen")
    _suppress(saxony, "complaint")
    client.submit(link)
    assert _reason(saxony) == "complaint"


def _counted(app: Any) -> int:
    with app.app_context():
        return session.query(delivery.SoftBounce).count()


def _full(app: Any, address: str) -> None:
    """An issue came back from this address: its mailbox is full."""
    with app.app_context(), transaction():
        prepare((address, "", 1))
        row = delivery.find("issue:1", address)
        assert row is not None
        assert delivery.refused(row, 452, "4.2.2 mailbox full") == "full"


def test_bounces_that_were_counted_are_forgotten_by_confirming_and_not_by_opening_the_link(
    saxony: Any, client: Visitor, clock: HeldClock
) -> None:
    _full(saxony, KLARA)
    assert _counted(saxony) == 1
    sign_up(client, clock, KLARA)
    link = link_in(mails_to(saxony, KLARA)[-1][1], "bestaetigen")
    client.get(link)
    assert _counted(saxony) == 1
    client.submit(link)
    assert _counted(saxony) == 0


def test_bounces_of_an_address_are_forgotten_when_somebody_moves_there(
    saxony: Any, client: Visitor, clock: HeldClock
) -> None:
    new = "k.muster@kreis.example"
    _full(saxony, new)
    subscribe(saxony, client, clock, KLARA)
    client.submit(f"{links_of(saxony, KLARA)[1]}/adresse", {"email": new})
    links = [link_in(mails_to(saxony, address)[-1][1], "adresse") for address in (KLARA, new)]
    client.submit(links[0])
    assert _counted(saxony) == 1
    client.submit(links[1])
    assert _counted(saxony) == 0


def test_who_moves_to_an_address_that_bounced_is_asked_there_and_lifts_it_by_confirming(
    saxony: Any, client: Visitor, clock: HeldClock, smtp: SmtpSink, work: Any
) -> None:
    old = "otto@stadt.example"
    subscribe(saxony, client, clock, old)
    _suppress(saxony, "bounce")
    client.submit(f"{links_of(saxony, old)[1]}/adresse", {"email": KLARA})
    work()
    asked = [mail for mail in (*smtp.to(old), *smtp.to(KLARA)) if "/newsletter/adresse/" in mail.body()]
    assert len(asked) == 2
    for mail in asked:
        assert _reason(saxony) == "bounce"
        client.submit(link_in(mail.body(), "adresse"))
    assert (_reason(saxony), states(saxony, KLARA)) == (None, {OZG: "active"})


def test_confirming_one_newsletter_more_lifts_a_bounce_too(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    subscribe(saxony, client, clock, KLARA)
    _suppress(saxony, "bounce")
    sign_up(client, clock, KLARA, newsletters=["sakd-aktuell"])
    client.submit(link_in(mails_to(saxony, KLARA)[-1][1], "bestaetigen"))
    assert _reason(saxony) is None
