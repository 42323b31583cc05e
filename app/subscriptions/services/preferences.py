"""Changing what one gets, through the link in each mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import delivery
from app.kernel import clock, tokens
from app.kernel.db import session
from app.subscriptions.declarations import declare
from app.subscriptions.models import DeclarationKind, Format, How, Subscriber, Subscription
from app.subscriptions.queries import named_by
from app.subscriptions.rules import check_pause
from app.subscriptions.services import notices
from app.subscriptions.services.leaving import withdraw
from app.subscriptions.services.sign_up import SignUp, request

OF_THE_PERSON: Final = ("lang", "how", "format", "paused_until")


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person takes: newsletters by slug, regions by AGS, topics by slug; language, form and moment of mails.

    ``paused_until`` is the day in Berlin from which mails come again; None without a pause.
    """

    newsletters: tuple[str, ...]
    regions: tuple[str, ...]
    topics: tuple[str, ...]
    lang: str
    how: How = How.WITH_ISSUE
    format: Format = Format.HTML
    paused_until: date | None = None


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
    """What the person takes now; regions and topics of all newsletters together; a pause only while it lasts."""
    active = active_subscriptions(subscriber)
    until = subscriber.paused_until
    return Preferences(
        newsletters=tuple(s.newsletter.slug for s in active),
        regions=tuple(dict.fromkeys(ags for s in active for ags in s.regions)),
        topics=tuple(dict.fromkeys(slug for s in active for slug in s.topics)),
        lang=subscriber.lang,
        how=subscriber.how,
        format=Format(subscriber.format),
        paused_until=until if until and until > clock.today() else None,
    )


def change(derived: tokens.Derived, wanted: Preferences, shown_text: str) -> Changed:
    """Make these the person's preferences, at once; a newsletter not taken before is confirmed by mail first.

    The link may have been forwarded, so it can narrow and end what is there, but it subscribes nobody to anything new,
    and what it changed is told to the address. Raises NotFound if the subscription is gone or the link was revoked,
    Invalid (``paused_until``) for a pause that is over or too long.
    """
    subscriber = named_by(derived).subscriber
    before = preferences_of(subscriber)
    if wanted.paused_until != before.paused_until:
        check_pause(wanted.paused_until, clock.today())
    left = tuple(slug for slug in before.newsletters if slug not in wanted.newsletters)
    asked = tuple(slug for slug in wanted.newsletters if slug not in before.newsletters)
    for subscription in active_subscriptions(subscriber):
        if subscription.newsletter.slug in left:
            withdraw(subscription, {"by": "preferences"})
    changed = _apply(subscriber, before, wanted)
    if changed:
        declare(subscriber, DeclarationKind.CHANGED, changed)
    if asked:
        request(
            SignUp(subscriber.address, asked, regions=wanted.regions, topics=wanted.topics, lang=wanted.lang),
            shown_text,
        )
    session.flush()
    if changed or left:
        notices.tell(subscriber, changed, left)
    return Changed(left, asked)


def _apply(subscriber: Subscriber, before: Preferences, wanted: Preferences) -> dict[str, Any]:
    """Set what is different; its names and new values, as a declaration keeps them."""
    different = [name for name in ("regions", "topics") if set(getattr(wanted, name)) != set(getattr(before, name))]
    different += [name for name in OF_THE_PERSON if getattr(wanted, name) != getattr(before, name)]
    for subscription in active_subscriptions(subscriber):
        for name in ("regions", "topics"):
            if name in different:
                setattr(subscription, name, list(getattr(wanted, name)))
        if "paused_until" in different and wanted.paused_until:
            delivery.skip("paused", subject_id=subscription.id)
    for name in OF_THE_PERSON:
        if name in different:
            setattr(subscriber, name, getattr(wanted, name))
    return {name: _written(getattr(wanted, name)) for name in different}


def _written(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value and str(value)
