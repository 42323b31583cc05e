"""The tour's own calendar reader, checked against what RFC 5545 says."""

from datetime import UTC, date, datetime

import pytest

from app.operations.demo.tour.calendar_reader import Entry, entries


def test_instants_are_read_with_zone_in_utc_and_as_whole_days() -> None:
    content = _calendar(
        "UID:1",
        "SEQUENCE:2",
        "STATUS:CONFIRMED",
        "SUMMARY:Workshop\\, Amt24\\; und",
        "  mehr",
        "DTSTART;TZID=Europe/Berlin:20260707T100000",
        "DTEND:20260707T103000Z",
    )
    start, end = datetime(2026, 7, 7, 8, tzinfo=UTC), datetime(2026, 7, 7, 10, 30, tzinfo=UTC)
    assert entries(content) == [Entry("1", 2, "Workshop, Amt24; und mehr", "CONFIRMED", start, end)]
    [whole] = entries(_calendar("UID:2", "DTSTART;VALUE=DATE:20261231"))
    assert whole.start == date(2026, 12, 31)


def test_what_stands_in_the_time_zone_or_an_alarm_is_not_the_events() -> None:
    inner = ["UID:1", "DTSTART:20260101T090000Z", "BEGIN:VALARM", "UID:alarm", "DTSTART:19700101T000000Z", "END:VALARM"]
    [entry] = entries(_calendar(*inner))
    assert (entry.uid, entry.start) == ("1", datetime(2026, 1, 1, 9, tzinfo=UTC))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "CRLF"),
        (b"BEGIN:VCALENDAR\r\nX:" + b"x" * 80 + b"\r\nEND:VCALENDAR\r\n", "75 octets"),
        (b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", "END:VEVENT ends nothing"),
        (b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", "begins with BEGIN:VCALENDAR"),
    ],
)
def test_what_is_no_calendar_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        entries(content)


def _calendar(*lines: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", ""]).encode()
