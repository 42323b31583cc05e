"""A mailbox that several people read, behind a gateway that opens every link: the normal case in administrations."""

from typing import Any

from app import subscriptions
from app.kernel.db import db, session
from tests.subscriptions.story import OZG, found_newsletters, link_in, sign_up, states
from tests.support.client import Visitor
from tests.support.dump import differences, dump
from tests.support.house import HeldClock
from tests.support.smtp import SmtpSink

POST = "poststelle@gemeinde.example"


def test_the_gateway_scans_two_colleagues_press_and_a_third_signs_up_again(
    saxony: Any, client: Visitor, clock: HeldClock, smtp: SmtpSink, work: Any
) -> None:
    found_newsletters(saxony)
    sign_up(client, clock, POST)
    work()
    [asked] = smtp.to(POST)
    link = link_in(asked.body(), "bestaetigen")
    before = _rows(saxony)
    for _ in range(3):
        clock.tick(hours=5)
        for method in ("HEAD", "GET"):
            saxony.test_client().open(link, method=method, headers={"User-Agent": "Mail gateway"})
    assert differences(before, _rows(saxony)) == []

    pressed = saxony.test_client().submit(link, follow=True)
    looked = saxony.test_client().get(link)  # a colleague, or who got it forwarded
    assert ["Ihre Anmeldung ist bestätigt" in answer.text for answer in (pressed, looked)] == [True, True]
    work()
    assert states(saxony, POST) == {OZG: "active"}
    assert len(smtp.to(POST)) == 2  # the question and the welcome

    before = _subscriptions(saxony)
    sign_up(saxony.test_client(), clock, POST.upper())
    work()
    assert smtp.to(POST)[-1].subject == "Sie sind schon angemeldet"
    assert _subscriptions(saxony) == before


def _rows(app: Any) -> dict[str, Any]:
    with app.app_context():
        return dump(db.engine)


def _subscriptions(app: Any) -> list[tuple[Any, ...]]:
    with app.app_context():
        return [
            (s.newsletter.slug, str(s.state), s.generation, tuple(s.regions), s.subscriber.name)
            for s in session.query(subscriptions.Subscription)
        ]
