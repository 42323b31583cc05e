"""Taking from the queue and giving back to it. Who calls holds the transaction.

Taking marks no delivery: it cuts a stretch off the queue (see ``Span``), so that a row is written once more only when
its outcome is known. What was skipped, suppressed or held meanwhile is seen here, at each claim.
"""

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import repeat
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Row, Select, delete, exists, func, insert, select, type_coerce, update

from app.delivery import pace, words
from app.delivery.columns import NUMBERS, State, moment, seconds
from app.delivery.models import Delivery, Hold, Message, Suppression
from app.delivery.queue import Span, Transport
from app.delivery.rules import Claimed, address_key
from app.delivery.suppression import stops_message
from app.kernel import clock, config, identity
from app.kernel.db import session

DOMAIN_WAIT: Final = timedelta(seconds=60)  # how long a mail waits whose recipient's domain has had enough for now
AT_LEAST: Final = 1000  # deliveries looked through at once
# What a sender wants to know, in the order of ``Claimed``; read by the driver itself, a thousand rows at a time.
_ROW: Final = (  # state 2 and more: it waits no longer
    "SELECT id, CASE WHEN written = '' THEN address_key ELSE written END, name, subject_id, generation, attempt,"
    " doubts, queued_at, due_at FROM deliveries WHERE state < 2 AND "
)
_WAITS: Final = type_coerce(Delivery.state, Integer) < NUMBERS[State.ACCEPTED]
_claimed: Final = partial(tuple.__new__, Claimed)
_piece_of: Final = itemgetter(1)


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
        piece = _piece(span)
        rows = _first_of(span, piece.due, room)
        if not rows:
            session.execute(delete(Span).where(Span.id == span.id))
            return
        last = rows[-1].id
        if len(rows) < room or last == span.last_id:
            session.execute(update(Span).where(Span.id == span.id).values(owner=self._owner))
        else:
            piece.last_id = last
            session.execute(update(Span).where(Span.id == span.id).values(first_id=last + 1))
            taken = _span(span.message_id, piece.first_id, last, piece.due, piece.priority, self._owner)
            piece.span_id = session.scalars(insert(Span).values(taken).returning(Span.id)).one()
        which = (Delivery.message_id == span.message_id) & Delivery.id.between(piece.first_id, piece.last_id)
        self._hold(zip(rows, repeat(piece), strict=False), which)

    def _take_ones(self, spans: Sequence[Row[Any]]) -> None:
        """Single deliveries: those that do not wait any more, or for another moment, are struck from the queue."""
        ids = [span.first_id for span in spans]
        found = {claimed.id: claimed for claimed in _read(f"id IN ({','.join(map(str, ids))})")}
        taken: list[tuple[Claimed, Piece]] = []
        stale = []
        for span in spans:
            claimed = found.get(span.first_id)
            if claimed is not None and claimed.due_at == seconds(span.due_at):
                taken.append((claimed, _piece(span)))
            else:
                stale.append(span.id)
        if stale:
            session.execute(delete(Span).where(Span.id.in_(stale)))
        if taken:
            held = update(Span).where(Span.id.in_([piece.span_id for _, piece in taken]))
            session.execute(held.values(owner=self._owner))
            self._hold(taken, Delivery.id.in_(ids))

    def _hold(self, taken: Iterable[tuple[Claimed, Piece]], which: ColumnElement[bool]) -> None:
        pairs = list(taken)
        stopped = self._suppress(which) | self._spread(pairs)
        if stopped:
            pieces = dict.fromkeys(piece for _, piece in pairs)
            pairs = [(claimed, piece) for claimed, piece in pairs if claimed.id not in stopped]
            finish(list(pieces.keys() - {piece for _, piece in pairs}))
        for piece, count in Counter(map(_piece_of, pairs)).items():
            piece.left = count
        self.claim.rows.extend(pairs)

    def _suppress(self, which: ColumnElement[bool]) -> set[int]:
        found = select(Delivery.id).join(Suppression, Suppression.address_key == Delivery.address_key)
        found = found.join(Message, Message.id == Delivery.message_id).where(which, _WAITS, stops_message())
        stopped = set(session.scalars(found))
        if stopped:
            self._skip(Delivery.id.in_(stopped), "suppressed")
        return stopped

    def _spread(self, pairs: Sequence[tuple[Claimed, Piece]]) -> set[int]:
        """Those whose domain has had enough for now wait a minute (SEND_DOMAINS)."""
        if not config.current().send_domains:
            return set()
        domains = [address_key(claimed.address).rpartition("@")[2] for claimed, _ in pairs]
        left = pace.over_their_limit(domains, self._now)
        later = self._now + DOMAIN_WAIT
        put: set[int] = set()
        for domain, (claimed, piece) in zip(domains, pairs, strict=True):
            left[domain] = left.get(domain, len(pairs)) - 1
            if left[domain] < 0:
                session.execute(update(Delivery).where(Delivery.id == claimed.id).values(due_at=later))
                put_off(claimed.id, piece.message_id, piece.priority, seconds(later))
                put.add(claimed.id)
        return put

    def _expire(self, span: Row[Any]) -> None:
        """What the mail speaks of is over: an event that has begun."""
        matching = Delivery.id.between(span.first_id, span.last_id) & (Delivery.message_id == span.message_id)
        self._skip(matching & (type_coerce(Delivery.due_at, Integer) == seconds(span.due_at)) & _WAITS, "expired")
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


def _first_of(span: Row[Any], due: int, room: int) -> list[Claimed]:
    """The first ``room`` deliveries of this stretch, looked for in parts of it that double.

    PostgreSQL has no statistics yet of an issue that was just prepared: asked for the first of the whole stretch, it
    read and sorted all that is left of it, at each claim.
    """
    rows: list[Claimed] = []
    begin, width = span.first_id, max(AT_LEAST, 2 * room)
    while begin <= span.last_id and len(rows) < room:
        end = min(span.last_id, begin + width - 1)
        which = f"message_id = {span.message_id} AND id BETWEEN {begin} AND {end} AND due_at = {due}"
        rows += _read(f"{which} ORDER BY id LIMIT {room - len(rows)}")
        begin, width = end + 1, 2 * width
    return rows


def _read(which: str) -> list[Claimed]:
    """The deliveries that wait, by the driver itself; ``which`` is ours and holds numbers only."""
    cursor = session.connection().exec_driver_sql(_ROW + which).cursor
    assert cursor is not None
    return list(map(_claimed, cursor.fetchall()))
