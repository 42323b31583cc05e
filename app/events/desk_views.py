"""Dates at the desk: what is said of each now, what is to be said next, and what every channel will make of it."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.events import ical, queries, rules, services
from app.events.forms import CancelForm, EventForm, MoveForm
from app.events.models import Event
from app.events.values import EventState, EventValues
from app.kernel import text, web
from app.kernel.errors import Conflict, Invalid
from app.kernel.forms import ActionForm
from app.kernel.i18n import _, lazy

blueprint = Blueprint("events_desk", __name__, url_prefix="/redaktion/termine", template_folder="templates")

TEAM = ("editor", "approver", "admin")


@blueprint.get("")
@web.requires(*TEAM)
def index() -> Response:
    """All dates, public or not; those without a day first."""
    return web.page("events/desk/index.html", events=queries.everything(), waiting=queries.pending_changes())


@blueprint.route("/neu", methods=["GET", "POST"])
@web.requires("editor")
def new() -> AnyResponse:
    """Draft a new date and the announcement of it."""
    form = EventForm().offer()
    if form.accepted():
        try:
            event = services.draft(
                form.values(), web.me().id, words=form.words.document, online_url=form.online_url.data or ""
            )
        except Invalid as error:
            form.show(error)
        else:
            web.note(_("Der Termin ist als Entwurf gespeichert."))
            return redirect(url_for(".show", event_id=event.id), 303)
    return web.page("events/desk/edit.html", form=form, event=None)


@blueprint.get("/<int:event_id>")
@web.requires(*TEAM)
def show(event_id: int) -> Response:
    """Where a date stands: public now, waiting to be said, and the previews of that."""
    event = queries.get_any(event_id)
    change = queries.pending_change(event)
    shown = services.preview(event, change.values) if change else None
    return web.page(
        "events/desk/show.html",
        event=event,
        change=change,
        shown=shown,
        said=_previews(shown or event),
        warnings=rules.warnings(change.values if change else event.values),
        announcement=services.announcement_of(event),
        regions=queries.region_labels(shown or event),
        action=ActionForm(),
    )


def _previews(event: Event) -> dict[str, Any]:
    """What the calendar and the announcement will say."""
    dated = event.starts_at is not None or event.previous_start is not None
    summary = ical.summary(event) if dated else None
    description = ical.description(event, services.address(event)) if dated else None
    return {"summary": summary, "description": description, "address": services.address(event)}


@blueprint.route("/<int:event_id>/bearbeiten", methods=["GET", "POST"])
@web.requires("editor")
def edit(event_id: int) -> AnyResponse:
    """Change anything; what is public waits for approval, the private room changes at once."""
    event = queries.get_any(event_id)
    form = EventForm().offer()
    if not form.is_submitted():
        form.fill(_latest(event), event.online_url)
        form.words.process_data(_words(event))
    if form.accepted():
        try:
            _save(event, form)
        except Invalid as error:
            form.show(error)
        else:
            return redirect(url_for(".show", event_id=event.id), 303)
    return web.page("events/desk/edit.html", form=form, event=event)


def _save(event: Event, form: EventForm) -> None:
    values = form.values()
    services.keep_online_url(event, form.online_url.data or "")
    if event.is_public and values == event.values and queries.pending_change(event) is None:
        web.note(_("An dem, was öffentlich ist, hat sich nichts geändert."), "info")
        return
    _propose(event, values, form.words.document)


@blueprint.route("/<int:event_id>/verschieben", methods=["GET", "POST"])
@web.requires("editor")
def move(event_id: int) -> AnyResponse:
    """Give a date another time."""
    event = _public(event_id)
    form = MoveForm().offer()
    if not form.is_submitted():
        form.fill_when(_latest(event))
    if form.accepted():
        try:
            values = replace(form.moved(_latest(event)), state=EventState(form.state.data))
            _propose(event, values, form.words.document)
        except (Invalid, Conflict) as error:
            form.show(_as_invalid(error))
        else:
            return redirect(url_for(".show", event_id=event.id), 303)
    return web.page("events/desk/move.html", form=form, event=event)


@blueprint.route("/<int:event_id>/absagen", methods=["GET", "POST"])
@web.requires("editor")
def cancel(event_id: int) -> AnyResponse:
    """Call a date off: it stays visible, as cancelled."""
    event = _public(event_id)
    form = CancelForm()
    if form.accepted():
        try:
            values = replace(event.values, state=EventState.CANCELLED, time_open=False)
            _propose(event, values, form.words.document)
        except (Invalid, Conflict) as error:
            form.show(_as_invalid(error))
        else:
            return redirect(url_for(".show", event_id=event.id), 303)
    shown = services.preview(event, replace(event.values, state=EventState.CANCELLED))
    return web.page("events/desk/cancel.html", form=form, event=event, said=_previews(shown))


@blueprint.post("/<int:event_id>/verwerfen")
@web.requires("editor")
def discard(event_id: int) -> AnyResponse:
    """Give up the change that waits."""
    form = ActionForm()
    if form.accepted():
        services.discard_change(queries.get_any(event_id), web.me().id)
        web.note(_("Die Änderung ist verworfen. Öffentlich bleibt alles, wie es war."))
    return redirect(url_for(".show", event_id=event_id), 303)


def _propose(event: Event, values: EventValues, words: text.Doc) -> None:
    services.propose_change(event, values, web.me().id, words)
    web.note(_("Gespeichert. Öffentlich wird es, sobald eine zweite Person die Meldung dazu freigegeben hat."))


def _latest(event: Event) -> EventValues:
    """What the team wrote last."""
    change = queries.pending_change(event)
    return change.values if change else event.values


def _words(event: Event) -> text.Doc:
    change = queries.pending_change(event)
    return change.words if change else text.EMPTY


def _public(event_id: int) -> Event:
    event = queries.get_any(event_id)
    if not event.is_public:
        raise Conflict(lazy("Dieser Termin ist noch nicht öffentlich. Bitte bearbeiten Sie den Entwurf."))
    return event


def _as_invalid(error: Invalid | Conflict) -> Invalid:
    return error if isinstance(error, Invalid) else Invalid(error.message)
