import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app import announcements, approvals, events, wiring
from app.events import ChangeState, EventState
from app.kernel import clock as our_clock
from app.kernel import text
from app.kernel.db import session, transaction
from app.kernel.errors import Conflict, Invalid
from tests.events.telling import APPROVER, EDITOR, at, change, publish, read, say, workshop

LATER = {"starts_at": at("2026-12-15", "10:00"), "ends_at": at("2026-12-15", "12:30")}
OPEN = {"state": EventState.PROPOSED, "starts_at": None, "ends_at": None}


@pytest.fixture
def inside(saxony: Any, clock: Any) -> Iterator[None]:
    with saxony.app_context():
        yield


def test_nothing_of_a_draft_is_public_until_a_second_person_approved_it(inside: None) -> None:
    with transaction():
        event_id = events.draft(workshop(), EDITOR).id
    announcement = events.announcement_of(read(event_id))
    assert (read(event_id).is_public, events.published(), announcement.state) == (False, [], "draft")
    with transaction():
        announcements.submit(announcement, EDITOR)
    with pytest.raises(approvals.OwnWork), transaction():
        announcements.approve(announcement, announcement.content_hash, EDITOR, our_clock.now())
    assert announcements.publish_due(wiring.ON_PUBLISH) == 0
    assert events.published() == []
    with transaction():
        announcements.approve(announcement, announcement.content_hash, APPROVER, our_clock.now())
    announcements.publish_due(wiring.ON_PUBLISH)
    assert [event.id for event in events.published()] == [event_id]


def test_a_proposed_change_leaves_everything_public_as_it_was(inside: None, client: Any) -> None:
    event_id = say()
    paths = ["/termine", "/termine/regionalworkshop-bautzen", "/termine/kalender.ics"]
    before = [client.get(path).data for path in paths]
    with transaction():
        events.propose_change(read(event_id), workshop(**LATER), EDITOR)
    assert [client.get(path).data for path in paths] == before
    publish(event_id)
    assert all(old != client.get(path).data for path, old in zip(paths, before, strict=True))


def test_any_edit_after_approval_voids_it_and_nothing_is_published(inside: None) -> None:
    event_id = say()
    with transaction():
        events.propose_change(read(event_id), workshop(**LATER), EDITOR)
        announcement = events.announcement_of(read(event_id))
        announcements.submit(announcement, EDITOR)
        announcements.approve(announcement, announcement.content_hash, APPROVER, our_clock.now() + timedelta(hours=1))
    with transaction():
        events.propose_change(read(event_id), workshop(place="Rathaus Bautzen", **LATER), EDITOR)
    assert announcement.state == "draft"
    with our_clock.held_at(our_clock.now() + timedelta(hours=2)):
        assert announcements.publish_due(wiring.ON_PUBLISH) == 0
    assert read(event_id).values == workshop()


def test_the_announcement_says_what_the_calendar_says(inside: None) -> None:
    event_id = say()
    said = events.announcement_of(read(event_id)).content
    assert (said.title, said.lead) == (
        "Regionalworkshop Bautzen",
        (
            "Regionalworkshop: Dienstag, 8. Dezember 2026, 10:00 bis 12:30 Uhr, Landratsamt Bautzen, Bahnhofstraße 9, "
            "02625 Bautzen. Für Beschäftigte der Kommunen im Landkreis."
        ),
    )
    assert [(when.start, when.end, when.label) for when in said.dates] == [
        (at("2026-12-08", "10:00"), at("2026-12-08", "12:30"), "")
    ]
    assert said.links[0].url == "http://rundbrief.example/termine/regionalworkshop-bautzen"
    assert said.event_uid == read(event_id).uid


