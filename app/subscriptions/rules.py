"""Decisions of the subscriptions: how an address is recognised and hidden, how declarations are chained."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol

import email_validator

from app.kernel.errors import Invalid
from app.kernel.i18n import lazy

LINK_VALID: Final = timedelta(hours=72)
KEPT_UNCONFIRMED: Final = timedelta(days=7)
MAILS_PER_DAY: Final = 3
FASTEST_PERSON: Final = timedelta(seconds=2)
PROOF_YEARS: Final = 3  # when a claim from the consent can no longer be made (§§ 195, 199 BGB)


@dataclass(frozen=True, slots=True)
class Address:
    """``mailbox`` is what we send to, ``key`` what it is recognised by (RFC 5321, 5891)."""

    mailbox: str
    key: str


def read_address(typed: str) -> Address:
    """The address somebody typed; no look-up in the DNS. Raises Invalid(address=…)."""
    try:
        checked = email_validator.validate_email(typed, check_deliverability=False, strict=True)
    except email_validator.EmailNotValidError as error:
        advice = lazy("Bitte geben Sie eine E-Mail-Adresse im Format name@beispiel.de ein.")
        raise Invalid(address=advice) from error
    mailbox = f"{checked.local_part}@{checked.ascii_domain}"
    return Address(mailbox, mailbox.lower())


def masked(address: str) -> str:
    """Enough for its owner to recognise it, too little for a stranger: ``k…@g…-stadt.example``."""
    local, _, domain = address.rpartition("@")
    name, dot, top = domain.partition(".")
    tail = "-" + name.rpartition("-")[2] if "-" in name else ""
    return f"{local[:1]}…@{name[:1]}…{tail}{dot}{top}"


def proof_needed_since(today: date) -> date:
    """Who left before this day is forgotten: the third year after the one in which they left has ended."""
    return date(today.year - PROOF_YEARS, 1, 1)


def commitment(salt: str, content: dict[str, Any]) -> str:
    """The salted hash that stands for the content in the chain."""
    return _sha256(salt, json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")))


def link(previous: str, number: int, kind: str, at: datetime, shown_text: str | None, committed: str) -> str:
    """The hash of an entry: over the entry before, and over all that is not personal in this one."""
    return _sha256(previous, str(number), kind, at.isoformat(), shown_text or "", committed)


class Entry(Protocol):
    """What the chain needs to know of a declaration."""

    number: int
    kind: Any
    at: datetime
    shown_text: str | None
    content: dict[str, Any] | None
    salt: str
    commitment: str
    previous: str
    hash: str


def broken_links(entries: Iterable[Entry]) -> list[int]:
    """The numbers of the entries that were changed, or before which one is missing; the entries come in order."""
    broken, before, expected = [], "", 1
    for entry in entries:
        sound = (
            entry.number == expected
            and entry.previous == before
            and (entry.content is None or entry.commitment == commitment(entry.salt, entry.content))
            and entry.hash
            == link(entry.previous, entry.number, str(entry.kind), entry.at, entry.shown_text, entry.commitment)
        )
        if not sound:
            broken.append(entry.number)
        before, expected = entry.hash, entry.number + 1
    return broken


def _sha256(*parts: str) -> str:
    return hashlib.sha256("\n".join(f"{len(part)}:{part}" for part in parts).encode()).hexdigest()
