"""The envelope on the wire: MAIL and RCPT with what the server offers of SIZE, DSN and SMTPUTF8."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.delivery.rules import Answer, Stage
from app.delivery.smtp.parcels import Parcel

_XTEXT = re.compile(rb"[^!-*,-<>-~]")


@dataclass(frozen=True, slots=True)
class Offer:
    """What the server said it can do, in its answer to EHLO."""

    starttls: bool = False
    pipelining: bool = False
    size: bool = False
    size_at_most: int = 0  # octets; 0: it says nothing
    dsn: bool = False
    utf8: bool = False
    auth: frozenset[str] = frozenset()

    @classmethod
    def of(cls, features: Mapping[str, str]) -> "Offer":
        """From keywords and their parameters, in lower case (RFC 5321, 4.1.1.1)."""
        size = features.get("size", "").strip()
        return cls(
            starttls="starttls" in features,
            pipelining="pipelining" in features,
            size="size" in features,
            size_at_most=int(size) if size.isdecimal() else 0,
            dsn="dsn" in features,
            utf8="smtputf8" in features,
            auth=frozenset(features.get("auth", "").upper().split()),
        )


NOTHING = Offer()


def refusal(parcel: Parcel, offer: Offer) -> Answer | None:
    """What the server would have to answer, where what it offers says so before it is asked; else None.

    RFC 6531, 3.2: no address beyond ASCII to a server without SMTPUTF8. RFC 1870, 6.1: nothing larger than it takes.
    """
    if parcel.utf8 and not offer.utf8:
        return Answer(Stage.RCPT, 553, "5.6.7 The server takes no addresses beyond ASCII (SMTPUTF8).")
    if offer.size_at_most and parcel.size > offer.size_at_most:
        return Answer(Stage.MAIL, 552, f"5.3.4 The server takes mails of {offer.size_at_most} octets at most.")
    return None


def commands(parcel: Parcel, offer: Offer) -> tuple[bytes, bytes]:
    """MAIL and RCPT, with their line ends. Raises ValueError if an address would break out of its line."""
    mail = b"MAIL FROM:<%b>" % parcel.sender
    rcpt = b"RCPT TO:<%b>" % parcel.recipient
    if offer.size:
        mail += b" SIZE=%d" % parcel.size
    if parcel.utf8:
        mail += b" BODY=8BITMIME SMTPUTF8"
    if offer.dsn:
        mail += b" RET=HDRS"
        if parcel.envid:
            mail += b" ENVID=" + xtext(parcel.envid)
        rcpt += b" NOTIFY=FAILURE,DELAY ORCPT=" + original_recipient(parcel)
    if b"\n" in mail or b"\n" in rcpt or b"\r" in mail or b"\r" in rcpt or b">" in parcel.sender + parcel.recipient:
        raise ValueError("An address with a line end or a bracket cannot be written on an envelope.")
    return mail + b"\r\n", rcpt + b"\r\n"


def original_recipient(parcel: Parcel) -> bytes:
    """ORCPT (RFC 3461, 4.2; beyond ASCII RFC 6533, 3)."""
    kind = b"utf-8;" if parcel.utf8 else b"rfc822;"
    return kind + (_XTEXT.sub(_escaped, parcel.recipient) if not parcel.utf8 else _escape_utf8(parcel.recipient))


def xtext(value: bytes) -> bytes:
    """RFC 3461, 4: printable ASCII; ``+``, ``=`` and everything else as ``+XX``."""
    return _XTEXT.sub(_escaped, value)


def _escaped(match: re.Match[bytes]) -> bytes:
    return b"+%02X" % match[0][0]


def _escape_utf8(address: bytes) -> bytes:
    # RFC 6533, 3, utf-8-addr-unitext: UTF-8 as it is; \ + = and controls as \x{…}
    return re.sub(rb"[\x00- +=\\\x7f]", lambda match: b"\\x{%02X}" % match[0][0], address)
