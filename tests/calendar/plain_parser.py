"""A reader of iCalendar that shares no line with the library that writes it: RFC 5545 by hand, zones by their rules.

Local times are turned into moments by the VTIMEZONE in the file, as clients do, not by any time zone database.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

Params = dict[str, str]


@dataclass
class Component:
    """BEGIN to END: properties in order, and what lies inside."""

    name: str
    properties: list[tuple[str, Params, str]] = field(default_factory=list)
    children: list["Component"] = field(default_factory=list)

    def value(self, name: str) -> str:
        """The one value of this property, as text."""
        (found,) = [value for key, _, value in self.properties if key == name]
        return unescape(found)

    def has(self, name: str) -> bool:
        return any(key == name for key, _, _ in self.properties)

    def all(self, name: str) -> list["Component"]:
        return [child for child in self.children if child.name == name]


def parse(body: bytes) -> Component:
    """The calendar in these bytes. Raises AssertionError for anything that a strict reader would refuse."""
    assert body.startswith(b"BEGIN:VCALENDAR\r\n")
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in body.replace(b"\r\n", b"")
    for line in body.split(b"\r\n"):
        assert len(line) <= 75, line
        line.decode("utf-8")  # no letter is torn apart by a fold
    text = re.sub(r"\r\n[ \t]", "", body.decode("utf-8"))
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text)
    root = Component("")
    open_ones = [root]
    for line in text.split("\r\n")[:-1]:
        key, params, value = _line(line)
        if key == "BEGIN":
            component = Component(value)
            open_ones[-1].children.append(component)
            open_ones.append(component)
        elif key == "END":
            assert open_ones.pop().name == value
        else:
            open_ones[-1].properties.append((key, params, value))
    assert open_ones == [root]
    (calendar,) = root.children
    return calendar


def _line(line: str) -> tuple[str, Params, str]:
    match = re.fullmatch(r'([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:"[^"]*"|[^";:,]*))*):(.*)', line)
    assert match, line
    params = dict(re.findall(r';([A-Z0-9-]+)=("[^"]*"|[^";:,]*)', match[2]))
    return match[1], params, match[3]


def unescape(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def moment(calendar: Component, event: Component, name: str) -> datetime | date:
    """The moment (UTC) or day that DTSTART or DTEND of this event means."""
    ((params, value),) = [(params, value) for key, params, value in event.properties if key == name]
    if params.get("VALUE") == "DATE":
        return datetime.strptime(value, "%Y%m%d").date()  # noqa: DTZ007
    if value.endswith("Z"):
        return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    local = datetime.strptime(value, "%Y%m%dT%H%M%S")  # noqa: DTZ007
    (zone,) = [z for z in calendar.all("VTIMEZONE") if z.value("TZID") == params["TZID"]]
    return (local - _offset(zone, local)).replace(tzinfo=UTC)


def _offset(zone: Component, local: datetime) -> timedelta:
    """The offset of the last onset before this local time; an onset is a local time before the change."""
    onsets = [
        (_onset(part, year), part.value("TZOFFSETTO"))
        for part in zone.children
        for year in (local.year - 1, local.year)
    ]
    _, offset = max(pair for pair in onsets if pair[0] <= local)
    hours, minutes = int(offset[1:3]), int(offset[3:5])
    return timedelta(hours=hours, minutes=minutes) * (-1 if offset[0] == "-" else 1)


def _onset(part: Component, year: int) -> datetime:
    first = datetime.strptime(part.value("DTSTART"), "%Y%m%dT%H%M%S")  # noqa: DTZ007
    rule = dict(pair.split("=") for pair in part.value("RRULE").split(";"))
    assert rule.keys() == {"FREQ", "BYMONTH", "BYDAY"}
    assert rule["FREQ"] == "YEARLY"
    assert rule["BYDAY"] == "-1SU"
    month = int(rule["BYMONTH"])
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    sunday = last - timedelta(days=(last.weekday() + 1) % 7)
    return datetime.combine(sunday, first.time())
