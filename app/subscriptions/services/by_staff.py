"""What the team does for people who ask for it otherwise than with a link."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import delivery
from app.kernel import audit
from app.kernel.db import session
from app.subscriptions import mails
from app.subscriptions.models import Channel, State, Subscription
from app.subscriptions.services.leaving import withdraw

MOST: Final = 200


def withdraw_by_staff(subscription_ids: Sequence[int], channel: Channel, note: str, by: str) -> int:
    """End these subscriptions because somebody asked for it; how many ended. What ended before stays as it is.

    Each gets one mail that says so, unless the mailbox is known to be gone. Two hundred at most, the rest is left.
    """
    wanted = select(Subscription).where(Subscription.id.in_(subscription_ids), Subscription.state != State.WITHDRAWN)
    people = (joinedload(Subscription.subscriber), joinedload(Subscription.newsletter))
    found = session.scalars(wanted.options(*people).order_by(Subscription.subscriber_id).limit(MOST)).all()
    for subscription in found:
        was_active = subscription.is_active
        content = {"by": "staff", "channel": channel.value, "person": by, **({"note": note} if note else {})}
        withdraw(subscription, content)
        audit.record("withdrawn_by_staff", f"subscription:{subscription.id}", {"channel": channel.value})
        if was_active and channel is not Channel.GONE:
            _tell(subscription)
    return len(found)


def _tell(subscription: Subscription) -> None:
    person = subscription.subscriber
    assert subscription.withdrawn_at is not None
    mail = mails.withdrawn(subscription.newsletter.title, subscription.withdrawn_at, person.lang)
    at = int(subscription.withdrawn_at.timestamp())
    delivery.queue_one("notice", mail, person.address, group=f"withdrawn:{subscription.id}:{at}")