CHANGES: list[tuple[dict[str, Any], dict[str, Any], str, str, str]] = [
    ({}, LATER, "aenderung", "Neuer Termin: Regionalworkshop Bautzen", "Bisher: Dienstag, 8. Dezember 2026"),
    ({}, {"state": "cancelled"}, "absage", "Abgesagt: Regionalworkshop Bautzen", "Der Termin am Dienstag, 8. Dezember"),
    ({}, OPEN, "aenderung", "Verschoben: Regionalworkshop Bautzen", "Der Termin am Dienstag, 8. Dezember 2026"),
    ({"state": "tentative"}, {}, "aenderung", "Termin steht fest: Regionalworkshop Bautzen", "Dienstag, 8. Dezember"),
    (OPEN, {}, "aenderung", "Termin steht fest: Regionalworkshop Bautzen", "Dienstag, 8. Dezember 2026"),
    ({}, {"place": "Rathaus"}, "aenderung", "Geändert: Regionalworkshop Bautzen", "Geändert wurde: Ort."),
]


@pytest.mark.parametrize(("before", "after", "kind", "title", "lead"), CHANGES)
def test_a_change_is_a_correction_that_says_what_changed(
    inside: None, before: dict[str, Any], after: dict[str, Any], kind: str, title: str, lead: str
) -> None:
    event_id = say(workshop(**before))
    change(event_id, workshop(**after))
    announcement = events.announcement_of(read(event_id))
    revision = announcement.current
    assert revision is not None
    assert (revision.number, revision.is_correction, revision.kind) == (2, True, kind)
    assert revision.content.title == title
    assert revision.content.lead.startswith(lead)
    assert revision.reason.startswith(lead)


def test_the_words_of_the_editor_stand_before_the_description(inside: None) -> None:
    values = workshop(body=text.from_markdown("Wir zeigen den Antragsassistenten."))
    event_id = say(values)
    with transaction():
        events.propose_change(
            read(event_id), replace(values, **LATER), EDITOR, text.from_markdown("Der Raum war belegt.")
        )
    body = events.announcement_of(read(event_id)).content.body
    assert text.to_plain(body).split("\n\n") == ["Der Raum war belegt.", "Wir zeigen den Antragsassistenten."]


def test_a_change_whose_announcement_was_given_up_is_not_published_with_the_next_correction(inside: None) -> None:
    event_id = say()
    announcement = events.announcement_of(read(event_id))
    with transaction():
        events.propose_change(read(event_id), workshop(title="Nie freigegeben"), EDITOR)
        announcements.discard(announcement, EDITOR)
        said = replace(announcement.content, contact="Alma Beispiel")
        announcements.correct(announcement, said, APPROVER, "Ansprechperson ergänzt.")
        announcements.submit(announcement, APPROVER)
        announcements.approve(announcement, announcement.content_hash, EDITOR, our_clock.now())
    assert announcements.publish_due(wiring.ON_PUBLISH) == 1
    assert (read(event_id).title, announcement.current.content.contact) == ("Regionalworkshop Bautzen", "Alma Beispiel")


def test_who_approves_an_announcement_sees_what_the_calendar_will_say_whatever_its_words_are(inside: None) -> None:
    event_id = say()
    with transaction():
        events.propose_change(read(event_id), workshop(title="Anders im Kalender"), EDITOR)
        announcement = events.announcement_of(read(event_id))
        announcements.edit(announcement, replace(announcement.content, title="Harmlos"), EDITOR)
    [shown] = events.channel_previews(announcements.preview(announcement))
    assert (shown.channel, shown.subject) == ("Kalender", "Anders im Kalender")


def test_an_announcement_that_names_another_date_than_the_calendar_is_not_published(inside: None) -> None:
    event_id = say()
    with transaction():
        events.propose_change(read(event_id), workshop(**LATER), EDITOR)
        announcement = events.announcement_of(read(event_id))
        other = at_another_time(announcement, at("2026-12-16", "10:00"))
        announcements.edit(announcement, other, EDITOR, announcements.Plan(reason="Verschoben"))
    with pytest.raises(ExceptionGroup) as caught:
        publish(event_id)
    assert [type(error) for error in caught.value.exceptions] == [Conflict]
    assert read(event_id).values == workshop()
    assert read(event_id).sequence == 0


def at_another_time(announcement: Any, start: Any) -> Any:
    said = announcement.content
    return replace(said, dates=(replace(said.dates[0], start=start),))


def test_correcting_words_only_changes_no_date_and_no_sequence(inside: None) -> None:
    event_id = say()
    stored = read(event_id).vevent
    with transaction():
        announcement = events.announcement_of(read(event_id))
        announcements.correct(announcement, replace(announcement.content, title="Besserer Titel"), EDITOR, "Titel")
    publish(event_id)
    assert (read(event_id).vevent, read(event_id).sequence) == (stored, 0)


