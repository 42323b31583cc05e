"""Workshops and dates: the life of a date from "in Abstimmung" to moved or cancelled, and its iCalendar form.

What is public of an event changes only by a published revision of its announcement.
"""

from app.events.models import ChangeState, Event, EventChange
from app.events.queries import search
from app.events.values import EventKind, EventState, EventValues

__all__ = ["ChangeState", "Event", "EventChange", "EventKind", "EventState", "EventValues", "search"]
