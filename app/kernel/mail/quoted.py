"""Text as it stands in a mail: quoted-printable (RFC 2045, 6.7), whole or with places left open for personal values."""

import quopri
import re
from collections.abc import Callable
from typing import Final

LINE_AT_MOST: Final = 75  # of a value: the 76th character is the "=" of the soft line break
SOFT_BREAK: Final = "=\n"

# Letters that mean themselves wherever they stand in a line; a dot does not, at its beginning (RFC 5321, 4.5.2).
_PLAIN: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_/:@, ")
_OCTETS: Final = tuple(bytes([octet]) if octet in _PLAIN else b"=%02X" % octet for octet in range(256))


def encode(text: str) -> str:
    """The text in quoted-printable, its lines ended by LF; whatever ends a line in ``text`` does so here."""
    return quopri.encodestring(_lines(text).encode()).decode("ascii")


def encode_around(text: str, places: re.Pattern[str], mark: Callable[[str], str]) -> str:
    """The same, with ``mark(name)`` for each place; ``places`` names it in its first group.

    A place stands alone between soft line breaks, so that a value of up to 75 characters fits whatever is before and
    behind it, and no value can break the encoding.
    """
    pieces = places.split(_lines(text))  # text, name, text, name, …, text
    done = [encode(pieces[0])]
    for name, behind in zip(pieces[1::2], pieces[2::2], strict=True):
        if done[-1] and not done[-1].endswith("\n"):
            done.append(SOFT_BREAK)
        done += [mark(name), "" if behind.startswith("\n") else SOFT_BREAK, encode(behind)]
    return "".join(done)


def value(text: str) -> bytes:
    """A personal value for such a place: in lines of at most 75 characters, joined by soft line breaks with CRLF."""
    octets = [_OCTETS[octet] for octet in text.encode()]
    if octets and octets[-1] == b" ":
        octets[-1] = b"=20"
    whole = b"".join(octets)
    return whole if len(whole) <= LINE_AT_MOST else b"=\r\n".join(_broken(octets))


def _broken(octets: list[bytes]) -> list[bytes]:
    """In lines of at most 75 characters; ``=C3`` stays together."""
    lines, line = [], b""
    for octet in octets:
        if len(line) + len(octet) > LINE_AT_MOST:
            lines.append(line)
            line = b""
        line += octet
    return [*lines, line]


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
