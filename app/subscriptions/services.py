"""Signing up, confirming, changing, leaving: each appends to the history of the address."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from app import delivery
from app.kernel import clock, config, tokens
from app.kernel.db import session
from app.kernel.errors import Conflict, Gone, Invalid
from app.kernel.i18n import lazy
from app.subscriptions import mails
from app.subscriptions.declarations import declare, keep_text
from app.subscriptions.models import Confirmation, DeclarationKind, Newsletter, State, Subscriber, Subscription
from app.subscriptions.queries import find_by_key, find_newsletter, named_by, newsletters
from app.subscriptions.rules import LINK_VALID, MAILS_PER_DAY, Address, read_address

CONFIRM = "confirm"
MAIL_GROUP = "signup:"


class LinkExpired(Gone):
    """The confirmation link is older than 72 hours; a new one can be asked for."""


@dataclass(frozen=True, slots=True)
class SignUp:
    """What somebody asked for. ``newsletters`` are slugs, ``regions`` AGS, ``topics`` slugs."""

    address: str
    newsletters: tuple[str, ...]
    name: str = ""
    organisation: str = ""
    regions: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    lang: str = "de"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a confirmation link made true: the newsletters taken now; none if the person has left since."""

    subscriber: Subscriber
    newsletters: tuple[Newsletter, ...]


def create_newsletter(
    slug: str, title: str, *, description: str = "", lang: str = "de", list_id: str = ""
) -> Newsletter:
    """Found a newsletter. Raises Conflict if the slug is taken."""
    if find_newsletter(slug):
        raise Conflict(lazy("Diese Kurzbezeichnung ist schon vergeben. Bitte wählen Sie eine andere."))
    host = urlsplit(config.current().public_url).hostname or "localhost"
    newsletter = Newsletter(
        slug=slug,
        title=title,
        description=description,
        lang=lang,
        list_id=list_id or f"{slug}.{host}",
        position=len(newsletters()) + 1,
    )
    session.add(newsletter)
    session.flush()
    return newsletter


def request(wanted: SignUp, shown_text: str) -> None:
    """Take a sign-up and send the mail that belongs to it; nobody is subscribed by this alone.

    ``shown_text`` is the consent as it was shown. The caller cannot tell whether the address was known. At most three
    mails per address within 24 hours, none to a suppressed one. Raises Invalid for a wrong address or newsletter.
    """
    address = read_address(wanted.address)
    chosen = _chosen(wanted.newsletters)
    if delivery.is_suppressed(address.mailbox) or _mails_of_today(address) >= MAILS_PER_DAY:
        return
    subscriber = _known_or_new(address, wanted)
    text = keep_text(shown_text, wanted.lang)
    active = {s.newsletter_id for s in _subscriptions_of(subscriber) if s.is_active}
    declared = declare(subscriber, DeclarationKind.REQUESTED, _content(wanted, address), text)
    group = f"{MAIL_GROUP}{declared.id}"
    if active.issuperset(newsletter.id for newsletter in chosen):
        subscription = next(s for s in _subscriptions_of(subscriber) if s.is_active)
        mail = mails.already(subscription, lang=wanted.lang)
        delivery.queue_one("confirm", mail, subscriber.address, group=group)
        return
    _note_requests(subscriber, chosen, wanted)
    _send_link(subscriber, chosen, wanted, text, group)


def _chosen(slugs: Iterable[str]) -> list[Newsletter]:
    chosen = [newsletter for newsletter in newsletters() if newsletter.slug in set(slugs)]
    if not chosen:
        raise Invalid(newsletters=lazy("Bitte wählen Sie mindestens einen Newsletter aus."))
    return chosen


def _mails_of_today(address: Address) -> int:
    since = clock.now() - timedelta(days=1)
    sent = delivery.of_address(address.mailbox)
    return sum(mail.group.startswith(MAIL_GROUP) and mail.queued_at > since for mail in sent)


