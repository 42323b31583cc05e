"""What the ledger keeps about people, shows them, and forgets."""

import re
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import String, cast, func, literal, or_, select, update

from app.delivery import periods, words
from app.delivery.addresses import Address, forget_number, is_to
from app.delivery.inbound.models import ReturnedMail
from app.delivery.models import Delivery, Message, Reply, Suppression
from app.delivery.queries import KIND_LABELS, STATE_LABELS, of_address
from app.delivery.services import skip
from app.delivery.suppression import forget_address, suppression
from app.kernel.db import session
from app.kernel.i18n import lazy
from app.kernel.privacy import Period, PersonalData, Record, fact, without

NOBODY: Final = "erased-"
SECRET: Final = re.compile(r"(https?://\S+?/)[\w-]{20,}")
HANDED_ON: Final = "reply"


def _disclose(address: str) -> list[Record]:
    number = session.scalar(select(Address.id).where(Address.address_key == address))
    named = fact("address", lazy("E-Mail-Adresse"), address), fact("number", lazy("Nummer"), number)
    listed = [Record(lazy("Unter welcher Nummer die Zustellung Ihre Adresse führt"), named)] if number else []
    return listed + [_record(one) for one in of_address(address)]


def _record(one: Delivery) -> Record:
    facts = (
        fact("address", lazy("E-Mail-Adresse"), one.address),
        fact("name", lazy("Name in der Anrede"), one.name),
        fact("kind", lazy("Art"), str(KIND_LABELS.get(one.message.kind, one.message.kind))),
        fact("queued_at", lazy("Vorbereitet"), one.queued_at),
        fact("state", lazy("Stand"), str(STATE_LABELS[one.state])),
        fact("accepted_at", lazy("Vom Mailserver angenommen"), one.accepted_at),
        fact("smtp_text", lazy("Antwort des Mailservers"), one.smtp_text),
        fact("reason", lazy("Grund"), one.reason),
        fact("text", lazy("Text"), _open(one.message.text) if _is_single(one.message) else None),
    )
    return Record(lazy("E-Mail: %(subject)s", subject=one.message.subject or "–"), facts)


def _open(text: str) -> str:
    """A text without the secret parts of its links: who takes it along shall not pass them on."""
    return SECRET.sub(r"\1…", text)


def _is_single(message: Message) -> bool:
    return message.prepared == 1 and message.kind != "issue"


def _erase(address: str) -> int:
    """Nothing waits any more, the rows stay as figures without an address, and single mails lose their text."""
    skip("erased", address=address)
    mine = of_address(address)
    for said in {one.reply_id: one for one in mine if address in one.smtp_text.lower()}.values():
        reply = session.get_one(Reply, said.reply_id)
        said_without = words.number(reply.code, without(reply.text, [address, said.address]))
        session.execute(update(Delivery).where(Delivery.reply_id == reply.id).values(reply_id=said_without))
        session.delete(reply)
    session.flush()
    blank([one.message_id for one in mine if _is_single(one.message)])
    nobody = literal(NOBODY).concat(cast(Delivery.id, String))
    ours = update(Delivery).where(Delivery.id.in_([one.id for one in mine]))
    session.execute(ours.values(address_key=nobody, address_id=-Delivery.id, written="", name="", subject_id=None))
    forget_number(address)
    session.expire_all()
    return len(mine)


def blank(message_ids: Iterable[int]) -> int:
    """Delete what these mails said: they were for one person, or told about one; how many."""
    ids = list(message_ids)
    gone: dict[str, Any] = {"subject": "", "text": "", "html": "", "headers": {}, "files": [], "calendar": b""}
    gone["reply_to"] = ""
    session.execute(update(Message).where(Message.id.in_(ids)).values(gone))
    return len(ids)


def _holders() -> Iterable[str]:
    named = select(Delivery.address_key).where(Delivery.address_key.contains("@"))
    return session.scalars(named.union(select(Address.address_key)))


def _disclose_suppression(address: str) -> list[Record]:
    found = suppression(address)
    if found is None:
        return []
    facts = (
        fact("address", lazy("E-Mail-Adresse"), found.address_key),
        fact("reason", lazy("Grund"), found.reason.value),
        fact("at", lazy("Wann"), found.at),
        fact("evidence", lazy("Beleg"), found.evidence),
    )
    return [Record(lazy("Sperre: An diese Adresse senden wir nichts"), facts)]


def _erase_suppression(address: str) -> int:
    return int(forget_address(address))


def _suppressed() -> Iterable[str]:
    known = select(Suppression.address_key).where(Suppression.address_key.is_not(None))
    return [key for key in session.scalars(known) if key]


def _returned(address: str) -> list[ReturnedMail]:
    """What came back from this address, or about a mail to it."""
    mine = select(Delivery.id).where(is_to(address))
    about = or_(
        ReturnedMail.address_key == address,
        func.lower(ReturnedMail.sender) == address,
        ReturnedMail.delivery_id.in_(mine),
    )
    return list(session.scalars(select(ReturnedMail).where(about).order_by(ReturnedMail.id)))


