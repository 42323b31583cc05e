"""One's own data: asked for with a button or by the address, shown behind a link in a fresh mail, erased there."""

from typing import Any

from flask import Response, redirect, url_for

from app.kernel import privacy, tokens, web
from app.kernel.errors import Gone, NotFound
from app.kernel.forms import ActionForm
from app.kernel.i18n import language
from app.subscriptions import erasure, own_data, queries
from app.subscriptions.forms.own_data import AskForm, EraseForm
from app.subscriptions.models import DataLink
from app.subscriptions.rules import masked
from app.subscriptions.views.blueprint import blueprint


@blueprint.route("/newsletter/meine-daten", methods=["GET", "POST"])
@web.public
def my_data_ask() -> Any:
    """For those who lost our mails, or only wrote to us: ask by the address. The answer is the same for every one."""
    form = AskForm()
    if form.accepted():
        own_data.ask(form.email.data, language())
        return redirect(url_for("subscriptions.my_data_sent"), 303)
    return web.page("subscriptions/my_data/ask.html", form=form)


@blueprint.route("/newsletter/einstellungen/<token>/meine-daten", methods=["GET", "POST"])
@web.public
def my_data_request(token: str) -> Any:
    """From the preferences: a button that sends a fresh mail. The link may have been forwarded, so it shows nothing."""
    subscriber = queries.named_by(tokens.read("preferences", token)).subscriber
    form = ActionForm()
    if form.accepted():
        own_data.ask(subscriber.address, language())
        return redirect(url_for("subscriptions.my_data_sent"), 303)
    return web.page("subscriptions/my_data/request.html", form=form, hint=masked(subscriber.address), token=token)


@blueprint.get("/newsletter/meine-daten/gesendet")
@web.public
def my_data_sent() -> Response:
    """What to do next: the same page for every address."""
    return web.page("subscriptions/my_data/sent.html")


@blueprint.get("/newsletter/meine-daten/<token>")
@web.public
def my_data(token: str) -> Response:
    """All that is kept about the address that this link was mailed to."""
    link = _find(token)
    if isinstance(link, Response):
        return link
    return web.page(
        "subscriptions/my_data/all.html",
        address=link.address,
        until=link.expires_at,
        token=token,
        kept=erasure.known(link.address),
        readable=privacy.readable,
    )


@blueprint.get("/newsletter/meine-daten/<token>/daten.<form>")
@web.public
def my_data_file(token: str, form: str) -> Response:
    """The same to take along: ``json`` (Art. 20 GDPR) or ``csv``."""
    link = _find(token)
    if isinstance(link, Response):
        return link
    if form == "json":
        response = Response(own_data.as_json(link.address), mimetype="application/json")
    elif form == "csv":
        response = Response(own_data.as_csv(link.address), content_type="text/csv; charset=utf-8")
    else:
        raise NotFound
    response.headers["Content-Disposition"] = f'attachment; filename="meine-daten.{form}"'
    return response


@blueprint.route("/newsletter/meine-daten/<token>/loeschen", methods=["GET", "POST"])
@web.public
def my_data_erase(token: str) -> Any:
    """Shows what will be deleted, what remains and how long; the button deletes."""
    link = _find(token)
    if isinstance(link, Response):
        return link
    form = EraseForm()
    if form.accepted():
        address = own_data.find(token).address
        erasure.forget_everywhere(address, "person", never_again=form.never_again.data)
        return redirect(url_for("subscriptions.my_data_erased"), 303)
    kept = erasure.known(link.address)
    return web.page(
        "subscriptions/my_data/erase.html",
        form=form,
        address=link.address,
        token=token,
        goes=[(kind, len(records)) for kind, records in kept if kind.erases],
        remains=erasure.remaining(kept),
    )


@blueprint.get("/newsletter/meine-daten/geloescht")
@web.public
def my_data_erased() -> Response:
    """That all is deleted."""
    return web.page("subscriptions/my_data/erased.html")


def _find(token: str) -> DataLink | Response:
    try:
        return own_data.find(token)
    except Gone as error:
        return web.page("subscriptions/my_data/expired.html", 410, advice=str(error))
