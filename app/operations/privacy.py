"""What the operation keeps about people: the audit log, the demo's mailbox, and the period of the log."""

from datetime import time
from typing import Final

from sqlalchemy import delete

from app.kernel import audit, clock, config
from app.kernel.audit import AuditEntry
from app.kernel.db import session
from app.kernel.i18n import lazy
from app.kernel.privacy import Period, PersonalData, Record, fact
from app.operations.demo import places
from app.operations.demo.mailbox import Mailbox, StoredMail

AUDIT_YEARS: Final = 3


def _disclose_audit(address: str) -> list[Record]:
    return [
        Record(
            lazy("Eintrag im Protokoll der Redaktion"),
            (
                fact("at", lazy("Wann"), one.at),
                fact("verb", lazy("Was"), one.verb),
                fact("subject", lazy("Woran"), one.subject),
                fact("detail", lazy("Einzelheiten"), one.detail),
            ),
        )
        for one in audit.naming(address)
    ]


def forget_audit() -> int:
    """Delete what the audit log says about years that are over for longer than its period; how many entries."""
    today = clock.today()
    since = clock.at_local(today.replace(year=today.year - AUDIT_YEARS, month=1, day=1), time())
    gone = session.execute(delete(AuditEntry).where(AuditEntry.at < since))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _mails_about(address: str) -> list[StoredMail]:
    if not config.current().demo:
        return []
    return [mail for mail in _mailbox().mails() if _tells(mail, address)]


def _mailbox() -> Mailbox:
    return places.mailbox()


def _tells(mail: StoredMail, address: str) -> bool:
    if address in {recipient.lower() for recipient in mail.recipients}:
        return True
    return address in f"{mail.message['To']} {mail.body('plain')}".lower()


def _disclose_mailbox(address: str) -> list[Record]:
    return [
        Record(lazy("E-Mail im Postfach der Vorführung"), (fact("subject", lazy("Betreff"), mail.subject),))
        for mail in _mails_about(address)
    ]


def _erase_mailbox(address: str) -> int:
    mails = _mails_about(address)
    for mail in mails:
        _mailbox().remove(mail.key)
    return len(mails)


PERSONAL_DATA: Final = [
    PersonalData(
        lazy("Protokoll der Redaktion: wer wann was getan hat"),
        lazy("Nachvollziehbarkeit, Schutz vor Missbrauch"),
        lazy("Art. 6 Abs. 1 Buchst. c und e DSGVO (Art. 32 DSGVO)"),
        Period(lazy("Bis zum Ende des %(years)d. Jahres nach dem Eintrag", years=AUDIT_YEARS)),
        name="operations.audit",
        ended_by="operations.forget_audit",
        remains=lazy("Im Protokoll der Redaktion bleibt, dass etwas geschah; Ihre Adresse wird darin unkenntlich."),
        columns=("audit_entries.actor_name", "audit_entries.subject", "audit_entries.detail"),
        disclose=_disclose_audit,
        erase=audit.forget,
    ),
    PersonalData(
        lazy("Postfach der Vorführung: alle E-Mails, die diese Vorführung versendet hätte"),
        lazy("Zeigen, was ankäme"),
        lazy("Nur mit erdachten Personen"),
        Period(lazy("Bis die Vorführung neu beginnt")),
        name="operations.mailbox",
        disclose=_disclose_mailbox,
        erase=_erase_mailbox,
        demo_only=True,
    ),
]
