"""The life of an issue up to its sending: four eyes on exact words, and what voids them."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

import pytest

from app import approvals, newsletter
from app.kernel import clock as our_clock
from app.kernel.db import session, transaction
from app.kernel.errors import Conflict, Invalid
from app.newsletter import Issue, content, queries
from tests.newsletter import story
from tests.newsletter.story import ANNA, APPROVER, AUTHOR
from tests.support.house import HeldClock


@pytest.fixture
def list_id(saxony: Any, clock: HeldClock) -> Iterator[int]:
    with saxony.app_context():
        yield story.found_newsletter()


def test_a_new_issue_is_numbered_and_closed_like_the_one_before(list_id: int) -> None:
    first = queries.get(
        story.draft(list_id, number="IX / 2026", closing="Ihr OZG-Redaktionsteam", salutation="Liebe alle,")
    )
    with transaction():
        second = newsletter.draft(list_id, AUTHOR)
    assert (first.number, first.slug) == ("IX / 2026", "ozg-newsletter-ix-2026")
    assert (second.number, second.slug) == ("X / 2026", "ozg-newsletter-x-2026")
    assert (second.closing, second.salutation) == ("Ihr OZG-Redaktionsteam", "Liebe alle,")
    assert [block["kind"] for block in second.blocks] == ["text", "announcements", "dates"]


def test_two_issues_cannot_have_one_number(list_id: int) -> None:
    story.draft(list_id, number="1/2026")
    with pytest.raises(Invalid, match="Diese Nummer hat schon eine andere Ausgabe"):
        story.draft(list_id, number=" 1/2026 ")


def test_an_author_cannot_approve_their_own_issue(list_id: int) -> None:
    issue_id = story.draft(list_id)
    seen = story.submit(issue_id)
    with pytest.raises(approvals.OwnWork), transaction():
        newsletter.approve(issue_id, seen, AUTHOR)
    assert story.state_of(issue_id) == ("submitted", "")


def test_everybody_who_edited_is_an_author(list_id: int) -> None:
    issue_id = story.draft(list_id)
    with transaction():
        newsletter.edit(issue_id, {"title": "Anders"}, APPROVER)
    seen = story.submit(issue_id)
    with pytest.raises(approvals.OwnWork), transaction():
        newsletter.approve(issue_id, seen, APPROVER)


def test_only_what_was_seen_can_be_approved(list_id: int) -> None:
    issue_id = story.draft(list_id)
    story.submit(issue_id)
    with pytest.raises(approvals.ContentChanged), transaction():
        newsletter.approve(issue_id, "0" * 64, APPROVER)


@pytest.mark.parametrize("stage", ["submitted", "approved", "scheduled"])
def test_any_edit_voids_the_approval(list_id: int, stage: str) -> None:
    issue_id = story.draft(list_id)
    seen = story.submit(issue_id)
    with transaction():
        if stage != "submitted":
            newsletter.approve(issue_id, seen, APPROVER)
        if stage == "scheduled":
            newsletter.send_now(issue_id)
    with transaction():
        newsletter.edit(issue_id, {"closing": "Bis bald"}, AUTHOR)
    issue = queries.get(issue_id)
    assert (issue.state, issue.content, issue.content_hash, issue.send_at) == ("draft", None, "", None)
    assert not approvals.is_approved(issue.subject, seen)
    with pytest.raises(Conflict), transaction():
        newsletter.send_now(issue_id)


def test_a_rejected_issue_is_a_draft_again_with_the_note(list_id: int) -> None:
    issue_id = story.draft(list_id)
    story.submit(issue_id)
    with transaction():
        newsletter.reject(issue_id, APPROVER, "Bitte den Termin in Bautzen ergänzen.")
    approval = approvals.current(f"issue:{issue_id}")
    assert story.state_of(issue_id) == ("draft", "")
    assert approval is not None
    assert approval.note == "Bitte den Termin in Bautzen ergänzen."


def test_an_issue_with_a_grave_mistake_cannot_be_submitted(list_id: int) -> None:
    issue_id = story.draft(list_id, story.words(" "), title="")
    with pytest.raises(Invalid) as refused, transaction():
        newsletter.submit(issue_id, AUTHOR)
    assert "Der Titel fehlt." in str(refused.value)
    assert "Die Ausgabe hat noch keinen Inhalt." in str(refused.value)


def test_live_blocks_are_written_out_when_it_is_submitted(list_id: int) -> None:
    story.publish("Neue Arbeitshilfe")
    start = our_clock.now() + timedelta(days=14)
    story.add_event("Workshop Bautzen", starts_at=start, ends_at=start + timedelta(hours=2), regions=["14625"])
    story.add_event("Workshop Vogtland", state="proposed", planned="2. Quartal 2027")
    issue_id = story.draft(
        list_id,
        {"id": 1, "kind": "announcements", "heading": "Meldungen", "mode": "latest", "limit": 5},
        {"id": 2, "kind": "dates", "heading": "Termine", "limit": 5},
    )
    story.submit(issue_id)
    said = queries.get(issue_id).content
    assert said is not None
    assert [item["title"] for item in said["blocks"][0]["items"]] == ["Neue Arbeitshilfe"]
    assert [(item["title"], item["when"]) for item in said["blocks"][1]["items"]] == [
        ("Workshop Bautzen", "Dienstag, 8. Dezember 2026, 10:00 bis 12:00 Uhr"),
        ("Workshop Vogtland", "2. Quartal 2027"),
    ]


def test_chosen_announcements_keep_the_chosen_order(list_id: int) -> None:
    first, second = story.publish("Erste"), story.publish("Zweite")
    block = {"id": 1, "kind": "announcements", "heading": "", "mode": "chosen", "slugs": [first, "weg", second]}
    issue = queries.get(story.draft(list_id, block))
    said = content.resolve(issue)
    assert [item["slug"] for item in said["blocks"][0]["items"]] == [first, second]


def test_the_wall_time_in_berlin_is_meant(list_id: int) -> None:
    story.add_reader(list_id, ANNA)
    issue_id = story.draft(list_id)
    story.approve(issue_id)
    with transaction():
        newsletter.schedule(issue_id, our_clock.at_local(date(2027, 7, 1), time(10)))
    issue = queries.get(issue_id)
    assert issue.send_at is not None
    assert (issue.state, issue.send_local, issue.send_at.isoformat()) == (
        "scheduled",
        "2027-07-01T10:00",
        "2027-07-01T08:00:00+00:00",
    )
    with transaction():
        newsletter.cancel_schedule(issue_id)
    assert story.state_of(issue_id) == ("approved", "")


def test_a_time_that_is_over_is_refused(list_id: int) -> None:
    issue_id = story.draft(list_id)
    story.approve(issue_id)
    with pytest.raises(Invalid, match="Dieser Zeitpunkt ist schon vorbei"), transaction():
        newsletter.schedule(issue_id, our_clock.at_local(date(2026, 11, 24), time(9)))


def test_without_an_approval_nothing_can_be_scheduled(list_id: int) -> None:
    issue_id = story.draft(list_id)
    for step in (newsletter.send_now, newsletter.cancel_schedule, newsletter.hold, newsletter.resume):
        with pytest.raises(newsletter.WrongState), transaction():
            step(issue_id)
    assert session.get(Issue, issue_id) is not None
