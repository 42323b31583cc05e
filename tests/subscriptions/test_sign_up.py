"""Signing up: two steps, the same answer for every address, nothing by merely opening a page."""

import re
from datetime import timedelta
from typing import Any

import pytest

from app import delivery, subscriptions, taxonomy
from app.kernel.db import db, session, transaction
from app.subscriptions import Declaration, SignUp, Subscriber
from tests.subscriptions.story import (
    OZG,
    SAKD,
    SIGN_UP,
    found_newsletters,
    link_in,
    links_of,
    mails_to,
    send,
    sign_up,
    states,
    subscribe,
)
from tests.support.client import Visitor
from tests.support.dump import differences, dump
from tests.support.house import HeldClock
from tests.support.smtp import SmtpSink

KLARA = "klara.muster@stadt.example"


@pytest.fixture(autouse=True)
def _newsletters(saxony: Any, clock: HeldClock) -> None:
    found_newsletters(saxony)


def test_two_steps_make_a_subscriber(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    answer = sign_up(
        client, clock, KLARA, regions=["14625"], topics=["amt24"], places=["14626110"], role="it", name="Klara"
    )
    assert (answer.status_code, answer.location) == (303, "/newsletter/anmelden/gesendet")
    assert states(saxony, KLARA) == {OZG: "requested"}
    [(subject, text)] = mails_to(saxony, KLARA)
    assert subject == "Bitte bestätigen Sie Ihre Anmeldung"
    page = client.submit(link_in(text, "bestaetigen"), follow=True)
    assert (page.status_code, "Ihre Anmeldung ist bestätigt" in page.text) == (200, True)
    assert states(saxony, KLARA) == {OZG: "active"}
    with saxony.app_context():
        newsletter = subscriptions.find_newsletter(OZG)
        assert newsletter is not None
        [person] = session.execute(subscriptions.audience(newsletter.id)).all()
        assert (person.address, person.name) == (KLARA, "Klara")
        personal = subscriptions.personal(person.subject_id)
        assert (personal.regions, personal.topics) == (("14625", "14626110"), ("amt24",))
        assert [s.id for s in subscriptions.unwelcomed()] == [person.subject_id]


def test_the_confirmation_mail_leaves_over_smtp(
    saxony: Any, client: Visitor, clock: HeldClock, smtp: SmtpSink, work: Any
) -> None:
    sign_up(client, clock, KLARA)
    work()
    [received] = smtp.to(KLARA)
    assert received.subject == "Bitte bestätigen Sie Ihre Anmeldung"
    assert received.raw_header("List-Unsubscribe") is None
    assert link_in(received.body(), "bestaetigen") == link_in(mails_to(saxony, KLARA)[0][1], "bestaetigen")


def test_letters_beyond_ascii_before_and_after_the_at_sign_sign_up_and_get_their_mail(
    saxony: Any, client: Visitor, clock: HeldClock, smtp: SmtpSink, work: Any
) -> None:
    sign_up(client, clock, "jürgen@görlitz.example")
    work()
    [received] = smtp.to("jürgen@xn--grlitz-wxa.example")
    client.submit(link_in(received.body(), "bestaetigen"))
    assert states(saxony, "jürgen@xn--grlitz-wxa.example") == {OZG: "active"}


def test_nothing_is_ticked_beforehand_and_only_the_address_is_needed(client: Visitor) -> None:
    page = client.get(SIGN_UP).text
    assert " checked" not in page
    assert len(re.findall("Pflichtangabe", page)) == 2  # the address, and which newsletter


def test_a_link_to_one_newsletter_leaves_nothing_to_tick(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    page = client.get(f"{SIGN_UP}?newsletter={SAKD}").text
    assert re.findall(r'name="newsletters"[^>]*value="([^"]+)"', page) == [SAKD]
    assert 'type="checkbox" ' not in re.sub(r'name="(regions|topics)" type="checkbox" ', "", page)


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        ({"email": ""}, "Bitte geben Sie eine E-Mail-Adresse im Format name@beispiel.de ein."),
        ({"email": "klara"}, "Bitte geben Sie eine E-Mail-Adresse im Format name@beispiel.de ein."),
        ({"email": "klara@stadt"}, "Bitte geben Sie eine E-Mail-Adresse im Format name@beispiel.de ein."),
        ({"email": "a@b@stadt.example"}, "Bitte geben Sie eine E-Mail-Adresse im Format name@beispiel.de ein."),
        ({"newsletters": []}, "Bitte wählen Sie mindestens einen Newsletter aus."),
        ({"newsletters": ["unbekannt"]}, "Bitte wählen Sie aus den angebotenen Möglichkeiten."),
        ({"regions": ["99999"]}, "Bitte wählen Sie aus den angebotenen Möglichkeiten."),
        ({"topics": ["unbekannt"]}, "Bitte wählen Sie aus den angebotenen Möglichkeiten."),
        ({"places": ["14626110", "02000000"]}, "Bitte wählen Sie aus den angebotenen Möglichkeiten."),
        ({"role": "queen"}, "Bitte wählen Sie aus den angebotenen Möglichkeiten."),
        ({"name": "Klara\r\nBcc: x@y.example"}, "Bitte schreiben Sie alles in eine Zeile."),
    ],
)
def test_a_mistake_is_answered_with_advice_and_keeps_what_was_typed(
    saxony: Any, client: Visitor, clock: HeldClock, values: dict[str, Any], advice: str
) -> None:
    with saxony.app_context():
        before = dump(db.engine)
    answer = sign_up(client, clock, KLARA, organisation="Stadt Musterstadt", **values)
    assert answer.status_code == 422
    assert advice in answer.text
    assert 'value="Stadt Musterstadt"' in answer.text
    with saxony.app_context():
        assert differences(before, dump(db.engine)) == []


