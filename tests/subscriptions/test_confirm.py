"""Confirming: only by the button, as often as one likes, for 72 hours."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app import subscriptions
from app.kernel.db import db, session, transaction
from app.kernel.errors import Gone, NotFound
from app.subscriptions import Declaration, Subscriber, Subscription
from tests.subscriptions.story import (
    OZG,
    SAKD,
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

KLARA = "klara.muster@stadt.example"


@pytest.fixture(autouse=True)
def _newsletters(saxony: Any, clock: HeldClock) -> None:
    found_newsletters(saxony)


@pytest.fixture
def link(saxony: Any, client: Visitor, clock: HeldClock) -> str:
    """The path of a fresh confirmation link."""
    sign_up(client, clock, KLARA)
    return link_in(mails_to(saxony, KLARA)[0][1], "bestaetigen")


def test_a_scanner_that_opens_the_link_changes_nothing(saxony: Any, link: str, clock: HeldClock) -> None:
    scanner = saxony.test_client()
    with saxony.app_context():
        before = dump(db.engine)
    for method in ("GET", "HEAD", "OPTIONS", "GET"):
        assert scanner.open(link, method=method, headers={"Purpose": "prefetch"}).status_code == 200
        clock.tick(hours=20)
    with saxony.app_context():
        assert differences(before, dump(db.engine)) == []
    assert states(saxony, KLARA) == {OZG: "requested"}


def test_what_somebody_agrees_to_follows_its_sentence(client: Visitor, link: str) -> None:
    lead = r"erhalten möchten:</p>\s*<ul[^>]*><li><strong>OZG-Newsletter"
    page = client.get(link).text
    assert re.search(lead, page)
    send(client, page, link)
    assert re.search(r"Sie erhalten ab jetzt:</p>\s*<ul[^>]*><li><strong>OZG-Newsletter", client.get(link).text)


def test_the_page_shows_one_button_and_what_it_is_about(client: Visitor, link: str) -> None:
    page = client.get(link).text
    assert page.count("Anmeldung bestätigen</button>") == 1
    assert "OZG-Newsletter" in page
    assert KLARA not in page


def test_the_page_is_kept_by_nobody(client: Visitor, link: str) -> None:
    headers = client.get(link).headers
    assert (headers["Cache-Control"], headers["Referrer-Policy"], headers["X-Robots-Tag"]) == (
        "no-store",
        "no-referrer",
        "noindex",
    )


def test_a_second_click_on_confirm_changes_nothing(saxony: Any, client: Visitor, link: str, clock: HeldClock) -> None:
    first = client.submit(link, follow=True)
    with saxony.app_context():
        before = dump(db.engine)
    clock.tick(minutes=5)
    again = client.get(link)
    assert (again.status_code, again.text.count("Ihre Anmeldung ist bestätigt") > 0) == (200, True)
    with saxony.app_context():
        with transaction():
            confirmed = subscriptions.confirm(link.rpartition("/")[2])
        assert [newsletter.slug for newsletter in confirmed.newsletters] == [OZG]
        assert differences(before, dump(db.engine)) == []
    assert first.text.count("Ihre Anmeldung ist bestätigt") == again.text.count("Ihre Anmeldung ist bestätigt")


def test_two_browsers_that_press_the_button_both_see_success(saxony: Any, link: str) -> None:
    visitors = [saxony.test_client(), saxony.test_client()]
    pages = [visitor.get(link).text for visitor in visitors]
    answers = [send(visitor, page, link) for visitor, page in zip(visitors, pages, strict=True)]
    assert [(a.status_code, a.location) for a in answers] == [(303, link)] * 2
    assert ["Ihre Anmeldung ist bestätigt" in visitor.get(link).text for visitor in visitors] == [True, True]
    with saxony.app_context():
        assert session.query(Declaration).filter(Declaration.kind == "confirmed").count() == 1


def test_the_button_needs_the_token_of_the_page(saxony: Any, link: str) -> None:
    assert saxony.test_client().post(link).status_code == 400
    assert states(saxony, KLARA) == {OZG: "requested"}


def test_an_expired_link_offers_a_new_one(saxony: Any, client: Visitor, link: str, clock: HeldClock) -> None:
    clock.tick(hours=72)
    page = client.get(link)
    assert (page.status_code, "Dieser Link ist abgelaufen" in page.text) == (410, True)
    assert client.head(link).status_code == 410
    with saxony.app_context(), pytest.raises(Gone), transaction():
        subscriptions.confirm(link.rpartition("/")[2])
    answer = send(client, page.text, link)
    assert (answer.status_code, answer.location) == (303, "/newsletter/anmelden/gesendet")
    assert "Bitte prüfen Sie Ihr Postfach" in client.get(answer.location).text
    fresh = link_in(mails_to(saxony, KLARA)[-1][1], "bestaetigen")
    assert fresh != link
    client.submit(fresh)
    assert states(saxony, KLARA) == {OZG: "active"}


def test_a_button_pressed_too_late_confirms_nothing(saxony: Any, client: Visitor, link: str, clock: HeldClock) -> None:
    page = client.get(link).text
    clock.tick(hours=72)
    answer = send(client, page, link)
    assert (answer.status_code, "Dieser Link ist abgelaufen" in answer.text) == (410, True)
    assert states(saxony, KLARA) == {OZG: "requested"}
    assert len(mails_to(saxony, KLARA)) == 1


def test_new_links_are_limited_too(saxony: Any, client: Visitor, link: str, clock: HeldClock) -> None:
    clock.tick(hours=72)
    page = client.get(link).text
    for _ in range(5):
        assert send(client, page, link).status_code == 303
    assert len(mails_to(saxony, KLARA)) == 1 + 3


@pytest.mark.parametrize("path", ["unbekannt", "1-1-abc", "%00", "x" * 300, "ä"])
def test_an_unknown_link_gets_a_helpful_page(client: Visitor, path: str) -> None:
    for method in ("GET", "POST"):
        answer = client.open(f"/newsletter/bestaetigen/{path}", method=method)
        assert answer.status_code in ((404,) if method == "GET" else (400, 404))
        assert "<h1>" in answer.text
        assert "Traceback" not in answer.text


def test_a_link_of_another_purpose_confirms_nothing(saxony: Any, client: Visitor, link: str) -> None:
    client.submit(link)
    token = links_of(saxony, KLARA)[0].rpartition("/")[2]
    assert client.get(f"/newsletter/bestaetigen/{token}").status_code == 404
    with saxony.app_context(), pytest.raises(NotFound), transaction():
        subscriptions.confirm(token)


def test_an_old_link_does_not_bring_back_who_has_left(
    saxony: Any, client: Visitor, link: str, clock: HeldClock
) -> None:
    client.submit(link)
    clock.tick(hours=1)
    client.post(links_of(saxony, KLARA)[0], data={"List-Unsubscribe": "One-Click"})
    page = client.get(link)
    assert "Sie hatten diese Anmeldung bestätigt und sich danach abgemeldet." in page.text
    assert states(saxony, KLARA) == {OZG: "withdrawn"}


def test_who_left_can_come_back_and_is_welcomed_again(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    subscribe(saxony, client, clock, KLARA)
    with saxony.app_context(), transaction():
        [subscription] = subscriptions.unwelcomed()
        subscriptions.mark_welcomed(subscription)
    client.post(links_of(saxony, KLARA)[0], data={"List-Unsubscribe": "One-Click"})
    clock.tick(days=1)
    sign_up(client, clock, KLARA)
    assert states(saxony, KLARA) == {OZG: "withdrawn"}
    client.submit(link_in(mails_to(saxony, KLARA)[-1][1], "bestaetigen"))
    assert states(saxony, KLARA) == {OZG: "active"}
    with saxony.app_context():
        assert len(subscriptions.unwelcomed()) == 1
        [person] = session.query(Subscriber)
        kinds = [str(entry.kind) for entry in subscriptions.history(person)]
        assert kinds == ["requested", "confirmed", "withdrawn", "requested", "confirmed"]


def test_only_the_confirmed_are_in_the_audience(saxony: Any, client: Visitor, clock: HeldClock) -> None:
    subscribe(saxony, client, clock, "a@stadt.example", newsletters=[OZG, SAKD])
    subscribe(saxony, client, clock, "b@stadt.example")
    subscribe(saxony, client, clock, "left@stadt.example")
    client.post(links_of(saxony, "left@stadt.example")[0], data={"List-Unsubscribe": "One-Click"})
    sign_up(client, clock, "waits@stadt.example")
    with saxony.app_context():
        found = {
            newsletter.slug: sorted(row.address for row in session.execute(subscriptions.audience(newsletter.id)))
            for newsletter in subscriptions.newsletters()
        }
        assert found == {OZG: ["a@stadt.example", "b@stadt.example"], SAKD: ["a@stadt.example"]}
        newsletter = subscriptions.find_newsletter(OZG)
        assert newsletter is not None
        assert subscriptions.count_audience(newsletter.id) == 2
        assert session.query(Subscription).count() == 5


def test_clicks_at_the_same_moment_are_one(saxony: Any, client: Visitor, link: str, clock: HeldClock) -> None:
    pages = []
    for _ in range(4):
        visitor = saxony.test_client()
        pages.append((visitor, visitor.get(link).text))
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda pair: send(pair[0], pair[1], link).status_code, pages))
    assert answers == [303] * 4
    leave = links_of(saxony, KLARA)[0]

    def one_click(_: int) -> int:
        answer = saxony.test_client(use_cookies=False).post(leave, data={"List-Unsubscribe": "One-Click"})
        return int(answer.status_code)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(one_click, range(4))) == [200] * 4
    with saxony.app_context():
        [person] = session.query(Subscriber)
        kinds = [str(entry.kind) for entry in subscriptions.history(person)]
        assert kinds == ["requested", "confirmed", "withdrawn"]
        assert subscriptions.tampered() == {}
