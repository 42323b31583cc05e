"""The delivery in figures, for those who watch it from outside: no address, no name, no words of a mail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select

from app.delivery.columns import State
from app.delivery.inbound.models import ReturnedMail
from app.delivery.models import ACCEPTED, WAITING, Delivery, Hold, Message, Suppression
from app.delivery.queries import OF_MESSAGE
from app.delivery.queue import Span
from app.delivery.watch.rules import Hindrance
from app.delivery.watch.waiting import deferrals
from app.delivery.watch.ways import Life, Way, processes, ways
from app.kernel import clock, identity
from app.kernel.db import session


@dataclass(slots=True)
class Outgoing:
    """A kind of mail over a way out: how many deliveries were prepared, and how many are in which state."""

    way: str
    kind: str
    prepared: int = 0
    states: dict[State, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits, and who works on it. ``single_idle_since`` and ``issue_idle_since``: since when mails could have left
    and nobody has taken any; ``beat_at``: when a sending process was last heard of.
    """

    oldest_single_at: datetime | None
    single_idle_since: datetime | None
    issue_idle_since: datetime | None
    deferred: Mapping[Hindrance, int]
    lives: Mapping[Life, int]
    beat_at: datetime | None
    is_locked: bool


def outgoing() -> list[Outgoing]:
    """The whole ledger in figures. Bounced and complained count as accepted: the server had taken them over.

    It looks at every row: ask seldom.
    """
    known = ways()
    single = Message.priority > 0
    found: dict[tuple[str, bool], Outgoing] = {}
    prepared = select(Message.kind, single, func.sum(Message.prepared)).group_by(Message.kind, single)
    for kind, alone, count in session.execute(prepared.order_by(Message.kind, single)):
        way = next(way.name for way in known if (way.takes_singles if alone else way.takes_issues))
        found[kind, bool(alone)] = Outgoing(way, kind, int(count))
    counted = select(Message.kind, single, Delivery.state, func.count()).join(Delivery, OF_MESSAGE)
    for kind, alone, state, count in session.execute(counted.group_by(Message.kind, single, Delivery.state)):
        states = found[kind, bool(alone)].states
        state = State.ACCEPTED if state in ACCEPTED else state
        states[state] = states.get(state, 0) + count
    return list(found.values())


def queue() -> Queue:
    """What waits now; it looks at what waits only."""
    sending, known = processes(), ways()
    deferred = dict.fromkeys(Hindrance, 0)
    for deferral in deferrals():
        deferred[deferral.why] += deferral.count
    return Queue(
        oldest_single_at=_oldest_single_at(),
        single_idle_since=_idle_since(Span.priority > 0, next(way for way in known if way.takes_singles)),
        issue_idle_since=_idle_since(Span.priority == 0, next(way for way in known if way.takes_issues)),
        deferred=deferred,
        lives={life: sum(process.life is life for process in sending) for life in Life},
        beat_at=max((process.beat_at for process in sending), default=None),
        is_locked=bool(identity.missing()),
    )


def returned_counts() -> list[tuple[str, str, int]]:
    """What came back by mail: kind, cause, how many."""
    wanted = select(ReturnedMail.kind, ReturnedMail.cause, func.count()).group_by(ReturnedMail.kind, ReturnedMail.cause)
    return [(row[0], row[1], row[2]) for row in session.execute(wanted.order_by(ReturnedMail.kind, ReturnedMail.cause))]


def suppressed_counts() -> list[tuple[str, int]]:
    """How many addresses get nothing any more, by reason."""
    wanted = select(Suppression.reason, func.count()).group_by(Suppression.reason)
    return sorted((row[0].value, row[1]) for row in session.execute(wanted))


def _oldest_single_at() -> datetime | None:
    waiting = select(func.min(Delivery.queued_at)).select_from(Span)
    waiting = waiting.join(Delivery, Delivery.id.between(Span.first_id, Span.last_id))
    return session.scalar(waiting.where(Span.priority > 0, Delivery.state.in_(WAITING)))


def _idle_since(lane: ColumnElement[bool], way: Way) -> datetime | None:
    held = exists().where(Hold.group == Message.group)
    due = select(func.min(Span.due_at)).join(Message, Message.id == Span.message_id)
    oldest = session.scalar(due.where(Span.owner.is_(None), lane, Span.due_at <= clock.now(), ~held))
    return max(oldest, way.used_at) if oldest is not None and way.used_at is not None else oldest
