import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from app import events
from app.announcements import Announcement
from app.events import Event, EventChange, EventState, EventValues
from tests.calendar.plain_parser import moment, parse
from tests.events.telling import at, say, workshop
from tests.support.team import signed_in

NEW = "/redaktion/termine/neu"
FILLED = {
    "title": "Regionalworkshop Görlitz",
    "kind": "workshop",
    "state": "confirmed",
    "day": "2027-01-12",
    "time_mode": "timed",
    "start_time": "10:00",
    "end_time": "12:30",
    "place": "Landratsamt Görlitz, Bahnhofstraße 24, 02826 Görlitz",
    "lead": "Für Beschäftigte der Kommunen.",
    "body": "Wir zeigen **Amt24**.",
    "regions": ["14626"],
    "topics": ["amt24"],
    "online_url": "https://konferenz.example/raum-4711",
}


@pytest.fixture
def editor(saxony: Any, clock: Any) -> Any:
    return signed_in(saxony, "editor")


@pytest.fixture
def approver(saxony: Any, clock: Any) -> Any:
    return signed_in(saxony, "approver")


@pytest.fixture
def told(saxony: Any, clock: Any) -> Callable[..., int]:
    """Publish an event; its id."""

    def tell(values: EventValues | None = None, **more: Any) -> int:
        with saxony.app_context():
            return say(values, **more)

    return tell


@dataclass(frozen=True)
class Stored:
    """What stands in the database about an event."""

    event: Event
    waiting: EventChange | None
    announcement: Announcement


@pytest.fixture
def stored(saxony: Any) -> Callable[[int], Stored]:
    """Read what is stored about an event, outside of any request."""

    def look(event_id: int) -> Stored:
        with saxony.app_context():
            event = events.get_any(event_id)
            return Stored(event, events.pending_change(event), events.announcement_of(event))

    return look


def announce(editor: Any, approver: Any, work: Any, announcement_id: int = 1) -> None:
    """The editor lays it before the approver, who approves it for now; then the job runs."""
    page = f"/redaktion/meldungen/{announcement_id}"
    assert editor.submit(page, action="/vorlegen").status_code == 303
    assert approver.submit(page, {"moment": "now"}, action="/freigeben").status_code == 303
    work()


def test_a_workshop_is_planned_approved_moved_and_every_pull_channel_follows(
    editor: Any, approver: Any, client: Any, work: Any
) -> None:
    assert editor.submit(NEW, FILLED).headers["Location"] == "/redaktion/termine/1"
    assert client.get("/termine/regionalworkshop-goerlitz").status_code == 404
    announce(editor, approver, work)
    assert "Dienstag, 12. Januar 2027, 10:00 bis 12:30 Uhr" in client.get("/termine/regionalworkshop-goerlitz").text
    moved = {"day": "2027-01-19", "start_time": "13:00", "end_time": "15:00", "words": "Der Raum ist belegt."}
    assert editor.submit("/redaktion/termine/1/verschieben", moved).status_code == 303
    preview = editor.get("/redaktion/termine/1").text
    assert "<s>Dienstag, 12. Januar 2027, 10:00 bis 12:30 Uhr</s>" in preview
    assert "Neuer Termin: Regionalworkshop Görlitz" in preview
    announce(editor, approver, work)
    calendar = parse(client.get("/termine/kreis/14626.ics").data)
    (event,) = calendar.all("VEVENT")
    assert (event.value("SEQUENCE"), moment(calendar, event, "DTSTART")) == ("1", at("2027-01-19", "13:00"))
    page = client.get("/termine/regionalworkshop-goerlitz").text
    assert "<strong>Dienstag, 19. Januar 2027, 13:00 bis 15:00 Uhr</strong>" in page
    news = client.get("/meldungen/regionalworkshop-goerlitz").text
    assert "Bisher: Dienstag, 12. Januar 2027, 10:00 bis 12:30 Uhr." in news
    assert "Der Raum ist belegt." in news


