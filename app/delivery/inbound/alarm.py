"""An issue that too many servers or people send back is stopped before the rest leaves, and a person decides."""

from typing import Final, NamedTuple

from sqlalchemy import func, select

from app.delivery.inbound.models import ReturnedMail
from app.delivery.inbound.reading import Cause, Kind
from app.delivery.models import Delivery, Message
from app.delivery.queries import SENDING_KINDS, progress
from app.delivery.services import hold
from app.kernel import audit
from app.kernel.db import session
from app.kernel.i18n import lazy


class Limit(NamedTuple):
    """From how many mails on, and above which share of the accepted ones, an issue is stopped, and what is said."""

    least: int
    share: float
    said: object


GONE: Final = Limit(20, 0.05, lazy("Viele Adressen dieser Ausgabe gibt es nicht. Bitte prüfen Sie, woher sie stammen."))
COMPLAINTS: Final = Limit(3, 0.003, lazy("Mehrere Personen haben sich über diese Ausgabe beschwert."))
REFUSED: Final = Limit(
    20, 0.05, lazy("Viele Mailserver lehnen diese Ausgabe ab. Bitte sehen Sie die Rückmeldungen an.")
)
EVERY: Final = 5  # the figures of a large issue take a moment


def watch(delivery: Delivery, kind: Kind, cause: Cause | None) -> None:
    """Hold the issue of this delivery if what came back so far is beyond the limit, and something still waits."""
    limit = _limit(kind, cause)
    message = delivery.message
    if limit is None or message.kind not in SENDING_KINDS:
        return
    bad = _count(message.group, kind, cause)
    if bad < limit.least or (bad - limit.least) % EVERY:
        return
    figures = progress(message.group)
    if figures.open and figures.held is None and bad > limit.share * figures.accepted:
        hold(message.group, str(limit.said))
        audit.record("held", f"sending:{message.group}", {"kind": kind.value, "returned": bad})


def _limit(kind: Kind, cause: Cause | None) -> Limit | None:
    if kind is Kind.COMPLAINT:
        return COMPLAINTS
    return {Cause.HARD: GONE, Cause.POLICY: REFUSED}.get(cause) if cause is not None else None


def _count(group: str, kind: Kind, cause: Cause | None) -> int:
    returned = (
        select(func.count(func.distinct(ReturnedMail.delivery_id)))
        .join(Delivery, Delivery.id == ReturnedMail.delivery_id)
        .join(Message, Message.id == Delivery.message_id)
        .where(Message.group == group, ReturnedMail.kind == kind.value)
    )
    return session.scalar(returned.where(ReturnedMail.cause == (cause.value if cause else ""))) or 0
