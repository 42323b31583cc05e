"""Names as they stand in a header: bare, in quotes, or as encoded-words (RFC 5322, 3.2.5; RFC 2047, 5 (3))."""

import re
import unicodedata
from typing import Final

ENCODED_AT_MOST: Final = 75 - len("=?utf-8?q??=")
QUOTED_AT_MOST: Final = 60

_bare: Final = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*").fullmatch
_PLAIN: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")


def tidy(name: str) -> str:
    """The name in one line: blanks of any kind become one space, control characters and half characters go.

    What is typed by people or imported from tables ends here, so that it can neither end a header nor a line.
    """
    if _bare(name):
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
    return "\r\n ".join(f"=?utf-8?q?{word}?=" for word in _words(name)).encode("ascii")


def _words(name: str) -> list[str]:
    """The name in pieces that fit into one encoded-word each; no character is cut in two (RFC 2047, 5)."""
    words = [""]
    for character in name:
        octets = "".join(_octet(octet) for octet in character.encode())
        if len(words[-1]) + len(octets) > ENCODED_AT_MOST:
            words.append("")
        words[-1] += octets
    return words


def _octet(octet: int) -> str:
    if octet in _PLAIN:
        return chr(octet)
    return "_" if octet == 0x20 else f"={octet:02X}"