def test_the_page_before_a_cancellation_says_what_it_will_do(
    editor: Any, approver: Any, client: Any, work: Any, told: Any, stored: Any
) -> None:
    event_id = told()
    page = editor.get(f"/redaktion/termine/{event_id}/absagen").text
    assert "ABGESAGT: Regionalworkshop Bautzen" in page
    assert stored(event_id).event.state == EventState.CONFIRMED
    editor.submit(f"/redaktion/termine/{event_id}/absagen", {"words": "Zu wenige Anmeldungen."})
    announce(editor, approver, work)
    assert "Dieser Termin ist abgesagt." in client.get("/termine/regionalworkshop-bautzen").text
    (event,) = parse(client.get("/termine/kalender.ics").data).all("VEVENT")
    assert (event.value("STATUS"), event.value("SUMMARY")) == ("CANCELLED", "ABGESAGT: Regionalworkshop Bautzen")


MISTAKES = [
    ({"title": ""}, "title", "Bitte geben Sie an, wie der Termin heißt."),
    ({"day": ""}, "day", "Bitte geben Sie den Tag an, oder wählen Sie „in Abstimmung“."),
    ({"day": "31.02.2027"}, "day", "Bitte geben Sie ein Datum ein, zum Beispiel 08.12.2026."),
    ({"start_time": "25:00"}, "start_time", "Bitte geben Sie eine Uhrzeit ein, zum Beispiel 10:00."),
    ({"start_time": ""}, "start_time", "Bitte geben Sie den Beginn an, oder wählen Sie „Uhrzeit folgt“."),
    ({"end_time": ""}, "end_time", "Bitte geben Sie das Ende an: Kalender brauchen es."),
    ({"end_time": "09:00"}, "end_time", "Das Ende muss nach dem Beginn liegen."),
    ({"last_day": "2027-01-11"}, "last_day", "Der letzte Tag liegt vor dem ersten. Bitte prüfen Sie beide."),
    ({"day": "2027-03-28", "start_time": "02:30"}, "start_time", "Diese Uhrzeit gibt es an diesem Tag nicht"),
    ({"time_mode": "open"}, "state", "Solange die Uhrzeit offen ist, ist der Termin nur vorgemerkt."),
    ({"state": "proposed"}, "day", "In Abstimmung heißt: Der Tag steht noch nicht fest."),
    ({"regions": []}, "regions", "Bitte wählen Sie, für wen der Termin ist; für alle genügt „Sachsen“."),
    ({"online_url": "konferenz"}, "online_url", "Bitte geben Sie die Adresse vollständig an, mit https:// davor."),
]


@pytest.mark.parametrize(("change", "field", "advice"), MISTAKES)
def test_a_mistake_is_named_at_its_field_and_everything_written_is_kept(
    editor: Any, change: dict[str, Any], field: str, advice: str, saxony: Any
) -> None:
    response = editor.submit(NEW, FILLED | change)
    assert response.status_code == 422
    named = re.findall(rf'id="{field}-error">(.*?)</p>', response.text, re.S)
    assert [advice in text for text in named] == [True]
    assert 'value="Landratsamt Görlitz, Bahnhofstraße 24, 02826 Görlitz"' in response.text
    assert 'value="https://konferenz.example/raum-4711"' in response.text or "online_url" in change
    assert "Wir zeigen **Amt24**." in response.text
    with saxony.app_context():
        assert events.everything() == []


def test_saving_the_form_as_it_stands_changes_nothing(editor: Any, told: Any, stored: Any) -> None:
    event_id = told(workshop(regions=["14", "14625020"]), online_url="https://konferenz.example/raum")
    before = stored(event_id).event.values
    assert editor.submit(f"/redaktion/termine/{event_id}/bearbeiten").status_code == 303
    assert stored(event_id).waiting is None
    assert (stored(event_id).event.values, stored(event_id).event.online_url) == (
        before,
        "https://konferenz.example/raum",
    )


