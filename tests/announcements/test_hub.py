from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from app import announcements, approvals, taxonomy
from app.announcements import Announcement, Channel, Content, Plan, Revision
from app.kernel import clock as our_clock
from app.kernel import text
from app.kernel.db import session, transaction
from app.kernel.errors import Invalid

AUTHOR, OTHER_AUTHOR, APPROVER = 1, 2, 3


def content(title: str = "Neuer Onlinedienst für Wohngeld", **changes: Any) -> Content:
    values: dict[str, Any] = {
        "title": title,
        "lead": "Der Onlinedienst steht ab Dezember bereit.",
        "body": text.from_markdown("Der Dienst ist **kostenfrei**."),
        "regions": ("14625",),
        "topics": (),
        "contact": "Redaktion, redaktion@rundbrief.example",
    }
    return Content(**(values | changes))


@pytest.fixture
def inside(saxony: Any, clock: Any) -> Iterator[None]:
    with saxony.app_context():
        yield


def _channels(*names: str) -> list[int]:
    with transaction():
        made = [Channel(name=name, kind="webhook", config={}, active=True, position=0) for name in names]
        session.add_all(made)
        session.flush()
        return [channel.id for channel in made]


def _approved(said: Content | None = None, plan: Plan | None = None) -> int:
    with transaction():
        announcement = announcements.draft(said or content(), AUTHOR, plan)
        announcements.submit(announcement, AUTHOR)
        announcements.approve(announcement, announcement.content_hash, APPROVER, our_clock.now())
        return announcement.id


def _approve_change(announcement: Announcement) -> None:
    announcements.submit(announcement, AUTHOR)
    announcements.approve(announcement, announcement.content_hash, APPROVER, our_clock.now())


def _published(plan: Plan | None = None) -> int:
    announcement_id = _approved(plan=plan)
    assert announcements.publish_due([]) == 1
    return announcement_id


def _states(announcement_id: int) -> list[tuple[str, int, str]]:
    found = announcements.dispatches(announcement_id)
    return sorted((d.channel.name, d.revision.number, d.state) for d in found)


def test_publishing_freezes_a_revision_and_owes_every_active_channel_a_dispatch(inside: None) -> None:
    _channels("SSG", "SLKT")
    announcement_id = _approved()
    told: list[Revision] = []
    assert announcements.publish_due([told.append]) == 1
    announcement = announcements.get(announcement_id)
    assert announcement.state == "published"
    assert [revision.number for revision in told] == [1]
    assert _states(announcement_id) == [("SLKT", 1, "owed"), ("SSG", 1, "owed")]
    assert [revision.content.title for revision in announcements.published()] == ["Neuer Onlinedienst für Wohngeld"]
    assert announcements.publish_due([told.append]) == 0


def test_nothing_is_published_before_its_time(inside: None, clock: Any) -> None:
    with transaction():
        announcement = announcements.draft(content(), AUTHOR)
        announcements.submit(announcement, AUTHOR)
        at = our_clock.now() + timedelta(hours=1)
        announcements.approve(announcement, announcement.content_hash, APPROVER, at)
    assert announcements.publish_due([]) == 0
    clock.tick(hours=1)
    assert announcements.publish_due([]) == 1


def test_only_the_chosen_channels_are_owed_something(inside: None) -> None:
    _, slkt = _channels("SSG", "SLKT")
    announcement_id = _published(Plan(channels=(slkt,)))
    assert _states(announcement_id) == [("SLKT", 1, "owed")]


def test_a_channel_that_is_made_after_the_submission_gets_nothing(inside: None) -> None:
    _channels("SSG")
    announcement_id = _approved()
    _channels("SLKT")
    announcements.publish_due([])
    assert _states(announcement_id) == [("SSG", 1, "owed")]


def test_the_author_cannot_approve_their_own_announcement(inside: None) -> None:
    with transaction():
        announcement = announcements.draft(content(), AUTHOR)
        announcements.edit(announcement, content("Neuer Titel"), OTHER_AUTHOR)
        announcements.submit(announcement, AUTHOR)
        for author in (AUTHOR, OTHER_AUTHOR):
            with pytest.raises(approvals.OwnWork):
                announcements.approve(announcement, announcement.content_hash, author)
        assert announcement.state == "submitted"