def _known_or_new(address: Address, wanted: SignUp) -> Subscriber:
    """The person with this address; two sign-ups at the same moment find the same one."""
    values = {
        "address": address.mailbox,
        "normalised": address.key,
        "name": wanted.name,
        "organisation": wanted.organisation,
        "lang": wanted.lang,
        "format": "html",
        "chain": secrets.token_hex(16),
        "created_at": clock.now(),
    }
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(Subscriber).values(**values).on_conflict_do_nothing(index_elements=["normalised"]))
    found = find_by_key(address.key)
    assert found is not None
    return found


def _subscriptions_of(subscriber: Subscriber) -> Sequence[Subscription]:
    return session.scalars(
        select(Subscription).where(Subscription.subscriber_id == subscriber.id).order_by(Subscription.newsletter_id)
    ).all()


def _content(wanted: SignUp, address: Address) -> dict[str, Any]:
    return {
        "address": address.mailbox,
        "newsletters": sorted(wanted.newsletters),
        "name": wanted.name,
        "organisation": wanted.organisation,
        "regions": list(wanted.regions),
        "topics": list(wanted.topics),
        "lang": wanted.lang,
    }


def _note_requests(subscriber: Subscriber, chosen: Iterable[Newsletter], wanted: SignUp) -> None:
    """New subscriptions wait for their confirmation; existing ones stay as they are until then."""
    known = {s.newsletter_id for s in _subscriptions_of(subscriber)}
    for newsletter in chosen:
        if newsletter.id not in known:
            session.add(
                Subscription(
                    subscriber_id=subscriber.id,
                    newsletter_id=newsletter.id,
                    state=State.REQUESTED,
                    regions=list(wanted.regions),
                    topics=list(wanted.topics),
                    requested_at=clock.now(),
                    generation=1,
                )
            )
    session.flush()


def _send_link(subscriber: Subscriber, chosen: Sequence[Newsletter], wanted: SignUp, text: str, group: str) -> None:
    drawn = tokens.draw()
    now = clock.now()
    session.add(
        Confirmation(
            digest=drawn.digest,
            purpose=CONFIRM,
            subscriber_id=subscriber.id,
            asked=_content(wanted, Address(subscriber.address, subscriber.normalised)),
            shown_text=text,
            created_at=now,
            expires_at=now + LINK_VALID,
        )
    )
    mail = mails.confirm([newsletter.title for newsletter in chosen], drawn.token, now, lang=wanted.lang)
    delivery.queue_one("confirm", mail, subscriber.address, group=group)
    session.flush()


def find_confirmation(token: str, *, locked: bool = False) -> Confirmation:
    """The request that this link confirms, also when it was used before; ``locked`` against a second click.

    Raises BadToken if it is not one of ours, LinkExpired if it is older than 72 hours and was not used.
    """
    asked = select(Confirmation).where(Confirmation.digest == tokens.digest(token), Confirmation.purpose == CONFIRM)
    found = session.scalar(asked.with_for_update() if locked else asked)
    if found is None:
        raise tokens.BadToken(
            lazy("Dieser Link ist unvollständig oder nicht mehr gespeichert. Bitte melden Sie sich noch einmal an.")
        )
    if found.used_at is None and found.expires_at <= clock.now():
        raise LinkExpired(lazy("Dieser Link ist älter als 72 Stunden. Bitte fordern Sie einen neuen an."))
    return found


def confirm(token: str) -> Confirmed:
    """Make true what was asked for. A second time changes nothing and gives the same answer.

    Raises BadToken or LinkExpired, as ``find_confirmation``.
    """
    confirmation = find_confirmation(token, locked=True)
    subscriber = confirmation.subscriber
    if confirmation.used_at is None:
        confirmation.used_at = clock.now()
        _activate(subscriber, confirmation.asked)
        declare(subscriber, DeclarationKind.CONFIRMED, dict(confirmation.asked), confirmation.shown_text)
    return already_confirmed(confirmation)


