"""Moving to another address: both mailboxes are asked, and only both together change anything."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from app import delivery, subscriptions
from app.kernel import mail
from app.kernel.db import db, session, transaction
from app.kernel.errors import Conflict
from app.subscriptions import Subscriber, services
from tests.subscriptions.story import OZG, SAKD, found_newsletters, link_in, links_of, mails_to, states, subscribe
from tests.support.client import Visitor
from tests.support.dump import differences, dump
from tests.support.house import HeldClock

OLD, NEW, OTHER = "klara.muster@grosse-stadt.example", "k.muster@kreis.example", "otto@stadt.example"


@pytest.fixture
def page(saxony: Any, client: Visitor, clock: HeldClock, work: Any) -> str:
    """The page to change the address of one who takes both newsletters."""
    found_newsletters(saxony)
    subscribe(saxony, client, clock, OLD, newsletters=[OZG, SAKD], name="Klara Muster", topics=["amt24"])
    work()
    clock.tick(days=2)
    return f"{links_of(saxony, OLD)[1]}/adresse"


def _rows(app: Any) -> dict[str, Any]:
    with app.app_context():
        return dump(db.engine)


def _asked(app: Any, client: Visitor, page: str, new: str = NEW) -> tuple[str, str]:
    """Ask to move; the links that went to the old and to the new mailbox."""
    answer = client.submit(page, {"email": new}, follow=True)
    assert "liegt jetzt in beiden Postfächern eine E-Mail" in answer.text
    return tuple(link_in(mails_to(app, address)[-1][1], "adresse") for address in (OLD, new))  # type: ignore[return-value]


@pytest.mark.parametrize("first", [0, 1])
def test_both_mailboxes_confirm_in_whatever_order_and_all_moves(
    saxony: Any, client: Visitor, page: str, clock: HeldClock, first: int
) -> None:
    links = _asked(saxony, client, page)
    clock.tick(hours=1)
    half = client.submit(links[first], follow=True)
    assert ("Noch ein Postfach" in half.text, states(saxony, OLD)) == (True, {OZG: "active", SAKD: "active"})
    clock.tick(hours=1)
    done = client.submit(links[1 - first], follow=True)
    assert "Ihre Newsletter sind umgezogen" in done.text
    assert (states(saxony, OLD), states(saxony, NEW)) == ({}, {OZG: "active", SAKD: "active"})
    with saxony.app_context():
        [person] = session.query(Subscriber)
        assert (person.address, person.name, person.subscriptions[0].topics) == (NEW, "Klara Muster", ["amt24"])
        last = subscriptions.history(person)[-1]
        assert last.content is not None
        assert (last.kind, last.content["address"], last.content["previous_address"]) == ("changed", NEW, OLD)
        assert subscriptions.tampered() == {}
    subject, text = mails_to(saxony, OLD)[-1]
    assert (subject, "k…@k….example" in text, NEW in text) == (
        "Ihre Newsletter gehen jetzt an eine andere Adresse",
        True,
        False,
    )


def test_one_mailbox_alone_changes_nothing(saxony: Any, client: Visitor, page: str) -> None:
    link = _asked(saxony, client, page)[0]
    assert "Noch ein Postfach" in client.submit(link, follow=True).text
    assert ("Noch ein Postfach" in client.get(link).text, "<button" in client.get(link).text.split("<main")[1]) == (
        True,
        False,
    )
    assert (states(saxony, OLD), states(saxony, NEW)) == ({OZG: "active", SAKD: "active"}, {})


def test_opening_the_links_changes_nothing(saxony: Any, client: Visitor, page: str) -> None:
    links = _asked(saxony, client, page)
    before = _rows(saxony)
    for path in (page, f"{page}/gesendet", *links):
        for method in ("GET", "HEAD", "OPTIONS", "GET"):
            assert client.open(path, method=method).status_code == 200
    assert differences(before, _rows(saxony)) == []


def test_afterwards_old_links_end_and_what_waits_for_the_old_address_is_skipped(
    saxony: Any, client: Visitor, page: str
) -> None:
    leave, preferences = links_of(saxony, OLD)
    with saxony.app_context(), transaction():
        newsletter = subscriptions.find_newsletter(OZG)
        assert newsletter is not None
        message = delivery.freeze("issue:1", "issue", mail.Mail("Ausgabe 1", "Text\n", "<p>Text</p>"))
        delivery.prepare(message, subscriptions.audience(newsletter.id))
    for link in _asked(saxony, client, page):
        client.submit(link)
    assert client.post(leave, data={"List-Unsubscribe": "One-Click"}).status_code == 404
    assert [client.get(path).status_code for path in (leave, preferences, page)] == [404, 404, 404]
    assert [client.get(path).status_code for path in links_of(saxony, NEW)] == [200, 200]
    with saxony.app_context():
        waiting = delivery.find("issue:1", OLD)
        assert waiting is not None
        assert (waiting.state, waiting.reason) == ("skipped", "address_changed")
        told = delivery.of_address(OLD)[-1]
        assert told.state == "queued"


def test_a_second_click_shows_success_again_and_changes_nothing(saxony: Any, client: Visitor, page: str) -> None:
    links = _asked(saxony, client, page)
    for link in links:
        client.submit(link)
    before = _rows(saxony)
    for link in links:
        again = client.get(link)
        assert (again.status_code, "Ihre Newsletter sind umgezogen" in again.text) == (200, True)
        assert NEW not in again.text
    assert differences(before, _rows(saxony)) == []


def test_the_links_end_after_72_hours_and_are_forgotten(
    saxony: Any, client: Visitor, page: str, clock: HeldClock, work: Any
) -> None:
    links = _asked(saxony, client, page)
    client.submit(links[0])
    clock.tick(hours=72)
    assert [client.get(link).status_code for link in links] == [410, 410]
    work()
    assert [client.get(link).status_code for link in links] == [404, 404]
    with saxony.app_context():
        assert session.execute(db.text("SELECT count(*) FROM address_changes")).scalar() == 0


def test_a_new_wish_replaces_the_one_before(saxony: Any, client: Visitor, page: str) -> None:
    first = _asked(saxony, client, page)
    second = _asked(saxony, client, page, "klara@neu.example")
    assert [client.get(link).status_code for link in first] == [404, 404]
    for link in second:
        client.submit(link)
    assert states(saxony, "klara@neu.example") == {OZG: "active", SAKD: "active"}


def test_a_stranger_cannot_learn_whether_an_address_is_known(
    saxony: Any, client: Visitor, page: str, clock: HeldClock
) -> None:
    subscribe(saxony, client, clock, OTHER)
    with saxony.app_context(), transaction():
        delivery.suppress("nie.wieder@stadt.example", "wish")
    answers = set()
    for address in (NEW, OTHER, OLD, "nie.wieder@stadt.example"):
        answer = client.submit(page, {"email": address}, follow=True)
        answers.add((answer.status_code, answer.request.path, answer.text))
    assert len(answers) == 1
    assert mails_to(saxony, "nie.wieder@stadt.example") == []


def test_an_address_that_takes_something_already_is_told_what_to_do(
    saxony: Any, client: Visitor, page: str, clock: HeldClock
) -> None:
    subscribe(saxony, client, clock, OTHER)
    before = mails_to(saxony, OLD)
    client.submit(page, {"email": OTHER})
    assert mails_to(saxony, OTHER)[-1][0] == "Diese Adresse ist hier schon eingetragen"
    assert mails_to(saxony, OLD) == before


def test_an_address_that_signed_up_meanwhile_is_not_taken_over(
    saxony: Any, client: Visitor, page: str, clock: HeldClock
) -> None:
    links = _asked(saxony, client, page)
    subscribe(saxony, client, clock, NEW)
    client.submit(links[0])
    assert client.submit(links[1]).status_code == 409
    assert (states(saxony, OLD), states(saxony, NEW)) == ({OZG: "active", SAKD: "active"}, {OZG: "active"})


def test_of_two_who_move_to_one_address_at_the_same_moment_one_moves_and_the_other_is_told(
    saxony: Any, client: Visitor, page: str, clock: HeldClock
) -> None:
    subscribe(saxony, client, clock, OTHER)
    ours = _asked(saxony, client, page)
    client.submit(f"{links_of(saxony, OTHER)[1]}/adresse", {"email": NEW})
    theirs = [link_in(mails_to(saxony, address)[-1][1], "adresse") for address in (OTHER, NEW)]
    for link in (ours[0], theirs[0]):
        client.submit(link)
    moved, waiting = Event(), Event()

    def first() -> bool:
        with saxony.app_context(), transaction():
            done = services.confirm_move(ours[1].rpartition("/")[2]).done
            moved.set()
            waiting.wait(10)
            time.sleep(0.3)  # the other one stands before the same address by now
            return done

    def second() -> str:
        moved.wait(10)
        waiting.set()
        with saxony.app_context(), pytest.raises(Conflict) as told, transaction():
            services.confirm_move(theirs[1].rpartition("/")[2])
        return str(told.value)

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.submit(first), pool.submit(second)
        assert (one.result(), "inzwischen angemeldet" in other.result()) == (True, True)
    assert (states(saxony, NEW), states(saxony, OTHER)) == ({OZG: "active", SAKD: "active"}, {OZG: "active"})


def test_nobody_can_fill_a_mailbox_by_asking(saxony: Any, client: Visitor, page: str, clock: HeldClock) -> None:
    for number in range(6):
        client.submit(page, {"email": f"ziel{number}@stadt.example"})
        client.submit(page, {"email": "opfer@stadt.example"})
        clock.tick(minutes=1)
    assert len([subject for subject, _ in mails_to(saxony, OLD) if "neue Adresse" in subject]) == 3
    assert len(mails_to(saxony, "opfer@stadt.example")) <= 3


def test_a_mistake_is_answered_with_advice(saxony: Any, client: Visitor, page: str) -> None:
    before = _rows(saxony)
    answer = client.submit(page, {"email": "klara@"})
    assert (answer.status_code, "name@beispiel.de" in answer.text, 'value="klara@"' in answer.text) == (422, True, True)
    assert differences(before, _rows(saxony)) == []


def test_the_button_needs_the_token_of_the_page(saxony: Any, client: Visitor, page: str) -> None:
    link = _asked(saxony, client, page)[0]
    assert saxony.test_client().post(link).status_code == 400
    assert client.get("/newsletter/adresse/unbekannt").status_code == 404
