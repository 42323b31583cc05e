"""Names as they stand in a header: bare, in quotes, or as encoded-words (RFC 5322, 3.2.5; RFC 2047, 5 (3))."""

import re
import unicodedata
from base64 import b64encode
from typing import Final

ENCODED_AT_MOST: Final = 75 - len("=?utf-8?q??=")
OCTETS_AT_MOST: Final = ENCODED_AT_MOST // 4 * 3  # in base64
QUOTED_AT_MOST: Final = 60

_bare: Final = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*").fullmatch
_PLAIN: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_OCTETS: Final = tuple(
    b"_" if octet == 0x20 else bytes([octet]) if octet in _PLAIN else b"=%02X" % octet for octet in range(256)
)


def tidy(name: str) -> str:
    """The name in one line: blanks of any kind become one space, control characters and half characters go.

    What is typed by people or imported from tables ends here, so that it can neither end a header nor a line.
    """
    if name.isprintable() and "  " not in name and name.strip() == name:
        return name
    kept = (c for c in name if c.isspace() or unicodedata.category(c) not in ("Cc", "Cs"))
    return " ".join("".join(kept).split())


def phrase(name: str) -> bytes:
    """The name, as ``tidy`` leaves it, as the display name of an address; long ones are folded between words."""
    if len(name) <= QUOTED_AT_MOST:
        if _bare(name):
            return name.encode("ascii")
        if name.isascii() and name.isprintable() and "=?" not in name:
            return b'"%b"' % name.replace("\\", r"\\").replace('"', r"\"").encode("ascii")
    readable = b"".join([_OCTETS[octet] for octet in name.encode()])
    if len(readable) <= ENCODED_AT_MOST:
        return b"=?utf-8?q?%b?=" % readable
    return b"\r\n ".join(b"=?utf-8?b?%b?=" % b64encode(word.encode()) for word in _words(name))


def _words(name: str) -> list[str]:
    """The name in pieces that fit into one encoded-word each; no character is cut in two (RFC 2047, 5).

    None begins or ends with a blank, because programs disagree about what becomes of it there.
    """
    words = []
    while name:
        end = _fitting(name)
        while end < len(name) and " " in name[end - 1 : end + 1]:
            end -= 1
        words.append(name[:end])
        name = name[end:]
    return words


def _fitting(name: str) -> int:
    """How many of its characters fit into one encoded-word."""
    octets = 0
    for number, character in enumerate(name):
        octets += len(character.encode())
        if octets > OCTETS_AT_MOST:
            return number
    return len(name)
