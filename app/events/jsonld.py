"""What an event's page says to machines: schema.org Event as JSON-LD, the twin of its VEVENT."""

from datetime import datetime, timedelta
from typing import Any

from app.events.models import Event
from app.events.values import EventKind, EventState
from app.kernel import clock

SCHEMA = "https://schema.org/"
MODE = "EventAttendanceMode"


def event_jsonld(event: Event, address: str, organizer: str) -> dict[str, Any] | None:
    """The event as schema.org names things; None for deadlines, and while there is not even a former date."""
    start, end, all_day = event.starts_at, event.ends_at, event.all_day
    if start is None:
        start, end, all_day = event.previous_start, event.previous_end, event.previous_all_day
    if start is None or end is None or event.kind == EventKind.DEADLINE:
        return None
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": address,
        "url": address,
        "name": event.title,
        "description": event.lead,
        "inLanguage": "de",
        "startDate": _written(start, all_day=all_day),
        "endDate": _written(end - timedelta(days=1) if all_day else end, all_day=all_day),
        "eventStatus": SCHEMA + _status(event),
        "eventAttendanceMode": SCHEMA + ("Online" if event.kind == EventKind.ONLINE else "Offline") + MODE,
        "location": _location(event, address),
        "organizer": {"@type": "Organization", "name": organizer},
    }
    if event.is_moved and event.previous_start is not None and event.starts_at is not None:
        said["previousStartDate"] = _written(event.previous_start, all_day=event.previous_all_day)
    return {name: value for name, value in said.items() if value}


def _status(event: Event) -> str:
    if event.state == EventState.CANCELLED:
        return "EventCancelled"
    if event.state == EventState.PROPOSED:
        return "EventPostponed"
    return "EventRescheduled" if event.is_moved else "EventScheduled"


def _location(event: Event, address: str) -> dict[str, Any] | None:
    if event.kind == EventKind.ONLINE:
        return {"@type": "VirtualLocation", "url": address}
    if not event.place:
        return None
    name, _, rest = event.place.partition(", ")
    return {"@type": "Place", "name": name, "address": rest or name}


def _written(moment: datetime, *, all_day: bool) -> str:
    local = clock.local(moment)
    return local.date().isoformat() if all_day else local.isoformat(timespec="seconds")
