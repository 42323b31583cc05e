"""Workshops and dates: the life of a date from "in Abstimmung" to moved or cancelled, and its iCalendar form.

What is public of an event changes only by a published revision of its announcement (``on_publish``).
"""

from app.events.models import ChangeState, Event, EventChange
from app.events.queries import (
    everything,
    find,
    find_by_uid,
    get,
    get_any,
    in_feed,
    pending_change,
    pending_changes,
    published,
    region_labels,
    search,
    topic_labels,
    undated,
    upcoming,
    vevents,
)
from app.events.selection import Selection
from app.events.services import (
    address,
    announcement_of,
    channel_previews,
    discard_change,
    draft,
    keep_online_url,
    on_publish,
    preview,
    propose_change,
)
from app.events.values import EventKind, EventState, EventValues

__all__ = [
    "ChangeState",
    "Event",
    "EventChange",
    "EventKind",
    "EventState",
    "EventValues",
    "Selection",
    "address",
    "announcement_of",
    "channel_previews",
    "discard_change",
    "draft",
    "everything",
    "find",
    "find_by_uid",
    "get",
    "get_any",
    "in_feed",
    "keep_online_url",
    "on_publish",
    "pending_change",
    "pending_changes",
    "preview",
    "propose_change",
    "published",
    "region_labels",
    "search",
    "topic_labels",
    "undated",
    "upcoming",
    "vevents",
]
