"""The list of who takes what."""

from typing import Any

from flask import Response, request, url_for

from app.kernel import web
from app.kernel.i18n import _
from app.subscriptions import queries
from app.subscriptions.desk_views.blueprint import blueprint
from app.subscriptions.desk_views.words import state_words
from app.subscriptions.forms import FilterForm


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
        export_url=url_for("subscriptions_desk.export", **_kept(wanted)),
        newsletters=every,
        states=queries.counts_by_state(),
        districts=districts,
        everything=everything,
        words=state_words(),
    )


def _page_url(wanted: queries.Filter) -> Any:
    kept = _kept(wanted)
    return lambda number: url_for("subscriptions_desk.index", seite=number, **kept)


def _kept(wanted: queries.Filter) -> dict[str, Any]:
    chosen = {"text": wanted.text, "newsletter": wanted.newsletter, "state": wanted.state}
    return {name: value for name, value in chosen.items() if value}
