"""Erasing somebody who asked for it by phone or letter."""

from typing import Any

from flask import redirect, url_for

from app.kernel import audit, web
from app.kernel.errors import NotFound
from app.kernel.i18n import _, lazy
from app.subscriptions import erasure, queries
from app.subscriptions.desk_views.blueprint import blueprint
from app.subscriptions.forms.own_data import EraseForm


@blueprint.route("/<int:subscriber_id>/loeschen", methods=["GET", "POST"])
@web.requires("admin")
def erase(subscriber_id: int) -> Any:
    """Shows what will be deleted and what remains; the button deletes, in every part of the product."""
    subscriber = queries.find_subscriber(subscriber_id)
    if subscriber is None:
        raise NotFound(lazy("Dieses Abonnement gibt es nicht. Bitte öffnen Sie die Liste neu."))
    form = EraseForm()
    address = subscriber.normalised
    if form.accepted():
        done = erasure.forget_everywhere(address, "desk", actor_id=web.me().id, never_again=form.never_again.data)
        audit.record("subscriber.erased", f"erasure:{done.id}", {"counts": done.counts})
        web.note(_("Die Daten sind gelöscht. Das Löschprotokoll kennt die Adresse nur als Prüfsumme."))
        return redirect(url_for("subscriptions_desk.index"), 303)
    kept = erasure.known(address)
    return web.page(
        "subscriptions/desk/erase.html",
        form=form,
        subscriber=subscriber,
        goes=[(kind, len(records)) for kind, records in kept if kind.erases],
        remains=erasure.remaining(kept),
    )
