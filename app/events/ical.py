"""The iCalendar form of an event (RFC 5545, 7986): serialised once when it is published, joined by every feed."""

from datetime import UTC, date, datetime
from typing import Final

import icalendar

from app.events.models import Event
from app.events.rules import clean
from app.events.values import EventKind, EventState
from app.kernel import clock, i18n, text

STATUS: Final = {
    EventState.TENTATIVE: ("TENTATIVE", "TRANSPARENT", "TENTATIVE"),
    EventState.CONFIRMED: ("CONFIRMED", "OPAQUE", "BUSY"),
    EventState.CANCELLED: ("CANCELLED", "TRANSPARENT", "FREE"),
    EventState.PROPOSED: ("CANCELLED", "TRANSPARENT", "FREE"),  # it had a date, which fell
}


def vevent(event: Event, url: str, categories: list[str]) -> bytes:
    """The VEVENT of an event that has, or had, a date; lines end in CRLF and have at most 75 octets.

    ``url`` is its public page; texts are German, the language of the editors. Private fields are not in it.
    """
    start, end, all_day = _span(event)
    status, transparency, busy = STATUS[EventState(event.state)]
    if event.kind == EventKind.DEADLINE and event.state == EventState.CONFIRMED:
        transparency, busy = "TRANSPARENT", "FREE"
    component = icalendar.Event()
    component.add("UID", event.uid)
    component.add("DTSTAMP", event.updated_at.replace(microsecond=0))
    component.add("CREATED", (event.published_at or event.updated_at).replace(microsecond=0))
    component.add("LAST-MODIFIED", event.updated_at.replace(microsecond=0))
    component.add("SEQUENCE", event.sequence)
    component.add("STATUS", status)
    component.add("TRANSP", transparency)
    component.add("X-MICROSOFT-CDO-BUSYSTATUS", icalendar.vText(busy))
    in_utc = not all_day and (clock.local(start).fold or clock.local(end).fold)
    component.add("DTSTART", _stamp(start, all_day=all_day, in_utc=bool(in_utc)))
    component.add("DTEND", _stamp(end, all_day=all_day, in_utc=bool(in_utc)))
    component.add("SUMMARY", clean(summary(event)))
    component.add("DESCRIPTION", clean(description(event, url)))
    if event.place:
        component.add("LOCATION", clean(event.place))
    if categories:
        component.add("CATEGORIES", [clean(name) for name in categories])
    component.add("URL", url)
    serialised: bytes = component.to_ical()
    return serialised


def _span(event: Event) -> tuple[datetime, datetime, bool]:
    if event.starts_at is not None and event.ends_at is not None:
        return event.starts_at, event.ends_at, event.all_day
    if event.previous_start is None or event.previous_end is None:
        raise ValueError(f"Event {event.uid} has never had a date.")
    return event.previous_start, event.previous_end, event.previous_all_day


def _stamp(moment: datetime, *, all_day: bool, in_utc: bool) -> date | datetime:
    """Wall time in Berlin; UTC in the hour that exists twice, which a local time cannot name (RFC 5545, 3.3.5)."""
    if all_day:
        return clock.local(moment).date()
    return moment.astimezone(UTC) if in_utc else clock.local(moment)


def summary(event: Event) -> str:
    """The title, with what matters of its state before it: clients show STATUS in different ways, or not at all."""
    if event.state == EventState.CANCELLED:
        return f"ABGESAGT: {event.title}"
    if event.state == EventState.PROPOSED:
        return f"VERSCHOBEN: {event.title}"
    if event.time_open:
        return f"[Uhrzeit folgt] {event.title}"
    return f"[Vorläufig] {event.title}" if event.state == EventState.TENTATIVE else event.title


def description(event: Event, url: str) -> str:
    """Plain text: what changed, then what it is, the address last (many clients do not show URL)."""
    with i18n.force("de"):
        change = _change_in_words(event)
    parts = [change, event.lead, text.to_plain(event.body).strip(), url]
    return "\n\n".join(part for part in parts if part)


def _change_in_words(event: Event) -> str:
    if event.state == EventState.CANCELLED:
        return "Dieser Termin ist abgesagt."
    if event.state == EventState.PROPOSED:
        return f"Dieser Termin ist verschoben. Ein neuer Termin folgt. {event.planned}".strip()
    said = []
    if event.previous_start is not None and event.starts_at is not None:
        before = i18n.when(event.previous_start, event.previous_end, all_day=event.previous_all_day)
        said.append(f"Verlegt vom {before} auf {i18n.when(event.starts_at, event.ends_at, all_day=event.all_day)}.")
    if event.time_open:
        said.append("Der Tag steht fest, die Uhrzeit folgt.")
    elif event.state == EventState.TENTATIVE:
        said.append("Dieser Termin ist vorgemerkt.")
    return " ".join(said)
