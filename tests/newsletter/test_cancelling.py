"""A sending that has begun is broken off for good: who has the issue keeps it, nobody else gets it."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from app import delivery, newsletter
from app.delivery.models import Hold
from app.delivery.pump import send_due
from app.kernel.audit import AuditEntry
from app.kernel.db import session, transaction
from app.newsletter import Issue
from app.operations.demo.forms_in_html import forms
from tests.delivery.mails import unlock
from tests.newsletter import story
from tests.newsletter.story import ANNA, BERND, CARLA
from tests.support.client import Visitor
from tests.support.house import HeldClock
from tests.support.recorder import Recorder, RunningRecorder
from tests.support.smtp import SmtpSink
from tests.support.team import signed_in

PAGE = "/newsletter/ausgaben/ozg-newsletter-1-2026"
WITHIN = 2.0  # seconds


@pytest.fixture
def list_id(saxony: Any, clock: HeldClock) -> Iterator[int]:
    with saxony.app_context():
        yield story.found_newsletter()


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    running = RunningRecorder()
    yield running.recorder
    running.stop()


def _begun(list_id: int, *readers: str) -> int:
    """An issue whose sending has begun, and of which nothing has left yet; its id."""
    for reader in readers:
        story.add_reader(list_id, reader)
    issue_id = story.draft(list_id)
    story.send_now(issue_id)
    with transaction():
        assert newsletter.start(issue_id)
    return issue_id


def _cancel(issue_id: int) -> int:
    with transaction():
        return newsletter.cancel(issue_id)


def _counted(issue_id: int) -> tuple[int, int, int, int, bool]:
    done = delivery.progress(f"issue:{issue_id}")
    return done.prepared, done.accepted, done.skipped, done.open, done.balances


@pytest.mark.parametrize("is_held", [False, True], ids=["being sent", "held"])
def test_the_rest_is_skipped_and_nothing_leaves_any_more(
    saxony: Any, list_id: int, smtp: SmtpSink, is_held: bool
) -> None:
    issue_id = _begun(list_id, ANNA, BERND)
    if is_held:
        with transaction():
            newsletter.hold(issue_id)
    assert _cancel(issue_id) == 2
    story.work(saxony)
    assert (smtp.received, story.state_of(issue_id)) == ([], ("cancelled", ""))
    assert _counted(issue_id) == (2, 0, 2, 0, True)
    outlook = delivery.outlook(f"issue:{issue_id}")
    assert (outlook.state, outlook.cancelled, session.scalars(select(Hold)).all()) == ("cancelled", 2, [])
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert (last.verb, last.subject, last.detail) == ("issue.cancelled", f"issue:{issue_id}", {"skipped": 2})


def test_nothing_brings_it_back(list_id: int) -> None:
    issue_id = _begun(list_id, ANNA)
    _cancel(issue_id)
    with transaction():
        assert not newsletter.start(issue_id)
    for step in (newsletter.cancel, newsletter.resume, newsletter.hold, newsletter.send_now):
        with pytest.raises(newsletter.WrongState), transaction():
            step(issue_id)
    assert story.state_of(issue_id) == ("cancelled", "")


def test_what_has_not_begun_or_is_with_everybody_is_not_cancelled(saxony: Any, list_id: int, smtp: SmtpSink) -> None:
    story.add_reader(list_id, ANNA)
    issue_id = story.draft(list_id)
    story.send_now(issue_id)
    with pytest.raises(newsletter.WrongState), transaction():
        newsletter.cancel(issue_id)
    with transaction():
        newsletter.start(issue_id)
    send_due()
    assert story.state_of(issue_id) == ("sending", "")
    with pytest.raises(newsletter.WrongState), transaction():
        newsletter.cancel(issue_id)
    story.work(saxony)
    assert (story.state_of(issue_id), len(smtp.received)) == (("sent", ""), 1)


def test_who_has_it_finds_its_page_and_nobody_else_hears_of_it(saxony: Any, list_id: int, client: Visitor) -> None:
    slug = story.publish("Neue Arbeitshilfe")
    issue_id = _begun(list_id, ANNA)
    feed = client.get("/newsletter/ausgaben.atom").text
    assert "Neues im Dezember" in feed
    _cancel(issue_id)
    assert "Der Versand dieser Ausgabe wurde abgebrochen." in client.get(PAGE).text
    for page in ("/newsletter", "/newsletter/ausgaben.atom", "/sitemap.xml"):
        answer = client.get(page)
        assert (answer.status_code, PAGE in answer.text) == (200, False)
    assert newsletter.search("Neues im Dezember") == []
    items = {"id": 1, "kind": "announcements", "heading": "Meldungen", "mode": "latest", "limit": 5}
    next_one = session.get_one(Issue, story.draft(list_id, items))
    assert (next_one.number, slug in str(newsletter.resolve(next_one))) == ("2/2026", True)


def test_the_desk_asks_first_and_then_says_what_happened(saxony: Any, clock: HeldClock) -> None:
    with saxony.app_context():
        issue_id = _begun(story.found_newsletter(), ANNA, BERND, CARLA)
    editor, page = signed_in(saxony, "editor"), f"/redaktion/ausgaben/{issue_id}"
    assert f"{page}/abbrechen" in editor.get(page).text
    asked = editor.get(f"{page}/abbrechen").text
    assert "Das lässt sich nicht umkehren." in asked
    assert "Während Sie das lesen, geht der Versand weiter." in asked
    with saxony.app_context():
        assert story.state_of(issue_id) == ("sending", "")
    assert editor.submit(f"{page}/abbrechen", action="/abbrechen").location == page
    shown = editor.get(page).text
    assert "Der Versand ist abgebrochen. 3 Adressen bekommen diese Ausgabe nicht." in shown
    assert [form.action for form in forms(shown, page) if form.action.endswith(("/abbrechen", "/fortsetzen"))] == []
    report = editor.get(f"{page}/bericht").text
    assert "übersprungen, weil der Versand abgebrochen wurde" in report
    assert "Die Summe stimmt" in report
    assert editor.get(f"{page}/abbrechen").location == page
    assert signed_in(saxony, "approver").get(f"{page}/abbrechen").status_code == 403


def test_two_seconds_after_it_is_cancelled_in_its_middle_nothing_begins(
    make_app: Any, database_url: str, recorder: Recorder
) -> None:
    readers = [f"person{number}@amt.example" for number in range(60)]
    recorder.delay = 0.05
    app, over = make_app(database_url, SMTP_URL=recorder.url, SEND_RATE="0", SEND_CONNECTIONS="2"), threading.Event()

    def work() -> None:
        while not over.is_set():
            with app.app_context():
                send_due()

    with app.app_context():
        unlock()
        issue_id = _begun(story.found_newsletter(), *readers)
        sender = threading.Thread(target=work, daemon=True)
        sender.start()
        try:
            until = time.monotonic() + 10
            while len(recorder.begun) < 5 and time.monotonic() < until:
                time.sleep(0.01)
            _cancel(issue_id)
            at = time.monotonic()
            time.sleep(WITHIN + 0.5)
        finally:
            over.set()
            sender.join(20)
        prepared, accepted, skipped, still_open, balances = _counted(issue_id)
    assert [address for address, begun in recorder.begun if begun > at + WITHIN] == []
    assert (prepared, still_open, balances, sender.is_alive()) == (60, 0, True, False)
    assert accepted == len(recorder.accepted) == 60 - skipped
    assert 0 < skipped < 60