@pytest.mark.parametrize(
    "values",
    [
        workshop(all_day=True, starts_at=at("2026-12-08", "00:00"), ends_at=at("2026-12-10", "00:00")),
        workshop(state=EventState.PROPOSED, starts_at=None, ends_at=None, planned="1. Quartal 2027"),
        workshop(state=EventState.TENTATIVE, all_day=True, time_open=True, starts_at=at("2026-12-08", "00:00"),
                 ends_at=at("2026-12-09", "00:00")),
        workshop(starts_at=at("2026-12-08", "22:00"), ends_at=at("2026-12-09", "01:00")),
    ],
)  # fmt: skip
def test_every_kind_of_date_survives_its_form(editor: Any, values: Any, told: Any, stored: Any) -> None:
    event_id = told(values)
    editor.submit(f"/redaktion/termine/{event_id}/bearbeiten", {"place": "Rathaus"})
    waiting = stored(event_id).waiting
    assert waiting is not None
    assert waiting.values == workshop(**{n: getattr(values, n) for n in values.__slots__} | {"place": "Rathaus"})


def test_the_private_room_changes_at_once_and_without_approval(editor: Any, told: Any, stored: Any) -> None:
    event_id = told()
    editor.submit(f"/redaktion/termine/{event_id}/bearbeiten", {"online_url": "https://konferenz.example/neu"})
    assert stored(event_id).event.online_url == "https://konferenz.example/neu"
    assert stored(event_id).waiting is None
    assert "https://konferenz.example/neu" in editor.get(f"/redaktion/termine/{event_id}").text


def test_editing_the_words_of_the_announcement_leaves_the_date_alone(
    editor: Any, approver: Any, client: Any, work: Any, told: Any, stored: Any
) -> None:
    multi = {"all_day": True, "starts_at": at("2026-12-08", "00:00"), "ends_at": at("2026-12-10", "00:00")}
    event_id = told(workshop(**multi))
    editor.submit("/redaktion/meldungen/1/bearbeiten", {"title": "Zwei Tage Bautzen", "reason": "Neuer Titel"})
    announce(editor, approver, work)
    assert "Zwei Tage Bautzen" in client.get("/meldungen/regionalworkshop-bautzen").text
    assert stored(event_id).event.sequence == 0
    said = stored(event_id).announcement.content
    assert [(when.start, when.end) for when in said.dates] == [(multi["starts_at"], multi["ends_at"])]


def test_only_editors_write_dates_and_only_the_team_sees_them(approver: Any, client: Any, told: Any) -> None:
    event_id = told()
    forms = [NEW, *(f"/redaktion/termine/{event_id}/{act}" for act in ("bearbeiten", "verschieben", "absagen"))]
    assert [approver.get(path).status_code for path in forms] == [403] * 4
    assert approver.get(f"/redaktion/termine/{event_id}").status_code == 200
    assert [client.get(path).status_code for path in [*forms, "/redaktion/termine"]] == [303] * 5
    assert approver.get("/redaktion/termine/99").status_code == 404


def test_a_holiday_is_pointed_out(editor: Any, told: Any) -> None:
    event_id = told(workshop(starts_at=at("2027-11-17", "10:00"), ends_at=at("2027-11-17", "12:00")))
    page = editor.get(f"/redaktion/termine/{event_id}").text
    assert "An diesem Tag ist in Sachsen Feiertag: Buß- und Bettag." in page


def test_a_change_is_given_up_by_a_button(editor: Any, told: Any, stored: Any) -> None:
    event_id = told()
    editor.submit(f"/redaktion/termine/{event_id}/verschieben", {"day": "2026-12-15"})
    assert stored(event_id).waiting is not None
    editor.submit(f"/redaktion/termine/{event_id}", action="/verwerfen")
    assert stored(event_id).waiting is None
    assert stored(event_id).announcement.state == "published"
