"""Leaving: a page for people, one click for mail programs; afterwards a way back, and a question that may stay open.

Nothing here needs a cookie: the token in the address is the proof.
"""

from typing import Final

from flask import Response, request, url_for

from app.kernel import tokens, web
from app.kernel.forms import ActionForm
from app.subscriptions import queries, services
from app.subscriptions.forms import WhyForm
from app.subscriptions.models import LeaveReason, Subscription
from app.subscriptions.rules import masked
from app.subscriptions.views.blueprint import blueprint

WITHOUT_COOKIE: Final = {"csrf": False}


@blueprint.route("/newsletter/abmelden/<token>", methods=["GET", "POST"])
@web.one_click
def leave(token: str) -> Response:
    """A page with one button for people, and one-click for mail programs (RFC 8058): at once, without a redirect."""
    derived = tokens.read("unsubscribe", token)
    subscription = queries.named_by(derived)
    if request.method != "POST":
        return _leave_page(subscription) if subscription.is_active else _left_page(subscription, undo=False)
    if request.form.get("List-Unsubscribe", "").strip() != "One-Click":
        return _leave_page(subscription, 400)
    if ActionForm(meta=WITHOUT_COOKIE).accepted():  # mail programs have no cookie
        subscription = services.unsubscribe(derived)
    return _left_page(subscription)


@blueprint.post("/newsletter/abmelden/<token>/rueckgaengig")
@web.one_click
def undo(token: str) -> Response:
    """Take the withdrawal back that the page was the answer to, for 30 minutes."""
    tokens.read("undo", token)
    ActionForm(meta=WITHOUT_COOKIE).accepted()
    return web.page("subscriptions/back_again.html", newsletter=services.undo(token).newsletter)


@blueprint.post("/newsletter/abmelden/<token>/grund")
@web.one_click
def say_why(token: str) -> Response:
    """Count why somebody left, without saying who."""
    tokens.read("undo", token)
    why = WhyForm()
    if not why.accepted():
        return web.page("subscriptions/why.html", 422, why=why, token=token)
    reason = LeaveReason(why.reason.data) if why.reason.data else None
    return _left_page(services.say_why(token, reason), thanks=reason is not None)


def _leave_page(subscription: Subscription, status: int = 200) -> Response:
    token = tokens.derive("preferences", subscription.id, subscription.generation)
    return web.page(
        "subscriptions/leave.html",
        status,
        newsletter=subscription.newsletter,
        hint=masked(subscription.subscriber.address),
        preferences_url=url_for("subscriptions.preferences", token=token),
    )


def _left_page(subscription: Subscription, *, undo: bool = True, thanks: bool = False) -> Response:
    """What a person reads who has left: with the way back only as the answer to the click, not to a later visit."""
    token = services.undo_token(subscription) if undo and services.may_undo(subscription) else ""
    why = WhyForm(formdata=None) if token and not subscription.reason_counted else None
    return web.page("subscriptions/left.html", newsletter=subscription.newsletter, token=token, why=why, thanks=thanks)