def test_the_answer_is_the_same_for_every_address(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    subscribe(saxony, client, clock, "aktiv@stadt.example")
    sign_up(client, clock, "wartet@stadt.example")
    with saxony.app_context(), transaction():
        delivery.suppress("gesperrt@stadt.example", "complaint")
    answers = set()
    for address in ("neu@stadt.example", "wartet@stadt.example", "aktiv@stadt.example", "gesperrt@stadt.example"):
        visitor = saxony.test_client()
        answer = sign_up(visitor, clock, address)
        headers = {name: value for name, value in answer.headers.items() if name != "Set-Cookie"}
        followed = visitor.get(answer.location)
        assert address not in followed.text
        page = re.sub(r'name="csrf_token" value="[^"]+"', "", followed.text)
        answers.add((answer.status_code, answer.text, repr(sorted(headers.items())), followed.status_code, page))
    assert len(answers) == 1


def test_who_is_subscribed_already_gets_the_link_to_the_preferences(
    saxony: Any, client: Visitor, clock: HeldClock
) -> None:
    subscribe(saxony, client, clock, KLARA, topics=["amt24"])
    sign_up(client, clock, KLARA.upper(), name="Jemand Anders", topics=[])
    subject, text = mails_to(saxony, KLARA)[-1]
    assert subject == "Sie sind schon angemeldet"
    assert link_in(text, "einstellungen") == links_of(saxony, KLARA)[1]
    with saxony.app_context():
        [person] = session.query(Subscriber)
        assert (person.name, person.subscriptions[0].topics, person.subscriptions[0].state) == ("", ["amt24"], "active")


def test_a_suppressed_address_gets_nothing_and_leaves_no_trace(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    with saxony.app_context(), transaction():
        delivery.suppress(KLARA, "complaint")
    sign_up(client, clock, KLARA)
    assert mails_to(saxony, KLARA) == []
    with saxony.app_context():
        assert session.query(Subscriber).count() == 0


def test_an_address_gets_three_mails_a_day_at_most(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    for _ in range(5):
        assert sign_up(saxony.test_client(), clock, KLARA).status_code == 303
    assert len(mails_to(saxony, KLARA)) == 3
    clock.tick(hours=24)
    sign_up(client, clock, KLARA)
    assert len(mails_to(saxony, KLARA)) == 4


@pytest.mark.parametrize("suspicion", ["too fast", "trap filled", "no start"])
def test_what_looks_automatic_gets_one_more_button_and_is_never_lost(
    saxony: Any, client: Visitor, clock: HeldClock, suspicion: str
) -> None:
    values: dict[str, Any] = {"newsletters": [OZG], "email": KLARA, "topics": ["amt24", "umwelt"]}
    if suspicion == "too fast":
        answer = client.submit(SIGN_UP, values)
    elif suspicion == "trap filled":
        answer = sign_up(client, clock, KLARA, website="https://spam.example", topics=["amt24", "umwelt"])
    else:
        answer = sign_up(client, clock, KLARA, started="12-1-forged", topics=["amt24", "umwelt"])
    assert (answer.status_code, "Noch ein Klick" in answer.text) == (200, True)
    assert mails_to(saxony, KLARA) == []

    assert send(client, answer.text, SIGN_UP).status_code == 303
    client.submit(link_in(mails_to(saxony, KLARA)[0][1], "bestaetigen"))
    with saxony.app_context():
        [person] = session.query(Subscriber)
        assert person.subscriptions[0].topics == ["amt24", "umwelt"]


def test_the_trap_is_hidden_from_people(client: Visitor) -> None:
    page = client.get(SIGN_UP).text
    [trap] = re.findall(r'<div class="rb-trap" aria-hidden="true">.*?</div>', page)
    assert 'tabindex="-1"' in trap
    assert 'autocomplete="off"' in trap


def test_a_form_without_csrf_token_is_refused(saxony: Any, client: Visitor) -> None:
    answer = client.post(SIGN_UP, data={"email": KLARA, "newsletters": OZG})
    assert answer.status_code == 400
    assert mails_to(saxony, KLARA) == []


def test_addresses_are_recognised_by_what_they_mean(saxony: Any, clock: HeldClock) -> None:
    with saxony.app_context():
        for typed in ("Klara@GÖRLITZ.example", "klara@görlitz.example", "KLARA@xn--grlitz-wxa.example"):
            with transaction():
                subscriptions.request(SignUp(typed, (OZG,)), "Text")
        [person] = session.query(Subscriber)
        assert (person.address, person.normalised) == ("Klara@xn--grlitz-wxa.example", "klara@xn--grlitz-wxa.example")


def test_what_was_shown_is_kept_with_the_declaration(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    subscribe(saxony, client, clock, KLARA)
    with saxony.app_context():
        [person] = session.query(Subscriber)
        asked, confirmed = subscriptions.history(person)
        assert [entry.kind for entry in (asked, confirmed)] == ["requested", "confirmed"]
        assert asked.shown_text == confirmed.shown_text
        shown = session.get(subscriptions.ShownText, asked.shown_text)
        assert shown is not None
        assert shown.text.startswith("Mit „Newsletter abonnieren“ willige ich ein, die ausgewählten Newsletter von ")
        assert asked.content == {
            "address": KLARA,
            "newsletters": [OZG],
            "name": "",
            "organisation": "",
            "role": "",
            "page": SIGN_UP,
            "requested_at": "2026-11-24T09:00:10+00:00",
            "regions": [],
            "topics": [],
            "lang": "de",
        }


def test_an_instance_without_newsletters_says_so(make_app: Any, database_url: str, saxony: Any) -> None:
    with saxony.app_context(), transaction():
        session.query(subscriptions.Newsletter).delete()
    page = saxony.test_client().get(SIGN_UP)
    assert (page.status_code, "Noch gibt es keinen Newsletter" in page.text) == (200, True)


def test_the_pages_speak_english(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    page = client.get(f"{SIGN_UP}?lang=en").text
    button = re.findall(r"<button[^>]*>\s*([^<]*Subscribe[^<]*?)\s*</button>", page)
    assert re.findall(r"With “([^”]+)” I consent", page) == button
    sign_up(client, clock, KLARA)
    assert mails_to(saxony, KLARA)[0][0] == "Please confirm your sign-up"


def test_all_municipalities_and_their_associations_are_offered_by_kreis(saxony: Any, client: Visitor) -> None:
    page = client.get(SIGN_UP).text
    listed = page.partition('name="places"')[2].partition("</select>")[0]
    offered = re.findall(r'<option value="(\d+)">([^<]+)</option>', listed)
    with saxony.app_context():
        every = [*taxonomy.municipalities(), *taxonomy.associations()]
        assert sorted(offered) == sorted((region.ags, region.label) for region in every)
    assert len(re.findall("<optgroup", listed)) == 13


def test_declarations_grow_with_each_step_only(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    subscribe(saxony, client, clock, KLARA)
    clock.tick(days=timedelta(days=1).days)
    with saxony.app_context():
        assert session.query(Declaration).count() == 2


def test_of_a_group_in_which_nothing_was_chosen_each_box_says_so_and_the_first_what_to_do(
    saxony: Any, client: Visitor, clock: HeldClock
) -> None:
    page = sign_up(client, clock, KLARA, newsletters=[]).text
    boxes = re.findall(r'<input[^>]*name="newsletters"[^>]*>', page)
    assert [('aria-invalid="true"' in box, 'aria-describedby="newsletters-error"' in box) for box in boxes] == [
        (True, True),
        (True, False),
    ]
    assert page.count('id="newsletters-error"') == 1
    assert 'aria-invalid="true"' not in "".join(re.findall(r'<input[^>]*name="regions"[^>]*>', page))
    fresh = client.get("/newsletter/anmelden").text
    assert "aria-invalid" not in fresh
