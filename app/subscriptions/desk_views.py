"""The editorial desk's pages about the people who listen."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from app.kernel import web
from app.kernel.errors import NotFound
from app.kernel.i18n import _, lazy
from app.subscriptions import queries
from app.subscriptions.declarations import history, texts_shown
from app.subscriptions.forms import FilterForm
from app.subscriptions.models import DeclarationKind, State

blueprint = Blueprint("subscriptions_desk", __name__, template_folder="templates", url_prefix="/redaktion/abonnements")


@blueprint.get("")
@web.requires("editor", "approver", "admin")
def index() -> Response:
    """Who takes what, and how many in each Kreis."""
    form = FilterForm(request.args)
    every = queries.newsletters()
    form.newsletter.choices = [("", _("Alle")), *((newsletter.slug, newsletter.title) for newsletter in every)]
    wanted = queries.Filter(form.text.data or "", form.newsletter.data or "", form.state.data or "")
    page = queries.subscriptions(wanted, request.args.get("seite", 1, int))
    districts, everything = queries.counts_by_district(wanted.newsletter)
    return web.page(
        "subscriptions/desk/index.html",
        filters=form,
        page=page,
        page_url=_page_url(wanted),
        newsletters=every,
        states=queries.counts_by_state(),
        districts=districts,
        everything=everything,
        words=_state_words(),
    )


def _page_url(wanted: queries.Filter) -> Any:
    chosen = {"text": wanted.text, "newsletter": wanted.newsletter, "state": wanted.state}
    kept: dict[str, Any] = {name: value for name, value in chosen.items() if value}
    return lambda number: url_for("subscriptions_desk.index", seite=number, **kept)


@blueprint.get("/<int:subscriber_id>")
@web.requires("editor", "approver", "admin")
def person(subscriber_id: int) -> Response:
    """One address: what it takes, and the whole history of what was declared."""
    subscriber = queries.find_subscriber(subscriber_id)
    if subscriber is None:
        raise NotFound(lazy("Dieses Abonnement gibt es nicht. Bitte öffnen Sie die Liste neu."))
    declarations = history(subscriber)
    return web.page(
        "subscriptions/desk/person.html",
        subscriber=subscriber,
        places=queries.narrowed_to(subscriber),
        declarations=declarations,
        texts=texts_shown(declarations),
        words=_state_words(),
        kinds=_kind_words(),
    )


def _state_words() -> dict[State, str]:
    return {
        State.REQUESTED: _("noch nicht bestätigt"),
        State.ACTIVE: _("aktiv"),
        State.WITHDRAWN: _("abgemeldet"),
    }


def _kind_words() -> dict[DeclarationKind, str]:
    return {
        DeclarationKind.REQUESTED: _("Anmeldung angefordert"),
        DeclarationKind.CONFIRMED: _("Anmeldung bestätigt"),
        DeclarationKind.CHANGED: _("Einstellungen geändert"),
        DeclarationKind.WITHDRAWN: _("Abgemeldet"),
        DeclarationKind.ERASED: _("Gelöscht"),
    }