def test_withdrawing_the_announcement_takes_the_event_off_site_and_feeds(inside: None, client: Any) -> None:
    event_id = say()
    with transaction():
        announcements.withdraw(events.announcement_of(read(event_id)), EDITOR, "Versehentlich veröffentlicht")
    publish(event_id)
    assert events.published() == []
    assert client.get("/termine/regionalworkshop-bautzen").status_code == 404
    assert b"VEVENT" not in client.get("/termine/kalender.ics").data


def test_a_discarded_change_is_gone_and_the_next_one_starts_afresh(inside: None) -> None:
    event_id = say()
    with transaction():
        waiting = events.propose_change(read(event_id), workshop(**LATER), EDITOR)
        events.discard_change(read(event_id), EDITOR)
    assert (waiting.state, events.pending_change(read(event_id))) == (ChangeState.VOID, None)
    assert events.announcement_of(read(event_id)).state == "published"
    change(event_id, workshop(place="Rathaus Bautzen"))
    assert (read(event_id).place, read(event_id).starts_at) == ("Rathaus Bautzen", at("2026-12-08", "10:00"))


def test_what_cannot_be_said_is_refused_at_its_field(inside: None) -> None:
    wrong = {
        "title": workshop(title=" "),
        "day": workshop(starts_at=None, ends_at=None),
        "end_time": workshop(ends_at=at("2026-12-08", "09:00")),
        "state": workshop(state="cancelled"),
        "regions": workshop(regions=["99"]),
        "topics": workshop(topics=["wetter"]),
        "place": workshop(place="x" * 201),
    }
    for field, values in wrong.items():
        with pytest.raises(Invalid) as caught, transaction():
            events.draft(values, EDITOR)
        assert list(caught.value.fields) == [field]
    assert events.everything() == []


def test_a_fixed_path_is_no_address_of_an_event(inside: None) -> None:
    with pytest.raises(Invalid) as caught, transaction():
        events.draft(workshop(), EDITOR, slug="Kalender")
    assert list(caught.value.fields) == ["slug"]
    with transaction():
        made = [events.draft(workshop(title=title), EDITOR).slug for title in ("Abonnieren", "Kreis", "Tag", "Tag")]
    assert made == ["termin-abonnieren", "termin-kreis", "tag", "tag-2"]


def test_the_list_shows_dates_by_month_and_open_ones_apart(inside: None, client: Any) -> None:
    say()
    say(workshop(title="Regionalworkshop Görlitz", regions=["14626"], starts_at=at("2027-01-12", "10:00"),
                 ends_at=at("2027-01-12", "12:00")))  # fmt: skip
    say(workshop(title="Regionalworkshop Zwickau", regions=["14524"], planned="2. Quartal 2027", **OPEN))
    page = client.get("/termine").text
    assert re.findall(r"<h2[^>]*>([^<]+)</h2>", page.split("<footer")[0]) == [
        "Dezember 2026", "Januar 2027", "Wird noch abgestimmt",
    ]  # fmt: skip
    assert re.findall(r"<h3[^>]*><a[^>]*>([^<]+)</a>", page) == [
        "Regionalworkshop Bautzen", "Regionalworkshop Görlitz", "Regionalworkshop Zwickau",
    ]  # fmt: skip
    assert "2. Quartal 2027" in page
    narrowed = client.get("/termine?kreis=14626&thema=amt24&art=workshop").text
    assert re.findall(r"<h3[^>]*><a[^>]*>([^<]+)</a>", narrowed) == ["Regionalworkshop Görlitz"]
    assert "Keine Termine gefunden" in client.get("/termine?art=online").text


def test_past_dates_are_shown_on_request_the_latest_first(inside: None, client: Any, clock: Any) -> None:
    say()
    say(workshop(title="Danach", **LATER))
    clock.move_to(at("2027-01-01", "10:00"))
    assert "Regionalworkshop Bautzen" not in client.get("/termine").text
    past = client.get("/termine?zeit=vergangen").text
    assert re.findall(r"<h3[^>]*><a[^>]*>([^<]+)</a>", past) == ["Danach", "Regionalworkshop Bautzen"]


