"""How far each sending is that is under way, how fast it goes, and when it will be out."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Integer, Select, and_, case, func, select, type_coerce

from app.delivery.columns import NUMBERS, State, moment, seconds
from app.delivery.models import ACCEPTED, Delivery, Hold, Message, Reply
from app.delivery.queries import CANCELLED, OF_MESSAGE, SENDING_KINDS, Progress, figures
from app.delivery.queue import Span
from app.delivery.watch.rules import done_at, speed
from app.delivery.watch.ways import Way, ways
from app.kernel import clock, identity
from app.kernel.db import session

RECENT: Final = timedelta(minutes=5)  # over what the speed is measured
AFTERGLOW: Final = timedelta(minutes=10)  # so long a sending that is done is still shown among those under way
BUSY: Final = 5  # seconds between two looks while something leaves
CALM: Final = 30
SHARE: Final = 20  # a look that took long is repeated after twenty times as long
SETTLED: Final = type_coerce(Delivery.settled_at, Integer)


@dataclass(frozen=True, slots=True)
class Outlook:
    """A sending under way: ``deferred`` of its open deliveries wait for another try, ``waiting`` for their first.

    ``rate`` is measured, in mails per minute over the last five; None while there is too little to say. ``done_at`` is
    when the last first try will be through; None while it is held, or nothing can be said. ``rests_until``: the server
    takes nothing until then. ``cancelled``: how many do not get it because it was broken off.
    ``cost``: how many seconds it took to find all this out.
    """

    progress: Progress
    deferred: int = 0
    rate: float | None = None
    last_at: datetime | None = None
    done_at: datetime | None = None
    rests_until: datetime | None = None
    cancelled: int = 0
    cost: float = field(default=0.0, compare=False)

    @property
    def waiting(self) -> int:
        """How many have not been tried yet."""
        return max(0, self.progress.open - self.deferred)

    @property
    def settled(self) -> int:
        """How many have an outcome."""
        return self.progress.prepared - self.progress.open

    @property
    def share(self) -> int:
        """How much has an outcome, in per cent, rounded down; 100 only when all have."""
        return 100 * self.settled // self.progress.prepared if self.progress.prepared else 0

    @property
    def every(self) -> int:
        """After how many seconds to look again: often while it leaves, but never for more than a twentieth of
        the time, however long the ledger is.
        """
        return max(BUSY if self.state == "sending" else CALM, round(SHARE * self.cost))

    @property
    def state(self) -> str:
        """``broken``, ``cancelled``, ``held``, ``finished`` or ``sending``."""
        if not self.progress.balances:
            return "broken"
        if self.cancelled and self.progress.finished:
            return "cancelled"
        if self.progress.held is not None:
            return "held"
        return "finished" if self.progress.finished else "sending"


def under_way(known: list[Way]) -> list[Outlook]:
    """The issues that are being sent, in the order in which they leave; those that were done a moment ago last."""
    return _outlooks(_candidates(), known)


def outlook(group: str) -> Outlook:
    """One sending, whether it is under way or not; others that leave before it are counted in."""
    found = {outlook.progress.group: outlook for outlook in _outlooks({*_candidates(), group}, ways(), keep={group})}
    return found.get(group, Outlook(Progress(group)))


def _candidates() -> set[str]:
    """What still lies in the queue, and what ended a moment ago: the last of its deliveries has."""
    queued = select(Message.group).join(Span, Span.message_id == Message.id)
    glowing = seconds(clock.now() - AFTERGLOW) <= SETTLED
    ended = select(Message.group).join(Delivery, Delivery.id == Message.last_id).where(glowing)
    return {
        group
        for wanted in (queued, ended)
        for group in session.scalars(wanted.where(Message.kind.in_(SENDING_KINDS)).distinct())
    }


def _outlooks(groups: Collection[str], known: list[Way], keep: Collection[str] = ()) -> list[Outlook]:
    """In four queries, however many there are: what is open in the order in which it leaves, then the newest done."""
    begun = time.monotonic()
    now, way = clock.now(), next(way for way in known if way.takes_issues)
    counted = _counted(groups, now)
    held = {hold.group: hold.reason for hold in session.scalars(select(Hold).where(Hold.group.in_(groups)))}
    measured = speed(sum(one.recent for one in counted.values()), _first(counted), now)
    found, ahead, unlocked = [], 0, not identity.missing()
    for group, prepared, subject, begun_at in session.execute(_messages(groups)):
        one = counted.get(group, _Counted())
        progress = figures(group, prepared, one.states, held.get(group), subject, begun_at)
        if progress.open == 0 and group not in keep and (one.last_at or begun_at) < now - AFTERGLOW:
            continue
        deferred = one.states.get(State.DEFERRED, 0)
        moves = unlocked and progress.held is None
        ahead += progress.open - deferred if moves else 0
        ready = _ready(ahead, measured, way, now) if moves and progress.open > deferred else None
        rests = way.rests_until if moves and progress.open else None
        rate = speed(one.recent, one.first_at, now)
        found.append(Outlook(progress, deferred, rate, one.last_at, ready, rests, one.cancelled))
    cost = time.monotonic() - begun
    done = [one for one in reversed(found) if one.progress.open == 0]
    return [replace(one, cost=cost) for one in [*(one for one in found if one.progress.open), *done]]


def _messages(groups: Collection[str]) -> Select[*tuple[Any, ...]]:
    columns = Message.group, func.sum(Message.prepared), func.max(Message.subject), func.min(Message.created_at)
    return select(*columns).where(Message.group.in_(groups)).group_by(Message.group).order_by(func.min(Message.id))


@dataclass(slots=True)
class _Counted:
    """One group: how many are in which state, accepted lately and since when, cancelled; the last outcome."""

    states: dict[State, int] = field(default_factory=dict)
    recent: int = 0
    cancelled: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None


def _counted(groups: Collection[str], now: datetime) -> dict[str, _Counted]:
    accepted = type_coerce(Delivery.state, Integer).in_([NUMBERS[state] for state in ACCEPTED])
    lately = and_(seconds(now - RECENT) < SETTLED, accepted)
    columns = func.sum(case((lately, 1), else_=0)), func.min(case((lately, SETTLED))), func.max(SETTLED)
    reason = select(Reply.id).where(Reply.code == 0, Reply.text == CANCELLED).scalar_subquery()
    spared = func.sum(case((Delivery.reason_id == reason, 1), else_=0))
    wanted = select(Message.group, Delivery.state, func.count(), spared, *columns).join(Delivery, OF_MESSAGE)
    wanted = wanted.where(Message.group.in_(groups)).group_by(Message.group, Delivery.state)
    found: dict[str, _Counted] = {}
    for group, state, count, cancelled, recent, first, last in session.execute(wanted):
        one = found.setdefault(group, _Counted())
        one.states[state] = count
        one.recent += int(recent)
        one.cancelled += int(cancelled) if state is State.SKIPPED else 0
        if first:
            one.first_at = min(one.first_at or now, moment(first))
        if last:
            one.last_at = max(one.last_at or moment(last), moment(last))
    return found


def _first(counted: Mapping[str, _Counted]) -> datetime | None:
    return min((one.first_at for one in counted.values() if one.first_at is not None), default=None)


def _ready(owed: int, measured: float | None, way: Way, now: datetime) -> datetime | None:
    """When so many will have left by the way of the issues: at its pace, or as fast as was measured if that is less."""
    speeds = [rate for rate in (way.rate, measured) if rate]
    return done_at(owed, min(speeds), way.windows, way.rests_until or now) if speeds else None
