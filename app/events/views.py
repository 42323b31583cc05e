"""The dates as people read them: the list by month, and one page for each."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby
from typing import Any

from babel.dates import format_date
from flask import Blueprint, Response, request

from app import announcements, taxonomy
from app.events import queries
from app.events.jsonld import event_jsonld
from app.events.models import Event
from app.events.selection import Selection
from app.events.services import address
from app.events.values import EventKind
from app.kernel import clock, identity, web
from app.kernel.i18n import language

blueprint = Blueprint("events", __name__, template_folder="templates", url_prefix="/termine")

PAST = timedelta(days=365)


@blueprint.get("")
@web.public
def index() -> Response:
    """The dates ahead, by month; those whose day is open in a part of their own; the past year on request."""
    selection = Selection.read(request.args.getlist)
    past = request.args.get("zeit") == "vergangen"
    found = _past(selection) if past else _ahead(selection)
    return web.page(
        "events/index.html",
        selection=selection,
        months=by_month(found),
        past=past,
        undated=[] if past else queries.undated(selection.scope, kinds=selection.kinds),
        regions=_labels(found),
        districts=taxonomy.districts(),
        municipalities=taxonomy.municipalities(),
        topics=taxonomy.topics(),
        kinds=list(EventKind),
    )


def _ahead(selection: Selection) -> list[Event]:
    return queries.upcoming(selection.scope, kinds=selection.kinds, cancelled=True)


def _past(selection: Selection) -> list[Event]:
    now = clock.now()
    found = queries.upcoming(selection.scope, since=now - PAST, until=now, kinds=selection.kinds, cancelled=True)
    return [event for event in reversed(found) if event.ends_at and event.ends_at <= now]


def by_month(events: Iterable[Event]) -> list[tuple[str, list[Event]]]:
    """The events under the names of their months, in the order given."""
    dated = ((clock.local(event.starts_at).date(), event) for event in events if event.starts_at)
    grouped = groupby(dated, key=lambda pair: pair[0].replace(day=1))
    return [(format_date(day, "MMMM y", locale=language()), [event for _, event in pairs]) for day, pairs in grouped]


def _labels(events: Iterable[Event]) -> dict[int, list[str]]:
    """The names of the regions of all these events, with one question to the database."""
    events = list(events)
    keys = sorted({ags for event in events for ags in event.regions})
    names = dict(zip(keys, taxonomy.region_labels(keys), strict=True))
    return {event.id: [names[ags] for ags in event.regions] for event in events}


@blueprint.get("/<slug>")
@web.public
def show(slug: str) -> Response:
    """One date: what is known of it now, and what it was before."""
    event = queries.get(slug)
    return web.page(
        "events/show.html",
        event=event,
        regions=queries.region_labels(event),
        topics=queries.topic_labels(event),
        news=_news(event),
        jsonld=event_jsonld(event, address(event), identity.current().publisher),
    )


def _news(event: Event) -> Any:
    found = announcements.find(event.announcement_id) if event.announcement_id else None
    return found.current if found else None
