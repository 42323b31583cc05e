"""What the delivery forgets, and when: addresses in the ledger, texts for one person, mails that came back.

Figures remain. Who calls holds the transaction; each function does one piece of the work and says how much.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, bindparam, delete, exists, select, update

from app.delivery import periods, words
from app.delivery.inbound import rules
from app.delivery.inbound.models import ReturnedMail, SoftBounce
from app.delivery.models import OPEN, Delivery, Message, State
from app.delivery.privacy import blank
from app.delivery.queries import SENDING_KINDS
from app.kernel import clock, tokens
from app.kernel.db import session

ROWS: Final = 5_000
MESSAGES: Final = 200
PURPOSE: Final = "ledger"
HASH_LENGTH: Final = 32

_EMPTY: Final[dict[str, Any]] = {"address_key": None, "sender": "", "title": "", "text": "", "raw": None}


def forget_addresses() -> int:
    """Put keyed hashes in the place of addresses LEDGER_DAYS after the last mail of a message got its outcome.

    5,000 rows or 200 messages at once. What was in doubt all that time cannot be sent again any more.
    """
    before = clock.now() - periods.ledger_period()
    worked = 0
    for message in session.execute(_closed(before)):
        rows = session.execute(_named(message).limit(ROWS)).all()
        _hash(rows)
        worked += len(rows)
        if len(rows) < ROWS:
            session.execute(update(Message).where(Message.id == message.id).values(forgotten_at=clock.now()))
            worked += 1
        if worked >= ROWS:
            break
    return worked


def blank_single_mails() -> int:
    """Delete what mails to one person said, with the links in them, 14 days after they were written; how many."""
    over = Message.created_at <= clock.now() - periods.TEXT_KEPT
    unsettled = exists().where(
        Delivery.id.between(Message.first_id, Message.last_id),
        Delivery.message_id == Message.id,
        Delivery.state.in_((*OPEN, State.UNCERTAIN)),
    )
    single = Message.kind.not_in(SENDING_KINDS), Message.prepared <= 1, Message.text != ""
    found = session.scalars(select(Message.id).where(over, *single, ~unsettled).limit(MESSAGES)).all()
    blank(found)
    session.expire_all()
    return len(found)


def empty_returned_mails() -> int:
    """Delete what came back LEDGER_DAYS ago, evidence included; what it was and what followed stays. How many."""
    before = clock.now() - periods.ledger_period()
    full = ReturnedMail.raw.is_not(None) | ReturnedMail.address_key.is_not(None) | (ReturnedMail.sender != "")
    found = session.scalars(select(ReturnedMail.id).where(ReturnedMail.at <= before, full).limit(MESSAGES)).all()
    session.execute(update(ReturnedMail).where(ReturnedMail.id.in_(found)).values(_EMPTY))
    session.expire_all()
    return len(found)


def forget_soft_bounces() -> int:
    """Forget counts that no issue has touched for 180 days; how many."""
    old = delete(SoftBounce).where(SoftBounce.last_at <= clock.now() - rules.SOFT_FORGOTTEN)
    return session.execute(old).rowcount  # type: ignore[attr-defined,no-any-return]


def _closed(before: datetime) -> Select[int, int, int]:
    """Messages whose deliveries all have had their outcome since then; most of them have one delivery."""
    lasting = exists().where(
        Delivery.id.between(Message.first_id, Message.last_id),
        Delivery.message_id == Message.id,
        Delivery.state.in_(OPEN) | (Delivery.settled_at > before),
    )
    wanted = select(Message.id, Message.first_id, Message.last_id).where(
        Message.forgotten_at.is_(None), Message.created_at <= before, ~lasting
    )
    return wanted.order_by(Message.id).limit(MESSAGES)


def _named(message: Any) -> Select[int, str, State]:
    return (
        select(Delivery.id, Delivery.address_key, Delivery.state)
        .where(Delivery.id.between(message.first_id, message.last_id), Delivery.message_id == message.id)
        .where(Delivery.address_key.contains("@"))
        .order_by(Delivery.id)
    )


def _hash(rows: Any) -> None:
    if not rows:
        return
    table: Any = Delivery.__table__
    hashed = [{"row": row.id, "key": tokens.keyed_hash(PURPOSE, row.address_key)[:HASH_LENGTH]} for row in rows]
    by_id = update(table).where(table.c.id == bindparam("row"))
    values = {"address_key": bindparam("key"), "address_id": -table.c.id, "written": "", "name": ""}
    session.connection().execute(by_id.values(values), hashed)
    doubted = [row.id for row in rows if row.state is State.UNCERTAIN]
    late = {"state": State.SKIPPED, "reason_id": words.number(None, "too_old")}
    if doubted:
        session.execute(update(Delivery).where(Delivery.id.in_(doubted)).values(**late))
    session.expire_all()
