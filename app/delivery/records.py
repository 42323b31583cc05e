"""Writing down what became of the tries, many in one transaction. Who calls holds the transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Integer, Select, delete, select, type_coerce, update

from app.delivery import claims, pace, rules, words
from app.delivery.columns import NUMBERS, State, moment, seconds
from app.delivery.inbound.consequences import refused
from app.delivery.journal import Trace
from app.delivery.models import WAITING, Delivery, Message, OnUncertain
from app.delivery.queue import Sender, Span
from app.delivery.rules import Answer, Claimed, Verdict
from app.delivery.services import hold
from app.delivery.upsert import is_postgresql
from app.kernel import clock
from app.kernel.db import session

LOST: Final = "The sender ended before the answer of the server was recorded."
AT_ONCE: Final = 500
# Recorded already, or something came back in the meantime.
_SETTLED: Final = (NUMBERS[State.ACCEPTED], NUMBERS[State.BOUNCED], NUMBERS[State.COMPLAINED])


class Accepting(NamedTuple):
    """How acceptances are written down: the statement, and how it takes the numbers of the deliveries."""

    statement: str
    numbers: str

    @classmethod
    def of(cls, these: str, value: str, numbers: str) -> "Accepting":
        """``these`` deliveries, each ``value`` as the driver wants it marked."""
        return cls(
            f"UPDATE deliveries SET state = {NUMBERS[State.ACCEPTED]}, attempt = attempt + 1, reason_id = 0,"  # noqa: S608
            f" reply_id = {value}, settled_at = {value} WHERE id {these} AND state NOT IN {_SETTLED}",
            numbers,
        )


_SQLITE: Final = Accepting.of("IN (SELECT value FROM json_each(?))", "?", "[{}]")
_POSTGRESQL: Final = Accepting.of("= ANY(%s::bigint[])", "%s", "{{{}}}")


class Card(NamedTuple):
    """What the ledger has to know of a message to judge an answer."""

    id: int
    group: str
    priority: int
    resend: bool
    expires_at: datetime | None


class Tried(NamedTuple):
    """One try and its answer; without an answer the mail could not be written, and ``malformed`` says why."""

    claimed: Claimed
    card: Card
    answer: Answer | None
    malformed: str = ""


def card(message: Message) -> Card:
    """The card of a message."""
    resend = message.on_uncertain is OnUncertain.RESEND
    return Card(message.id, message.group, message.priority, resend, message.expires_at)


def record(way: str, accepted: Mapping[Answer, list[int]], others: Sequence[Tried] = ()) -> None:
    """Write down what became of these tries, whoever holds them by now: what the server said is the truth.

    ``accepted`` are the deliveries that got each of these answers, ``others`` the tries that were not accepted.
    """
    _record(accepted, others)
    if any(tried.answer is not None and rules.asks_to_slow_down(tried.answer) for tried in others):
        pace.slow_down(way)
    elif accepted:
        pace.works(way)


def take_over(owner: str, trace: Trace | None) -> int:
    """Take over from a dead sender; how many deliveries it held or had not recorded.

    With its journal, what was answered is recorded and what was begun is in doubt. Without (its host is lost) or when
    the machine was started anew, everything it held may have been on the wire.
    """
    gone = session.get(Sender, owner, with_for_update=True, populate_existing=True)
    if gone is None:
        return 0
    answers = trace.answers if trace is not None else {}
    rows = {row.id: row for row in session.execute(_rows().where(Delivery.id.in_(answers)))} if answers else {}
    _record_found(rows, answers)
    held = {row.id: row for row in session.execute(_held_by(owner))}
    certain = trace is not None and trace.same_boot
    doubted = set(trace.doubted) if trace is not None and certain else set(held)
    lost = [row for number in sorted(doubted) if (row := held.get(number)) is not None]
    skipped = doubted - set(held)
    lost += session.execute(_rows().where(Delivery.id.in_(skipped), Delivery.state == State.SKIPPED)).all()
    for row in lost:
        _doubt(_claimed(row), _card(row), LOST)
    session.execute(update(Span).where(Span.owner == owner).values(owner=None))
    session.delete(gone)
    session.flush()
    return len(rows) + len(held.keys() | {row.id for row in lost})


def register(owner: str, until: datetime, recorded_to: int) -> None:
    """Say that this sender lives, and how much of its journal is in the ledger."""
    known = update(Sender).where(Sender.owner == owner).values(lease_until=until, recorded_to=recorded_to)
    if not session.execute(known).rowcount:  # type: ignore[attr-defined]
        session.add(Sender(owner=owner, lease_until=until, recorded_to=recorded_to))
        session.flush()


def renew(owner: str, until: datetime) -> None:
    """Keep the lease of a sender that lives."""
    session.execute(update(Sender).where(Sender.owner == owner).values(lease_until=until))


def sign_off(owner: str) -> None:
    """This sender holds nothing any more."""
    session.execute(delete(Sender).where(Sender.owner == owner))


def senders() -> list[Sender]:
    """Who sends, or did and has not been taken over."""
    return list(session.scalars(select(Sender).order_by(Sender.owner)))


def _record(accepted: Mapping[Answer, list[int]], others: Sequence[Tried]) -> None:
    same: dict[tuple[int, str], list[int]] = {}
    for answer, ids in accepted.items():
        assert answer.code is not None
        same.setdefault((answer.code, words.plain(answer.code, answer.text)), []).extend(ids)
    for (code, said), ids in same.items():
        reply = words.number(code, said)
        for at in range(0, len(ids), AT_ONCE):
            _accept(ids[at : at + AT_ONCE], reply)
    for tried in others:
        _record_other(tried)


def _accept(ids: list[int], reply: int) -> None:
    """One statement for lists of any length: it is prepared once. With the numbers written out, each was a new one."""
    way = _POSTGRESQL if is_postgresql() else _SQLITE
    numbers = way.numbers.format(",".join(map(str, ids)))
    session.connection().exec_driver_sql(way.statement, (reply, seconds(clock.now()), numbers))


def _record_other(tried: Tried) -> None:
    claimed, answer = tried.claimed, tried.answer
    if answer is None:
        _end(claimed, State.FAILED, words.number(0, tried.malformed), "malformed")
        return
    verdict = rules.judge(answer)
    if verdict is Verdict.UNCERTAIN:
        _doubt(claimed, tried.card, answer.text)
        return
    said = words.number(answer.code, words.plain(answer.code, answer.text))
    if verdict is Verdict.FAILED:
        _end(claimed, State.FAILED, said, "refused", attempt=claimed.attempt + 1)
        refused(session.get_one(Delivery, claimed.id), answer.code, answer.text)
        return
    due = rules.next_try(claimed, answer, seconds(clock.now()))
    over = tried.card.expires_at is not None and due is not None and due >= seconds(tried.card.expires_at)
    if due is None or over:
        _end(claimed, State.FAILED, said, "expired", attempt=claimed.attempt + 1)
        if not over:
            refused(session.get_one(Delivery, claimed.id), answer.code, answer.text)
    else:
        _defer(claimed, tried.card, due, reply_id=said, attempt=claimed.attempt + 1)
    if verdict is Verdict.POLICY:
        hold(tried.card.group, f"{answer.code} {answer.text}")


def _record_found(rows: Mapping[int, Any], answers: Mapping[int, Answer]) -> None:
    """The answers that a dead sender heard: as if it had recorded them itself."""
    accepted: dict[Answer, list[int]] = {}
    others = []
    for number, row in rows.items():
        answer = answers[number]
        if answer.accepted:
            accepted.setdefault(answer, []).append(number)
        else:
            others.append(Tried(_claimed(row), _card(row), answer))
    _record(accepted, others)


def _doubt(claimed: Claimed, message: Card, said: str) -> None:
    """The outcome is open: a person decides, or it is sent once more with the same Message-ID."""
    values = {"reply_id": words.number(None, said), "doubts": claimed.doubts + 1}
    if message.resend and claimed.doubts == 0:
        _defer(claimed, message, seconds(clock.now() + rules.RETRIES[0]), **values)
    else:
        _end(claimed, State.UNCERTAIN, values["reply_id"], doubts=values["doubts"])


def _defer(claimed: Claimed, message: Card, due: int, **values: Any) -> None:
    deferred = update(Delivery).where(Delivery.id == claimed.id)
    session.execute(deferred.values(state=State.DEFERRED, reason_id=0, due_at=moment(due), **values))
    claims.put_off(claimed.id, message.id, message.priority, due)


def _end(claimed: Claimed, state: State, reply: int, reason: str = "", **values: Any) -> None:
    given = {"state": state, "reply_id": reply, "reason_id": words.number(None, reason), "settled_at": clock.now()}
    session.execute(update(Delivery).where(Delivery.id == claimed.id).values(**given, **values))


def _rows() -> Select[*tuple[Any, ...]]:
    columns = (
        Delivery.id,
        Delivery.address_key,
        Delivery.attempt,
        Delivery.doubts,
        type_coerce(Delivery.queued_at, Integer).label("queued"),
        Delivery.message_id,
        Message.group,
        Message.priority,
        Message.on_uncertain,
        Message.expires_at,
    )
    return select(*columns).join(Message, Message.id == Delivery.message_id)


def _held_by(owner: str) -> Select[*tuple[Any, ...]]:
    """What waits in the stretches of this sender, in the order in which it is sent."""
    stretch = Delivery.id.between(Span.first_id, Span.last_id) & (Delivery.message_id == Span.message_id)
    held = _rows().join(Span, stretch & (Delivery.due_at == Span.due_at))
    return held.where(Span.owner == owner, Delivery.state.in_(WAITING)).order_by(Delivery.id)


def _claimed(row: Any) -> Claimed:
    return Claimed(row.id, row.address_key, "", None, 1, row.attempt, row.doubts, row.queued)


def _card(row: Any) -> Card:
    return Card(row.message_id, row.group, row.priority, row.on_uncertain is OnUncertain.RESEND, row.expires_at)
