"""The history of an address can be proven; who never confirmed, and who wants to go, leaves nothing behind."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update
from werkzeug.datastructures import MultiDict

from app import subscriptions
from app.kernel.db import db, session, transaction
from app.operations.demo.forms_in_html import find_form
from app.subscriptions import Declaration, ShownText, Subscriber
from app.subscriptions.declarations import drop, keep_text
from app.subscriptions.retention import forget, old_texts, purge_texts
from app.subscriptions.rules import masked
from tests.subscriptions.story import (
    OZG,
    answer_sign_ups,
    found_newsletters,
    link_in,
    links_of,
    mails_to,
    sign_up,
    states,
    subscribe,
)
from tests.support.client import Visitor
from tests.support.dump import dump
from tests.support.house import HeldClock

KLARA = "klara.muster@stadt.example"


@pytest.fixture(autouse=True)
def _newsletters(saxony: Any, clock: HeldClock) -> None:
    found_newsletters(saxony)


def test_who_never_confirms_is_deleted_a_week_after_the_link_expired(
    saxony: Any, client: Visitor, clock: HeldClock, work: Any
) -> None:
    subscribe(saxony, client, clock, "bleibt@stadt.example")
    sign_up(client, clock, KLARA)
    clock.tick(hours=72 + 24 * 7 - 1)
    work()
    assert states(saxony, KLARA) == {OZG: "requested"}
    clock.tick(hours=1)
    work()
    with saxony.app_context():
        assert [person.address for person in session.query(Subscriber)] == ["bleibt@stadt.example"]
        ledger = {"deliveries", "delivery_addresses"}  # the mail that asked for the confirmation, for its own period
        assert "klara" not in repr({name: rows for name, rows in dump(db.engine).items() if name not in ledger})
        assert session.query(Declaration).count() == 2
        assert subscriptions.tampered() == {}
    assert states(saxony, "bleibt@stadt.example") == {OZG: "active"}
    with saxony.app_context():
        assert session.query(subscriptions.Subscription).count() == 1


def test_an_unconfirmed_addition_goes_but_the_subscription_stays(
    saxony: Any, client: Visitor, clock: HeldClock, work: Any
) -> None:
    subscribe(saxony, client, clock, KLARA)
    clock.tick(days=2)
    client.submit(links_of(saxony, KLARA)[1], {"newsletters": [OZG, "sakd-aktuell"]})
    clock.tick(days=11)
    work()
    assert states(saxony, KLARA) == {OZG: "active"}


def test_forgetting_leaves_only_hashes_and_the_chain_still_holds(
    saxony: Any, client: Visitor, clock: HeldClock
) -> None:
    subscribe(saxony, client, clock, KLARA, name="Klara Muster", organisation="Amt Musterstadt")
    run = saxony.test_cli_runner()
    assert "Anmeldung bestätigt" in run.invoke(args=["subscribers", "show", KLARA]).output
    assert run.invoke(args=["subscribers", "forget", KLARA, "--yes"]).output.startswith("Forgotten.\n")
    with saxony.app_context():
        kept = repr(dump(db.engine))
        assert [word for word in (KLARA, "Klara Muster", "Amt Musterstadt") if word in kept] == []
        entries = session.query(Declaration).order_by(Declaration.number).all()
        assert [(str(e.kind), e.content, e.salts, e.subscriber_id) for e in entries] == [
            ("requested", None, {}, None),
            ("confirmed", None, {}, None),
            ("erased", None, {}, None),
        ]
    verified = run.invoke(args=["subscribers", "verify"])
    assert (verified.exit_code, verified.output) == (0, "All declarations are as they were made.\n")


def test_who_left_is_forgotten_when_the_third_year_after_it_has_ended(
    saxony: Any, client: Visitor, clock: HeldClock, work: Any
) -> None:
    subscribe(saxony, client, clock, KLARA)
    subscribe(saxony, client, clock, "bleibt@stadt.example")
    client.post(links_of(saxony, KLARA)[0], data={"List-Unsubscribe": "One-Click"})
    clock.move_to(datetime(2029, 12, 31, 22, 59, tzinfo=UTC))
    work()
    assert states(saxony, KLARA) == {OZG: "withdrawn"}
    clock.move_to(datetime(2029, 12, 31, 23, 0, tzinfo=UTC))
    work()
    with saxony.app_context():
        assert [person.address for person in session.query(Subscriber)] == ["bleibt@stadt.example"]
        assert subscriptions.tampered() == {}


def test_verify_names_what_was_changed(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    subscribe(saxony, client, clock, KLARA)
    with saxony.app_context(), transaction():
        session.execute(update(Declaration).where(Declaration.number == 2).values(kind="withdrawn"))
    verified = saxony.test_cli_runner().invoke(args=["subscribers", "verify"])
    assert verified.exit_code == 1
    assert "entries 2 are not as they were declared." in verified.output


def test_asking_for_someone_unknown_says_so(saxony: Any) -> None:
    for address in ("niemand@stadt.example", "keine-adresse"):
        answer = saxony.test_cli_runner().invoke(args=["subscribers", "show", address])
        assert answer.exit_code == 2


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("klara@grosse-stadt.example", "k…@g…-stadt.example"),
        ("poststelle@kamenz.example", "p…@k….example"),
        ("a@b.c.example", "a…@b….c.example"),
    ],
)
def test_a_masked_address_is_a_hint_only(address: str, hint: str) -> None:
    assert masked(address) == hint


def test_what_a_link_did_stays_after_the_mail_is_gone(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    sign_up(client, clock, KLARA)
    link = link_in(mails_to(saxony, KLARA)[0][1], "bestaetigen")
    client.submit(link)
    clock.tick(days=30)
    assert states(saxony, KLARA) == {OZG: "active"}


def _texts(app: Any) -> int:
    with app.app_context():
        return session.query(ShownText).count()


def _purged(app: Any) -> int:
    with app.app_context():
        with transaction(write=False):
            found = old_texts()
        with transaction():
            return purge_texts(found)


def test_texts_stay_as_long_as_somebody_refers_to_them_and_30_days_since_they_were_shown(
    saxony: Any, client: Visitor, clock: HeldClock
) -> None:
    subscribe(saxony, client, clock, KLARA)
    kept = _texts(saxony)
    assert kept == 4  # consent, form, privacy notice, mail
    clock.tick(days=31)
    assert (_purged(saxony), _texts(saxony)) == (0, kept)
    with saxony.app_context(), transaction():
        [klara] = session.query(Subscriber)
        chain = klara.chain
        forget(klara)
    assert (_purged(saxony), _texts(saxony)) == (0, kept)  # hashes and times are kept, and say what was shown
    with saxony.app_context(), transaction():
        drop([chain])
    assert (_purged(saxony), _texts(saxony)) == (kept, 0)


def test_the_texts_of_a_form_that_waits_and_of_a_link_that_is_open_stay(
    saxony: Any, client: Visitor, clock: HeldClock
) -> None:
    page = client.get("/newsletter/anmelden").text
    clock.tick(seconds=10)
    form = find_form(page, "/newsletter/anmelden")
    client.post(form.action, data=MultiDict(form.filled({"newsletters": [OZG], "email": KLARA})))
    waiting = _texts(saxony)
    clock.tick(days=31)
    assert (_purged(saxony), _texts(saxony)) == (0, waiting)
    answer_sign_ups(saxony)
    clock.tick(days=31)
    with saxony.app_context(), transaction():
        drop([session.query(Subscriber).one().chain])
    assert (_purged(saxony), _texts(saxony)) == (1, waiting)  # the mail: the link still refers to the others


def test_a_text_that_is_being_shown_stays_although_nobody_refers_to_it(saxony: Any, clock: HeldClock) -> None:
    with saxony.app_context():
        for _ in range(3):
            with transaction():
                keep_text("Ich willige ein.", "de")
            clock.tick(days=20)
    assert (_purged(saxony), _texts(saxony)) == (0, 1)
    clock.tick(days=11)
    with saxony.app_context():
        with transaction(write=False):
            found = old_texts()
        with transaction():
            keep_text("Ich willige ein.", "de")
        with transaction():
            assert (len(found), purge_texts(found)) == (1, 0)
    clock.tick(days=31)
    assert (_purged(saxony), _texts(saxony)) == (1, 0)
