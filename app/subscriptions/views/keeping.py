"""The answer to whether somebody still wants a newsletter: a page with one button; only the button counts."""

from typing import Any

from app.kernel import tokens, web
from app.kernel.forms import ActionForm
from app.subscriptions import queries, services, texts
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
    done = form.accepted()
    if done:
        subscription = services.answer(derived, consent)
    return web.page(
        "subscriptions/keep.html",
        form=form,
        done=done and subscription.is_active,
        active=subscription.is_active,
        newsletter=subscription.newsletter,
        hint=masked(subscription.subscriber.address),
        consent=consent,
    )
