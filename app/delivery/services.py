"""What changes the ledger from above: skipping, holding, releasing, sending again on purpose."""

from sqlalchemy import ColumnElement, CursorResult, delete, update

from app.delivery.models import WAITING, Delivery, Hold, State
from app.delivery.rules import address_key
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

    What a sender holds at this moment leaves within 2 seconds and is not touched.
    """
    wanted: list[ColumnElement[bool]] = []
    if address is not None:
        wanted.append(Delivery.address_key == address_key(address))
    if group is not None:
        wanted.append(Delivery.group == group)
    if subject_id is not None:
        wanted += [Delivery.subject_id == subject_id, Delivery.subject_kind == subject_kind]
    if not wanted:
        raise ValueError("Say what to skip: an address, a group or a subject.")
    skipped = session.execute(
        update(Delivery).where(Delivery.state.in_(WAITING), *wanted).values(state=State.SKIPPED, reason=reason)
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
    delivery.state, delivery.due_at = State.QUEUED, clock.now()
    delivery.doubts = 0
    audit.record("resent", f"delivery:{delivery.id}", {"group": delivery.group, "doubt": delivery.smtp_text})
    session.flush()
    return delivery
