"""Our own DKIM signature (RFC 6376, 8301), for relays that do not sign: rsa-sha256, relaxed/relaxed, without ``l=``.

What is the same for all recipients of a message is brought into canonical form and hashed once; per recipient only the
personal headers, and the body from its first personal place on, are hashed again.
"""

import hashlib
import re
from base64 import b64encode
from collections.abc import Sequence
from email.utils import parseaddr
from functools import cache
from typing import TYPE_CHECKING, Final

from app.kernel.config import Settings
from app.kernel.later import Later
from app.kernel.mail.addresses import ascii_domain

if TYPE_CHECKING:
    from app.kernel import keys
else:
    keys = Later("app.kernel.keys")  # not before there is a key

# In the order in which each letter writes them (see letter/stencil.py).
PERSONAL: Final = ("date", "to", "message-id", "list-unsubscribe", "list-unsubscribe-post")
# Named once more than present, so that nobody can add a second one (RFC 6376, 5.4; RFC 8058, 4).
OVERSIGNED: Final = (
    *("from", "sender", "to", "cc", "subject", "date", "message-id", "reply-to", "mime-version", "content-type"),
    *("content-transfer-encoding", "list-id", "list-unsubscribe", "list-unsubscribe-post"),
)
LINE_AT_MOST: Final = 72

_blanks: Final = re.compile(rb"[ \t]+")
_line_ends: Final = re.compile(rb"[ \t]+(?=\r\n)")
_fold: Final = re.compile(rb"\r\n(?![ \t])")


class Seal:
    """Signs the letters of one message."""

    def __init__(
        self, key: "keys.SigningKey", domain: str, selector: str, headers: list[bytes], body: list[bytes]
    ) -> None:
        self._key = key
        canonical = [_relaxed_field(field) for field in headers]
        names = [field.partition(b":")[0].decode("ascii") for field in canonical]
        personal = [name for name in PERSONAL if name not in names]
        self._fields = hashlib.sha256(b"".join(field + b"\r\n" for field in canonical))
        pieces = _relaxed_body(body)
        self._begun = hashlib.sha256(pieces[0])
        self._rest = [part for piece in pieces[1:] for part in (b"", piece)]
        self._template = _template(domain, selector, [*names, *personal, *OVERSIGNED])

    def signature(self, parts: Sequence[bytes]) -> bytes:
        """The header field with its CRLF, for a letter of head, piece, value, piece, …, value, piece."""
        body = self._begun.copy()
        rest = self._rest.copy()
        rest[::2] = parts[2::2]
        body.update(b"".join(rest))
        field = self._template % b64encode(body.digest())
        fields = self._fields.copy()
        for personal in _fold.split(parts[0].removesuffix(b"\r\n")):
            fields.update(_relaxed_field(personal) + b"\r\n")
        fields.update(_relaxed_field(field))
        signed = b64encode(self._key.sign(fields.digest()))
        lines = [signed[start : start + LINE_AT_MOST] for start in range(0, len(signed), LINE_AT_MOST)]
        return field + b"\r\n ".join(lines) + b"\r\n"


def seal(settings: Settings, from_: str, headers: list[bytes], body: list[bytes]) -> Seal | None:
    """The seal of a message with these header fields and pieces of body; None where the relay signs.

    Only mails from our own domain, or one below it, are signed: the key of MAIL_FROM's domain says nothing of others.
    """
    if not settings.dkim_key_file:
        return None
    domain = ascii_domain(settings.mail_domain).lower()
    theirs = ascii_domain(parseaddr(from_)[1].rpartition("@")[2]).lower()
    if theirs != domain and not theirs.endswith(f".{domain}"):
        return None
    return Seal(_key(settings.dkim_key_file), domain, settings.dkim_selector, headers, body)


def record(settings: Settings) -> tuple[str, str]:
    """The name and the content of the TXT record that has to be in the DNS. Raises ValueError without a usable key."""
    der = keys.read_rsa(settings.dkim_key_file).public()
    name = f"{settings.dkim_selector}._domainkey.{ascii_domain(settings.mail_domain)}"
    return name, f"v=DKIM1; k=rsa; p={b64encode(der).decode('ascii')}"


@cache
def _key(path: str) -> "keys.SigningKey":
    return keys.read_rsa(path)


def _template(domain: str, selector: str, names: list[str]) -> bytes:
    """The field up to ``b=``, with a place for the hash of the body.

    Without ``t=``: it would say nothing that Date does not, and a clock that is fast would void the signature.
    """
    lines = [f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain};", f"s={selector}; i=@{domain};"]
    line = "h="
    for name in names:
        if len(line) + len(name) > LINE_AT_MOST:
            lines.append(line)
            line = ""
        line += f"{name}:"
    return "\r\n ".join([*lines, f"{line.rstrip(':')};", "bh=%b;", "b="]).encode("ascii")


def _relaxed_field(field: bytes) -> bytes:
    """RFC 6376, 3.4.2, without the last CRLF."""
    name, _, value = field.partition(b":")
    unfolded = value.replace(b"\r\n", b"")
    return name.strip().lower() + b":" + _blanks.sub(b" ", unfolded).strip(b" \t")


def _relaxed_body(pieces: list[bytes]) -> list[bytes]:
    """RFC 6376, 3.4.4, piece by piece: a value between them has no blanks beside its soft line breaks."""
    relaxed = [_blanks.sub(b" ", _line_ends.sub(b"", piece)) for piece in pieces]
    last = relaxed[-1].rstrip(b"\r\n")
    return [*relaxed[:-1], last + b"\r\n" if last or len(relaxed) > 1 else b""]
