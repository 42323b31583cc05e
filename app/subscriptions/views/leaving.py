"""Leaving: a page for people, one click for mail programs."""

from flask import Response, request, url_for

from app.kernel import tokens, web
from app.kernel.forms import ActionForm
from app.subscriptions import queries, services
from app.subscriptions.models import Subscription
from app.subscriptions.rules import masked
from app.subscriptions.views.blueprint import blueprint


@blueprint.route("/newsletter/abmelden/<token>", methods=["GET", "POST"])
@web.one_click
def leave(token: str) -> Response:
    """A page with one button for people, and one-click for mail programs (RFC 8058): at once, without a redirect."""
    derived = tokens.read("unsubscribe", token)
    subscription = queries.named_by(derived)
    if request.method == "POST":
        if request.form.get("List-Unsubscribe") != "One-Click":
            return _leave_page(subscription, 400)
        form = ActionForm(meta={"csrf": False})  # the token in the address is the proof; mail programs have no cookie
        if form.accepted():
            subscription = services.unsubscribe(derived)
    if subscription.is_active:
        return _leave_page(subscription)
    return web.page("subscriptions/left.html", newsletter=subscription.newsletter)


def _leave_page(subscription: Subscription, status: int = 200) -> Response:
    token = tokens.derive("preferences", subscription.id, subscription.generation)
    return web.page(
        "subscriptions/leave.html",
        status,
        newsletter=subscription.newsletter,
        hint=masked(subscription.subscriber.address),
        preferences_url=url_for("subscriptions.preferences", token=token),
    )
