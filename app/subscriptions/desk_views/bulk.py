"""Doing something for a whole selection: first exactly whom it concerns, then the button."""

from typing import Any

from flask import redirect, request, url_for

from app.kernel import web
from app.kernel.i18n import ngettext
from app.subscriptions import queries, services
from app.subscriptions.desk_views.blueprint import blueprint
from app.subscriptions.desk_views.people import kept_values
from app.subscriptions.desk_views.words import state_words
from app.subscriptions.forms import BulkForm, FilterForm
from app.subscriptions.models import Channel, State


@blueprint.route("/sammelabmeldung", methods=["GET", "POST"])
@web.requires("editor", "admin")
def bulk() -> Any:
    """The subscriptions that a selection finds, each to be ticked off, and the button that ends those that stay."""
    wanted = FilterForm(request.args).wanted()
    form = BulkForm()
    found = queries.to_withdraw(wanted, services.MOST)
    shown = {subscription.id for subscription in found}
    if form.accepted():
        chosen = sorted(shown.intersection(form.chosen.data or ()))
        ended = services.withdraw_by_staff(chosen, Channel(form.channel.data), form.note.data or "", web.me().name)
        web.note(ngettext("Ein Abonnement ist beendet.", "%(num)d Abonnements sind beendet.", ended))
        return redirect(url_for("subscriptions_desk.index", **kept_values(wanted)), 303)
    ticked = set(form.chosen.data or ()) if form.is_submitted() else shown
    return web.page(
        "subscriptions/desk/bulk.html",
        form=form,
        found=found,
        ticked=ticked,
        total=queries.subscriptions(wanted).total if wanted.state != State.WITHDRAWN else 0,
        most=services.MOST,
        kept=kept_values(wanted),
        words=state_words(),
    )