def test_an_edit_after_approval_voids_it_and_nothing_is_published(inside: None) -> None:
    announcement_id = _approved()
    with transaction():
        announcements.edit(announcements.get(announcement_id), content("Ganz anders"), OTHER_AUTHOR)
    assert announcements.publish_due([]) == 0
    announcement = announcements.get(announcement_id)
    assert announcement.state == "draft"
    assert not announcement.is_public
    assert not approvals.is_approved(announcement.subject, announcement.content_hash)
    approval = approvals.current(announcement.subject)
    assert approval is not None
    assert approval.state == "void"


def test_what_differs_from_what_was_approved_is_not_published_even_if_it_came_in_sideways(inside: None) -> None:
    announcement_id = _approved()
    with transaction():
        announcement = announcements.get(announcement_id)
        announcement.content_json = content("Untergeschoben").to_json()
    assert announcements.publish_due([]) == 0
    assert announcements.get(announcement_id).state == "draft"


def test_the_approver_of_an_edit_may_not_be_who_edited_after_the_last_approval(inside: None) -> None:
    announcement_id = _approved()
    with transaction():
        announcement = announcements.get(announcement_id)
        announcements.edit(announcement, content("Neu gefasst"), APPROVER)
        announcements.submit(announcement, APPROVER)
        with pytest.raises(approvals.OwnWork):
            announcements.approve(announcement, announcement.content_hash, APPROVER)


def test_a_rejected_announcement_is_a_draft_again_and_keeps_its_authors(inside: None) -> None:
    with transaction():
        announcement = announcements.draft(content(), AUTHOR)
        announcements.submit(announcement, OTHER_AUTHOR)
        announcements.reject(announcement, APPROVER, "Bitte den Titel kürzen.")
        assert (announcement.state, announcement.authors) == ("draft", [AUTHOR, OTHER_AUTHOR])


def test_an_author_cannot_change_the_time_of_what_was_approved(inside: None) -> None:
    announcement_id = _approved()
    with transaction():
        announcement = announcements.get(announcement_id)
        later = our_clock.now() + timedelta(days=1)
        with pytest.raises(approvals.OwnWork):
            announcements.schedule(announcement, later, AUTHOR)
        announcements.schedule(announcement, later, APPROVER)
    assert announcements.publish_due([]) == 0
    assert announcements.get(announcement_id).publish_at == later


def test_a_correction_is_the_next_revision_and_goes_to_who_had_the_first(inside: None, clock: Any) -> None:
    _channels("SSG", "SLKT")
    announcement_id = _published()
    _mark_sent(announcement_id, "SSG")
    clock.tick(hours=2)
    with transaction():
        announcement = announcements.get(announcement_id)
        announcements.correct(announcement, content("Neuer Titel"), AUTHOR, "Der Titel war falsch.")
        assert announcements.published()[0].content.title == "Neuer Onlinedienst für Wohngeld"
        _approve_change(announcement)
    assert announcements.publish_due([]) == 1
    [revision] = announcements.published()
    assert (revision.number, revision.change, revision.reason) == (2, "correction", "Der Titel war falsch.")
    assert revision.content.title == "Neuer Titel"
    assert revision.published_at - revision.first_published_at == timedelta(hours=2)
    assert _states(announcement_id) == [
        ("SLKT", 1, "superseded"),
        ("SLKT", 2, "owed"),
        ("SSG", 1, "sent"),
        ("SSG", 2, "owed"),
    ]
    assert [r.number for r in announcements.revisions(announcement_id)] == [2, 1]


def test_a_withdrawal_goes_only_to_channels_that_had_something(inside: None) -> None:
    _channels("SSG", "SLKT")
    announcement_id = _published()
    _mark_sent(announcement_id, "SSG")
    with transaction():
        announcement = announcements.get(announcement_id)
        announcements.withdraw(announcement, AUTHOR, "Der Dienst kommt später.")
        _approve_change(announcement)
    assert announcements.publish_due([]) == 1
    assert _states(announcement_id) == [("SLKT", 1, "superseded"), ("SSG", 1, "sent"), ("SSG", 2, "owed")]
    assert announcements.get(announcement_id).state == "withdrawn"
    assert announcements.published() == []
    assert [r.is_withdrawal for r in announcements.published(with_withdrawn=True)] == [True]
    with transaction(), pytest.raises(announcements.NotInThisState):
        announcements.edit(announcements.get(announcement_id), content(), AUTHOR)


