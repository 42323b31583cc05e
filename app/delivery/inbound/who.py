"""Which delivery a returned mail speaks of: VERP, then ENVID, then what the mail that it returns shows of itself."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Final

from app.delivery.inbound.mime import Part
from app.delivery.inbound.reading import Proof, Who
from app.kernel import tokens
from app.kernel.config import Settings
from app.kernel.tokens import BadToken, Derived

MOST_TRIED: Final = 20
MOST_TEXT: Final = 200_000

_TOKEN: Final = re.compile(r"(?<![\w-])\d{1,12}-\d{1,6}-[0-9a-f]{24}(?![\w-])", re.I)
_ADDRESSED: Final = frozenset(
    {
        "delivered-to",
        "x-original-to",
        "envelope-to",
        "x-envelope-to",
        "x-rcpt-to",
        "to",
        "cc",
        "apparently-to",
        "received",
    }
)


@dataclass(frozen=True, slots=True)
class House:
    """By what we recognise our own: the mailbox that bounces go to, the address we send from, its domain."""

    bounce_address: str
    mail_from: str
    domain: str

    @classmethod
    def of(cls, settings: Settings) -> "House":
        """As the settings say."""
        sender = parseaddr(settings.mail_from)[1].lower()
        return cls(parseaddr(settings.bounce_address)[1].lower(), sender, settings.mail_domain.lower())


def addressed_to(mail: Part, house: House, envelope_to: str = "") -> int | None:
    """The delivery whose envelope sender this mail was sent to (VERP); None without a token of ours."""
    local, _, domain = house.bounce_address.partition("@")
    if not local:
        return None
    wanted = re.compile(rf"{re.escape(local)}[+=-]([0-9a-z=-]{{8,60}})@{re.escape(domain)}", re.I)
    lines = [envelope_to, *(value for name, value in mail.fields if name in _ADDRESSED)]
    for line in lines:
        for found in wanted.finditer(line):
            if (named := _read("bounce", found[1])) is not None:
                return named.id
    return None


def envelope_id(value: str) -> Who:
    """What an ENVID (RFC 3461, 4.4) names: with our token it proves the delivery, a bare number only claims it."""
    if (named := _read("bounce", value.strip())) is not None:
        return Who(Proof.ENVID, named.id)
    bare = value.strip()
    return Who(Proof.MESSAGE_ID, int(bare)) if re.fullmatch(r"\d{1,15}", bare) else Who()


def returned(texts: Iterable[str], house: House) -> Who:
    """What the returned mail shows of itself: our Message-ID, and the unsubscribe link that only this person had."""
    shown = "\n".join(texts)[:MOST_TEXT]
    link = unsubscribe_token(shown)
    own = re.compile(rf"<(\d{{1,15}})\.([0-9a-z.-]{{8,60}})@{re.escape(house.domain)}>", re.I)
    found = own.search(shown)
    if found is None:
        return Who(Proof.LINK, link=link) if link else Who()
    return Who(Proof.LINK if link else Proof.MESSAGE_ID, int(found[1]), found[2].lower(), link)


def unsubscribe_token(text: str) -> Derived | None:
    """The first valid unsubscribe token in a text."""
    for number, found in enumerate(_TOKEN.finditer(text)):
        if number >= MOST_TRIED:
            break
        if (named := _read("unsubscribe", found[0])) is not None:
            return named
    return None


def _read(purpose: str, token: str) -> Derived | None:
    try:
        return tokens.read(purpose, token)
    except BadToken:
        return None
