"""Signing up: who asks gets a mail, and nobody is subscribed by that alone."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from app import delivery
from app.kernel import clock, tokens
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.kernel.i18n import lazy
from app.subscriptions import mails
from app.subscriptions.declarations import declare, keep_text
from app.subscriptions.models import Confirmation, DeclarationKind, Newsletter, State, Subscriber, Subscription
from app.subscriptions.queries import find_by_key, newsletters
from app.subscriptions.rules import LINK_VALID, MAILS_PER_DAY, Address, read_address

CONFIRM = "confirm"
MAIL_GROUP = "signup:"


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


def request(wanted: SignUp, shown_text: str) -> None:
    """Take a sign-up and send the mail that belongs to it; nobody is subscribed by this alone.

    ``shown_text`` is the consent as it was shown. The caller cannot tell whether the address was known. At most three
    mails per address within 24 hours, none to a suppressed one. Raises Invalid for a wrong address or newsletter.
    """
    address = read_address(wanted.address)
    chosen = chosen_newsletters(wanted.newsletters)
    if delivery.is_suppressed(address.mailbox) or _mails_of_today(address) >= MAILS_PER_DAY:
        return
    subscriber = _known_or_new(address, wanted)
    text = keep_text(shown_text, wanted.lang)
    active = {s.newsletter_id for s in subscriptions_of(subscriber) if s.is_active}
    declared = declare(subscriber, DeclarationKind.REQUESTED, _content(wanted, address), text)
    group = f"{MAIL_GROUP}{declared.id}"
    if active.issuperset(newsletter.id for newsletter in chosen):
        subscription = next(s for s in subscriptions_of(subscriber) if s.is_active)
        mail = mails.already(subscription, lang=wanted.lang)
        delivery.queue_one("confirm", mail, subscriber.address, group=group)
        return
    _note_requests(subscriber, chosen, wanted)
    _send_link(subscriber, chosen, wanted, text, group)


def chosen_newsletters(slugs: Iterable[str]) -> list[Newsletter]:
    """The newsletters with these slugs. Raises Invalid if there is none."""
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


def subscriptions_of(subscriber: Subscriber) -> Sequence[Subscription]:
    """All subscriptions of a person, in whatever state."""
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
    known = {s.newsletter_id for s in subscriptions_of(subscriber)}
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


def renew(token: str) -> None:
    """Send a new link instead of an expired one, within the limit of three mails a day. Raises BadToken."""
    found = session.scalar(select(Confirmation).where(Confirmation.digest == tokens.digest(token)))
    if found is None or found.used_at is not None:
        raise tokens.BadToken(
            lazy("Dieser Link ist unvollständig oder nicht mehr gespeichert. Bitte melden Sie sich noch einmal an.")
        )
    text = found.shown_text
    wanted = replace(_as_sign_up(found.asked), address=found.subscriber.address)
    subscriber, chosen = found.subscriber, chosen_newsletters(wanted.newsletters)
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
