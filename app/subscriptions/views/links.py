"""For who has lost all mails: their links, sent to the address. The answer is the same for every address."""

from typing import Any

from flask import Response, redirect, url_for

from app.kernel import web
from app.kernel.errors import Invalid
from app.kernel.i18n import language
from app.subscriptions import services
from app.subscriptions.forms import AddressForm
from app.subscriptions.views.blueprint import blueprint


@blueprint.route("/newsletter/link", methods=["GET", "POST"])
@web.public
def lost_link() -> Any:
    """The form. Nobody learns from the answer whether an address is known."""
    form = AddressForm()
    if form.accepted():
        try:
            services.send_links(form.email.data, language())
            return redirect(url_for("subscriptions.link_sent"), 303)
        except Invalid as error:
            form.show(Invalid(email=error.fields.get("address", error.message)))
    return web.page("subscriptions/lost_link.html", form=form)


@blueprint.get("/newsletter/link/gesendet")
@web.public
def link_sent() -> Response:
    """What to do next: the same page for every address."""
    return web.page("subscriptions/link_sent.html")
