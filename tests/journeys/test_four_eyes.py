"""Whatever is said, a second person approves it: who wrote it cannot, and what is edited afterwards counts no more."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from app import announcements, approvals, newsletter
from app.kernel.db import session
from tests.newsletter import story
from tests.support.client import Visitor
from tests.support.house import HeldClock
from tests.support.smtp import SmtpSink
from tests.support.team import create_person, sign_in

MESSAGE = {"title": "Neuer Onlinedienst", "lead": "Er steht bereit.", "regions": ["14"]}
DATE = {
    "title": "Regionalworkshop Görlitz",
    "day": "2027-01-12",
    "start_time": "10:00",
    "end_time": "12:30",
    "lead": "Für die Kommunen.",
    "regions": ["14626"],
}
ISSUE = {"title": "Neues im Dezember", "preheader": "Ein Satz.", "b1-body": "die Redaktion grüßt."}
LATER = {"moment": "later", "publish_on": "2026-12-24", "publish_time": "10:00"}


@dataclass
class Desk:
    """Two people who may do everything, and what they say."""

    author: Visitor
    second: Visitor
    work: Callable[[], int]

    def submit(self, page: str) -> None:
        """The author lays it before a second person, unless that was done in writing it."""
        if "/vorlegen" in self.author.get(page).text:
            assert self.author.submit(page, action="/vorlegen").status_code == 303

    def publish(self) -> None:
        """The second person approves what the author wrote, for now."""
        self.submit("/redaktion/meldungen/1")
        assert self.second.submit("/redaktion/meldungen/1", {"moment": "now"}, action="/freigeben").status_code == 303
        assert self.work() > 0


@dataclass(frozen=True)
class Case:
    """How it comes before the second person, and how it is edited afterwards."""

    page: str
    write: Callable[[Desk], None]
    edit: Callable[[Desk], Any]


def _new_message(desk: Desk) -> None:
    desk.author.submit("/redaktion/meldungen/neu", MESSAGE, has="title")


def _new_date(desk: Desk) -> None:
    desk.author.submit("/redaktion/termine/neu", DATE, has="title")


def _new_issue(desk: Desk) -> None:
    desk.author.submit("/redaktion/ausgaben", has="newsletter")
    desk.author.submit("/redaktion/ausgaben/1/bearbeiten", ISSUE, has="preheader", button=("do", "save"))


def _edit(**said: str) -> Callable[[Desk], Any]:
    return lambda desk: desk.author.submit("/redaktion/meldungen/1/bearbeiten", said, has="title")


def _move(day: str) -> Callable[[Desk], Any]:
    return lambda desk: desk.author.submit("/redaktion/termine/1/verschieben", {"day": day}, has="day")


def _call_off(reason: str) -> Callable[[Desk], Any]:
    return lambda desk: desk.author.submit("/redaktion/termine/1/absagen", {"words": reason}, has="words")


def _withdraw(reason: str) -> Callable[[Desk], Any]:
    said = {"reason": reason, "sure": "y"}
    return lambda desk: desk.author.submit("/redaktion/meldungen/1/zurueckziehen", said, has="reason")


def _edit_issue(desk: Desk) -> Any:
    said = {"title": "Anders"}
    return desk.author.submit("/redaktion/ausgaben/1/bearbeiten", said, has="preheader", button=("do", "save"))


def _after_publishing(new: Callable[[Desk], None], then: Callable[[Desk], Any]) -> Callable[[Desk], None]:
    def write(desk: Desk) -> None:
        new(desk)
        desk.publish()
        assert then(desk).status_code in (302, 303)

    return write


MESSAGES = "/redaktion/meldungen/1"
CASES = {
    "announcement": Case(MESSAGES, _new_message, _edit(lead="Doch nicht.")),
    "correction": Case(
        MESSAGES, _after_publishing(_new_message, _edit(lead="Anders.", reason="Neu.")), _edit(lead="Doch nicht.")
    ),
    "withdrawal": Case(MESSAGES, _after_publishing(_new_message, _withdraw("Irrtum.")), _withdraw("Kein Irrtum.")),
    "date": Case(MESSAGES, _new_date, _edit(lead="Doch nicht.")),
    "move of a date": Case(MESSAGES, _after_publishing(_new_date, _move("2027-01-19")), _move("2027-01-20")),
    "cancellation": Case(MESSAGES, _after_publishing(_new_date, _call_off("Krank.")), _move("2027-01-20")),
    "issue": Case("/redaktion/ausgaben/1", _new_issue, _edit_issue),
}


@pytest.fixture
def desk(saxony: Any, clock: HeldClock, smtp: SmtpSink, work: Callable[[], int]) -> Desk:
    with saxony.app_context():
        story.found_newsletter()
    for name in ("lena", "paul"):
        create_person(saxony, f"{name}@redaktion.example", ["editor", "approver", "admin"])
    return Desk(sign_in(saxony, "lena@redaktion.example"), sign_in(saxony, "paul@redaktion.example"), work)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_who_wrote_it_sees_no_button_and_a_crafted_request_is_refused(saxony: Any, desk: Desk, case: Case) -> None:
    case.write(desk)
    desk.submit(case.page)
    page = desk.author.get(case.page).text
    assert "/freigeben" not in page
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    crafted = {"csrf_token": found[1], "moment": "now", **_hashes(saxony, case)}
    answer = desk.author.post(f"{case.page}/freigeben", data=crafted)
    assert (answer.status_code, "Wer verfasst, gibt nicht frei." in answer.text) == (403, True)
    assert _states(saxony, case)[0] == "submitted"
    assert "/freigeben" in desk.second.get(case.page).text


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_an_edit_after_the_approval_voids_it_and_nothing_of_it_appears(
    saxony: Any, desk: Desk, case: Case, clock: HeldClock
) -> None:
    case.write(desk)
    desk.submit(case.page)
    consent = LATER if case.page == MESSAGES else {}
    assert desk.second.submit(case.page, consent, action="/freigeben").status_code == 303
    approved = _states(saxony, case)
    assert approved[0] == "approved"
    before = _said(saxony)
    assert case.edit(desk).status_code in (302, 303)
    assert _states(saxony, case)[-len(approved)] == "void"
    assert "approved" not in _states(saxony, case)
    clock.tick(days=60)
    desk.work()
    assert _said(saxony) == before


def _hashes(app: Any, case: Case) -> dict[str, str]:
    with app.app_context():
        if case.page == MESSAGES:
            return {"content_hash": announcements.get(1).content_hash}
        return {"seen": session.query(newsletter.Issue).one().content_hash}


def _states(app: Any, case: Case) -> list[str]:
    """The approvals that were asked for, the latest first."""
    with app.app_context():
        subject = "announcement:1" if case.page == MESSAGES else "issue:1"
        return [str(approval.state) for approval in approvals.history(subject)]


def _said(app: Any) -> tuple[int, str]:
    """How many revisions there are, and whether the issue has left."""
    with app.app_context():
        sent = session.query(newsletter.Issue).where(newsletter.Issue.started_at.is_not(None)).count()
        return session.query(announcements.Revision).count(), f"{sent} sent"
