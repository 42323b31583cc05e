"""How an event is said in tests: drafted by one person, approved by another, published by the job."""

from datetime import date, datetime, time
from typing import Any

from app import announcements, events, wiring
from app.events import Event, EventValues
from app.kernel import clock
from app.kernel.db import transaction

EDITOR, APPROVER = 1, 2


def at(day: str, hour: str) -> datetime:
    """``at("2026-12-08", "10:00")``: the moment at which the clocks in Berlin show this."""
    return clock.at_local(date.fromisoformat(day), time.fromisoformat(hour))


def workshop(**changes: Any) -> EventValues:
    """A confirmed workshop in the Landkreis Bautzen on Tuesday, 8 December 2026, 10:00 to 12:30."""
    values: dict[str, Any] = {
        "title": "Regionalworkshop Bautzen",
        "lead": "Für Beschäftigte der Kommunen im Landkreis.",
        "starts_at": at("2026-12-08", "10:00"),
        "ends_at": at("2026-12-08", "12:30"),
        "place": "Landratsamt Bautzen, Bahnhofstraße 9, 02625 Bautzen",
        "regions": ["14625"],
        "topics": ["amt24"],
    }
    return EventValues(**(values | changes))


def say(values: EventValues | None = None, **more: Any) -> int:
    """Draft, approve and publish a new event; its id."""
    with transaction():
        event_id = events.draft(values or workshop(), EDITOR, **more).id
    publish(event_id)
    return event_id


def change(event_id: int, values: EventValues) -> None:
    """Propose, approve and publish a change of an event."""
    with transaction():
        events.propose_change(events.get_any(event_id), values, EDITOR)
    publish(event_id)


def publish(event_id: int) -> None:
    """Approve what is drafted about this event, and publish it."""
    with transaction():
        announcement = events.announcement_of(events.get_any(event_id))
        announcements.submit(announcement, EDITOR)
        announcements.approve(announcement, announcement.content_hash, APPROVER, clock.now())
    announcements.publish_due(wiring.ON_PUBLISH)


def read(event_id: int) -> Event:
    """The event as it is stored now."""
    return events.get_any(event_id)
