"""Changing the address: a form behind the link in each mail, and a page with one button for each of both mailboxes."""

from typing import Any

from flask import Response, redirect, url_for

from app.kernel import tokens, web
from app.kernel.errors import Invalid
from app.kernel.forms import ActionForm
from app.subscriptions import queries, services
from app.subscriptions.forms import NewAddressForm
from app.subscriptions.rules import masked
from app.subscriptions.views.blueprint import blueprint


@blueprint.route("/newsletter/einstellungen/<token>/adresse", methods=["GET", "POST"])
@web.public
def new_address(token: str) -> Any:
    """Where the mails shall go from now on. The answer is the same for every address."""
    derived = tokens.read("preferences", token)
    subscriber = queries.named_by(derived).subscriber
    form = NewAddressForm()
    if form.accepted():
        try:
            services.ask_to_move(derived, form.email.data)
            return redirect(url_for("subscriptions.new_address_sent", token=token), 303)
        except Invalid as error:
            form.show(Invalid(email=error.fields.get("address", error.message)))
    return web.page("subscriptions/new_address.html", form=form, hint=masked(subscriber.address), token=token)


@blueprint.get("/newsletter/einstellungen/<token>/adresse/gesendet")
@web.public
def new_address_sent(token: str) -> Response:
    """What to do in both mailboxes: the same page for every address."""
    hint = masked(queries.named_by(tokens.read("preferences", token)).subscriber.address)
    return web.page("subscriptions/new_address_sent.html", hint=hint, token=token)


@blueprint.route("/newsletter/adresse/<token>", methods=["GET", "POST"])
@web.public
def move(token: str) -> Any:
    """A page with one button; only the button confirms for this mailbox."""
    form = ActionForm()
    found = services.find_move(token)
    if form.accepted():
        services.confirm_move(token)
        return redirect(url_for("subscriptions.move", token=token), 303)
    return web.page("subscriptions/move.html", form=form, move=found)
