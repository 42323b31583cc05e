"""The desk's overview: what waits for whom, what goes out when, and how the channels are."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import announcements, desk, events, newsletter, participation, projects, subscriptions
from app.announcements import Channel, Content, Dispatch, DispatchState, Plan
from app.desk import Item
from app.desk.board import by_week
from app.events import EventValues
from app.kernel import audit, db, identity
from app.kernel.db import session, transaction
from tests.support.house import HeldClock

WRITER, SECOND = 1, 2


@pytest.fixture
def inside(catalogue: Any, clock: HeldClock) -> Iterator[None]:
    with catalogue.app_context():
        yield


def _announcement(title: str, *, until: str, at: datetime | None = None) -> int:
    """An announcement of the writer that came as far as ``until``."""
    with transaction():
        content = Content(title=title, lead="Kurz.", regions=("14",))
        announcement = announcements.draft(content, WRITER, Plan(publish_at=at))
        if until != "draft":
            announcements.submit(announcement, WRITER)
        if until == "approved":
            announcements.approve(announcement, announcement.content_hash, SECOND, at)
        return announcement.id


def _titles(items: list[Item]) -> list[str]:
    return [item.title for item in items]


def test_nobody_finds_their_own_work_waiting_for_their_approval(inside: None) -> None:
    _announcement("Vorgelegt", until="submitted")
    _announcement("Entwurf", until="draft")
    own, other = desk.board(WRITER), desk.board(SECOND)
    assert (_titles(own.to_approve), _titles(own.submitted)) == ([], ["Vorgelegt"])
    assert (_titles(other.to_approve), _titles(other.submitted)) == (["Vorgelegt"], [])
    assert _titles(own.drafts) == _titles(other.drafts) == ["Entwurf"]


def test_issues_stand_beside_announcements(inside: None) -> None:
    with transaction():
        founded = subscriptions.create_newsletter("ozg", "OZG-Newsletter")
        issue = newsletter.draft(founded.id, WRITER)
        issue.title = "Ausgabe im Dezember"
    [draft] = desk.board(WRITER).drafts
    assert (draft.title, draft.kind, draft.endpoint, draft.values) == (
        "Ausgabe im Dezember",
        f"Ausgabe {issue.number}",
        "newsletter_desk.issue",
        {"issue_id": issue.id},
    )
    with transaction():
        session.get_one(newsletter.Issue, issue.id).state = "held"
        session.get_one(newsletter.Issue, issue.id).hold_reason = "late"
    [sending] = desk.board(WRITER).sending
    assert (sending.item.state, sending.whole) == ("held", 0)
    assert sending.why.startswith("Der Versandzeitpunkt ist verstrichen")


def test_the_plan_joins_what_appears_and_what_takes_place(inside: None, clock: HeldClock) -> None:
    _announcement("Später", until="approved", at=clock.START + timedelta(days=9))
    _announcement("Bald", until="approved", at=clock.START + timedelta(days=2))
    _announcement("Viel später", until="approved", at=clock.START + timedelta(weeks=13))
    with transaction():
        event = events.draft(
            EventValues(
                title="Workshop in Bautzen",
                starts_at=clock.START + timedelta(days=7),
                ends_at=clock.START + timedelta(days=7, hours=2),
                place="Bautzen",
                regions=["14625"],
            ),
            WRITER,
        )
        event.published_at = clock.START
    assert _titles(desk.plan()) == ["Bald", "Workshop in Bautzen", "Später"]
    board = desk.board(WRITER)
    assert (_titles(board.going_out), _titles(board.dates)) == (["Bald", "Später"], ["Workshop in Bautzen"])
    assert [(monday, _titles(items)) for monday, items in by_week(desk.plan())] == [
        (date(2026, 11, 23), ["Bald"]),
        (date(2026, 11, 30), ["Workshop in Bautzen", "Später"]),
    ]


def test_a_week_begins_on_monday_in_berlin() -> None:
    moments = [datetime(2026, 11, 29, 22, 59, tzinfo=UTC), datetime(2026, 11, 29, 23, 0, tzinfo=UTC)]
    items = [Item("Meldung", "x", "scheduled", "desk.index", moment=moment) for moment in moments]
    assert [monday for monday, _ in by_week(items)] == [date(2026, 11, 23), date(2026, 11, 30)]


def test_a_sick_channel_is_told_from_a_healthy_one(inside: None, clock: HeldClock) -> None:
    with transaction():
        made = [
            Channel(name=name, kind="webhook", config={}, position=i) for i, name in enumerate(["SSG", "SLKT", "C"])
        ]
        session.add_all([*made, Channel(name="Aus", kind="webhook", config={}, active=False)])
    _announcement("Gesagt", until="approved", at=clock.START)
    assert announcements.publish_due([]) == 1
    with transaction():
        ssg, slkt, third = session.scalars(select(Dispatch).order_by(Dispatch.channel_id)).all()
        ssg.state, ssg.sent_at = DispatchState.SENT, clock.START
        slkt.state, slkt.last_error = DispatchState.FAILED, "503 busy"
    assert [(h.name, h.state, h.failed, h.owed, h.last_error) for h in desk.board(WRITER).channels] == [
        ("SSG", "active", 0, 0, ""),
        ("SLKT", "failed", 1, 0, "503 busy"),
        ("C", "owed", 0, 1, ""),
    ]
    assert third.state == DispatchState.OWED


def test_contributions_and_what_locks_sending_are_shown(inside: None) -> None:
    assert (desk.board(WRITER).contributions_waiting, desk.board(WRITER).missing) == (0, [])
    with transaction():
        participation.contribute(10092, participation.Words("comment", "Kurz."))
        identity.set_values(controller="")
    board = desk.board(WRITER)
    assert (board.contributions_waiting, [said.service for said in board.contributions]) == (1, ["Wohngeld"])
    assert board.missing == ["Verantwortlicher im Sinne der DSGVO"]


def test_the_log_is_searched_and_paged(inside: None, clock: HeldClock) -> None:
    with transaction():
        for number in range(60):
            audit.record("published", f"announcement:{number}")
            clock.tick(seconds=1)
        projects.describe(10160, projects.ProjectValues(state="open", as_of="11/2026"))
    assert [e.subject for e in desk.entries().entries[:2]] == ["project:10160", "announcement:59"]
    assert (desk.entries().total, desk.entries().pages, len(desk.entries(number=99).entries)) == (61, 2, 11)
    assert [entry.verb for entry in desk.entries("project").entries] == ["described"]
    assert (desk.entries("%").total, desk.entries("SYSTEM").total) == (0, 61)
    assert not db.is_writing()
