"""A calendar of stored events (RFC 5545, 7986): a constant time zone, then the VEVENTs byte for byte as stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from icalendar import vText

PRODID: Final = "-//Rundbrief//Termine//DE"
REFRESH: Final = "PT4H"
WIDTH: Final = 75  # octets of a line, without its end

# Written by hand and constant: what libraries generate is read an hour wrong in summer by some clients.
BERLIN: Final = b"""BEGIN:VTIMEZONE
TZID:Europe/Berlin
X-LIC-LOCATION:Europe/Berlin
BEGIN:DAYLIGHT
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
""".replace(b"\n", b"\r\n")


@dataclass(frozen=True, slots=True)
class Head:
    """What a feed says of itself: its name, what it holds, its own address and the page people read instead."""

    name: str
    description: str
    source: str
    page: str


def feed(head: Head, vevents: Sequence[bytes], updated: datetime | None) -> bytes:
    """A calendar to subscribe to: always one VTIMEZONE, so that it is valid without any event too (RFC 5545, 3.6).

    No METHOD and no UID of the calendar: the first would demand an ORGANIZER, the second makes clients lose events.
    """
    lines = [
        *_opening(),
        _text("NAME", head.name),
        _text("X-WR-CALNAME", head.name),
        _text("DESCRIPTION", head.description),
        _text("X-WR-CALDESC", head.description),
        "X-WR-TIMEZONE:Europe/Berlin",
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
        f"X-PUBLISHED-TTL:{REFRESH}",
        f"SOURCE;VALUE=URI:{head.source}",
        f"URL:{head.page}",
        "COLOR:teal",
    ]
    if updated is not None:
        lines.append(f"LAST-MODIFIED:{updated:%Y%m%dT%H%M%SZ}")
    return _document(lines, vevents)


def single(vevent: bytes) -> bytes:
    """A file with one event, to take over once."""
    return _document(_opening(), [vevent])


def _opening() -> list[str]:
    return ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODID}", "CALSCALE:GREGORIAN"]


def _text(name: str, value: str) -> str:
    return f"{name}:{vText(value).to_ical().decode()}"


def _document(lines: list[str], vevents: Sequence[bytes]) -> bytes:
    head = "".join(f"{_folded(line)}\r\n" for line in lines).encode()
    return b"".join([head, BERLIN, *vevents, b"END:VCALENDAR\r\n"])


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, never inside a letter (RFC 5545, 3.1)."""
    pieces, size = [""], 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > WIDTH:
            pieces.append(" ")
            size = 1
        pieces[-1] += letter
        size += octets
    return "\r\n".join(pieces)
