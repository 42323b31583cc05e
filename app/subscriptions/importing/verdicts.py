"""What becomes of a row, and why. Nothing here asks the database."""

import re
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, Final, NamedTuple

from app.kernel import clock
from app.kernel.errors import Invalid
from app.kernel.i18n import lazy
from app.subscriptions.importing.columns import Row
from app.subscriptions.models import Basis
from app.subscriptions.rules import Address, read_address


class Verdict(StrEnum):
    """What becomes of a row. Only ``NEW`` and ``ADDED`` change anything."""

    NEW = "new"
    ADDED = "added"
    SUBSCRIBED = "subscribed"
    PENDING = "pending"
    WITHDRAWN = "withdrawn"
    SUPPRESSED = "suppressed"
    DUPLICATE = "duplicate"
    INVALID = "invalid"
    UNPROVEN = "unproven"
    UNPLACED = "unplaced"


TAKEN: Final = frozenset({Verdict.NEW, Verdict.ADDED})

LABELS: Final[dict[Verdict, Any]] = {
    Verdict.NEW: lazy("neu"),
    Verdict.ADDED: lazy("Person schon bekannt, Newsletter kommt hinzu"),
    Verdict.SUBSCRIBED: lazy("schon abonniert"),
    Verdict.PENDING: lazy("wartet auf eigene Bestätigung"),
    Verdict.WITHDRAWN: lazy("hat sich abgemeldet"),
    Verdict.SUPPRESSED: lazy("gesperrt"),
    Verdict.DUPLICATE: lazy("doppelt in der Datei"),
    Verdict.INVALID: lazy("keine gültige Adresse"),
    Verdict.UNPROVEN: lazy("Nachweis fehlt"),
    Verdict.UNPLACED: lazy("Gemeinde nicht erkannt"),
}

# What the second part of a verdict says; %(about)s is what belongs to the one row.
REASONS: Final[dict[str, Any]] = {
    "same": lazy("gleiche Adresse wie in Zeile %(about)s"),
    "no_address": lazy("Das Feld ist leer."),
    "no_at": lazy("Es fehlt das Zeichen @."),
    "blank": lazy("Die Adresse enthält Leerzeichen oder mehrere Adressen."),
    "too_long": lazy("Die Adresse ist zu lang."),
    "domain": lazy("Der Teil nach dem @ ist kein vollständiger Name, zum Beispiel amt.de."),
    "local": lazy("Der Teil vor dem @ ist nicht erlaubt."),
    "no_date": lazy("Wann eingewilligt wurde, fehlt."),
    "bad_date": lazy("Das Datum „%(about)s“ ist nicht lesbar. Schreiben Sie es zum Beispiel so: 08.12.2026."),
    "future": lazy("Das Datum „%(about)s“ liegt in der Zukunft."),
    "no_how": lazy("Wie eingewilligt wurde, fehlt."),
    "no_wording": lazy("Der Wortlaut der Einwilligung fehlt."),
    "place": lazy("„%(about)s“ ist keine oder nicht nur eine Gemeinde."),
    "bounce": lazy("E-Mails an diese Adresse kamen zurück."),
    "complaint": lazy("Die Person hat sich beschwert."),
    "wish": lazy("Die Person will keine E-Mails."),
    "staff": lazy("Die Redaktion hat die Adresse gesperrt."),
    "erased": lazy("Die Daten dieser Person sind gelöscht worden, nachdem die Liste eingereicht war."),
    "left": lazy("am %(about)s"),
}


class Judged(NamedTuple):
    """A row with its verdict; ``reason`` is a key of REASONS with what it is about."""

    row: Row
    verdict: Verdict
    reason: str = ""
    about: str = ""
    address: Address | None = None
    region: str = ""
    consented_at: datetime | None = None
    known: int = 0


_PLAIN_LOCAL: Final = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*")
_LONGEST_LOCAL: Final = 64
_MOST_DOMAINS: Final = 20_000
_DAY: Final = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?:[, ]+(\d{1,2}):(\d{2})(?::\d{2})?(?: Uhr)?)?")


class Addresses:
    """Reads addresses as ``read_address`` does, and each plain domain only once."""

    def __init__(self) -> None:
        self._domains: dict[str, str] = {}

    def read(self, typed: str) -> Address:
        """The address. Raises Invalid."""
        local, _, domain = typed.rpartition("@")
        if len(local) > _LONGEST_LOCAL or not _PLAIN_LOCAL.fullmatch(local):
            return read_address(typed)
        known = self._domains.get(domain)
        if known is None:
            checked = read_address(f"a@{domain}").mailbox.rpartition("@")[2]
            if len(self._domains) < _MOST_DOMAINS:
                self._domains[domain] = checked
            known = checked
        mailbox = f"{local}@{known}"
        return Address(mailbox, mailbox.lower()) if len(mailbox) <= 180 else read_address(typed)


def fault_of(typed: str) -> str:
    """Why this is no address, as a key of REASONS."""
    local, at, domain = typed.rpartition("@")
    if not typed:
        return "no_address"
    if not at:
        return "no_at"
    if any(c in typed for c in " ;,<>"):
        return "blank"
    if len(typed) > 254 or len(local) > _LONGEST_LOCAL:
        return "too_long"
    try:
        read_address(f"a@{domain}")
    except Invalid:
        return "domain"
    return "local"


def moment_of(written: str) -> datetime | None:
    """The moment that was written, as 08.12.2026, 08.12.2026 10:00, or as in ISO 8601; in Berlin time. None if none."""
    try:
        if found := _DAY.fullmatch(written.strip()):
            day, month, year, hour, minute = (int(part or 0) for part in found.groups())
            return clock.at_local(date(year, month, day), time(hour, minute))
        moment = datetime.fromisoformat(written.strip())
        return moment.astimezone(UTC) if moment.tzinfo else clock.at_local(moment.date(), moment.time())
    except (ValueError, OverflowError):
        return None


def proof_missing(row: Row, basis: Basis, how: str, wording: str, now: datetime) -> tuple[str, str, datetime | None]:
    """What is missing for the proof (Art. 7 (1) GDPR): a key of REASONS and what it is about, or when was consented.

    ``how`` and ``wording`` hold for the whole list and fill what a row leaves open; the moment is each row's own.
    """
    if basis is not Basis.CONSENT:
        return "", "", None
    if not row.consent_at:
        return "no_date", "", None
    at = moment_of(row.consent_at)
    if at is None:
        return "bad_date", row.consent_at[:40], None
    if at > now:
        return "future", row.consent_at[:40], None
    if not (row.consent_how or how):
        return "no_how", "", None
    if not (row.consent_wording or wording):
        return "no_wording", "", None
    return "", "", at


def sentence(reason: str, about: str) -> str:
    """The reason in the reader's language."""
    return str(REASONS[reason]) % {"about": about} if reason in REASONS else ""
