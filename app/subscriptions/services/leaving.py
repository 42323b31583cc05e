"""Leaving: at once, also for what is waiting to be sent; taking it back, for half an hour; saying why."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from app import delivery
from app.kernel import clock, tokens
from app.kernel.db import insert, session
from app.kernel.errors import Gone
from app.kernel.i18n import lazy
from app.subscriptions.declarations import declare, history
from app.subscriptions.models import DeclarationKind, LeaveCount, LeaveReason, State, Subscriber, Subscription
from app.subscriptions.queries import get_subscription, named_by
from app.subscriptions.rules import UNDO_WITHIN

UNDO: Final = "undo"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def unsubscribe(derived: tokens.Derived, by: str = "link") -> Subscription:
    """End the subscription that the link names, at once, also for what is waiting to be sent (RFC 8058).

    ``by`` is how it was asked for: ``link``, ``mail``. A second time changes nothing. Raises NotFound if it is gone or
    the link was revoked.
    """
    subscription = named_by(derived)
    withdraw(subscription, {"by": by})
    return subscription


def withdraw(subscription: Subscription, content: dict[str, Any]) -> None:
    """End a subscription, with what is to be remembered about how it ended."""
    _lock(subscription)
    if subscription.state is State.WITHDRAWN:
        return
    subscription.state, subscription.withdrawn_at = State.WITHDRAWN, clock.now()
    subscription.reason_counted = False
    delivery.skip("unsubscribed", subject_id=subscription.id)
    declare(
        subscription.subscriber,
        DeclarationKind.WITHDRAWN,
        {"newsletter": subscription.newsletter.slug, **content},
    )


def undo_token(subscription: Subscription) -> str:
    """The token that names this withdrawal and no other, for the page that says that it has happened."""
    assert subscription.withdrawn_at is not None
    return tokens.derive(UNDO, subscription.id, _microseconds(subscription.withdrawn_at))


def may_undo(subscription: Subscription) -> bool:
    """Whether the last withdrawal is less than 30 minutes ago and was asked for by the link.

    What somebody asked for by mail or phone, or said by a complaint, is not for any holder of a link to take back.
    """
    at = subscription.withdrawn_at
    recent = subscription.state is State.WITHDRAWN and at is not None and clock.now() - at <= UNDO_WITHIN
    return recent and _left_by(subscription) == "link"


def _left_by(subscription: Subscription) -> str:
    for entry in reversed(history(subscription.subscriber)):
        content = entry.content or {}
        if entry.kind is DeclarationKind.WITHDRAWN and content.get("newsletter") == subscription.newsletter.slug:
            return str(content.get("by", ""))
    return ""


def undo(token: str) -> Subscription:
    """Take back the withdrawal that the token names: all is as it was before, and nobody is welcomed again.

    A second time changes nothing. What was skipped meanwhile stays skipped. Raises BadToken, NotFound, and Gone after
    30 minutes or if the person has left once more.
    """
    subscription, at = _withdrawal(token)
    too_late = clock.now() - at > UNDO_WITHIN
    if too_late or (subscription.state is not State.ACTIVE and not _is_the_last(subscription, at)):
        raise Gone(lazy("Die 30 Minuten sind vorbei. Bitte melden Sie sich neu an, wenn Sie den Newsletter möchten."))
    if subscription.state is not State.ACTIVE:
        subscription.state, subscription.withdrawn_at = State.ACTIVE, None
        content = {"newsletter": subscription.newsletter.slug, "withdrawal": "undone"}
        declare(subscription.subscriber, DeclarationKind.CHANGED, content)
    return subscription


def say_why(token: str, reason: LeaveReason | None) -> Subscription:
    """Count why somebody left, without saying who; once per withdrawal. Raises BadToken, NotFound, Gone."""
    subscription, at = _withdrawal(token)
    if not _is_the_last(subscription, at):
        raise Gone(lazy("Diese Abmeldung gilt nicht mehr. Bitte schreiben Sie uns, wenn Sie uns etwas sagen möchten."))
    if reason is not None and not subscription.reason_counted:
        subscription.reason_counted = True
        _count(subscription.newsletter_id, reason)
    return subscription


def _count(newsletter_id: int, reason: LeaveReason) -> None:
    month = clock.today().replace(day=1)
    row = {"newsletter_id": newsletter_id, "month": month, "reason": reason, "count": 1}
    counted = insert(LeaveCount.__table__).values(row)
    more = {"count": LeaveCount.__table__.c.count + 1}
    session.execute(counted.on_conflict_do_update(index_elements=["newsletter_id", "month", "reason"], set_=more))


def _withdrawal(token: str) -> tuple[Subscription, datetime]:
    derived = tokens.read(UNDO, token)
    subscription = get_subscription(derived.id)
    _lock(subscription)
    return subscription, _EPOCH + timedelta(microseconds=derived.generation)


def _is_the_last(subscription: Subscription, at: datetime) -> bool:
    return subscription.state is State.WITHDRAWN and subscription.withdrawn_at == at


def _lock(subscription: Subscription) -> None:
    """Against a second click; the person first, as who erases them does. Raises NotFound if they were erased."""
    session.execute(select(Subscriber.id).where(Subscriber.id == subscription.subscriber_id).with_for_update())
    fresh = select(Subscription).where(Subscription.id == subscription.id).with_for_update()
    if session.scalar(fresh.execution_options(populate_existing=True)) is None:
        get_subscription(subscription.id)


def _microseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)
