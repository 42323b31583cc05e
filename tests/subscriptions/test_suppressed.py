"""Who gets no mails any more, and signs up: what bounced is asked and lifted by confirming; a wish is respected."""

from typing import Any

import pytest

from app import delivery
from app.kernel.db import session, transaction
from app.subscriptions import Subscriber
from tests.subscriptions.story import OZG, found_newsletters, link_in, mails_to, sign_up, states, subscribe
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


def test_confirming_one_newsletter_more_lifts_a_bounce_too(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    subscribe(saxony, client, clock, KLARA)
    _suppress(saxony, "bounce")
    sign_up(client, clock, KLARA, newsletters=["sakd-aktuell"])
    client.submit(link_in(mails_to(saxony, KLARA)[-1][1], "bestaetigen"))
    assert _reason(saxony) is None
