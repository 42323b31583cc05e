"""Changing what one gets, through the link in each mail, which may have been forwarded."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app import delivery, subscriptions
from app.kernel import mail
from app.kernel.db import db, session, transaction
from app.subscriptions import Subscriber
from tests.subscriptions.story import OZG, SAKD, found_newsletters, link_in, links_of, mails_to, states, subscribe
from tests.support import house
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


def test_how_in_which_form_and_a_pause_change_at_once(saxony: Any, client: Visitor, link: str) -> None:
    values = {"how": "all_at_once", "format": "text", "paused_until": "08.12.2026"}
    answer = client.submit(link, values, follow=True)
    assert "Bis 8. Dezember 2026 schicken wir Ihnen nichts." in answer.text
    with saxony.app_context():
        [person] = session.query(Subscriber)
        now = subscriptions.preferences_of(person)
        assert (now.how, now.format, now.paused_until) == ("all_at_once", "text", date(2026, 12, 8))
        last = subscriptions.history(person)[-1]
        assert (last.kind, last.content) == (
            "changed",
            {"how": "all_at_once", "format": "text", "paused_until": "2026-12-08"},
        )


@pytest.mark.parametrize(
    ("day", "advice"),
    [
        ("2026-11-26", "Dieser Tag ist nicht in der Zukunft."),
        ("2028-01-01", "Eine Pause dauert höchstens ein Jahr."),
        ("0202-12-08", "Dieser Tag ist nicht in der Zukunft."),
        ("9999-12-31", "Eine Pause dauert höchstens ein Jahr."),
        ("morgen", "Bitte geben Sie ein Datum ein"),
    ],
)
def test_a_pause_lasts_until_a_day_to_come(saxony: Any, client: Visitor, link: str, day: str, advice: str) -> None:
    answer = client.submit(link, {"paused_until": day})
    assert (answer.status_code, advice in answer.text, f'value="{day}"' in answer.text) == (422, True, True)
    with saxony.app_context():
        assert session.query(Subscriber).one().paused_until is None


def test_a_pause_skips_what_waits_and_ends_by_itself(
    saxony: Any, client: Visitor, link: str, clock: HeldClock, work: Any
) -> None:
    work()
    with saxony.app_context(), transaction():
        newsletter = subscriptions.find_newsletter(OZG)
        assert newsletter is not None
        message = delivery.freeze("issue:1", "issue", mail.Mail("Ausgabe 1", "Text\n", "<p>Text</p>"))
        assert delivery.prepare(message, subscriptions.audience(newsletter.id)) == 1
    client.submit(link, {"paused_until": "2026-12-01"})
    with saxony.app_context():
        waiting = delivery.find("issue:1", KLARA)
        assert waiting is not None
        assert (waiting.state, waiting.reason) == ("skipped", "paused")
        assert subscriptions.count_audience(newsletter.id) == 0
    clock.move_to(datetime(2026, 11, 30, 23, 1, tzinfo=UTC))  # the first minute of December in Berlin
    with saxony.app_context():
        assert subscriptions.count_audience(newsletter.id) == 1
    assert "Sie machen eine Pause." not in client.get(link).text


def test_who_has_a_pause_that_is_over_can_change_something_else(
    saxony: Any, client: Visitor, link: str, clock: HeldClock
) -> None:
    client.submit(link, {"paused_until": "2026-12-01"})
    clock.tick(days=30)
    assert client.submit(link, {"lang": "en"}).status_code == 303
    with saxony.app_context():
        assert subscriptions.preferences_of(session.query(Subscriber).one()).lang == "en"


def test_the_address_is_told_what_was_changed(saxony: Any, client: Visitor, link: str, work: Any) -> None:
    work()
    client.submit(link, {"regions": ["14625"], "places": [], "topics": [], "how": "dates_at_once"})
    subject, text = mails_to(saxony, KLARA)[-1]
    assert subject == "Ihre Einstellungen wurden geändert"
    assert "Am 26. November 2026 um 10:00 Uhr hat jemand" in text
    lines = [line for line in text.splitlines() if line.startswith(("Regionen:", "Themen:", "Zeitpunkt:", "Sprache"))]
    assert lines == [
        "Regionen: Landkreis Bautzen",
        "Themen: alle",
        "Zeitpunkt: Ausgaben, dazu neue und geänderte Termine sofort",
    ]
    assert link in text


def test_the_address_is_told_in_its_language_at_most_three_times_a_day_and_told_so(
    saxony: Any, client: Visitor, link: str, clock: HeldClock
) -> None:
    before = len(mails_to(saxony, KLARA))
    for number in range(8):
        client.submit(link, {"lang": "en", "format": ("text", "html")[number % 2]})
        clock.tick(minutes=1)
    told = mails_to(saxony, KLARA)[before:]
    assert [subject for subject, _ in told] == ["Your preferences have been changed"] * 3
    assert ["the last such notice for 24" in text for _, text in told] == [False, False, True]
    clock.tick(days=1)
    client.submit(link, {"format": "text"})
    assert len(mails_to(saxony, KLARA)) == before + 4


def test_whoever_holds_the_link_causes_six_mails_a_day_at_most_whatever_they_do(
    saxony: Any, client: Visitor, link: str, clock: HeldClock
) -> None:
    house.work(saxony)
    clock.tick(days=1)
    before = len(mails_to(saxony, KLARA))
    for number in range(6):
        client.submit(link, {"format": ("text", "html")[number % 2]})
        client.submit(link, {"newsletters": [OZG, SAKD]})
        client.submit(f"{link}/adresse", {"email": f"ziel{number}@stadt.example"})
        client.submit(f"{link}/meine-daten")
        client.submit("/newsletter/link", {"email": KLARA})
        clock.tick(minutes=10)
    house.work(saxony)
    assert len(mails_to(saxony, KLARA)) == before + 6


def test_who_leaves_everything_gets_no_further_mail_about_it(saxony: Any, client: Visitor, link: str) -> None:
    before = mails_to(saxony, KLARA)
    client.submit(link, {"newsletters": []})
    assert mails_to(saxony, KLARA) == before


def test_what_is_not_changed_stays_as_it_was_for_each_newsletter(
    saxony: Any, client: Visitor, link: str, clock: HeldClock
) -> None:
    subscribe(saxony, client, clock, KLARA, newsletters=[SAKD], regions=["14523"])
    client.submit(link, {"format": "text"})
    with saxony.app_context():
        [person] = session.query(Subscriber)
        taken = {s.newsletter.slug: s.regions for s in person.subscriptions}
        assert (taken[OZG] != taken[SAKD], taken[SAKD]) == (True, ["14523"])


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


def test_who_left_during_a_pause_and_comes_back_is_not_paused(
    saxony: Any, client: Visitor, link: str, clock: HeldClock
) -> None:
    client.submit(link, {"paused_until": "2027-05-01"})
    client.submit(link, {"newsletters": []})
    clock.tick(days=1)
    subscribe(saxony, client, clock, KLARA)
    with saxony.app_context():
        assert session.query(Subscriber).one().paused_until is None


def test_who_orders_one_more_during_a_pause_stays_paused(
    saxony: Any, client: Visitor, link: str, clock: HeldClock
) -> None:
    client.submit(link, {"paused_until": "2027-05-01"})
    subscribe(saxony, client, clock, KLARA, newsletters=[SAKD])
    with saxony.app_context():
        assert session.query(Subscriber).one().paused_until == date(2027, 5, 1)
