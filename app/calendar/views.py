"""Feeds, files, the page that builds a feed, and the list that other sites embed."""

from flask import Blueprint, Response, request

from app import events, taxonomy
from app.calendar import queries
from app.events import EventKind, Selection
from app.kernel import web

blueprint = Blueprint("calendar", __name__, template_folder="templates", url_prefix="/termine")

EMBEDDED = 12


@blueprint.get("/kalender.ics")
@web.public
def everything() -> Response:
    """All events, or those that the query narrows it to."""
    return _subscribed(Selection.read(request.args.getlist))


@blueprint.get("/kreis/<key>.ics")
@web.public
def of_district(key: str) -> Response:
    """What concerns a Kreis, by its five digits."""
    return _subscribed(_read(kreis=key))


@blueprint.get("/gemeinde/<key>.ics")
@web.public
def of_municipality(key: str) -> Response:
    """What concerns a municipality, by its eight digits, also if it has become part of another."""
    return _subscribed(_read(gemeinde=key))


@blueprint.get("/thema/<key>.ics")
@web.public
def of_topic(key: str) -> Response:
    """The events of a topic."""
    return _subscribed(_read(thema=key))


def _read(**chosen: str) -> Selection:
    return Selection.read(lambda name: [chosen[name]] if name in chosen else [])


def _subscribed(selection: Selection) -> Response:
    return _answer(queries.feed(selection), "inline")


@blueprint.get("/<slug>.ics")
@web.public
def one(slug: str) -> Response:
    """One event as a file to take over."""
    return _answer(queries.file(slug), "attachment")


def _answer(feed: queries.Feed, disposition: str) -> Response:
    response = web.conditional(feed.body, "text/calendar", feed.updated)
    response.headers["Content-Disposition"] = f'{disposition}; filename="{feed.filename}"'
    return response


@blueprint.get("/abonnieren")
@web.public
def subscribe() -> Response:
    """Choose what interests you; the answer is the address of a feed."""
    selection = Selection.read(request.args.getlist)
    return web.page(
        "calendar/subscribe.html",
        selection=selection,
        ways=queries.subscription(selection),
        count=len(events.upcoming(selection.scope, kinds=selection.kinds)),
        districts=taxonomy.districts(),
        municipalities=taxonomy.municipalities(),
        topics=taxonomy.topics(),
        kinds=list(EventKind),
        embedded=web.url("calendar.embed", **selection.query),
    )


@blueprint.get("/einbetten")
@web.public
def embed() -> Response:
    """A list of the next events for the pages of others, in a frame: no cookie, no script."""
    selection = Selection.read(request.args.getlist)
    response = web.page(
        "calendar/embed.html",
        selection=selection,
        events=events.upcoming(selection.scope, kinds=selection.kinds, cancelled=True, limit=EMBEDDED),
    )
    response.headers["X-Frame-Ancestors"] = "*"
    return response
