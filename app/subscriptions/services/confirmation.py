"""Confirming: what was asked for becomes true by the button behind the link."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app import delivery
from app.kernel import clock, tokens
from app.kernel.db import session
from app.kernel.errors import Gone
from app.kernel.i18n import lazy
from app.subscriptions import funnel
from app.subscriptions.declarations import declare, history
from app.subscriptions.models import Confirmation, DeclarationKind, Newsletter, State, Subscriber, Subscription
from app.subscriptions.models.people import first_generation
from app.subscriptions.services.sign_up import CONFIRM, MAIL_GROUP, chosen_newsletters, subscriptions_of


class LinkExpired(Gone):
    """The confirmation link is older than CONFIRM_HOURS; a new one can be asked for."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a confirmation link made true: the newsletters taken now; none if the person has left since."""

    subscriber: Subscriber
    newsletters: tuple[Newsletter, ...]


def find_confirmation(token: str, *, locked: bool = False) -> Confirmation:
    """The request that this link confirms, also when it was used before; ``locked`` against a second click.

    Raises BadToken if it is not one of ours, LinkExpired if it is older than CONFIRM_HOURS and was not used.
    """
    asked = select(Confirmation).where(Confirmation.digest == tokens.digest(token), Confirmation.purpose == CONFIRM)
    found = session.scalar(asked.with_for_update() if locked else asked)
    if found is None:
        raise tokens.BadToken(
            lazy("Dieser Link ist unvollständig oder nicht mehr gespeichert. Bitte melden Sie sich noch einmal an.")
        )
    if found.used_at is None and found.expires_at <= clock.now():
        raise LinkExpired(lazy("Dieser Link ist abgelaufen. Bitte fordern Sie einen neuen an."))
    return found


def confirm(token: str) -> Confirmed:
    """Make true what was asked for. A second time changes nothing and gives the same answer.

    An address that was suppressed for bounces gets mails again, and those counted are forgotten: somebody has read one.
    Raises BadToken or LinkExpired, as ``find_confirmation``.
    """
    confirmation = find_confirmation(token, locked=True)
    subscriber = confirmation.subscriber
    if confirmation.used_at is None:
        confirmation.used_at = clock.now()
        _activate(subscriber, confirmation.asked)
        content = {**confirmation.asked, **_mailed(subscriber)}
        shown = content.pop("shown", {})
        declare(subscriber, DeclarationKind.CONFIRMED, content, confirmation.shown_text, shown)
        delivery.heard_from(subscriber.address)
        funnel.count_confirmation(chosen_newsletters(confirmation.asked["newsletters"]), confirmation.created_at)
    return already_confirmed(confirmation)


def _mailed(subscriber: Subscriber) -> dict[str, str]:
    """When the mail server took the mail that asked, and what it said: the ledger forgets that sooner."""
    requests = [entry for entry in history(subscriber) if entry.kind is DeclarationKind.REQUESTED]
    sent = delivery.find(f"{MAIL_GROUP}{requests[-1].id}", subscriber.address) if requests else None
    if sent is None or sent.accepted_at is None:
        return {}
    return {"mailed_at": sent.accepted_at.isoformat(), "mail_server": sent.smtp_text}


def already_confirmed(confirmation: Confirmation) -> Confirmed:
    """What is still true of what this link confirmed."""
    taken = {s.newsletter_id for s in subscriptions_of(confirmation.subscriber) if s.is_active}
    asked = chosen_newsletters(confirmation.asked["newsletters"])
    return Confirmed(confirmation.subscriber, tuple(newsletter for newsletter in asked if newsletter.id in taken))


def _activate(subscriber: Subscriber, asked: dict[str, Any]) -> None:
    subscriber.name = asked["name"] or subscriber.name
    subscriber.organisation = asked["organisation"] or subscriber.organisation
    subscriber.role = asked.get("role") or subscriber.role
    subscriber.lang = asked["lang"]
    now = clock.now()
    known = {s.newsletter_id: s for s in subscriptions_of(subscriber)}
    if not any(subscription.is_active for subscription in known.values()):
        subscriber.paused_until = None  # who comes back wants to hear from us now
    for newsletter in chosen_newsletters(asked["newsletters"]):
        subscription = known.get(newsletter.id)
        if subscription is None:
            subscription = Subscription(
                subscriber_id=subscriber.id,
                newsletter_id=newsletter.id,
                requested_at=now,
                generation=first_generation(),
            )
            session.add(subscription)
        if subscription.state is not State.ACTIVE:
            subscription.confirmed_at, subscription.withdrawn_at, subscription.welcomed_at = now, None, None
        subscription.state = State.ACTIVE
        subscription.regions, subscription.topics = list(asked["regions"]), list(asked["topics"])
    session.flush()


def mark_welcomed(subscription: Subscription) -> None:
    """The welcome mail is on its way."""
    subscription.welcomed_at = clock.now()
    session.flush()
