"""Questions about what came back: the list of the desk, one mail with its evidence, who gets nothing any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import undefer

from app.delivery.inbound.models import Consequence, ReturnedMail
from app.delivery.inbound.reading import Cause, Kind, Proof
from app.delivery.models import Reason, Suppression
from app.delivery.rules import address_key
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy
from app.kernel.paging import Part, part

PAGE: Final = 50

KIND_LABELS: Final[dict[str, Any]] = {
    Kind.DSN.value: lazy("Unzustellbar"),
    Kind.COMPLAINT.value: lazy("Beschwerde"),
    Kind.REPLY.value: lazy("Antwort"),
    Kind.UNSUBSCRIBE.value: lazy("Abmeldung"),
    Kind.AUTO_REPLY.value: lazy("Automatische Antwort"),
    Kind.UNKNOWN.value: lazy("Nicht verstanden"),
}
CAUSE_LABELS: Final[dict[str, Any]] = {
    Cause.HARD.value: lazy("Postfach gibt es nicht"),
    Cause.FULL.value: lazy("Postfach ist voll"),
    Cause.SOFT.value: lazy("vorübergehend nicht erreichbar"),
    Cause.MESSAGE.value: lazy("Nachricht nicht angenommen, zum Beispiel zu groß"),
    Cause.POLICY.value: lazy("aus Gründen abgelehnt, die bei uns liegen"),
    Cause.FORWARDED.value: lazy("jemand hinter einer Weiterleitung war nicht erreichbar"),
    Cause.DELAYED.value: lazy("verzögert, es wird weiter versucht"),
    Cause.DELIVERED.value: lazy("zugestellt"),
}
CONSEQUENCE_LABELS: Final[dict[str, Any]] = {
    Consequence.SUPPRESSED.value: lazy("Adresse gesperrt"),
    Consequence.COUNTED.value: lazy("gezählt"),
    Consequence.RETURNED.value: lazy("vermerkt, zählt nicht gegen die Person"),
    Consequence.NOTED.value: lazy("nur vermerkt"),
    Consequence.UNSUBSCRIBED.value: lazy("abgemeldet"),
    Consequence.LINK_SENT.value: lazy("Link zum Abmelden geschickt"),
    Consequence.FORWARDED.value: lazy("an die Redaktion weitergeleitet"),
    Consequence.IGNORED.value: lazy("keine"),
    Consequence.KEPT.value: lazy("aufbewahrt, bitte ansehen"),
}
PROOF_LABELS: Final[dict[str, Any]] = {
    Proof.VERP.value: lazy("bewiesen: durch die Rücksendeadresse dieser einen Nachricht"),
    Proof.ENVID.value: lazy("bewiesen: durch die Kennung dieser einen Nachricht"),
    Proof.LINK.value: lazy("belegt: durch den Abmeldelink, den auch eine weitergeleitete Nachricht zeigt"),
    Proof.MESSAGE_ID.value: lazy("vermutet: durch die Kennung der Ausgabe"),
    Proof.ADDRESS.value: lazy("behauptet: die Rückmeldung nennt nur eine Adresse"),
    Proof.NONE.value: lazy("nicht erkannt"),
}
REASON_LABELS: Final[dict[Reason, Any]] = {
    Reason.BOUNCE: lazy("Postfach nicht erreichbar"),
    Reason.COMPLAINT: lazy("Beschwerde"),
    Reason.WISH: lazy("Wunsch der Person"),
    Reason.STAFF: lazy("Entscheidung der Redaktion"),
}


@dataclass(frozen=True, slots=True)
class Returned:
    """One page of the list; ``counts`` are those of all kinds, whatever is shown."""

    rows: Sequence[ReturnedMail]
    number: int
    pages: int
    total: int
    counts: dict[str, int]


def returned_mails(kind: str = "", text: str = "", number: int = 1) -> Returned:
    """What came back, newest first; of one kind, or about an address that contains this text."""
    wanted = select(ReturnedMail)
    if kind in KIND_LABELS:
        wanted = wanted.where(ReturnedMail.kind == kind)
    if sought := text.strip().lower():
        wanted = wanted.where(
            or_(
                ReturnedMail.address_key.contains(sought, autoescape=True),
                ReturnedMail.sender.contains(sought, autoescape=True),
            )
        )
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    shown = part(number, total, PAGE)
    rows = session.scalars(wanted.order_by(ReturnedMail.id.desc()).offset(shown.first).limit(PAGE)).all()
    grouped = session.execute(select(ReturnedMail.kind, func.count()).group_by(ReturnedMail.kind))
    return Returned(rows, shown.number, shown.pages, total, {row[0]: row[1] for row in grouped})


def get_returned(mail_id: int) -> ReturnedMail:
    """One mail that came back. Raises NotFound."""
    found = session.scalar(select(ReturnedMail).where(ReturnedMail.id == mail_id).options(undefer(ReturnedMail.raw)))
    if found is None:
        raise NotFound(lazy("Diese Rückmeldung gibt es nicht mehr. Bitte öffnen Sie die Liste neu."))
    return found


def of_address(address: str) -> Sequence[ReturnedMail]:
    """What came back from or about this address, newest first."""
    key = address_key(address)
    about = or_(ReturnedMail.address_key == key, ReturnedMail.sender == key)
    return session.scalars(select(ReturnedMail).where(about).order_by(ReturnedMail.id.desc())).all()


def suppressions(number: int = 1) -> tuple[Sequence[Suppression], Part, int]:
    """Who gets nothing any more, newest first: one page, which one it is, how many in all."""
    total = session.scalar(select(func.count(Suppression.digest))) or 0
    shown = part(number, total, PAGE)
    wanted = select(Suppression).order_by(Suppression.at.desc(), Suppression.digest)
    return session.scalars(wanted.offset(shown.first).limit(PAGE)).all(), shown, total