def _disclose_returned(address: str) -> list[Record]:
    return [
        Record(
            lazy("E-Mail, die zurückkam oder die Sie uns schrieben: %(title)s", title=one.title or "–"),
            (
                fact("at", lazy("Wann"), one.at),
                fact("address", lazy("E-Mail-Adresse"), one.address_key),
                fact("sender", lazy("Absender"), one.sender),
                fact("text", lazy("Text"), one.text),
                fact("raw", lazy("Ganze E-Mail"), one.raw.decode("utf-8", "replace") if one.raw else None),
            ),
        )
        for one in _returned(address)
    ]


def _erase_returned(address: str) -> int:
    """The rows stay as figures; what was handed on to the team is deleted, too."""
    found = [one.id for one in _returned(address)]
    handed_on = [f"{HANDED_ON}:{number}" for number in found]
    blank(session.scalars(select(Message.id).where(Message.group.in_(handed_on))))
    gone: dict[str, Any] = {"address_key": None, "sender": "", "title": "", "text": "", "raw": None}
    session.execute(update(ReturnedMail).where(ReturnedMail.id.in_(found)).values(gone))
    session.expire_all()
    return len(found)


def naming(address: str, kind: str) -> list[Message]:
    """Single mails of this kind whose text names this address, such as reports to the team, oldest first."""
    told = func.lower(Message.text).contains(address, autoescape=True)
    return list(session.scalars(select(Message).where(Message.kind == kind, told).order_by(Message.id)))


PERSONAL_DATA: Final = [
    PersonalData(
        lazy("E-Mails, die zurückkommen oder an uns geschrieben werden: Rückläufer, Beschwerden, Antworten"),
        lazy("Nicht an Postfächer senden, die es nicht gibt; Abmeldungen befolgen; Ihnen antworten"),
        lazy("Art. 6 Abs. 1 Buchst. e DSGVO"),
        Period(lazy("%(days)s Tage nach dem Eingang", days=periods.LEDGER_DAYS)),
        name="delivery.returned",
        ended_by="delivery.empty_returned_mails",
        remains=lazy("Es bleibt, wie viele E-Mails zurückkamen, ohne Adresse und ohne Inhalt."),
        columns=(
            *(f"returned_mails.{name}" for name in ("address_key", "sender", "title", "text", "raw")),
            "soft_bounces.digest",
        ),
        disclose=_disclose_returned,
        erase=_erase_returned,
    ),
    PersonalData(
        lazy("Zustellung: an welche Adresse welche Nachricht wann ging, mit der Antwort des Mailservers"),
        lazy("Nichts doppelt oder vergeblich senden; Fehler finden"),
        lazy("Art. 6 Abs. 1 Buchst. e DSGVO"),
        Period(
            lazy(
                "Die Adressen %(days)s Tage nach dem Ende des Versands, der Text von E-Mails nur an Sie %(text)s Tage "
                "nach dem Versand",
                days=periods.LEDGER_DAYS,
                text=periods.TEXT_KEPT.days,
            )
        ),
        name="delivery.ledger",
        ended_by="delivery.forget_addresses",
        remains=lazy("Es bleibt, wie viele E-Mails versendet wurden, ohne Adresse und ohne den Text an Sie."),
        columns=(
            *(f"deliveries.{name}" for name in ("address_key", "written", "name")),
            *(f"messages.{name}" for name in ("subject", "text", "html", "headers", "files", "calendar")),
            "messages.reply_to",
            "delivery_addresses.address_key",
            "delivery_replies.text",
        ),
        disclose=_disclose,
        erase=_erase,
        holders=_holders,
    ),
    PersonalData(
        lazy("Sperrliste: Adressen, an die wir nichts senden, mit dem Grund"),
        lazy("Nicht an Postfächer senden, die es nicht gibt, oder gegen Ihren Wunsch"),
        lazy("Art. 6 Abs. 1 Buchst. c und e DSGVO (Art. 21 DSGVO)"),
        Period(lazy("Bis die Sperre aufgehoben wird; nach einer Löschung nur als Prüfsumme mit Schlüssel")),
        name="delivery.suppressions",
        remains=lazy(
            "Haben Sie gewünscht, dass wir Ihnen nie mehr schreiben, bleibt dafür eine Prüfsumme Ihrer Adresse mit "
            "unserem Schlüssel. Wir können daraus Ihre Adresse nicht ablesen, aber erkennen, wenn jemand sie einträgt."
        ),
        columns=("suppressions.digest", "suppressions.address_key", "suppressions.evidence"),
        disclose=_disclose_suppression,
        erase=_erase_suppression,
        holders=_suppressed,
    ),
]
