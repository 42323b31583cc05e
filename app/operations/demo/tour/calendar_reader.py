"""A calendar reader of its own, so that the tour does not believe the library that wrote the feed (RFC 5545)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Entry:
    """One VEVENT: its identity, its revision, its title and its instants (UTC; a date for whole days)."""

    uid: str
    sequence: int
    summary: str
    status: str
    start: datetime | date
    end: datetime | date | None
    url: str = ""


def entries(content: bytes) -> list[Entry]:
    """All events of a calendar. Raises ValueError where it is not what RFC 5545 asks for."""
    lines = _unfolded(content)
    if lines[:1] != ["BEGIN:VCALENDAR"] or lines[-1:] != ["END:VCALENDAR"]:
        raise ValueError("A calendar begins with BEGIN:VCALENDAR and ends with END:VCALENDAR.")
    found: list[Entry] = []
    inside: dict[str, tuple[dict[str, str], str]] | None = None
    depth: list[str] = []
    for line in lines:
        name, parameters, value = _content_line(line)
        if name == "BEGIN":
            depth.append(value)
            inside = {} if value == "VEVENT" else inside
        elif name == "END":
            if not depth or depth.pop() != value:
                raise ValueError(f"END:{value} ends nothing.")
            if value == "VEVENT" and inside is not None:
                found.append(_entry(inside))
                inside = None
        elif inside is not None and depth[-1] == "VEVENT":
            inside[name] = (parameters, value)
    return found


def _unfolded(content: bytes) -> list[str]:
    if b"\n" in content.replace(b"\r\n", b""):
        raise ValueError("Lines end with CRLF.")
    for line in content.split(b"\r\n"):
        if len(line) > 75:
            raise ValueError("No line is longer than 75 octets.")
    return content.replace(b"\r\n ", b"").replace(b"\r\n\t", b"").decode("utf-8").rstrip("\r\n").split("\r\n")


def _content_line(line: str) -> tuple[str, dict[str, str], str]:
    quoted = False
    for position, character in enumerate(line):
        quoted ^= character == '"'
        if character == ":" and not quoted:
            name, *parameters = line[:position].split(";")
            pairs = dict(parameter.split("=", 1) for parameter in parameters)
            return name.upper(), pairs, line[position + 1 :]
    raise ValueError(f"A line without a colon: {line!r}")


def _entry(values: dict[str, tuple[dict[str, str], str]]) -> Entry:
    return Entry(
        uid=values["UID"][1],
        sequence=int(values.get("SEQUENCE", ({}, "0"))[1]),
        summary=_text(values.get("SUMMARY", ({}, ""))[1]),
        status=values.get("STATUS", ({}, ""))[1],
        start=_moment(*values["DTSTART"]),
        end=_moment(*values["DTEND"]) if "DTEND" in values else None,
        url=values.get("URL", ({}, ""))[1],
    )


def _moment(parameters: dict[str, str], value: str) -> datetime | date:
    if parameters.get("VALUE") == "DATE":
        return date(int(value[:4]), int(value[4:6]), int(value[6:8]))
    naive = value.removesuffix("Z")
    zone = UTC if value.endswith("Z") else ZoneInfo(parameters["TZID"].strip('"'))
    parts = [int(naive[a:b]) for a, b in ((0, 4), (4, 6), (6, 8), (9, 11), (11, 13), (13, 15))]
    year, month, day, hour, minute, second = parts
    return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)


def _text(value: str) -> str:
    unescaped, rest = "", iter(value)
    for character in rest:
        if character == "\\":
            following = next(rest, "")
            unescaped += "\n" if following in "nN" else following
        else:
            unescaped += character
    return unescaped
