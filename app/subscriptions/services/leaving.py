"""Leaving: at once, also for what is waiting to be sent."""

from typing import Any

from sqlalchemy import select

from app import delivery
from app.kernel import clock, tokens
from app.kernel.db import session
from app.subscriptions.declarations import declare
from app.subscriptions.models import DeclarationKind, State, Subscription
from app.subscriptions.queries import named_by


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
