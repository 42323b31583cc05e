"""What waits for another try, and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Integer, and_, exists, func, select, type_coerce

from app.delivery.columns import State
from app.delivery.models import Delivery, Hold, Message, Reply
from app.delivery.queue import Span
from app.delivery.watch.rules import Hindrance, hindrance
from app.kernel.db import session

CLASS_LENGTH: Final = 7  # what is looked at of an answer to tell its class: the enhanced code, "4.7.10 "


@dataclass(frozen=True, slots=True)
class Deferral:
    """Mails that wait for another try for the same reason; ``example`` is what the server said to one of them.

    ``held``: they are stopped, and nothing is tried until a person lets them go on.
    """

    why: Hindrance
    held: bool
    count: int
    next_at: datetime
    last_at: datetime
    example: str


def deferrals(group: str | None = None) -> list[Deferral]:
    """Why mails wait for another try: of one sending, or of all; the most frequent reason first.

    A delivery that waits for another try is a stretch of the queue of its own.
    """
    alone = and_(Span.message_id == Delivery.message_id, Span.first_id == Delivery.id, Span.last_id == Delivery.id)
    quota = func.lower(Reply.text).like("%quota%")
    held = exists().where(Hold.group == Message.group)
    key = Reply.code, func.substr(Reply.text, 1, CLASS_LENGTH), quota, held
    columns = func.count(), func.min(Delivery.due_at), func.max(Delivery.due_at), func.min(Reply.text)
    wanted = select(Reply.code, held, *columns).select_from(Span).join(Delivery, alone)
    wanted = wanted.join(Message, Message.id == Delivery.message_id).outerjoin(Reply, Reply.id == Delivery.reply_id)
    due = type_coerce(Span.due_at, Integer) == type_coerce(Delivery.due_at, Integer)
    wanted = wanted.where(Delivery.state == State.DEFERRED, due)
    if group is not None:
        wanted = wanted.where(Message.group == group)
    found: dict[tuple[Hindrance, bool], Deferral] = {}
    for code, held_up, count, next_at, last_at, text in session.execute(wanted.group_by(*key)):
        why = hindrance(code, text or "")
        example = f"{code} {text}" if code else text or ""
        one, key_of = Deferral(why, bool(held_up), count, next_at, last_at, example), (why, bool(held_up))
        found[key_of] = _together(found[key_of], one) if key_of in found else one
    return sorted(found.values(), key=lambda deferral: (-deferral.count, deferral.why, deferral.held))


def _together(one: Deferral, other: Deferral) -> Deferral:
    most = max(one, other, key=lambda deferral: deferral.count)
    first, last = min(one.next_at, other.next_at), max(one.last_at, other.last_at)
    return Deferral(one.why, one.held, one.count + other.count, first, last, most.example)
