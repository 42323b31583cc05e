"""The rows behind the pump: claiming what the pace lets out, recording what became of it.

Who calls holds the transaction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, case, exists, select, update

from app.delivery import rules
from app.delivery.models import WAITING, Delivery, Hold, Message, OnUncertain, State, Suppression, Transport
from app.delivery.rules import Answer, Claimed, Verdict
from app.delivery.services import hold
from app.delivery.suppression import stops_message
from app.delivery.upsert import insert_unless_there
from app.kernel import clock, config, identity
from app.kernel.db import session

BATCH: Final = 200
LEASE: Final = timedelta(seconds=60)
SMTP: Final = "smtp"
_WAITING_STATE: Final = case((Delivery.attempt > 0, State.DEFERRED.value), else_=State.QUEUED.value)
LOST: Final = "The sender ended before the answer of the server was recorded."


@dataclass(slots=True)
class Claim:
    """What one sender may send now, in this order; ``settled`` were skipped, ``paced``: the pace is reached."""

    deliveries: list[Claimed] = field(default_factory=list)
    messages: dict[int, Message] = field(default_factory=dict)
    settled: int = 0
    paced: bool = False


def is_due() -> bool:
    """Whether anything could leave now."""
    transport = session.get(Transport, SMTP)
    if identity.missing() or (transport is not None and _rests(transport)):
        return False
    return session.scalar(_due(clock.now()).limit(1)) is not None


def claim(owner: str) -> Claim:
    """Take as many due deliveries as the pace lets out in 2 seconds; single mails first, then the oldest.

    Nothing while sending is locked (no identity yet) or the transport rests. Suppressions and holds are read here, so
    that whoever was suppressed a moment ago gets nothing.
    """
    now = clock.now()
    transport = _transport(now)
    if identity.missing() or _rests(transport):
        return Claim()
    rate = config.current().send_rate
    allowed = rules.allowance(transport.allowance, transport.counted_at, now, rate)
    if allowed < 1:
        return Claim(paced=True)
    due = _due(now).limit(min(int(allowed), BATCH)).with_for_update(skip_locked=True, of=Delivery)
    rows = session.scalars(due).all()
    claimed = Claim()
    suppressed = _suppressed(rows)
    for row in rows:
        if row.id in suppressed:
            row.state, row.reason = State.SKIPPED, "suppressed"
            claimed.settled += 1
        else:
            row.state, row.lease_owner, row.lease_until = State.SENDING, owner, now + LEASE
    claimed.messages = _messages(rows)
    claimed.deliveries = [_held(row, claimed.messages) for row in rows if row.state is State.SENDING]
    transport.allowance, transport.counted_at = allowed - len(claimed.deliveries), now
    session.flush()
    for message in claimed.messages.values():
        session.expunge(message)  # it is read outside of any transaction, once per letter
    return claimed


def record(item: Claimed, message: Message, answer: Answer) -> Verdict:
    """Write down what became of one try, whoever holds the lease by now: what the server said is the truth."""
    verdict = rules.judge(answer)
    if verdict is Verdict.UNCERTAIN:
        _doubt(item.id, message, item.doubts, answer.text)
        return verdict
    values: dict[str, Any] = {"attempt": item.attempt + 1, "smtp_code": answer.code, "smtp_text": answer.text}
    if verdict is Verdict.ACCEPTED:
        values |= {"state": State.ACCEPTED, "accepted_at": clock.now(), "reason": ""}
    elif verdict is Verdict.FAILED:
        values |= {"state": State.FAILED, "reason": "refused"}
    else:
        values |= _deferral(item)
    _end(item.id, **values)
    if verdict is Verdict.POLICY:
        hold(item.group, f"{answer.code} {answer.text}")
    return verdict


def fail(item: Claimed, text: str) -> None:
    """This mail can never leave: it cannot be written as a message."""
    _end(item.id, state=State.FAILED, reason="malformed", smtp_text=text)


def give_back(owner: str, items: Iterable[Claimed]) -> None:
    """Let go of what was claimed and not begun."""
    ours = update(Delivery).where(Delivery.id.in_([item.id for item in items]), Delivery.lease_owner == owner)
    session.execute(ours.values(state=_WAITING_STATE, lease_owner=None, lease_until=None))


def renew(owner: str) -> None:
    """Keep the lease of a sender that is alive."""
    held = update(Delivery).where(Delivery.state == State.SENDING, Delivery.lease_owner == owner)
    session.execute(held.values(lease_until=clock.now() + LEASE))


def recover(owner: str) -> int:
    """Take over from a dead sender; how many deliveries it held.

    It sent in the order of the claim and recorded each answer at once, so only the first one left can be in doubt.
    """
    held = _ordered(select(Delivery).where(Delivery.state == State.SENDING, Delivery.lease_owner == owner))
    rows = session.scalars(held.with_for_update()).all()
    for position, row in enumerate(rows):
        if position == 0:
            _doubt(row.id, row.message, row.doubts, LOST)
        else:
            _end(row.id, state=_WAITING_STATE)
    return len(rows)


def owners() -> list[tuple[str, datetime]]:
    """Who holds deliveries at the moment, and until when."""
    held = select(Delivery.lease_owner, Delivery.lease_until).where(Delivery.state == State.SENDING).distinct()
    longest: dict[str, datetime] = {}
    for owner, until in session.execute(held):
        if owner is not None and until is not None:
            longest[owner] = max(until, longest.get(owner, until))
    return sorted(longest.items())


def rest(trouble: str) -> None:
    """The server does not take mails at all: ask again later, a little later each time."""
    transport = _transport(clock.now())
    transport.failures += 1
    transport.trouble = trouble
    transport.resting_until = clock.now() + rules.rest(transport.failures)
    session.flush()


def work_again() -> None:
    """The server took a mail: forget the trouble."""
    clear = update(Transport).where(Transport.name == SMTP, Transport.failures > 0)
    session.execute(clear.values(failures=0, trouble="", resting_until=None))


def _rests(transport: Transport) -> bool:
    return transport.resting_until is not None and transport.resting_until > clock.now()


def _due(now: datetime) -> Select[Delivery]:
    held = exists().where(Hold.group == Delivery.group)
    due = select(Delivery).where(Delivery.state.in_(WAITING), Delivery.due_at <= now, ~held)
    return _ordered(due)


def _ordered(query: Select[Delivery]) -> Select[Delivery]:
    return query.order_by(Delivery.priority.desc(), Delivery.due_at, Delivery.id)


def _suppressed(rows: Sequence[Delivery]) -> set[int]:
    stopped = (
        select(Delivery.id)
        .join(Message, Message.id == Delivery.message_id)
        .join(Suppression, Suppression.address_key == Delivery.address_key)
        .where(Delivery.id.in_([row.id for row in rows]), stops_message())
    )
    return set(session.scalars(stopped))


def _messages(rows: Sequence[Delivery]) -> dict[int, Message]:
    wanted = select(Message).where(Message.id.in_({row.message_id for row in rows}))
    return {message.id: message for message in session.scalars(wanted)}


def _held(row: Delivery, messages: dict[int, Message]) -> Claimed:
    return Claimed(
        id=row.id,
        message_id=row.message_id,
        group=row.group,
        address=row.address,
        name=row.name,
        subject_id=row.subject_id,
        generation=row.generation,
        message_ref=f"<{row.id}.{messages[row.message_id].reference}>",
        attempt=row.attempt,
        doubts=row.doubts,
        queued_at=row.queued_at,
    )


def _deferral(item: Claimed) -> dict[str, Any]:
    due_at = rules.next_try(item.attempt + 1, item.queued_at, clock.now())
    if due_at is None:
        return {"state": State.FAILED, "reason": "expired"}
    return {"state": State.DEFERRED, "due_at": due_at}


def _doubt(delivery_id: int, message: Message, doubts: int, text: str) -> None:
    """The outcome is open: a person decides, or it is sent once more with the same Message-ID."""
    values: dict[str, Any] = {"doubts": doubts + 1, "smtp_code": None, "smtp_text": text}
    if message.on_uncertain is OnUncertain.RESEND and doubts == 0:
        _end(delivery_id, state=State.DEFERRED, due_at=clock.now() + rules.RETRIES[0], **values)
    else:
        _end(delivery_id, state=State.UNCERTAIN, **values)


def _end(delivery_id: int, **values: Any) -> None:
    ended = update(Delivery).where(Delivery.id == delivery_id)
    session.execute(ended.values(lease_owner=None, lease_until=None, **values))


def _transport(now: datetime) -> Transport:
    """The row of the way out, locked: two senders share one pace."""
    found = session.get(Transport, SMTP, with_for_update=True)
    if found is None:
        full = rules.capacity(config.current().send_rate)
        row = {"name": SMTP, "allowance": full, "counted_at": now, "failures": 0, "trouble": ""}
        insert_unless_there(Transport.__table__, row)
        found = session.get_one(Transport, SMTP, with_for_update=True)
    return found
