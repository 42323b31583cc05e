"""Which feed holds what, what it is called, and where it lives."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

from app import events
from app.calendar import ical
from app.events import Selection
from app.kernel import i18n, identity, web
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy

# A feed of one thing has a permanent address of its own, in which the thing is part of the path.
PERMANENT: Final = {
    "kreis": "calendar.of_district",
    "gemeinde": "calendar.of_municipality",
    "thema": "calendar.of_topic",
}


@dataclass(frozen=True, slots=True)
class Feed:
    """The bytes of a calendar, when its content last changed, and what its file is called."""

    body: bytes
    updated: datetime | None
    filename: str


def feed(selection: Selection) -> Feed:
    """The calendar of this selection: the same bytes for everybody, in German, until something in it changes."""
    found = events.in_feed(selection.scope, kinds=selection.kinds)
    updated = max((event.updated_at for event in found), default=None)
    body = ical.feed(_head(selection), [event.vevent for event in found if event.vevent is not None], updated)
    return Feed(body, updated, _filename(selection))


def file(slug: str) -> Feed:
    """The one event as a file. Raises NotFound if there is none, or it has no day yet."""
    event = events.get(slug)
    if event.vevent is None:
        raise NotFound(lazy("Der Tag steht noch nicht fest. Sobald er feststeht, finden Sie hier die Kalenderdatei."))
    return Feed(ical.single(event.vevent), event.updated_at, f"{event.slug}.ics")


def _head(selection: Selection) -> ical.Head:
    with i18n.force("de"):
        labels = ", ".join(selection.labels)
    name = f"{identity.current().site_name}: Termine"
    what = f"Termine für {labels}" if labels else "Alle Termine"
    return ical.Head(
        name=f"{name} {labels}" if labels else name,
        description=f"{what}. Änderungen und Absagen erscheinen hier von selbst.",
        source=address(selection),
        page=web.url("events.index", **selection.query),
    )


def address(selection: Selection) -> str:
    """The whole public address of a feed; the permanent one where there is one."""
    only = selection.only
    if only is not None and only[0] in PERMANENT:
        return web.url(PERMANENT[only[0]], key=only[1])
    return web.url("calendar.everything", **selection.query)


def _filename(selection: Selection) -> str:
    parts = [*selection.districts, *selection.municipalities, *selection.topics, *selection.kinds]
    return "-".join(["termine", *parts])[:80] + ".ics"


@dataclass(frozen=True, slots=True)
class Subscription:
    """The ways to one feed: its address, and the links that programs understand."""

    address: str
    webcal: str
    google: str
    outlook_web: str
    outlook: str


def subscription(selection: Selection) -> Subscription:
    """How to subscribe to this feed.

    Google wants the webcal address inside its own (https fails); the new Outlook strips ``webcal:`` and fetches the
    rest, so it gets the whole address behind it; Outlook on the web takes https.
    """
    https = address(selection)
    webcal = "webcal://" + https.split("://", 1)[1]
    with i18n.force("de"):
        name = ", ".join(["Termine", *selection.labels])
    return Subscription(
        address=https,
        webcal=webcal,
        google=f"https://calendar.google.com/calendar/r?cid={quote(webcal, safe='')}",
        outlook_web=f"https://outlook.office.com/calendar/0/addfromweb?{urlencode({'url': https, 'name': name})}",
        outlook=f"webcal:{https}",
    )
