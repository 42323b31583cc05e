"""The welcome mail: once for everybody who confirmed, in the team's words, with the dates of this moment."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from app import newsletter, subscriptions
from app.announcements import Channel
from app.kernel import clock as our_clock
from app.kernel import identity, text
from app.kernel.db import session, transaction
from app.kernel.errors import Invalid
from app.newsletter import Wording
from app.subscriptions import State, Subscription
from tests.newsletter import story
from tests.newsletter.story import ANNA, BERND
from tests.support.house import HeldClock
from tests.support.smtp import SmtpSink


@pytest.fixture
def list_id(saxony: Any, clock: HeldClock) -> Iterator[int]:
    with saxony.app_context():
        yield story.found_newsletter()


def _newcomer(list_id: int, address: str, **values: Any) -> int:
    subscription_id = story.add_reader(list_id, address, **values)
    with transaction():
        taken = session.get(Subscription, subscription_id)
        assert taken is not None
        taken.welcomed_at = None
    return subscription_id


def test_a_newcomer_is_greeted_once(saxony: Any, list_id: int, smtp: SmtpSink) -> None:
    _newcomer(list_id, ANNA, name="Anna Muster")
    story.add_reader(list_id, BERND, state=State.REQUESTED)
    story.work(saxony)
    story.work(saxony)
    [mail] = smtp.received
    assert (mail.recipients, mail.subject) == ([ANNA], "Willkommen beim OZG-Newsletter")
    assert "Guten Tag Anna Muster,\n\nIhre Anmeldung zum OZG-Newsletter ist bestätigt." in mail.body()
    assert mail.raw_header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    assert "{" not in mail.body()


def test_it_says_who_stands_behind_it_and_which_channels_there_are(saxony: Any, list_id: int, smtp: SmtpSink) -> None:
    with transaction():
        identity.set_values(publisher="Sächsische Musteranstalt (SMA)", behalf="SMA im Auftrag des Freistaates")
        for position, name in enumerate(("SSG", "SLKT")):
            session.add(Channel(name=name, kind="mail", config={}, active=True, position=position))
        session.add(Channel(name="Stillgelegt", kind="mail", config={}, active=False, position=3))
    _newcomer(list_id, ANNA)
    story.work(saxony)
    said = smtp.to(ANNA)[0].body()
    assert "- Herausgeber: Sächsische Musteranstalt (SMA)\n- Getragen von: SMA im Auftrag des Freistaates\n" in said
    assert "Infokanäle bekannt: SSG, SLKT." in said
    assert "Stillgelegt" not in said


def test_what_has_no_answer_is_left_out(saxony: Any, list_id: int, smtp: SmtpSink) -> None:
    _newcomer(list_id, ANNA)
    story.work(saxony)
    said = smtp.to(ANNA)[0].body()
    assert "Getragen" not in said
    assert "Infokanäle" not in said
    assert "Beteiligungsportal" not in said


def test_its_dates_are_those_of_this_moment(saxony: Any, list_id: int, smtp: SmtpSink) -> None:
    start = our_clock.now() + timedelta(days=14)
    story.add_event("Workshop Bautzen", starts_at=start, ends_at=start + timedelta(hours=2), place="Bautzen")
    story.add_event("Workshop Vogtland", state="proposed")
    _newcomer(list_id, ANNA)
    story.work(saxony)
    said = smtp.to(ANNA)[0].body()
    assert "* Dienstag, 8. Dezember 2026, 10:00 bis 12:00 Uhr\n  Workshop Bautzen, Bautzen\n" in said
    assert "* Termin wird noch abgestimmt\n  Workshop Vogtland\n" in said


def test_text_and_html_say_the_same(saxony: Any, list_id: int, smtp: SmtpSink) -> None:
    story.add_event("Workshop Vogtland", state="proposed")
    _newcomer(list_id, ANNA)
    story.work(saxony)
    [mail] = smtp.received
    for block in newsletter.wording(subscriptions.get_newsletter(list_id), "de").blocks:
        assert block["heading"] in mail.body()
        assert block["heading"] in mail.body("html")


def test_an_english_reader_is_greeted_in_english(saxony: Any, list_id: int, smtp: SmtpSink) -> None:
    _newcomer(list_id, ANNA, lang="en")
    story.work(saxony)
    assert smtp.received[0].subject == "Welcome to OZG-Newsletter"


def test_the_team_says_it_in_its_own_words(saxony: Any, list_id: int, smtp: SmtpSink) -> None:
    own = [{"id": 1, "kind": "text", "heading": "Hallo", "body": text.from_markdown("Alles unter {website}.")}]
    with transaction():
        named = subscriptions.get_newsletter(list_id)
        newsletter.set_wording(named, "de", Wording("Willkommen an Bord", "", "Bis bald", own))
    _newcomer(list_id, ANNA)
    story.work(saxony)
    [mail] = smtp.received
    assert mail.subject == "Willkommen an Bord"
    assert "Hallo\n-----\n\nAlles unter http://rundbrief.example/.\n\nBis bald\nRedaktion Rundbrief\n" in mail.body()


def test_an_unknown_placeholder_is_refused(list_id: int) -> None:
    own = [{"id": 1, "kind": "text", "heading": "", "body": text.from_markdown("Alles unter {webseite}.")}]
    with pytest.raises(Invalid, match="webseite"), transaction():
        newsletter.set_wording(subscriptions.get_newsletter(list_id), "de", Wording("Hallo", "", "", own))
