"""After leaving: a way back for half an hour on that page only, and a question that may stay open."""

from datetime import date
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from app import subscriptions
from app.kernel.db import db, session
from app.operations.demo.forms_in_html import find_form
from app.subscriptions import Subscription
from tests.subscriptions.story import OZG, found_newsletters, links_of, mails_to, states, subscribe
from tests.support.client import Visitor
from tests.support.dump import differences, dump
from tests.support.house import HeldClock

KLARA = "klara.muster@grosse-stadt.example"


@pytest.fixture
def link(saxony: Any, client: Visitor, clock: HeldClock, work: Any) -> str:
    """The path to leave for one who takes one newsletter, for one Kreis, and was welcomed."""
    found_newsletters(saxony)
    subscribe(saxony, client, clock, KLARA, regions=["14625"], topics=["amt24"])
    work()
    clock.tick(days=2)
    return links_of(saxony, KLARA)[0]


def _rows(app: Any) -> dict[str, Any]:
    with app.app_context():
        return dump(db.engine)


def _press(client: Visitor, page: Any, what: str, values: dict[str, Any] | None = None) -> Any:
    """Send the form of this answer whose address ends so."""
    action = next(line for line in _actions(page.text) if line.endswith(what))
    form = find_form(page.text, page.request.path, action=action)
    return client.post(form.action, data=MultiDict(form.filled(values or {})))


def _actions(html: str) -> list[str]:
    return [part.split('"')[0] for part in html.split('action="')[1:]]


def test_the_way_back_restores_exactly_what_was_and_welcomes_nobody_twice(
    saxony: Any, client: Visitor, link: str, work: Any
) -> None:
    before = _rows(saxony)
    mails = len(mails_to(saxony, KLARA))
    left = client.submit(link)
    assert states(saxony, KLARA) == {OZG: "withdrawn"}
    back = _press(client, left, "/rueckgaengig")
    assert (back.status_code, "Sie sind wieder dabei" in back.text) == (200, True)
    changed = {line.split(" ")[0] for line in differences(before, _rows(saxony))}
    assert changed - {"delivery_replies"} == {"declarations", "declaration_seals"}  # beside the words of the ledger
    work()
    assert len(mails_to(saxony, KLARA)) == mails
    with saxony.app_context():
        [taken] = session.query(Subscription)
        kinds = [(entry.kind, entry.content) for entry in subscriptions.history(taken.subscriber)[-2:]]
        assert kinds == [
            ("withdrawn", {"newsletter": OZG, "by": "link"}),
            ("changed", {"newsletter": OZG, "withdrawal": "undone"}),
        ]
        assert subscriptions.tampered() == {}


def test_a_second_press_changes_nothing(saxony: Any, client: Visitor, link: str) -> None:
    left = client.submit(link)
    _press(client, left, "/rueckgaengig")
    before = _rows(saxony)
    assert _press(client, left, "/rueckgaengig").status_code == 200
    assert differences(before, _rows(saxony)) == []


def test_after_half_an_hour_there_is_no_way_back(saxony: Any, client: Visitor, link: str, clock: HeldClock) -> None:
    left = client.submit(link)
    clock.tick(minutes=30, seconds=1)
    late = _press(client, left, "/rueckgaengig")
    assert (late.status_code, "Bitte melden Sie sich neu an" in late.text) == (410, True)
    assert states(saxony, KLARA) == {OZG: "withdrawn"}


def test_the_way_back_belongs_to_that_withdrawal_only(
    saxony: Any, client: Visitor, link: str, clock: HeldClock
) -> None:
    first = client.submit(link)
    _press(client, first, "/rueckgaengig")
    clock.tick(seconds=1)
    client.submit(link)
    assert _press(client, first, "/rueckgaengig").status_code == 410
    assert states(saxony, KLARA) == {OZG: "withdrawn"}


def test_a_later_visit_of_the_link_offers_no_way_back(client: Visitor, link: str) -> None:
    assert any(action.endswith("/rueckgaengig") for action in _actions(client.submit(link).text))
    page = client.get(link)
    assert (page.status_code, _actions(page.text)) == (200, [])


def test_the_link_to_leave_is_no_way_back(saxony: Any, client: Visitor, link: str) -> None:
    client.submit(link)
    assert client.post(f"{link}/rueckgaengig").status_code == 404
    assert client.post(f"{link}/grund", data={"reason": "other"}).status_code == 404
    assert states(saxony, KLARA) == {OZG: "withdrawn"}


def test_a_reason_is_counted_once_and_without_the_person(
    saxony: Any, client: Visitor, link: str, clock: HeldClock
) -> None:
    left = client.submit(link)
    thanks = _press(client, left, "/grund", {"reason": "too_many"})
    assert "Danke, das hilft uns." in thanks.text
    assert [action.rpartition("/")[2] for action in _actions(thanks.text)] == ["rueckgaengig"]
    _press(client, left, "/grund", {"reason": "other"})
    with saxony.app_context():
        [counted] = subscriptions.leave_reasons()
        assert (counted.newsletter, counted.month, counted.reason, counted.count) == (
            "OZG-Newsletter",
            date(2026, 11, 1),
            "too_many",
            1,
        )
        [row] = session.execute(db.text("SELECT * FROM leave_counts")).all()
        assert len(row) == 4
        declared = str([entry.content for entry in session.query(subscriptions.Declaration)])
        assert "too_many" not in declared


def test_no_reason_is_an_answer_too_and_an_unknown_one_is_refused(saxony: Any, client: Visitor, link: str) -> None:
    left = client.submit(link)
    before = _rows(saxony)
    assert _press(client, left, "/grund").status_code == 200
    action = next(line for line in _actions(left.text) if line.endswith("/grund"))
    wrong = client.post(action, data={"reason": "<script>"})
    assert (wrong.status_code, "Bitte wählen Sie aus den angebotenen Möglichkeiten." in wrong.text) == (422, True)
    assert differences(before, _rows(saxony)) == []


def test_the_pages_after_leaving_speak_english_and_set_no_cookie(client: Visitor, link: str, saxony: Any) -> None:
    stranger = saxony.test_client(use_cookies=False)
    left = stranger.post(link, data={"List-Unsubscribe": "One-Click"}, headers={"Cookie": "lang=en"})
    assert "Take back the unsubscription" in left.text
    for action, data in (("/grund", {"reason": "other"}), ("/rueckgaengig", {})):
        path = next(line for line in _actions(left.text) if line.endswith(action))
        answer = stranger.post(path, data=data)
        assert (answer.status_code, answer.headers.get("Set-Cookie")) == (200, None)
