"""Confirming: a page with one button; only the button confirms."""

from typing import Any

from flask import redirect, url_for

from app.kernel import web
from app.kernel.forms import ActionForm
from app.subscriptions import queries, services
from app.subscriptions.forms import RenewForm
from app.subscriptions.views.blueprint import blueprint


@blueprint.route("/newsletter/bestaetigen/<token>", methods=["GET", "POST"])
@web.public
def confirm(token: str) -> Any:
    """A page with one button; only the button confirms."""
    form = ActionForm()
    try:
        confirmation = services.find_confirmation(token)
        if form.accepted():
            services.confirm(token)
            return redirect(url_for("subscriptions.confirm", token=token), 303)
    except services.LinkExpired:
        return _expired(token)
    if confirmation.used_at is not None:
        return web.page("subscriptions/confirmed.html", confirmed=services.already_confirmed(confirmation))
    asked = [n for n in queries.newsletters() if n.slug in confirmation.asked["newsletters"]]
    return web.page("subscriptions/confirm.html", form=form, newsletters=asked)


def _expired(token: str) -> Any:
    form = RenewForm()
    if form.renew.raw_data and form.accepted():
        services.renew(token)
        return redirect(url_for("subscriptions.sent"), 303)
    return web.page("subscriptions/expired.html", 410, renewal=form)
