"""A mail taken apart within fixed limits: no nesting, number or size of parts makes it slow or large.

The parser of the standard library is exact, but recurses as deep as a mail is nested and asks every open boundary at
every line; a megabyte made for that purpose keeps it busy for minutes.
"""

import binascii
import re
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header
from html import unescape
from typing import Final

MOST_BYTES: Final = 1_000_000
MOST_PARTS: Final = 100
DEEPEST: Final = 10
HEADER_BYTES: Final = 64_000
HEADER_FIELDS: Final = 300
VALUE_LENGTH: Final = 4_000
TEXT_BYTES: Final = 100_000

_PARAMETER: Final = re.compile(r""";\s*([\w*-]{1,40})\s*=\s*(?:"([^"]{0,200})"|([^\s;"]{1,200}))""")
_CHARSET: Final = re.compile(
    r"utf-?(8|16)|us-ascii|ascii|iso-?8859-\d+|latin-?1|windows-125\d|cp\d+|koi8-[ru]|iso-2022-jp|gb18030|gbk|gb2312"
    r"|big5|euc-(jp|kr)|shift_jis|macintosh"
)
_TAG: Final = re.compile(r"<[^<>]*>")
_INVISIBLE: Final = ("style", "script", "head")
RETURNED: Final = frozenset(
    {"message/rfc822", "message/global", "message/news", "text/rfc822-headers", "message/global-headers"}
)
_BREAK: Final = re.compile(r"<(?:br|/p|/div|/tr|/h\d|/li)\b[^<>]*>", re.I)


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its header fields in order (lower-case names, unfolded), its body as sent, and the parts within."""

    fields: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    parts: tuple["Part", ...] = ()
    type: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """The first field of this name, decoded (RFC 2047); empty if there is none."""
        return next((decoded(value) for known, value in self.fields if known == name), "")

    def all(self, name: str) -> list[str]:
        """All fields of this name, decoded."""
        return [decoded(value) for known, value in self.fields if known == name]

    def walk(self) -> list["Part"]:
        """This part and all within, in the order of the mail."""
        return [self, *(inner for part in self.parts for inner in part.walk())]

    @property
    def text(self) -> str:
        """Its body as text (100,000 bytes of it), decoded as its header says, markup taken out."""
        content = _transfer_decoded(self.get("content-transfer-encoding"), self.body[:TEXT_BYTES])
        written = content.decode(_charset(self.parameters.get("charset", "")), "replace")
        return storable(plain(written) if self.type == "text/html" else written)


def parse(raw: bytes) -> Part:
    """The mail in its parts: the first megabyte, 100 parts, 10 levels; what is beyond is left out. Never raises."""
    content = raw[:MOST_BYTES].replace(b"\r\n", b"\n").replace(b"\r", b"\n").lstrip(b"\n")
    if content.startswith(b"From "):  # the separator of an mbox file
        content = content.partition(b"\n")[2]
    return _part(content, 1, [MOST_PARTS])


def decoded(value: str) -> str:
    """A header value in readable letters; what cannot be decoded stays as it is."""
    if "=?" not in value:
        return value
    try:
        pieces = (
            text.decode(_charset(charset or "ascii"), "replace") if isinstance(text, bytes) else text
            for text, charset in decode_header(value)
        )
        return storable("".join(pieces))
    except (ValueError, LookupError, HeaderParseError):
        return value


def storable(text: str) -> str:
    """The text without what no database takes: NUL, and halves of letters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def plain(html: str) -> str:
    """The words of an HTML text, one line per block."""
    for name in _INVISIBLE:
        html = _without(html, name)
    return unescape(_TAG.sub("", _BREAK.sub("\n", html)))