def test_a_moved_date_shows_the_old_one_and_says_so_to_machines(inside: None, client: Any) -> None:
    event_id = say()
    change(event_id, workshop(**LATER))
    page = client.get("/termine/regionalworkshop-bautzen").text
    assert "<s>Dienstag, 8. Dezember 2026, 10:00 bis 12:30 Uhr</s>" in page
    assert "<strong>Dienstag, 15. Dezember 2026, 10:00 bis 12:30 Uhr</strong>" in page
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    said = json.loads(block)
    assert said == {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": "http://rundbrief.example/termine/regionalworkshop-bautzen",
        "url": "http://rundbrief.example/termine/regionalworkshop-bautzen",
        "name": "Regionalworkshop Bautzen",
        "description": "Für Beschäftigte der Kommunen im Landkreis.",
        "inLanguage": "de",
        "startDate": "2026-12-15T10:00:00+01:00",
        "endDate": "2026-12-15T12:30:00+01:00",
        "previousStartDate": "2026-12-08T10:00:00+01:00",
        "eventStatus": "https://schema.org/EventRescheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place", "name": "Landratsamt Bautzen", "address": "Bahnhofstraße 9, 02625 Bautzen",
        },
        "organizer": {"@type": "Organization", "name": "Musterzweckverband Digitale Verwaltung"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("values", "status"),
    [({}, "EventScheduled"), ({"state": "cancelled"}, "EventCancelled"), (OPEN, "EventPostponed")],
)
def test_machines_read_the_state_of_a_date(inside: None, client: Any, values: dict[str, Any], status: str) -> None:
    event_id = say()
    if values:
        change(event_id, workshop(**values))
    page = client.get("/termine/regionalworkshop-bautzen").text
    assert re.findall(r'"eventStatus": ?"([^"]+)"', page) == [f"https://schema.org/{status}"]


def test_a_title_cannot_break_out_of_the_page(inside: None, client: Any) -> None:
    say(workshop(title="</script><script>alert(1)</script>"), slug="frech")
    page = client.get("/termine/frech").text
    assert "<script>alert" not in page
    assert len(re.findall("<script", page)) == len(re.findall("</script>", page))


def test_upcoming_dates_for_a_newsletter_leave_out_what_is_called_off_or_over(inside: None, clock: Any) -> None:
    cancelled = say(workshop(title="Abgesagt"))
    change(cancelled, workshop(title="Abgesagt", state="cancelled"))
    say(workshop(title="Danach", **LATER))
    say(workshop(title="Offen", **OPEN))
    assert [event.title for event in events.upcoming()] == ["Danach"]
    assert [event.title for event in events.upcoming(cancelled=True)] == ["Abgesagt", "Danach"]
    assert [event.title for event in events.undated()] == ["Offen"]
    assert [event.title for event in events.upcoming(until=at("2026-12-10", "00:00"))] == []
    clock.move_to(at("2026-12-15", "12:29"))
    assert [event.title for event in events.upcoming()] == ["Danach"]
    clock.tick(minutes=1)
    assert events.upcoming() == []


def test_a_published_date_is_found_by_search_and_a_draft_is_not(inside: None) -> None:
    say()
    with transaction():
        events.draft(workshop(title="Geheimer Regionalworkshop"), EDITOR)
    found = events.search("regionalworkshop", 10)
    assert [(hit.title, hit.url) for hit in found] == [
        ("Regionalworkshop Bautzen", "/termine/regionalworkshop-bautzen")
    ]
    session.rollback()


@pytest.mark.parametrize("words", ["für Bürgermeister", "fuer buergermeister", "FÜR  BÜRGER", "100 %"])
def test_umlauts_capitals_and_blanks_do_not_matter_to_the_search(inside: None, words: str) -> None:
    say(workshop(title="Workshop für Bürgermeisterinnen, 100 % online"))
    found = events.search(words, 10)
    assert [hit.title for hit in found] == ["Workshop für Bürgermeisterinnen, 100 % online"]
    assert events.search("10_ %", 10) == []
    session.rollback()
