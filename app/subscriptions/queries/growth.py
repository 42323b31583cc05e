"""How the lists grow and shrink, from the history itself: nobody is followed for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.delivery.models import Reason, Suppression
from app.kernel import clock
from app.kernel.db import session
from app.subscriptions.models import Declaration, DeclarationKind, State, Subscription


@dataclass(frozen=True, slots=True)
class Month:
    """What happened in one month; ``first`` is its first day."""

    first: date
    confirmed: int
    imported: int
    left: int
    bounced: int

    @property
    def change(self) -> int:
        """By how many more or fewer people were reached at its end, as far as they decided."""
        return self.confirmed + self.imported - self.left


def growth(months: int = 12) -> Sequence[Month]:
    """The last months, the present one first, of all newsletters together; in two questions."""
    firsts = _firsts(months)
    starts = [clock.at_local(first, time()) for first in firsts]
    ends = [clock.at_local(_next(first), time()) for first in firsts]
    kinds = (DeclarationKind.CONFIRMED, DeclarationKind.IMPORTED, DeclarationKind.WITHDRAWN)
    counted = select(Declaration.kind, *_sums(Declaration.at, starts, ends)).where(
        Declaration.kind.in_(kinds), Declaration.at >= starts[-1]
    )
    said = {kind: counts for kind, *counts in session.execute(counted.group_by(Declaration.kind))}
    bounces = select(*_sums(Suppression.at, starts, ends)).where(Suppression.reason == Reason.BOUNCE)
    bounced = [int(count or 0) for count in session.execute(bounces).one()]
    nothing = [0] * months
    confirmed, imported, left = (said.get(kind, nothing) for kind in kinds)
    return [
        Month(first, int(confirmed[place]), int(imported[place]), int(left[place]), bounced[place])
        for place, first in enumerate(firsts)
    ]


def active_people() -> int:
    """How many addresses take at least one newsletter now."""
    distinct = func.count(func.distinct(Subscription.subscriber_id))
    return session.scalar(select(distinct).where(Subscription.state == State.ACTIVE)) or 0


def _sums(
    column: InstrumentedAttribute[datetime], starts: Sequence[datetime], ends: Sequence[datetime]
) -> list[ColumnElement[Any]]:
    return [
        func.sum(case(((column >= start) & (column < end), 1), else_=0))
        for start, end in zip(starts, ends, strict=True)
    ]


def _firsts(months: int) -> list[date]:
    first, found = clock.today().replace(day=1), []
    for _number in range(months):
        found.append(first)
        first = date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
    return found


def _next(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
