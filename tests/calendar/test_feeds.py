import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app import events
from app.events import EventState, EventValues
from app.kernel.db import transaction
from tests.calendar.plain_parser import moment, parse
from tests.events.telling import EDITOR, at, change, publish, read, say, workshop

ALL = "/termine/kalender.ics"


@pytest.fixture
def inside(saxony: Any, clock: Any) -> Iterator[None]:
    with saxony.app_context():
        yield


def titles(response: Any) -> list[str]:
    return [event.value("SUMMARY") for event in parse(response.data).all("VEVENT")]


def vevents(body: bytes) -> list[bytes]:
    return re.findall(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", body, re.S)


DAYS = [
    ("2026-12-08", "10:00", "12:30"),
    ("2027-03-27", "23:00", "23:45"),
    ("2027-03-28", "01:30", "03:30"),  # the hour from two to three does not exist
    ("2027-03-28", "09:00", "10:00"),
    ("2027-06-15", "09:00", "16:00"),
    ("2027-10-31", "01:00", "02:30"),  # the hour from two to three exists twice
    ("2027-10-31", "09:00", "12:00"),
    ("2027-12-31", "23:00", "23:59"),
]


@pytest.mark.parametrize(("day", "start", "end"), DAYS)
def test_an_independent_reader_finds_the_same_moments_as_the_website(
    inside: None, client: Any, day: str, start: str, end: str
) -> None:
    event_id = say(workshop(starts_at=at(day, start), ends_at=at(day, end)))
    calendar = parse(client.get(ALL).data)
    (found,) = calendar.all("VEVENT")
    assert moment(calendar, found, "DTSTART") == at(day, start)
    assert moment(calendar, found, "DTEND") == at(day, end)
    page = client.get(f"/termine/{read(event_id).slug}").text
    (shown,) = re.findall(r'<time datetime="([^"]+)">', page)
    assert datetime.fromisoformat(shown) == moment(calendar, found, "DTSTART")


def test_the_second_of_two_equal_hours_is_written_in_utc(inside: None, client: Any) -> None:
    start = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # 02:30 in Berlin, for the second time
    say(workshop(starts_at=start, ends_at=start + timedelta(hours=1)))
    calendar = parse(client.get(ALL).data)
    (found,) = calendar.all("VEVENT")
    assert moment(calendar, found, "DTSTART") == start
    assert moment(calendar, found, "DTEND") == start + timedelta(hours=1)


def test_whole_days_are_dates_and_their_end_is_the_day_after(inside: None, client: Any) -> None:
    say(workshop(all_day=True, starts_at=at("2026-12-08", "00:00"), ends_at=at("2026-12-10", "00:00")))
    calendar = parse(client.get(ALL).data)
    (found,) = calendar.all("VEVENT")
    assert moment(calendar, found, "DTSTART") == date(2026, 12, 8)
    assert moment(calendar, found, "DTEND") == date(2026, 12, 10)


def test_a_date_walks_through_its_life_with_one_uid_and_a_rising_sequence(
    inside: None, client: Any, clock: Any
) -> None:
    event_id = say(
        workshop(
            state="tentative",
            all_day=True,
            time_open=True,
            starts_at=at("2026-12-08", "00:00"),
            ends_at=at("2026-12-09", "00:00"),
        )
    )
    walk: list[EventValues] = [
        workshop(state="tentative"),
        workshop(),
        workshop(starts_at=at("2026-12-15", "10:00"), ends_at=at("2026-12-15", "12:30")),
        workshop(starts_at=at("2027-01-12", "13:00"), ends_at=at("2027-01-12", "15:00")),
        workshop(state="proposed", starts_at=None, ends_at=None, planned="1. Quartal 2027"),
        workshop(starts_at=at("2027-02-16", "10:00"), ends_at=at("2027-02-16", "12:00")),
        workshop(state="cancelled", starts_at=at("2027-02-16", "10:00"), ends_at=at("2027-02-16", "12:00")),
        workshop(starts_at=at("2027-02-16", "10:00"), ends_at=at("2027-02-16", "12:00")),
    ]
    seen = [_state(client)]
    for values in walk:
        clock.tick(minutes=5)
        assert _state(client) == seen[-1]
        change(event_id, values)
        seen.append(_state(client))
    assert [(s["STATUS"], s["SUMMARY"].split(" Reg")[0], s["TRANSP"]) for s in seen] == [
        ("TENTATIVE", "[Uhrzeit folgt]", "TRANSPARENT"),
        ("TENTATIVE", "[Vorläufig]", "TRANSPARENT"),
        ("CONFIRMED", "Regionalworkshop Bautzen", "OPAQUE"),
        ("CONFIRMED", "Regionalworkshop Bautzen", "OPAQUE"),
        ("CONFIRMED", "Regionalworkshop Bautzen", "OPAQUE"),
        ("CANCELLED", "VERSCHOBEN:", "TRANSPARENT"),
        ("CONFIRMED", "Regionalworkshop Bautzen", "OPAQUE"),
        ("CANCELLED", "ABGESAGT:", "TRANSPARENT"),
        ("CONFIRMED", "Regionalworkshop Bautzen", "OPAQUE"),
    ]
    assert [int(s["SEQUENCE"]) for s in seen] == list(range(9))
    assert len({s["UID"] for s in seen}) == 1
    assert len({s["etag"] for s in seen}) == 9
    assert all(s["DTSTAMP"] == s["LAST-MODIFIED"] for s in seen)
    assert [s["LAST-MODIFIED"] for s in seen] == sorted({s["LAST-MODIFIED"] for s in seen})


def _state(client: Any) -> dict[str, str]:
    response = client.get(ALL)
    (event,) = parse(response.data).all("VEVENT")
    names = ("UID", "STATUS", "SUMMARY", "TRANSP", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED")
    assert client.get(ALL, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
    return {"etag": response.headers["ETag"], **{name: event.value(name) for name in names}}


def test_a_moved_date_tells_the_old_one_first(inside: None, client: Any) -> None:
    event_id = say()
    change(event_id, workshop(starts_at=at("2026-12-15", "10:00"), ends_at=at("2026-12-15", "12:30")))
    (event,) = parse(client.get(ALL).data).all("VEVENT")
    assert event.value("DESCRIPTION").split("\n")[0] == (
        "Verlegt vom Dienstag, 8. Dezember 2026, 10:00 bis 12:30 Uhr"
        " auf Dienstag, 15. Dezember 2026, 10:00 bis 12:30 Uhr."
    )
    assert event.value("DESCRIPTION").split("\n")[-1] == "http://rundbrief.example/termine/regionalworkshop-bautzen"


def test_all_feeds_hold_the_same_bytes_of_an_event_in_every_language(inside: None, client: Any) -> None:
    say()
    client.set_cookie("lang", "en")
    paths = [
        ALL,
        "/termine/kreis/14625.ics",
        "/termine/gemeinde/14625020.ics",
        "/termine/thema/amt24.ics",
        f"{ALL}?kreis=14625&art=workshop&lang=en",
        "/termine/regionalworkshop-bautzen.ics",
    ]
    found = [vevents(client.get(path).data) for path in paths]
    assert found == [found[0]] * len(paths)
    assert len(found[0]) == 1


def test_what_is_asked_for_a_region_is_what_concerns_it(inside: None, client: Any) -> None:
    say(workshop(title="Landkreis Bautzen"))
    say(workshop(title="Stadt Bautzen", regions=["14625020"]))
    say(workshop(title="Sachsen", regions=["14"]))
    say(workshop(title="Görlitz", regions=["14626"]))
    say(workshop(title="Frist", regions=["14"], kind="deadline", topics=["gremien"]))
    of = {
        path: sorted(titles(client.get(path)))
        for path in (
            "/termine/kreis/14625.ics",
            "/termine/kreis/14626.ics",
            "/termine/gemeinde/14625020.ics",
            f"{ALL}?kreis=14625&kreis=14626",
            f"{ALL}?kreis=14625&thema=amt24",
            f"{ALL}?thema=gremien",
            f"{ALL}?art=deadline",
            f"{ALL}?art=online",
        )
    }
    assert of == {
        "/termine/kreis/14625.ics": ["Frist", "Landkreis Bautzen", "Sachsen", "Stadt Bautzen"],
        "/termine/kreis/14626.ics": ["Frist", "Görlitz", "Sachsen"],
        "/termine/gemeinde/14625020.ics": ["Frist", "Landkreis Bautzen", "Sachsen", "Stadt Bautzen"],
        f"{ALL}?kreis=14625&kreis=14626": ["Frist", "Görlitz", "Landkreis Bautzen", "Sachsen", "Stadt Bautzen"],
        f"{ALL}?kreis=14625&thema=amt24": ["Landkreis Bautzen", "Sachsen", "Stadt Bautzen"],
        f"{ALL}?thema=gremien": ["Frist"],
        f"{ALL}?art=deadline": ["Frist"],
        f"{ALL}?art=online": [],
    }


def test_the_feed_of_a_merged_municipality_serves_its_successor(inside: None, client: Any) -> None:
    say(workshop(title="Jahnatal", regions=["14522275"]))
    old, new = client.get("/termine/gemeinde/14522450.ics"), client.get("/termine/gemeinde/14522275.ics")
    assert old.data == new.data
    assert titles(old) == ["Jahnatal"]
    assert parse(old.data).value("SOURCE") == "http://rundbrief.example/termine/gemeinde/14522275.ics"


@pytest.mark.parametrize(
    "path",
    [
        "/termine/kreis/14999.ics",
        "/termine/kreis/14625020.ics",
        "/termine/gemeinde/14625.ics",
        "/termine/thema/wetter.ics",
        f"{ALL}?art=ausflug",
        "/termine/gibt-es-nicht.ics",
    ],
)
def test_an_unknown_feed_is_a_page_that_helps(inside: None, client: Any, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (404, "text/html")
    assert any(word in response.text for word in ("Kalender abonnieren", "aus der Liste", "Alle Termine stehen"))


def test_a_region_without_events_is_a_valid_calendar_with_its_time_zone(inside: None, client: Any) -> None:
    response = client.get("/termine/kreis/14626.ics")
    calendar = parse(response.data)
    assert response.status_code == 200
    assert [child.name for child in calendar.children] == ["VTIMEZONE"]
    assert "Last-Modified" not in response.headers


def test_the_head_of_a_feed_says_what_clients_need_and_nothing_that_harms_them(inside: None, client: Any) -> None:
    say()
    calendar = parse(client.get("/termine/kreis/14625.ics").data)
    assert [name for name, _, _ in calendar.properties] == [
        "VERSION", "PRODID", "CALSCALE", "NAME", "X-WR-CALNAME", "DESCRIPTION", "X-WR-CALDESC", "X-WR-TIMEZONE",
        "REFRESH-INTERVAL", "X-PUBLISHED-TTL", "SOURCE", "URL", "COLOR", "LAST-MODIFIED",
    ]  # fmt: skip
    assert [params for name, params, _ in calendar.properties if name == "REFRESH-INTERVAL"] == [{"VALUE": "DURATION"}]
    assert calendar.value("X-WR-CALNAME") == "Rundbrief: Termine Landkreis Bautzen"
    (event,) = calendar.all("VEVENT")
    assert not any(event.has(name) for name in ("ORGANIZER", "ATTENDEE", "CONFERENCE", "RRULE"))
    assert event.children == []


def test_a_feed_keeps_the_contract_of_http(inside: None, client: Any) -> None:
    say()
    full = client.get(ALL, headers={"Accept": "application/calendar+json"})
    headers = full.headers
    assert headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert headers["Content-Disposition"] == 'inline; filename="termine.ics"'
    assert headers["Cache-Control"] == "public, max-age=900"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Last-Modified"] == "Tue, 24 Nov 2026 09:00:00 GMT"
    assert not headers["ETag"].startswith("W/")
    assert "Set-Cookie" not in headers
    assert "Vary" not in headers
    head = client.head(ALL)
    assert (head.status_code, head.data) == (200, b"")
    assert {name: head.headers[name] for name in ("ETag", "Content-Type", "Content-Length")} == {
        name: headers[name] for name in ("ETag", "Content-Type", "Content-Length")
    }
    assert client.get(ALL, headers={"If-None-Match": headers["ETag"]}).status_code == 304
    assert client.get(ALL, headers={"If-Modified-Since": headers["Last-Modified"]}).status_code == 304
    assert client.get("/termine/regionalworkshop-bautzen.ics").headers["Content-Disposition"] == (
        'attachment; filename="regionalworkshop-bautzen.ics"'
    )


def test_lines_are_folded_between_letters_and_control_characters_are_gone(inside: None, client: Any) -> None:
    title = 'Ümläute 🗓️ und „Zeichen“; a,b:c "d" ^ \\ ' + "ö" * 90
    say(workshop(title=title + "\x00\x0b", lead="Zeile eins\nZeile zwei\x07", place="Rathaus; Saal 1, Görlitz"))
    (event,) = parse(client.get(ALL).data).all("VEVENT")
    assert event.value("SUMMARY") == title
    assert event.value("LOCATION") == "Rathaus; Saal 1, Görlitz"
    assert "Zeile eins\nZeile zwei\n" in event.value("DESCRIPTION")


def test_what_was_called_off_stays_for_a_month_and_more_then_leaves(inside: None, client: Any, clock: Any) -> None:
    event_id = say()
    change(event_id, workshop(state="cancelled"))
    clock.move_to(at("2026-12-08", "12:30") + timedelta(days=31))
    assert titles(client.get(ALL)) == ["ABGESAGT: Regionalworkshop Bautzen"]
    clock.tick(days=20)
    assert titles(client.get(ALL)) == []


def test_what_took_place_stays_for_a_year(inside: None, client: Any, clock: Any) -> None:
    say()
    clock.move_to(at("2027-12-01", "12:00"))
    assert titles(client.get(ALL)) == ["Regionalworkshop Bautzen"]
    clock.tick(days=30)
    assert titles(client.get(ALL)) == []


def test_the_private_room_is_on_no_public_surface(inside: None, client: Any) -> None:
    secret = "https://konferenz.example/raum-4711"
    event_id = say(workshop(kind="online", place=""), online_url=secret)
    with transaction():
        events.keep_online_url(read(event_id), f"{secret}-neu")
    assert read(event_id).online_url == f"{secret}-neu"
    paths = [ALL, "/termine", "/termine/regionalworkshop-bautzen", "/termine/regionalworkshop-bautzen.ics"]
    paths += ["/termine/einbetten", "/termine/abonnieren", "/termine/kreis/14625.ics"]
    assert [path for path in paths if "4711" in client.get(path).text] == []
    announcement = events.announcement_of(read(event_id))
    assert "4711" not in repr(announcement.content_json)


def test_what_is_drafted_or_has_no_day_is_in_no_feed(inside: None, client: Any) -> None:
    with transaction():
        drafted = events.draft(workshop(title="Nur ein Entwurf"), EDITOR)
    say(workshop(title="Ohne Tag", state=EventState.PROPOSED, starts_at=None, ends_at=None))
    assert titles(client.get(ALL)) == []
    assert client.get("/termine/nur-ein-entwurf").status_code == 404
    response = client.get("/termine/ohne-tag.ics")
    assert response.status_code == 404
    assert "Der Tag steht noch nicht fest." in response.text
    publish(drafted.id)
    assert titles(client.get(ALL)) == ["Nur ein Entwurf"]


def test_the_calendar_reads_as_agreed(inside: None, client: Any, clock: Any, golden: Any) -> None:
    moved = say(workshop())
    say(workshop(title="Sprechstunde Amt24", kind="online", place="", regions=["14"], state="tentative",
                 starts_at=at("2027-03-30", "09:00"), ends_at=at("2027-03-30", "10:00")))  # fmt: skip
    say(workshop(title="Rückmeldung zur Abfrage", kind="deadline", place="", regions=["14"], all_day=True,
                 starts_at=at("2027-01-29", "00:00"), ends_at=at("2027-01-30", "00:00")))  # fmt: skip
    cancelled = say(workshop(title="Regionalworkshop Görlitz", regions=["14626"], topics=[]))
    clock.tick(hours=2)
    change(moved, workshop(starts_at=at("2027-01-12", "10:00"), ends_at=at("2027-01-12", "12:30")))
    change(cancelled, workshop(title="Regionalworkshop Görlitz", regions=["14626"], topics=[], state="cancelled"))
    text = client.get(ALL).data.decode()
    golden.check("calendars/alle.ics", re.sub(r"UID:[0-9a-f-]{36}", "UID:(drawn)", text))
