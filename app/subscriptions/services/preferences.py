"""Changing what one gets, through the link in each mail."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.kernel import tokens
from app.kernel.db import session
from app.subscriptions.declarations import declare
from app.subscriptions.models import DeclarationKind, Subscriber, Subscription
from app.subscriptions.queries import named_by
from app.subscriptions.services.leaving import withdraw
from app.subscriptions.services.sign_up import SignUp, request


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person takes: newsletters by slug, regions by AGS, topics by slug, the language of mails."""

    newsletters: tuple[str, ...]
    regions: tuple[str, ...]
    topics: tuple[str, ...]
    lang: str


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of a change: newsletters left, and newsletters that wait for a confirmation by mail."""

    left: tuple[str, ...]
    asked: tuple[str, ...]


def active_subscriptions(subscriber: Subscriber) -> Sequence[Subscription]:
    """What the person takes now, with the newsletters."""
    found = session.scalars(
        select(Subscription)
        .where(Subscription.subscriber_id == subscriber.id)
        .options(joinedload(Subscription.newsletter))
        .order_by(Subscription.newsletter_id)
    ).all()
    return [subscription for subscription in found if subscription.is_active]


def preferences_of(subscriber: Subscriber) -> Preferences:
    """What the person takes now; regions and topics of all newsletters together."""
    active = active_subscriptions(subscriber)
    return Preferences(
        newsletters=tuple(s.newsletter.slug for s in active),
        regions=tuple(dict.fromkeys(ags for s in active for ags in s.regions)),
        topics=tuple(dict.fromkeys(slug for s in active for slug in s.topics)),
        lang=subscriber.lang,
    )


def change(derived: tokens.Derived, wanted: Preferences, shown_text: str) -> Changed:
    """Make these the person's preferences, at once; a newsletter not taken before is confirmed by mail first.

    The link may have been forwarded, so it can narrow and end what is there, but it subscribes nobody to anything new.
    Raises NotFound if the subscription is gone or the link was revoked.
    """
    subscriber = named_by(derived).subscriber
    before = preferences_of(subscriber)
    left = tuple(slug for slug in before.newsletters if slug not in wanted.newsletters)
    asked = tuple(slug for slug in wanted.newsletters if slug not in before.newsletters)
    for subscription in active_subscriptions(subscriber):
        if subscription.newsletter.slug in left:
            withdraw(subscription, {"by": "preferences"})
        else:
            subscription.regions, subscription.topics = list(wanted.regions), list(wanted.topics)
    changed = {
        name: list(value) if isinstance(value := getattr(wanted, name), tuple) else value
        for name in ("regions", "topics", "lang")
        if getattr(wanted, name) != getattr(before, name)
    }
    subscriber.lang = wanted.lang
    if changed:
        declare(subscriber, DeclarationKind.CHANGED, changed)
    if asked:
        request(
            SignUp(subscriber.address, asked, regions=wanted.regions, topics=wanted.topics, lang=wanted.lang),
            shown_text,
        )
    session.flush()
    return Changed(left, asked)
