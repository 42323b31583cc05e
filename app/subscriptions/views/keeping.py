"""The answer to whether somebody still wants a newsletter: a page with one button; only the button counts."""

from typing import Any

from flask import redirect, url_for

from app.kernel import tokens, web
from app.kernel.forms import ActionForm
from app.kernel.i18n import _
from app.subscriptions import queries, services, texts
from app.subscriptions.models import Subscription
from app.subscriptions.rules import masked
from app.subscriptions.views.blueprint import blueprint


@blueprint.route("/newsletter/einstellungen/<token>/behalten", methods=["GET", "POST"])
@web.public
def keep(token: str) -> Any:
    """A page with one button for those who want to stay. The link may have been forwarded: it shows no name."""
    derived = tokens.read("preferences", token)
    subscription = queries.named_by(derived)
    form = ActionForm()
    consent = texts.keeping(subscription.newsletter.title)
    if form.accepted():
        return _answered(services.answer(derived, consent), token)
    return web.page(
        "subscriptions/keep.html",
        form=form,
        active=subscription.is_active,
        newsletter=subscription.newsletter,
        hint=masked(subscription.subscriber.address),
        consent=consent,
    )


def _answered(subscription: Subscription, token: str) -> Any:
    if not subscription.is_active:
        return redirect(url_for("subscriptions.keep", token=token), 303)
    web.note(_("Danke, Sie erhalten „%(newsletter)s“ weiter.", newsletter=subscription.newsletter.title))
    return redirect(url_for("subscriptions.preferences", token=token), 303)
