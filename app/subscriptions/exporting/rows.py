"""What stands in an export: one row for each subscription."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from app.kernel import clock
from app.kernel.db import session
from app.subscriptions.models import Newsletter, Subscriber, Subscription
from app.subscriptions.queries import Filter, conditions

AT_ONCE: Final = 1000
COLUMNS: Final = (
    "email",
    "name",
    "organisation",
    "newsletter",
    "state",
    "basis",
    "lang",
    "regions",
    "topics",
    "requested_at",
    "confirmed_at",
    "withdrawn_at",
)
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")  # XML 1.0, 2.2


def rows(wanted: Filter) -> Iterator[tuple[Any, ...]]:
    """The subscriptions that the filter finds, in the order they came; regions and topics are lists, moments aware."""
    asked = (
        select(
            Subscription.id,
            Subscriber.address,
            Subscriber.name,
            Subscriber.organisation,
            Newsletter.slug,
            Subscription.state,
            Subscription.basis,
            Subscriber.lang,
            Subscription.regions,
            Subscription.topics,
            Subscription.requested_at,
            Subscription.confirmed_at,
            Subscription.withdrawn_at,
        )
        .join(Subscription.subscriber)
        .join(Subscription.newsletter)
        .where(*conditions(wanted))
        .order_by(Subscription.id)
        .limit(AT_ONCE)
    )
    last = 0
    while page := session.execute(asked.where(Subscription.id > last)).all():
        last = page[-1][0]
        yield from (tuple(row[1:]) for row in page)


def written(value: Any) -> str:
    """A value as a cell says it: keys joined by commas, moments in Berlin time; nothing that a workbook cannot hold."""
    if isinstance(value, datetime):
        return clock.local(value).strftime("%Y-%m-%d %H:%M")
    said = ", ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return _UNWRITABLE.sub("", said)


def guarded(cell: str) -> str:
    """The cell as text that no spreadsheet computes: what begins like a formula gets an apostrophe in front of it."""
    return f"'{cell}" if cell.startswith(_DANGEROUS) else cell
