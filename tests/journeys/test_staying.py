"""The story of one who stays, through HTTP, jobs and real SMTP: changes, pauses, moves, loses the link, comes back."""

from typing import Any

import pytest

from app import announcements, wiring
from app.announcements import Content
from app.kernel import clock as our_clock
from app.kernel.db import transaction
from tests.architecture.routes import addresses_in, side_effects
from tests.subscriptions.story import OZG, found_newsletters, link_in, sign_up, states
from tests.support.client import Visitor
from tests.support.house import PUBLIC_URL, HeldClock
from tests.support.smtp import SmtpSink

KLARA, HOME = "klara.muster@stadt.example", "klara@kreis.example"


@pytest.fixture
def settings(saxony: Any, client: Visitor, clock: HeldClock, smtp: SmtpSink, work: Any) -> str:
    """The link to the preferences out of the welcome mail."""
    found_newsletters(saxony)
    sign_up(client, clock, KLARA)
    work()
    client.submit(link_in(smtp.to(KLARA)[0].body(), "bestaetigen"))
    work()
    clock.tick(days=1)
    return link_in(smtp.to(KLARA)[1].body(), "einstellungen")


def _publish(app: Any, title: str) -> None:
    with app.app_context():
        with transaction():
            made = announcements.draft(Content(title=title, lead="Ein Satz.", regions=("14",)), 1)
            announcements.submit(made, 1)
            announcements.approve(made, made.content_hash, 2, our_clock.now())
        assert announcements.publish_due(wiring.ON_PUBLISH) == 1


def _subjects(smtp: SmtpSink, address: str) -> list[str]:
    return [mail.subject for mail in smtp.to(address)]


def test_who_wants_it_at_once_is_told_so_hears_at_once_and_has_peace_in_a_pause(
    saxony: Any, client: Visitor, settings: str, smtp: SmtpSink, clock: HeldClock, work: Any
) -> None:
    client.submit(settings, {"how": "all_at_once"})
    _publish(saxony, "Neue Arbeitshilfe")
    work()
    assert sorted(_subjects(smtp, KLARA)[2:]) == ["Ihre Einstellungen wurden geändert", "Neue Arbeitshilfe"]
    client.submit(settings, {"paused_until": "2026-12-01"})
    _publish(saxony, "In der Pause")
    work()
    clock.tick(days=7)
    _publish(saxony, "Nach der Pause")
    work()
    assert sorted(_subjects(smtp, KLARA)[4:]) == ["Ihre Einstellungen wurden geändert", "Nach der Pause"]
    at_once = next(mail for mail in smtp.to(KLARA) if mail.subject == "Nach der Pause")
    left = client.submit(link_in(at_once.body(), "abmelden"), has="List-Unsubscribe")
    assert (left.status_code, states(saxony, KLARA)) == (200, {OZG: "withdrawn"})
    undo = left.text.split('action="')[1].split('"')[0]
    client.post(undo)
    _publish(saxony, "Nach der Rückkehr")
    work()
    assert _subjects(smtp, KLARA)[-1] == "Nach der Rückkehr"


def test_who_lost_the_link_gets_it_moves_and_hears_at_the_new_address_only(
    saxony: Any, client: Visitor, settings: str, smtp: SmtpSink, work: Any
) -> None:
    client.submit("/newsletter/link", {"email": KLARA})
    work()
    found = link_in(smtp.to(KLARA)[-1].body(), "einstellungen")
    client.submit(found, {"how": "all_at_once"})
    client.submit(f"{found}/adresse", {"email": HOME})
    work()
    asked = [smtp.to(address)[-1].body() for address in (KLARA, HOME)]
    for text in asked:
        client.submit(link_in(text, "adresse"))
    _publish(saxony, "Nach dem Umzug")
    work()
    assert _subjects(smtp, KLARA)[-1] == "Ihre Newsletter gehen jetzt an eine andere Adresse"
    assert _subjects(smtp, HOME) == ["Bitte bestätigen Sie Ihre neue Adresse", "Nach dem Umzug"]
    assert states(saxony, HOME) == {OZG: "active"}
    texts = [mail.body(form) for mail in smtp.received for form in ("plain", "html")]
    assert side_effects(saxony, {path for text in texts for path in addresses_in(text, PUBLIC_URL)}) == []
