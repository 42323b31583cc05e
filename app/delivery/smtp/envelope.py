"""The envelope on the wire: MAIL and RCPT with what the server offers of SIZE, DSN and SMTPUTF8."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.delivery.rules import Answer, Stage
from app.delivery.smtp.parcels import Parcel

_XCHARS = bytes(letter for letter in range(33, 127) if letter not in b"+=")
_NOT_XTEXT = re.compile(rb"[^!-*,-<>-~]")
_NOT_UNITEXT = re.compile(rb"[\x00- +=\\\x7f]")


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


def refusal(parcel: Parcel, offer: Offer) -> Answer | None:
    """What the server would have to answer, where what it offers says so before it is asked; else None.

    RFC 6531, 3.2: no address beyond ASCII to a server without SMTPUTF8. RFC 1870, 6.1: nothing larger than it takes.
    """
    if parcel.utf8 and not offer.utf8:
        return Answer(Stage.RCPT, 553, "5.6.7 The server takes no addresses beyond ASCII (SMTPUTF8).")
    if offer.size_at_most and parcel.size > offer.size_at_most:
        return Answer(Stage.MAIL, 552, f"5.3.4 The server takes mails of {offer.size_at_most} octets at most.")
    return None


def commands(parcel: Parcel, offer: Offer) -> bytes:
    """MAIL and RCPT, two lines. Raises ValueError if an address would break out of its line."""
    _id, sender, recipient, _content, size, utf8, envid = parcel
    announced = b" SIZE=%d" % size if offer.size else b""
    wide = b" BODY=8BITMIME SMTPUTF8" if utf8 else b""
    returned = asked = b""
    if offer.dsn:
        returned = b" RET=HDRS ENVID=" + xtext(envid) if envid else b" RET=HDRS"
        asked = b" NOTIFY=FAILURE,DELAY ORCPT=" + original_recipient(recipient, utf8)
    both = b"MAIL FROM:<%b>%b%b%b\r\nRCPT TO:<%b>%b\r\n" % (sender, announced, wide, returned, recipient, asked)
    if both.count(b"\n") != 2 or both.count(b"\r") != 2 or both.count(b">") != 2 or not (utf8 or both.isascii()):
        raise ValueError("An address with a line end or a bracket cannot be written on an envelope.")
    return both


def original_recipient(address: bytes, utf8: bool) -> bytes:
    """ORCPT (RFC 3461, 4.2; beyond ASCII RFC 6533, 3, utf-8-addr-unitext)."""
    if utf8:
        return b"utf-8;" + _NOT_UNITEXT.sub(lambda match: b"\\x{%02X}" % match[0][0], address)
    return b"rfc822;" + xtext(address)


def xtext(value: bytes) -> bytes:
    """RFC 3461, 4: printable ASCII; ``+``, ``=`` and everything else as ``+XX``."""
    return _NOT_XTEXT.sub(_escaped, value) if value.translate(None, _XCHARS) else value


def _escaped(match: re.Match[bytes]) -> bytes:
    return b"+%02X" % match[0][0]
