"""Taking from the queue and giving back to it. Who calls holds the transaction.

Taking marks no delivery: it cuts a stretch off the queue (see ``Span``), so that a row is written once more only when
its outcome is known. What was skipped, suppressed or held meanwhile is seen here, at each claim.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Row, Select, delete, exists, func, insert, select, type_coerce, update

from app.delivery import pace, words
from app.delivery.columns import NUMBERS, State, moment, seconds
from app.delivery.models import Delivery, Hold, Message, Suppression
from app.delivery.queue import Span, Transport
from app.delivery.rules import Claimed
from app.delivery.suppression import stops_message
from app.kernel import clock, config, identity
from app.kernel.db import session

DOMAIN_WAIT: Final = timedelta(seconds=60)  # how long a mail waits whose recipient's domain has had enough for now
_D: Final = Delivery.__table__.c
_WAITS: Final = type_coerce(_D.state, Integer) < NUMBERS[State.ACCEPTED]
_PAGE: Final = select(
    _D.id,
    _D.address_key,
    _D.written,
    _D.name,
    _D.subject_id,
    _D.generation,
    _D.attempt,
    _D.doubts,
    type_coerce(_D.queued_at, Integer).label("queued"),
    type_coerce(_D.due_at, Integer).label("due"),
).where(_WAITS)


@dataclass(slots=True, eq=False)
class Piece:
    """A stretch that a sender holds: ``left`` of its deliveries have no outcome yet; ``again``: some go back."""

    span_id: int
    message_id: int
    first_id: int
    last_id: int
    due: int
    priority: int
    left: int = 0
    again: bool = False


@dataclass(slots=True)
class Claim:
    """What one sender may send now, in this order; ``settled`` were stopped, ``paced``: the pace is reached."""

    rows: deque[tuple[Claimed, Piece]] = field(default_factory=deque)
    settled: int = 0
    paced: bool = False


def is_due(way: str, *, single: bool) -> bool:
    """Whether anything could leave by this way now: single mails, or those of an issue."""
    if identity.missing() or pace.rests(session.get(Transport, way)):
        return False
    return session.scalar(_due(single=single).limit(1)) is not None


def claim(owner: str, way: str, *, single: bool, most: int) -> Claim:
    """Take as many due deliveries as the pace lets out in 2 seconds, ``most`` at most; the oldest first.

    Nothing while sending is locked (no identity yet) or the way rests. Mails of an issue leave room for single ones.
    """
    now = clock.now()
    transport = pace.locked(way, now)
    if identity.missing() or pace.rests(transport):
        return Claim()
    allowed = pace.allowed(transport, now)
    if not single and allowed <= most:
        allowed -= session.scalar(select(func.count()).select_from(_due(single=True).limit(most).subquery())) or 0
    if allowed < 1:
        return Claim(paced=True)
    taking = _Taking(owner, min(allowed, most))
    due = _due(single=single).limit(taking.room).with_for_update(skip_locked=True, of=Span)
    taking.take(session.execute(due).all())
    pace.took(transport, now, len(taking.claim.rows))
    session.flush()
    return taking.claim


def finish(pieces: Sequence[Piece]) -> None:
    """All of these is recorded: what was not sent goes back to the queue, the rest of the stretch is forgotten."""
    if done := [piece.span_id for piece in pieces if not piece.again]:
        session.execute(delete(Span).where(Span.id.in_(done)))
    if back := [piece.span_id for piece in pieces if piece.again]:
        session.execute(update(Span).where(Span.id.in_(back)).values(owner=None))


def give_back(rows: Sequence[tuple[Claimed, Piece]]) -> None:
    """Put back what was taken and not begun: for each stretch the end of it, since it is sent in its order."""
    first: dict[Piece, int] = {}
    for claimed, piece in rows:
        first.setdefault(piece, claimed.id)
        piece.left -= 1
    for piece, from_id in first.items():
        if piece.left == 0 or from_id == piece.first_id:
            piece.again = True
            continue
        session.execute(update(Span).where(Span.id == piece.span_id).values(last_id=from_id - 1))
        session.execute(insert(Span).values(_span(piece.message_id, from_id, piece.last_id, piece.due, piece.priority)))
        piece.last_id = from_id - 1


def put_off(claimed_id: int, message_id: int, priority: int, due: int) -> None:
    """Hand this delivery out anew at another moment than before; its row says the same moment (``due_at``)."""
    session.execute(insert(Span).values(_span(message_id, claimed_id, claimed_id, due, priority)))


def is_wanted(delivery_id: int) -> bool:
    """Whether this delivery still waits, and nothing has stopped it since it was taken."""
    held = exists().where(Hold.group == Message.group)
    suppressed = exists().where(Suppression.address_key == Delivery.address_key, stops_message())
    wanted = select(Delivery.id).join(Message, Message.id == Delivery.message_id)
    return session.scalar(wanted.where(Delivery.id == delivery_id, _WAITS, ~held, ~suppressed)) is not None


class _Taking:
    """One claim while it is made."""

    def __init__(self, owner: str, room: int) -> None:
        self.claim = Claim()
        self.room = room
        self._owner = owner
        self._now = clock.now()

    def take(self, spans: Sequence[Row[Any]]) -> None:
        """Take from these stretches in their order until there is enough."""
        at = 0
        while at < len(spans) and len(self.claim.rows) < self.room:
            until = at + 1
            if spans[at].expires_at is not None and spans[at].expires_at <= self._now:
                self._expire(spans[at])
            elif spans[at].first_id == spans[at].last_id:
                while until < len(spans) and spans[until].first_id == spans[until].last_id:
                    until += 1
                self._take_ones(spans[at : min(until, at + self.room - len(self.claim.rows))])
            else:
                self._take_range(spans[at])
            at = until

    def _take_range(self, span: Row[Any]) -> None:
        room = self.room - len(self.claim.rows)
        within = _D.id.between(span.first_id, span.last_id)
        matching = (_D.message_id == span.message_id, within, type_coerce(_D.due_at, Integer) == seconds(span.due_at))
        rows = session.execute(_PAGE.where(*matching).order_by(_D.id).limit(room)).all()
        piece = _piece(span)
        if len(rows) < room or rows[-1].id == span.last_id:
            if rows:
                session.execute(update(Span).where(Span.id == span.id).values(owner=self._owner))
            else:
                session.execute(delete(Span).where(Span.id == span.id))
        else:
            piece.last_id = rows[-1].id
            session.execute(update(Span).where(Span.id == span.id).values(first_id=piece.last_id + 1))
            taken = _span(span.message_id, piece.first_id, piece.last_id, piece.due, piece.priority, self._owner)
            piece.span_id = session.scalars(insert(Span).values(taken).returning(Span.id)).one()
        if rows:
            self._hold([(row, piece) for row in rows], _D.id.between(piece.first_id, piece.last_id))

    def _take_ones(self, spans: Sequence[Row[Any]]) -> None:
        """Single deliveries: those that do not wait any more, or for another moment, are struck from the queue."""
        within = _D.id.in_([span.first_id for span in spans])
        found = {row.id: row for row in session.execute(_PAGE.where(within))}
        taken, stale = [], []
        for span in spans:
            row = found.get(span.first_id)
            if row is not None and row.due == seconds(span.due_at):
                taken.append((row, _piece(span)))
            else:
                stale.append(span.id)
        if stale:
            session.execute(delete(Span).where(Span.id.in_(stale)))
        if taken:
            ids = [piece.span_id for _, piece in taken]
            session.execute(update(Span).where(Span.id.in_(ids)).values(owner=self._owner))
            self._hold(taken, within)

    def _hold(self, taken: list[tuple[Row[Any], Piece]], within: ColumnElement[bool]) -> None:
        stopped = self._suppress(within) | self._spread([row for row, _ in taken], taken)
        for row, piece in taken:
            if row.id not in stopped:
                piece.left += 1
                address = row.written or row.address_key
                self.claim.rows.append(
                    (
                        Claimed(
                            row.id,
                            address,
                            row.name,
                            row.subject_id,
                            row.generation,
                            row.attempt,
                            row.doubts,
                            row.queued,
                        ),
                        piece,
                    )
                )
        finish([piece for piece in dict.fromkeys(piece for _, piece in taken) if not piece.left])

    def _suppress(self, within: ColumnElement[bool]) -> set[int]:
        found = select(Delivery.id).join(Suppression, Suppression.address_key == Delivery.address_key)
        found = found.join(Message, Message.id == Delivery.message_id).where(within, _WAITS, stops_message())
        stopped = set(session.scalars(found))
        if stopped:
            self._skip(_D.id.in_(stopped), "suppressed")
        return stopped

    def _spread(self, rows: Sequence[Row[Any]], taken: list[tuple[Row[Any], Piece]]) -> set[int]:
        """Those whose domain has had enough for now wait a minute (SEND_DOMAINS)."""
        if not config.current().send_domains:
            return set()
        left = pace.over_their_limit([_domain(row) for row in rows], self._now)
        later = self._now + DOMAIN_WAIT
        put: set[int] = set()
        for row, piece in taken:
            left[_domain(row)] = left.get(_domain(row), len(rows)) - 1
            if left[_domain(row)] < 0:
                session.execute(update(Delivery).where(Delivery.id == row.id).values(due_at=later))
                put_off(row.id, piece.message_id, piece.priority, seconds(later))
                put.add(row.id)
        return put

    def _expire(self, span: Row[Any]) -> None:
        """What the mail speaks of is over: an event that has begun."""
        matching = _D.id.between(span.first_id, span.last_id) & (_D.message_id == span.message_id)
        self._skip(matching & (type_coerce(_D.due_at, Integer) == seconds(span.due_at)) & _WAITS, "expired")
        session.execute(delete(Span).where(Span.id == span.id))

    def _skip(self, which: ColumnElement[bool], reason: str) -> None:
        values = {"state": State.SKIPPED, "reason_id": words.number(None, reason), "settled_at": self._now}
        done: Any = session.execute(update(Delivery).where(which).values(values))
        self.claim.settled += done.rowcount


def _due(*, single: bool) -> Select[*tuple[Any, ...]]:
    held = exists().where(Hold.group == Message.group)
    lane = Span.priority > 0 if single else Span.priority == 0
    columns = (Span.id, Span.message_id, Span.first_id, Span.last_id, Span.due_at, Span.priority, Message.expires_at)
    due = select(*columns).join(Message, Message.id == Span.message_id)
    due = due.where(Span.owner.is_(None), lane, Span.due_at <= clock.now(), ~held)
    return due.order_by(Span.priority.desc(), Span.due_at, Span.id)


def _piece(span: Row[Any]) -> Piece:
    return Piece(span.id, span.message_id, span.first_id, span.last_id, seconds(span.due_at), span.priority)


def _span(
    message_id: int, first_id: int, last_id: int, due: int, priority: int, owner: str | None = None
) -> dict[str, Any]:
    return {
        "message_id": message_id,
        "first_id": first_id,
        "last_id": last_id,
        "due_at": moment(due),
        "priority": priority,
        "owner": owner,
    }


def _domain(row: Row[Any]) -> str:
    return str(row.address_key).rpartition("@")[2]
