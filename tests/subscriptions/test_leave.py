"""Leaving: one click, at once, for people and for mail programs (RFC 8058)."""

from typing import Any

import pytest
from sqlalchemy import select

from app import delivery, subscriptions
from app.kernel import mail, tokens
from app.kernel.db import db, session, transaction
from app.subscriptions import Declaration, Subscription
from tests.subscriptions.story import OZG, SAKD, found_newsletters, links_of, states, subscribe
from tests.support.client import Visitor
from tests.support.dump import differences, dump
from tests.support.house import HeldClock

KLARA = "klara.muster@grosse-stadt.example"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def link(saxony: Any, client: Visitor, clock: HeldClock) -> str:
    """The path that ends the subscription of one who has confirmed."""
    found_newsletters(saxony)
    subscribe(saxony, client, clock, KLARA)
    return links_of(saxony, KLARA)[0]


def _post(app: Any, path: str, case: str) -> Any:
    machine = app.test_client(use_cookies=False)
    boundary = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    bodies: dict[str, dict[str, Any]] = {
        "urlencoded": {"data": "List-Unsubscribe=One-Click", "content_type": "application/x-www-form-urlencoded"},
        "multipart": {"data": boundary, "content_type": "multipart/form-data; boundary=x"},
        "empty": {},
        "other value": {"data": {"List-Unsubscribe": "Two-Clicks"}},
        "other field": {"data": {"leave": "1"}},
        "json": {"json": ONE_CLICK},
    }
    return machine.post(path, **bodies[case])


# RFC 8058, 3.1 and 3.2: what the body says, what is answered, what becomes of the subscription
CASES = [
    ("urlencoded", 200, "withdrawn"),
    ("multipart", 200, "withdrawn"),
    ("empty", 400, "active"),
    ("other value", 400, "active"),
    ("other field", 400, "active"),
    ("json", 400, "active"),
]


@pytest.mark.parametrize(("case", "status", "state"), CASES)
def test_one_click_needs_its_body_and_nothing_else(saxony: Any, link: str, case: str, status: int, state: str) -> None:
    answer = _post(saxony, link, case)
    assert (answer.status_code, answer.location, states(saxony, KLARA)) == (status, None, {OZG: state})


def test_one_click_twice_is_once(saxony: Any, link: str, clock: HeldClock) -> None:
    _post(saxony, link, "urlencoded")
    with saxony.app_context():
        before = dump(db.engine)
    clock.tick(days=3)
    assert _post(saxony, link, "multipart").status_code == 200
    with saxony.app_context():
        assert differences(before, dump(db.engine)) == []
        assert session.query(Declaration).filter(Declaration.kind == "withdrawn").count() == 1


@pytest.mark.parametrize("token", ["1-1-abcdefghijklmnopqrstuvwx", "unbekannt", "-1-1-a", "9999999999999999-1-a", "ä"])
def test_an_unknown_token_is_not_found(saxony: Any, link: str, token: str) -> None:
    for case in ("urlencoded", "multipart"):
        assert _post(saxony, f"/newsletter/abmelden/{token}", case).status_code == 404
    assert states(saxony, KLARA) == {OZG: "active"}


def test_a_token_of_another_purpose_is_not_found(saxony: Any, link: str) -> None:
    token = links_of(saxony, KLARA)[1].rpartition("/")[2]
    assert _post(saxony, f"/newsletter/abmelden/{token}", "urlencoded").status_code == 404


def test_a_revoked_link_is_not_found(saxony: Any, link: str) -> None:
    with saxony.app_context(), transaction():
        session.scalars(select(Subscription)).one().generation = 2
    assert _post(saxony, link, "urlencoded").status_code == 404
    assert states(saxony, KLARA) == {OZG: "active"}


def test_the_token_of_someone_forgotten_is_not_found(saxony: Any, link: str) -> None:
    with saxony.app_context():
        token = tokens.derive("unsubscribe", 4711)
    assert _post(saxony, f"/newsletter/abmelden/{token}", "urlencoded").status_code == 404


def test_looking_at_the_page_does_not_unsubscribe(saxony: Any, client: Visitor, link: str) -> None:
    with saxony.app_context():
        before = dump(db.engine)
    for method in ("GET", "HEAD", "OPTIONS", "GET"):
        assert client.open(link, method=method).status_code == 200
    with saxony.app_context():
        assert differences(before, dump(db.engine)) == []


def test_a_person_leaves_with_one_button(saxony: Any, client: Visitor, link: str) -> None:
    page = client.get(link)
    assert "k…@g…-stadt.example" in page.text
    assert KLARA not in page.text
    answer = client.submit(link)
    assert answer.status_code == 200
    assert "Sie erhalten keine weiteren Ausgaben von „OZG-Newsletter“." in answer.text
    assert states(saxony, KLARA) == {OZG: "withdrawn"}


def test_what_is_waiting_to_be_sent_is_skipped(saxony: Any, link: str) -> None:
    issue = mail.Mail("Ausgabe 1", "Text\n", "<p>Text</p>")
    with saxony.app_context(), transaction():
        newsletter = subscriptions.find_newsletter(OZG)
        assert newsletter is not None
        message = delivery.freeze("issue:1", "issue", issue)
        assert delivery.prepare(message, subscriptions.audience(newsletter.id)) == 1
    _post(saxony, link, "urlencoded")
    with saxony.app_context():
        owed = delivery.find("issue:1", KLARA)
        assert owed is not None
        assert (owed.state, owed.reason) == ("skipped", "unsubscribed")
        progress = delivery.progress("issue:1")
        assert (progress.prepared, progress.skipped, progress.open, progress.balances) == (1, 1, 0, True)


def test_leaving_one_newsletter_keeps_the_other(saxony: Any, client: Visitor, link: str, clock: HeldClock) -> None:
    other = "otto.muster@stadt.example"
    subscribe(saxony, client, clock, other, newsletters=[OZG, SAKD])
    _post(saxony, links_of(saxony, other)[0], "urlencoded")
    assert sorted(states(saxony, other).values()) == ["active", "withdrawn"]
    assert states(saxony, KLARA) == {OZG: "active"}
