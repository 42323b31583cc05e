"""What changes the ledger from above: skipping, holding, releasing, sending again on purpose."""

from typing import Any

from sqlalchemy import ColumnElement, CursorResult, delete, func, select, update

from app.delivery import turns, words
from app.delivery.addresses import is_to
from app.delivery.columns import moment, seconds
from app.delivery.models import WAITING, Delivery, Hold, Message, State
from app.delivery.queue import Span
from app.delivery.upsert import insert_unless_there
from app.kernel import audit, clock
from app.kernel.db import session
from app.kernel.errors import Conflict, NotFound
from app.kernel.i18n import lazy


class NotUncertain(Conflict):
    """Only a delivery whose outcome is in doubt can be sent again."""


def skip(
    reason: str,
    *,
    address: str | None = None,
    group: str | None = None,
    subject_id: int | None = None,
    subject_kind: str = "subscription",
) -> int:
    """Stop what has not left yet, for an address, a group, a subscription, or what these have in common; how many.

    What is on the wire at this moment may still arrive, and is then recorded as accepted; 2 seconds later nothing does.
    """
    wanted: list[ColumnElement[bool]] = []
    if address is not None:
        wanted.append(is_to(address))
    if group is not None:
        first, last = _stretch_of(group)
        of_group = select(Message.id).where(Message.group == group)
        wanted += [Delivery.id.between(first, last), Delivery.message_id.in_(of_group)]
    if subject_id is not None:
        of_kind = select(Message.id).where(Message.subject_kind == subject_kind)
        wanted += [Delivery.subject_id == subject_id, Delivery.message_id.in_(of_kind)]
    if not wanted:
        raise ValueError("Say what to skip: an address, a group or a subject.")
    turns.leave()
    skipped = session.execute(
        update(Delivery)
        .where(Delivery.state.in_(WAITING), *wanted)
        .values(state=State.SKIPPED, reason_id=words.number(None, reason), settled_at=clock.now())
    )
    assert isinstance(skipped, CursorResult)
    return skipped.rowcount


def hold(group: str, reason: str = "") -> None:
    """Let nothing more of this group leave until it is released; the first reason stays."""
    insert_unless_there(Hold.__table__, {"group": group, "reason": reason, "at": clock.now()})


def release(group: str) -> None:
    """Let the group go on; what was deferred waits for its own time."""
    session.execute(delete(Hold).where(Hold.group == group))


def send_again(delivery_id: int) -> Delivery:
    """Send a delivery in doubt once more, with the same Message-ID, because a person decided so.

    Raises NotFound, or NotUncertain if its outcome is known.
    """
    delivery = session.get(Delivery, delivery_id)
    if delivery is None:
        raise NotFound(lazy("Diese Zustellung gibt es nicht. Bitte öffnen Sie die Übersicht neu."))
    if delivery.state is not State.UNCERTAIN:
        raise NotUncertain(lazy("Der Stand hat sich geändert. Bitte prüfen Sie die Übersicht."))
    # A moment that no stretch of the queue had before: what hands it out is the new one alone.
    delivery.due_at = moment(min(seconds(delivery.due_at), seconds(clock.now())) - 1)
    delivery.state, delivery.doubts, delivery.settled_at = State.QUEUED, 0, None
    audit.record("resent", f"delivery:{delivery.id}", {"group": delivery.group, "doubt": delivery.smtp_text})
    again = Span(message_id=delivery.message_id, first_id=delivery.id, last_id=delivery.id, due_at=delivery.due_at)
    again.priority = delivery.message.priority
    session.add(again)
    session.flush()
    return delivery


def send_all_again(group: str) -> int:
    """Send all deliveries of this group that are in doubt once more, because a person decided so; how many.

    Those whose outcome became known meanwhile stay as they are.
    """
    first, last = _stretch_of(group)
    of_group = Delivery.message_id.in_(select(Message.id).where(Message.group == group))
    doubtful = select(Delivery.id).where(Delivery.id.between(first, last), of_group, Delivery.state == State.UNCERTAIN)
    return len([send_again(number) for number in session.scalars(doubtful.order_by(Delivery.id)).all()])


def _stretch_of(group: str) -> tuple[Any, Any]:
    """Between which numbers the deliveries of this group lie."""
    first, last = (
        select(column).where(Message.group == group).scalar_subquery()
        for column in (func.min(Message.first_id), func.max(Message.last_id))
    )
    return first, last
