"""How many get how far with their sign-up, and how fast: figures per day and newsletter, and nothing about anybody.

Views of pages are not counted: link scanners would be.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from app.kernel import clock
from app.kernel.db import insert, session
from app.subscriptions.models import FunnelDay, Newsletter

BUCKETS: Final = (
    ("in_minutes", timedelta(minutes=10)),
    ("in_an_hour", timedelta(hours=1)),
    ("in_a_day", timedelta(days=1)),
)
COUNTS: Final = ("requested", "mailed", "confirmed", "in_minutes", "in_an_hour", "in_a_day", "later")


@dataclass(frozen=True, slots=True)
class Funnel:
    """Of the sign-ups for one newsletter: how many got how far. ``confirmed`` is the sum of the four after it."""

    newsletter: str
    requested: int = 0
    mailed: int = 0
    confirmed: int = 0
    in_minutes: int = 0
    in_an_hour: int = 0
    in_a_day: int = 0
    later: int = 0

    @property
    def share(self) -> int | None:
        """How many in a hundred of those who got the mail have confirmed; None if nobody got one."""
        return round(100 * self.confirmed / self.mailed) if self.mailed else None


def count_request(newsletters: Iterable[Newsletter], *, mailed: bool) -> None:
    """Somebody signed up for these, now; ``mailed``: and the mail that asks for confirmation is on its way."""
    _count(clock.now(), newsletters, {"requested": 1, "mailed": int(mailed)})


def count_confirmation(newsletters: Iterable[Newsletter], mailed_at: datetime) -> None:
    """The link of a mail from that moment was confirmed, now; it counts for the day of the mail."""
    took = clock.now() - mailed_at
    bucket = next((name for name, most in BUCKETS if took <= most), "later")
    _count(mailed_at, newsletters, {"confirmed": 1, bucket: 1})


def _count(at: datetime, newsletters: Iterable[Newsletter], more: dict[str, int]) -> None:
    day = clock.local(at).date()
    for newsletter in newsletters:
        row = {"day": day, "newsletter_id": newsletter.id, **dict.fromkeys(COUNTS, 0), **more}
        added = {name: getattr(FunnelDay, name) + number for name, number in more.items()}
        statement = insert(FunnelDay.__table__).values(row)
        session.execute(statement.on_conflict_do_update(index_elements=["day", "newsletter_id"], set_=added))


def funnel(since: date) -> Sequence[Funnel]:
    """The sums of all days from this one on, for each newsletter in its order, also where nobody signed up."""
    sums = [func.coalesce(func.sum(getattr(FunnelDay, name)), 0) for name in COUNTS]
    own = (FunnelDay.newsletter_id == Newsletter.id) & (FunnelDay.day >= since)
    rows = session.execute(
        select(Newsletter.title, *sums)
        .outerjoin(FunnelDay, own)
        .group_by(Newsletter.id, Newsletter.title, Newsletter.position)
        .order_by(Newsletter.position, Newsletter.id)
    )
    return [Funnel(title, *(int(number) for number in counts)) for title, *counts in rows]
