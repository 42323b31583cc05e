"""Addresses as they go over the wire: which mailbox is meant, and whether the server has to know RFC 6531 for it."""

import re
from functools import lru_cache
from typing import Final

import idna

# Local parts that need no quotes (RFC 5322, 3.2.3), in ASCII and beyond it (RFC 6532, 3.2), and host names.
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
_WIDE_ATOM: Final = r"[^\x00-\x20\x7f-\xa0()<>\[\]:;@\\,.\"\s\ud800-\udfff]"
_HOST: Final = r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_local: Final = re.compile(rf"{_ATOM}+(?:\.{_ATOM}+)*").fullmatch
_wide_local: Final = re.compile(rf"{_WIDE_ATOM}+(?:\.{_WIDE_ATOM}+)*").fullmatch
_host: Final = re.compile(_HOST).fullmatch
LOCAL_AT_MOST, ADDRESS_AT_MOST = 64, 254  # octets: RFC 5321, 4.5.3.1.1 and 4.5.3.1.3


def ascii_domain(domain: str) -> str:
    """The domain in A-labels (RFC 5891, so that straße.example is not strasse.example). Raises ValueError."""
    return domain if domain.isascii() and _host(domain) else _encoded(domain)


def wire_mailbox(address: str) -> bytes:
    """The address for the envelope and for ``To``: domain in A-labels, local part in UTF-8 where it is not ASCII.

    A result that is not ASCII needs SMTPUTF8 (RFC 6531). Raises ValueError if this is no address that a mail can have.
    """
    local, _at, domain = address.rpartition("@")
    if _local(local) and _is_host(domain) and len(local) <= LOCAL_AT_MOST and len(address) <= ADDRESS_AT_MOST:
        return address.encode("ascii")
    if not _wide_local(local) or len(local.encode()) > LOCAL_AT_MOST:
        raise ValueError(f"The part before the @ cannot be written: {local[:80]!r}")
    mailbox = f"{local}@{ascii_domain(domain)}".encode()
    if len(mailbox) > ADDRESS_AT_MOST:
        raise ValueError("The address is longer than 254 octets.")
    return mailbox


@lru_cache(maxsize=4096)
def _is_host(domain: str) -> bool:
    return _host(domain) is not None


@lru_cache(maxsize=4096)
def _encoded(domain: str) -> str:
    try:
        encoded = idna.encode(domain, uts46=True).decode("ascii")
    except UnicodeError as error:
        raise ValueError(f"The domain cannot be written: {domain[:80]!r}") from error
    if not _host(encoded):
        raise ValueError(f"The domain cannot be written: {domain[:80]!r}")
    return encoded
