"""Decisions of the subscriptions: how an address is recognised and hidden, how long what is kept."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import email_validator

from app.kernel.errors import Invalid
from app.kernel.i18n import lazy

LOCAL_OCTETS: Final = 64
ADDRESS_OCTETS: Final = 254
KEPT_UNCONFIRMED: Final = timedelta(days=7)
MAILS_PER_DAY: Final = 3
FASTEST_PERSON: Final = timedelta(seconds=2)
ADDRESS_LINK_VALID: Final = timedelta(hours=72)
NOTICES_PER_DAY: Final = 3
UNDO_WITHIN: Final = timedelta(minutes=30)
LONGEST_PAUSE: Final = timedelta(days=366)
TEXT_KEPT: Final = timedelta(days=30)  # since it was shown last, if nobody refers to it
PROOF_YEARS: Final = 3  # when a claim from the consent can no longer be made (§§ 195, 199 BGB)


@dataclass(frozen=True, slots=True)
class Address:
    """``mailbox`` is what we send to, ``key`` what it is recognised by (RFC 5321, 5891)."""

    mailbox: str
    key: str


def read_address(typed: str) -> Address:
    """The address somebody typed; no look-up in the DNS. Raises Invalid(address=…).

    At most 64 octets before the @ and 254 in all (RFC 5321, 4.5.3.1; octets of UTF-8: RFC 6531, 3.3), also where our
    library counts letters.
    """
    advice = lazy("Bitte geben Sie eine E-Mail-Adresse im Format name@beispiel.de ein.")
    try:
        checked = email_validator.validate_email(typed, check_deliverability=False, strict=True)
    except email_validator.EmailNotValidError as error:
        raise Invalid(address=advice) from error
    mailbox = f"{checked.local_part}@{checked.ascii_domain}"
    if len(checked.local_part.encode()) > LOCAL_OCTETS or len(mailbox.encode()) > ADDRESS_OCTETS:
        raise Invalid(address=advice)
    return Address(mailbox, mailbox.lower())


def masked(address: str) -> str:
    """Enough for its owner to recognise it, too little for a stranger: ``k…@g…-stadt.example``."""
    local, _, domain = address.rpartition("@")
    name, dot, top = domain.partition(".")
    tail = "-" + name.rpartition("-")[2] if "-" in name else ""
    return f"{local[:1]}…@{name[:1]}…{tail}{dot}{top}"


def check_pause(until: date | None, today: date) -> None:
    """Raises Invalid (``paused_until``) for a pause that ends today or before, or lasts longer than a year."""
    if until is None:
        return
    if until <= today:
        raise Invalid(paused_until=lazy("Dieser Tag ist nicht in der Zukunft. Bitte wählen Sie einen späteren."))
    if until > today + LONGEST_PAUSE:
        raise Invalid(paused_until=lazy("Eine Pause dauert höchstens ein Jahr. Bitte wählen Sie einen früheren Tag."))


def proof_needed_since(today: date) -> date:
    """Who left before this day is forgotten: the third year after the one in which they left has ended."""
    return date(today.year - PROOF_YEARS, 1, 1)