def test_a_discarded_correction_leaves_what_was_published(inside: None) -> None:
    announcement_id = _published()
    with transaction():
        announcement = announcements.get(announcement_id)
        announcements.correct(announcement, content("Doch nicht"), AUTHOR)
        announcements.discard(announcement, AUTHOR)
        assert (announcement.state, announcement.content.title) == ("published", "Neuer Onlinedienst für Wohngeld")
    assert announcements.publish_due([]) == 0


def test_one_that_cannot_be_published_stops_no_other_and_stays_due(inside: None) -> None:
    first, second = _approved(content("Erste")), _approved(content("Zweite"))

    def refuse_the_first(revision: Revision) -> None:
        if revision.announcement_id == first:
            raise ValueError("the calendar is full")

    with pytest.raises(ExceptionGroup):
        announcements.publish_due([refuse_the_first])
    assert announcements.get(second).state == "published"
    assert announcements.get(first).state == "scheduled"
    assert not announcements.get(first).is_public
    assert announcements.publish_due([]) == 1


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (taxonomy.Scope.of(["14625"]), ["Bautzen", "Sachsen"]),
        (taxonomy.Scope.of(["14626"]), ["Sachsen"]),
        (taxonomy.Scope(), ["Bautzen", "Sachsen"]),
    ],
)
def test_what_is_published_is_found_by_region(inside: None, asked: taxonomy.Scope, found: list[str]) -> None:
    _approved(content("Sachsen", regions=("14",)))
    _approved(content("Bautzen"))
    announcements.publish_due([])
    assert [revision.content.title for revision in announcements.published(asked)] == found


def test_nothing_is_shown_before_the_embargo_ends_nor_listed_after_it_expired(inside: None, clock: Any) -> None:
    embargo = our_clock.now() + timedelta(hours=3)
    announcement_id = _approved(content(embargo=embargo, expires_on=our_clock.today()))
    announcements.publish_due([])
    slug = announcements.get(announcement_id).slug
    assert (announcements.published(), announcements.find_published(slug)) == ([], None)
    clock.move_to(embargo)
    assert len(announcements.published()) == 1
    clock.tick(days=1)
    assert announcements.published() == []
    assert announcements.find_published(slug) is not None


@pytest.mark.parametrize("field", ["lead", "regions"])
def test_what_is_missing_is_said_before_it_is_submitted(inside: None, field: str) -> None:
    with transaction():
        announcement = announcements.draft(content(**{field: ()}), AUTHOR)
        with pytest.raises(Invalid) as refused:
            announcements.submit(announcement, AUTHOR)
        assert list(refused.value.fields) == [field]
        assert announcement.state == "draft"


@pytest.mark.parametrize("slug", ["neu", "kalender", "Groß", "mit leerzeichen"])
def test_a_reserved_or_odd_address_is_refused(inside: None, slug: str) -> None:
    with transaction(), pytest.raises(Invalid) as refused:
        announcements.draft(content(), AUTHOR, Plan(slug=slug))
    assert list(refused.value.fields) == ["slug"]


def test_addresses_are_made_from_titles_and_never_twice(inside: None) -> None:
    with transaction():
        slugs = [
            announcements.draft(content(title), AUTHOR).slug for title in ("Görlitz übt", "Görlitz übt", "Kalender")
        ]
    assert slugs == ["goerlitz-uebt", "goerlitz-uebt-2", "meldung-kalender"]


@pytest.mark.parametrize(("field", "value"), [("regions", ("99999",)), ("topics", ("gibt-es-nicht",))])
def test_unknown_regions_and_topics_are_refused(inside: None, field: str, value: tuple[str, ...]) -> None:
    with transaction(), pytest.raises(Invalid) as refused:
        announcements.draft(content(**{field: value}), AUTHOR)
    assert list(refused.value.fields) == [field]


def _mark_sent(announcement_id: int, channel: str) -> None:
    with transaction():
        for dispatch in announcements.dispatches(announcement_id):
            if dispatch.channel.name == channel:
                dispatch.state, dispatch.attempts = "sent", 1
