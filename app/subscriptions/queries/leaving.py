"""Why people left: figures without people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.kernel.db import session
from app.subscriptions.models import LeaveCount, LeaveReason, Newsletter


@dataclass(frozen=True, slots=True)
class LeftBecause:
    """How many left a newsletter (its title) in one month (its first day) for one reason."""

    newsletter: str
    month: date
    reason: LeaveReason
    count: int


def leave_reasons(newsletter: str = "", since: date | None = None) -> Sequence[LeftBecause]:
    """Why people left, of all newsletters or one (by slug), since a month; the newest month first, then the commonest.

    Only those are counted who wanted to say it.
    """
    asked = select(Newsletter.title, LeaveCount.month, LeaveCount.reason, LeaveCount.count).join(LeaveCount.newsletter)
    if newsletter:
        asked = asked.where(Newsletter.slug == newsletter)
    if since is not None:
        asked = asked.where(LeaveCount.month >= since.replace(day=1))
    order = (LeaveCount.month.desc(), LeaveCount.count.desc(), Newsletter.position, LeaveCount.reason)
    return [LeftBecause(*row) for row in session.execute(asked.order_by(*order))]
