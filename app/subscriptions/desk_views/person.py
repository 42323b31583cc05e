"""One address: what it takes, what it got, its whole history, and what the team can do for it."""

from typing import Any

from flask import redirect, url_for

from app import delivery
from app.kernel import web
from app.kernel.errors import NotFound
from app.kernel.i18n import _, lazy, ngettext
from app.subscriptions import queries, services
from app.subscriptions.declarations import history, texts_shown
from app.subscriptions.desk_views.blueprint import blueprint
from app.subscriptions.desk_views.words import kind_words, state_words
from app.subscriptions.forms import WithdrawForm
from app.subscriptions.models import Channel, Subscriber
from app.subscriptions.words import CHANNELS

MAILS = 30


@blueprint.get("/<int:subscriber_id>")
@web.requires("editor", "approver", "admin")
def person(subscriber_id: int) -> Any:
    """One address: what it takes, what it got, and the whole history of what was declared."""
    return _page(_subscriber(subscriber_id), WithdrawForm())


@blueprint.post("/<int:subscriber_id>/abmelden")
@web.requires("editor", "admin")
def withdraw(subscriber_id: int) -> Any:
    """End all that this address takes, because somebody asked for it."""
    subscriber = _subscriber(subscriber_id)
    form = WithdrawForm()
    if not form.accepted():
        return _page(subscriber, form)
    ids = [subscription.id for subscription in subscriber.subscriptions]
    ended = services.withdraw_by_staff(ids, Channel(form.channel.data), form.note.data or "", web.me().name)
    web.note(ngettext("Ein Abonnement ist beendet.", "%(num)d Abonnements sind beendet.", ended))
    return redirect(url_for("subscriptions_desk.person", subscriber_id=subscriber_id), 303)


def _subscriber(subscriber_id: int) -> Subscriber:
    subscriber = queries.find_subscriber(subscriber_id)
    if subscriber is None:
        raise NotFound(lazy("Dieses Abonnement gibt es nicht. Bitte öffnen Sie die Liste neu."))
    return subscriber


def _page(subscriber: Subscriber, form: WithdrawForm) -> Any:
    declarations = history(subscriber)
    mails = delivery.of_address(subscriber.address)
    return web.page(
        "subscriptions/desk/person.html",
        form=form,
        subscriber=subscriber,
        places=queries.narrowed_to(subscriber),
        declarations=declarations,
        texts=texts_shown(declarations),
        words=state_words(),
        kinds=kind_words(),
        mails=mails[: -MAILS - 1 : -1],
        mail_states=delivery.STATE_LABELS,
        suppression=delivery.suppression(subscriber.address),
        reasons=_reasons(),
        channels={channel.value: label for channel, label in CHANNELS.items()},
    )


def _reasons() -> dict[str, str]:
    return {
        "bounce": _("E-Mails an diese Adresse kamen zurück."),
        "complaint": _("Die Person hat sich beschwert."),
        "wish": _("Die Person will keine E-Mails."),
        "staff": _("Die Redaktion hat die Adresse gesperrt."),
    }
