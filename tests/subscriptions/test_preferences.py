"""Changing what one gets, through the link in each mail, which may have been forwarded."""

from typing import Any

import pytest

from app import subscriptions
from app.kernel.db import db, session
from app.subscriptions import Subscriber
from tests.subscriptions.story import OZG, SAKD, found_newsletters, link_in, links_of, mails_to, states, subscribe
from tests.support.client import Visitor
from tests.support.dump import differences, dump
from tests.support.house import HeldClock

KLARA = "klara.muster@grosse-stadt.example"


@pytest.fixture
def link(saxony: Any, client: Visitor, clock: HeldClock) -> str:
    """The path to the preferences of one who takes one newsletter, for one Gemeinde and one topic."""
    found_newsletters(saxony)
    subscribe(
        saxony, client, clock, KLARA, name="Klara Muster", organisation="Amt", places=["14625250"], topics=["amt24"]
    )
    clock.tick(days=2)
    return links_of(saxony, KLARA)[1]


def test_a_stranger_learns_nothing_from_a_forwarded_link(client: Visitor, link: str) -> None:
    page = client.get(link).text
    assert "k…@g…-stadt.example" in page
    for secret in (KLARA, "Klara", "Muster"):
        assert secret not in page.replace("Musterzweckverband", "").replace("Musterweg", "")


def test_looking_changes_nothing(saxony: Any, client: Visitor, link: str) -> None:
    with saxony.app_context():
        before = dump(db.engine)
    for method in ("GET", "HEAD", "OPTIONS"):
        assert client.open(link, method=method).status_code == 200
    with saxony.app_context():
        assert differences(before, dump(db.engine)) == []


def test_saving_what_is_there_changes_nothing_but_the_note(saxony: Any, client: Visitor, link: str) -> None:
    with saxony.app_context():
        before = dump(db.engine)
    answer = client.submit(link, follow=True)
    assert (answer.status_code, "Ihre Einstellungen sind gespeichert." in answer.text) == (200, True)
    with saxony.app_context():
        assert differences(before, dump(db.engine)) == []


def test_regions_topics_and_language_change_at_once(saxony: Any, client: Visitor, link: str) -> None:
    values = {"regions": ["14625", "14625250"], "places": ["14625020"], "topics": ["umwelt"], "lang": "en"}
    assert client.submit(link, values).status_code == 303
    with saxony.app_context():
        [person] = session.query(Subscriber)
        now = subscriptions.preferences_of(person)
        assert now.regions == ("14625", "14625250", "14625020")
        assert (now.topics, now.lang) == (("umwelt",), "en")
        last = subscriptions.history(person)[-1]
        assert (last.kind, last.content) == (
            "changed",
            {"regions": ["14625", "14625250", "14625020"], "topics": ["umwelt"], "lang": "en"},
        )


def test_a_new_newsletter_waits_for_a_confirmation_by_mail(saxony: Any, client: Visitor, link: str) -> None:
    answer = client.submit(link, {"newsletters": [OZG, SAKD]}, follow=True)
    assert "Der neue Newsletter kommt, sobald Sie den Link in der E-Mail bestätigen" in answer.text
    assert states(saxony, KLARA) == {OZG: "active", SAKD: "requested"}
    client.submit(link_in(mails_to(saxony, KLARA)[-1][1], "bestaetigen"))
    assert states(saxony, KLARA) == {OZG: "active", SAKD: "active"}
    with saxony.app_context():
        [person] = session.query(Subscriber)
        assert (person.name, person.organisation) == ("Klara Muster", "Amt")


def test_without_any_tick_the_person_has_left(saxony: Any, client: Visitor, link: str) -> None:
    answer = client.submit(link, {"newsletters": []}, follow=True)
    assert "Sie erhalten zurzeit keinen Newsletter." in answer.text
    assert states(saxony, KLARA) == {OZG: "withdrawn"}


def test_a_mistake_is_answered_with_advice(saxony: Any, client: Visitor, link: str) -> None:
    with saxony.app_context():
        before = dump(db.engine)
    answer = client.submit(link, {"places": ["99999999"]})
    assert answer.status_code == 422
    assert "Bitte wählen Sie aus den angebotenen Möglichkeiten." in answer.text
    with saxony.app_context():
        assert differences(before, dump(db.engine)) == []


def test_the_change_needs_the_token_of_the_page(saxony: Any, link: str) -> None:
    assert saxony.test_client().post(link, data={"newsletters": []}).status_code == 400
    assert states(saxony, KLARA) == {OZG: "active"}


@pytest.mark.parametrize("token", ["1-1-abcdefghijklmnopqrstuvwx", "unbekannt", "4711-1-x", "ä"])
def test_an_unknown_link_gets_a_helpful_page(client: Visitor, link: str, token: str) -> None:
    answer = client.get(f"/newsletter/einstellungen/{token}")
    assert (answer.status_code, "Dieser Link ist unvollständig." in answer.text) == (404, True)


def test_the_link_to_leave_does_not_open_the_preferences(saxony: Any, client: Visitor, link: str) -> None:
    token = links_of(saxony, KLARA)[0].rpartition("/")[2]
    assert client.get(f"/newsletter/einstellungen/{token}").status_code == 404
