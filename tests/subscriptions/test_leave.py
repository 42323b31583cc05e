"""Leaving: one click, at once, for people and for mail programs (RFC 8058)."""

import threading
import time
from typing import Any

import pytest
from sqlalchemy import select

from app.kernel import tokens
from app.kernel.db import db, session, transaction
from app.subscriptions import Declaration, Subscriber, Subscription, erasure
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
        "urlencoded": {"data": ONE_CLICK},
        "multipart": {"data": boundary, "content_type": "multipart/form-data; boundary=x"},
    }
    return machine.post(path, **bodies[case])


def test_one_click_twice_is_once(saxony: Any, link: str, clock: HeldClock) -> None:
    _post(saxony, link, "urlencoded")
    with saxony.app_context():
        before = dump(db.engine)
    clock.tick(days=3)
    assert _post(saxony, link, "multipart").status_code == 200
    with saxony.app_context():
        assert differences(before, dump(db.engine)) == []
        assert session.query(Declaration).filter(Declaration.kind == "withdrawn").count() == 1


def test_a_revoked_link_is_not_found(saxony: Any, link: str) -> None:
    with saxony.app_context(), transaction():
        session.scalars(select(Subscription)).one().generation = 2
    assert _post(saxony, link, "urlencoded").status_code == 404
    assert states(saxony, KLARA) == {OZG: "active"}


def test_the_token_of_someone_forgotten_is_not_found(saxony: Any, link: str) -> None:
    with saxony.app_context():
        token = tokens.derive("unsubscribe", 4711)
    assert _post(saxony, f"/newsletter/abmelden/{token}", "urlencoded").status_code == 404


def test_a_person_leaves_with_one_button(saxony: Any, client: Visitor, link: str) -> None:
    page = client.get(link)
    assert "k…@g…-stadt.example" in page.text
    assert KLARA not in page.text
    answer = client.submit(link)
    assert answer.status_code == 200
    assert "Sie erhalten keine weiteren Ausgaben von „OZG-Newsletter“." in answer.text
    assert states(saxony, KLARA) == {OZG: "withdrawn"}


def test_leaving_one_newsletter_keeps_the_other(saxony: Any, client: Visitor, link: str, clock: HeldClock) -> None:
    other = "otto.muster@stadt.example"
    subscribe(saxony, client, clock, other, newsletters=[OZG, SAKD])
    _post(saxony, links_of(saxony, other)[0], "urlencoded")
    assert sorted(states(saxony, other).values()) == ["active", "withdrawn"]
    assert states(saxony, KLARA) == {OZG: "active"}


def test_who_leaves_while_being_erased_waits_and_finds_nothing_any_more(saxony: Any, link: str) -> None:
    begun = threading.Event()

    def erase() -> None:
        with saxony.app_context(), transaction():
            session.execute(select(Subscriber.id).with_for_update())  # what erasing begins with
            begun.set()
            time.sleep(0.3)  # the other one opens the link
            erasure.forget_everywhere(KLARA, "desk")

    erasing = threading.Thread(target=erase)
    erasing.start()
    assert begun.wait(10)
    answer = _post(saxony, link, "urlencoded")
    erasing.join()
    assert answer.status_code == 404
    with saxony.app_context():
        assert session.scalars(select(Subscriber)).all() == []