def _without(html: str, name: str) -> str:
    """The text without this element, in one pass: an element that never ends takes the rest with it."""
    lower, kept, position = html.lower(), [], 0
    if len(lower) != len(html):  # a letter whose small form is longer
        lower = html
    while (start := lower.find(f"<{name}", position)) >= 0:
        kept.append(html[position:start])
        end = lower.find(f"</{name}", start)
        if end < 0:
            return "".join(kept)
        position = end
    return "".join([*kept, html[position:]])


def _part(content: bytes, depth: int, left: list[int]) -> Part:
    left[0] -= 1
    head, body = _split(content)
    fields = _fields(head)
    type_, parameters = _content_type(next((value for name, value in fields if name == "content-type"), ""))
    inner: tuple[Part, ...] = ()
    if depth < DEEPEST:
        if type_.startswith("multipart/") and parameters.get("boundary"):
            inner = _pieces(body, parameters["boundary"], depth, left)
        elif type_ in RETURNED:
            encoding = next((value for name, value in fields if name == "content-transfer-encoding"), "")
            inner = (_part(_transfer_decoded(encoding, body).lstrip(b"\n"), depth + 1, left),) if left[0] > 0 else ()
    return Part(fields, body, inner, type_, parameters)


def _split(content: bytes) -> tuple[bytes, bytes]:
    if content.startswith(b"\n"):
        return b"", content[1:]
    head, _, body = content.partition(b"\n\n")
    return head, body


def _fields(head: bytes) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, list[str]]] = []
    for line in head[:HEADER_BYTES].decode("utf-8", "replace").split("\n"):
        if line[:1] in (" ", "\t"):
            if found:
                found[-1][1].append(line.strip())
            continue
        name, colon, value = line.partition(":")
        if colon and name and len(found) < HEADER_FIELDS:
            found.append((name.strip().lower(), [value.strip()]))
    return tuple((name, " ".join(lines)[:VALUE_LENGTH].replace("\0", "")) for name, lines in found)


def _content_type(value: str) -> tuple[str, dict[str, str]]:
    type_ = value.partition(";")[0].strip().lower() or "text/plain"
    given = {name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(value)}
    return type_, given


def _pieces(body: bytes, boundary: str, depth: int, left: list[int]) -> tuple[Part, ...]:
    """What stands between the lines of this boundary (RFC 2046, 5.1.1); the last piece may lack its end."""
    mark = b"--" + boundary.encode("utf-8", "replace")
    pieces: list[Part] = []
    start = position = -1
    while left[0] > 0:
        position = _next_line(body, mark, position)
        end = len(body) if position < 0 else position
        if start >= 0:
            pieces.append(_part(body[start : max(start, end - 1)] if position >= 0 else body[start:], depth + 1, left))
        if position < 0 or body.startswith(b"--", position + len(mark)):
            break
        line_end = body.find(b"\n", position)
        start = len(body) if line_end < 0 else line_end + 1
    return tuple(pieces)


def _next_line(body: bytes, mark: bytes, after: int) -> int:
    """Where the next line with this boundary begins; -1 if there is none."""
    position = 0 if after < 0 and body.startswith(mark) else body.find(b"\n" + mark, max(after, 0)) + 1 or -1
    while position >= 0:
        line_end = body.find(b"\n", position)
        rest = body[position + len(mark) : line_end if line_end >= 0 else len(body)].strip()
        if rest in (b"", b"--"):
            return position
        position = body.find(b"\n" + mark, position) + 1 or -1
    return -1


def _transfer_decoded(encoding: str, body: bytes) -> bytes:
    match encoding.strip().lower():
        case "quoted-printable":
            return binascii.a2b_qp(body)
        case "base64":
            try:
                return binascii.a2b_base64(body)
            except binascii.Error:
                usable = len(body) - len(body) % 4
                try:
                    return binascii.a2b_base64(body[:usable])
                except binascii.Error:
                    return body
    return body


def _charset(name: str) -> str:
    wanted = name.strip().lower()
    return wanted if _CHARSET.fullmatch(wanted) else "utf-8" if wanted in ("", "unknown-8bit") else "latin-1"