def already_confirmed(confirmation: Confirmation) -> Confirmed:
    """What is still true of what this link confirmed."""
    taken = {s.newsletter_id for s in _subscriptions_of(confirmation.subscriber) if s.is_active}
    asked = _chosen(confirmation.asked["newsletters"])
    return Confirmed(confirmation.subscriber, tuple(newsletter for newsletter in asked if newsletter.id in taken))


def _activate(subscriber: Subscriber, asked: dict[str, Any]) -> None:
    subscriber.name = asked["name"] or subscriber.name
    subscriber.organisation = asked["organisation"] or subscriber.organisation
    subscriber.lang = asked["lang"]
    now = clock.now()
    known = {s.newsletter_id: s for s in _subscriptions_of(subscriber)}
    for newsletter in _chosen(asked["newsletters"]):
        subscription = known.get(newsletter.id)
        if subscription is None:
            subscription = Subscription(
                subscriber_id=subscriber.id, newsletter_id=newsletter.id, requested_at=now, generation=1
            )
            session.add(subscription)
        if subscription.state is not State.ACTIVE:
            subscription.confirmed_at, subscription.withdrawn_at, subscription.welcomed_at = now, None, None
        subscription.state = State.ACTIVE
        subscription.regions, subscription.topics = list(asked["regions"]), list(asked["topics"])
    session.flush()


def renew(token: str) -> None:
    """Send a new link instead of an expired one, within the limit of three mails a day. Raises BadToken."""
    found = session.scalar(select(Confirmation).where(Confirmation.digest == tokens.digest(token)))
    if found is None or found.used_at is not None:
        raise tokens.BadToken(
            lazy("Dieser Link ist unvollständig oder nicht mehr gespeichert. Bitte melden Sie sich noch einmal an.")
        )
    text = found.shown_text
    wanted = replace(_as_sign_up(found.asked), address=found.subscriber.address)
    subscriber, chosen = found.subscriber, _chosen(wanted.newsletters)
    if _mails_of_today(Address(subscriber.address, subscriber.normalised)) >= MAILS_PER_DAY:
        return
    declared = declare(subscriber, DeclarationKind.REQUESTED, dict(found.asked), text)
    _send_link(subscriber, chosen, wanted, text, f"{MAIL_GROUP}{declared.id}")


def _as_sign_up(asked: dict[str, Any]) -> SignUp:
    return SignUp(
        address=asked["address"],
        newsletters=tuple(asked["newsletters"]),
        name=asked["name"],
        organisation=asked["organisation"],
        regions=tuple(asked["regions"]),
        topics=tuple(asked["topics"]),
        lang=asked["lang"],
    )


def unsubscribe(derived: tokens.Derived) -> Subscription:
    """End the subscription that the link names, at once, also for what is waiting to be sent (RFC 8058).

    A second time changes nothing. Raises NotFound if it is gone or the link was revoked.
    """
    subscription = named_by(derived)
    withdraw(subscription, {"by": "link"})
    return subscription


def withdraw(subscription: Subscription, content: dict[str, Any]) -> None:
    """End a subscription, with what is to be remembered about how it ended."""
    fresh = select(Subscription).where(Subscription.id == subscription.id).with_for_update()  # against a second click
    session.scalars(fresh.execution_options(populate_existing=True)).one()
    if subscription.state is State.WITHDRAWN:
        return
    subscription.state, subscription.withdrawn_at = State.WITHDRAWN, clock.now()
    delivery.skip("unsubscribed", subject_id=subscription.id)
    declare(
        subscription.subscriber,
        DeclarationKind.WITHDRAWN,
        {"newsletter": subscription.newsletter.slug, **content},
    )


def mark_welcomed(subscription: Subscription) -> None:
    """The welcome mail is on its way."""
    subscription.welcomed_at = clock.now()
    session.flush()
