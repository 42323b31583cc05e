"""One's own data by a fresh mail: asking for the link, what it opens, and the files to take along."""

import csv
import io
import json
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import func, select

from app import delivery
from app.kernel import clock, privacy, tokens
from app.kernel.db import session
from app.kernel.errors import Gone
from app.kernel.i18n import _, lazy
from app.subscriptions import erasure, limits, mails
from app.subscriptions.models import DataLink
from app.subscriptions.periods import DATA_LINK_VALID
from app.subscriptions.rules import MAILS_PER_DAY

AT_ONCE: Final = 100
FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")


def ask(address: str, lang: str) -> None:
    """Write down that somebody wants to see what is kept about this address; the job answers by mail.

    Takes the same steps for every address, known or not. At most three times in 24 hours.
    """
    key = delivery.address_key(address)
    since = clock.now() - timedelta(days=1)
    asked = session.scalar(select(func.count(DataLink.id)).where(DataLink.address == key, DataLink.created_at > since))
    now = clock.now()
    if (asked or 0) < MAILS_PER_DAY:
        session.add(DataLink(address=key, lang=lang, created_at=now, expires_at=now + DATA_LINK_VALID))
        session.flush()


def answer_next() -> int:
    """Send the links that were asked for to addresses that something is kept about; how many were answered.

    Of others nothing stays: they get no mail, so that nobody can have us write to strangers. At most three mails a day
    per address, those of all other forms included.
    """
    waiting = select(DataLink).where(DataLink.digest.is_(None)).order_by(DataLink.id).limit(AT_ONCE)
    rows = session.scalars(waiting.with_for_update(skip_locked=True)).all()
    for row in rows:
        if _is_kept(row.address) and limits.may_mail(row.address):
            _send(row)
        else:
            session.delete(row)
    session.flush()
    return len(rows)


def _is_kept(address: str) -> bool:
    """Whether anything but this very request is kept about the address."""
    return any(kind.name != "subscriptions.data_links" for kind, _records in erasure.known(address))


def _send(row: DataLink) -> None:
    drawn = tokens.draw()
    row.digest = drawn.digest
    row.expires_at = clock.now() + DATA_LINK_VALID
    mail = mails.my_data(drawn.token, row.created_at, row.lang)
    delivery.queue_one("my_data", mail, row.address, group=f"my_data:{drawn.digest[:20]}")


def find(token: str) -> DataLink:
    """The link with this token. Raises BadToken for one that is not ours or was used to erase, Gone after 24 hours."""
    row = session.scalar(select(DataLink).where(DataLink.digest == tokens.digest(token)))
    if row is None:
        raise tokens.BadToken(
            lazy("Dieser Link ist unvollständig oder nicht mehr gespeichert. Bitte fordern Sie einen neuen an.")
        )
    if row.expires_at <= clock.now():
        raise Gone(lazy("Dieser Link ist älter als 24 Stunden. Bitte fordern Sie einen neuen an."))
    return row


def as_json(address: str) -> bytes:
    """All that is kept about an address, for machines (Art. 20 GDPR)."""
    kept = {"address": address, "made_at": clock.now().isoformat(), "kept": erasure.flat(erasure.known(address))}
    return json.dumps(kept, ensure_ascii=False, indent=2).encode()


def as_csv(address: str) -> bytes:
    """The same as a table: one line per fact, for spreadsheets (UTF-8 with BOM, semicolons; no formula can hide)."""
    lines = io.StringIO()
    table = csv.writer(lines, delimiter=";")
    table.writerow([_("Daten"), _("Eintrag"), _("Angabe"), _("Wert")])
    for kind, records in erasure.known(address):
        for record in records:
            for one in record.facts:
                row = (kind.what, record.title, one.label, privacy.readable(one.value))
                table.writerow([_harmless(str(value)) for value in row])
    return lines.getvalue().encode("utf-8-sig")


def _harmless(value: Any) -> str:
    return f"'{value}" if value.startswith(FORMULAS) else str(value)
