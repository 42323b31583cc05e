"""Replies of a server (RFC 5321, 4.2): bytes in, however they are cut, codes and words out."""

from typing import Final, NamedTuple

TEXT_AT_MOST: Final = 500  # characters that are kept of a reply
LINE_AT_MOST: Final = 8192  # octets; RFC 5321, 4.5.3.1.5 says 512, smtplib takes so many
REPLY_AT_MOST: Final = 8_000_000  # octets; nobody says that much with good intentions
_KEPT: Final = 16_384


class Garbled(Exception):
    """What came is no SMTP, or has no end."""


class Reply(NamedTuple):
    """The code, and the words of all lines without their codes, ``\\n`` between them, shortened."""

    code: int
    said: bytes


class Replies:
    """Cuts a stream into replies. One object per connection. ``garbled`` says why the rest cannot be understood."""

    __slots__ = ("_lines", "_rest", "_seen", "garbled")

    def __init__(self) -> None:
        self.garbled = ""
        self._rest = b""
        self._lines: list[bytes] = []
        self._seen = 0

    @property
    def unfinished(self) -> bool:
        """Whether a reply has begun and not ended."""
        return bool(self._rest or self._lines)

    def feed(self, data: bytes) -> list[Reply]:
        """The replies that end in these bytes, in order, as far as they can be understood."""
        found: list[Reply] = []
        try:
            self._cut(self._rest + data, found)
        except Garbled as error:
            self.garbled = str(error)
        return found

    def _cut(self, data: bytes, found: list[Reply]) -> None:
        start = 0
        while (end := data.find(b"\n", start)) >= 0:
            reply = self._line(data[start:end])
            if reply is not None:
                found.append(reply)
            start = end + 1
        self._rest = data[start:]
        if len(self._rest) > LINE_AT_MOST:
            raise Garbled("A line of the server has no end.")

    def _line(self, line: bytes) -> Reply | None:
        code = line[:3]
        if not code.isdigit() or len(code) != 3 or len(line) > LINE_AT_MOST:
            raise Garbled(f"The server speaks no SMTP: {words(line)}")
        text = line[4:].strip(b" \t\r\n")
        if line[3:4] == b"-":
            self._keep(text)
            return None
        if self._lines:
            self._keep(text)
            text = b"\n".join(self._lines)
            self._lines, self._seen = [], 0
        return Reply(int(code), text)

    def _keep(self, text: bytes) -> None:
        self._seen += len(text) + 6
        if self._seen > REPLY_AT_MOST:
            raise Garbled("A reply of the server has no end.")
        if self._seen <= _KEPT or not self._lines:
            self._lines.append(text)


def words(said: bytes) -> str:
    """The words of a reply in one line, shortened; what is not UTF-8 is replaced."""
    return " ".join(said[: 4 * TEXT_AT_MOST].decode("utf-8", "replace").split())[:TEXT_AT_MOST]


def slows_down(text: str) -> bool:
    """Whether these words are about our speed or reputation (RFC 3463, X.7.x), and not about one connection."""
    return text.startswith("4.7.")


def blames_pipelining(text: str) -> bool:
    """Whether the server says that we should have waited, though it offers PIPELINING (Exim: synchronization error)."""
    lowered = text.lower()
    return "pipelin" in lowered or "synchroni" in lowered
