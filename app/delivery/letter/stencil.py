"""A message prepared for many recipients: what is the same for all stands ready, the personal parts are filled in.

No template engine and no MIME library runs per recipient: bytes are joined.
"""

import re
from datetime import datetime
from email.utils import format_datetime
from typing import Final

from app.delivery import dkim
from app.delivery.letter import frame, links
from app.delivery.letter.greeting import Greeting, escaped, simple_name
from app.delivery.letter.shape import Recipient
from app.delivery.models import Message
from app.delivery.smtp import Parcel
from app.kernel import clock
from app.kernel.config import Settings
from app.kernel.mail import phrases, quoted
from app.kernel.mail.addresses import wire_mailbox

END: Final = b".\r\n"
LINE_AT_MOST: Final = 70
_made: Final = tuple.__new__  # a named tuple from a tuple, in a third of the time
# What is the same in text, HTML, quoted-printable and the envelope, and begins with no dot.
_simple_mailbox: Final = re.compile(rb"[A-Za-z0-9][A-Za-z0-9@._-]{,%d}" % (quoted.LINE_AT_MOST - 1)).fullmatch


class Stencil:
    """One message, compiled once. Raises ValueError if its headers cannot be written; it never leaves then.

    Its links are derived with the keys of the moment: it lives as long as a run of the sender, not longer.
    """

    def __init__(self, message: Message, settings: Settings) -> None:
        built = frame.build(message, settings)
        self._verp = links.Verp(settings)
        self._personal = _Personal(message, settings, built)
        self._reference = message.reference.encode("ascii")
        self._seal = dkim.seal(settings, message.from_, built.headers, built.pieces)
        fixed = b"".join(field + b"\r\n" for field in built.headers) + b"\r\n"
        pieces = [fixed + built.pieces[0], *built.pieces[1:]]
        stuffed = [piece.replace(b"\r\n.", b"\r\n..") for piece in pieces]
        self._unsent = sum(map(len, stuffed)) - sum(map(len, pieces)) + len(END)
        stuffed[-1] += END
        # Head, piece, value, piece, …, value, piece: head and values are put in for each recipient.
        self._parts = [part for piece in stuffed for part in (b"", piece)]
        self._now: datetime | None = None
        self._second, self._date = -1, b""

    def fill(self, claimed: Recipient, date: datetime) -> Parcel:
        """The letter to this recipient, dated ``date`` (aware; seconds count), ready for the wire.

        The same delivery gives the same envelope and the same Message-ID at every try. Raises ValueError if this
        letter cannot be written, for example to a malformed address.
        """
        if date is not self._now:
            self._set_date(date)
        id_, name, mailbox = claimed.id, claimed.name, wire_mailbox(claimed.address)
        simple = simple_name(name) is not None
        if not simple:
            name = phrases.tidy(name)
        parts = self._parts.copy()
        leave = self._personal.put_into(parts, claimed, mailbox, name, simple)
        to = _to(name, mailbox, simple) if name else mailbox
        parts[0] = b"%bTo: %b\r\nMessage-ID: <%d.%b>\r\n%b" % (self._date, to, id_, self._reference, leave)
        if self._seal is not None:
            parts[0] = self._seal.signature(parts) + parts[0]
        content = b"".join(parts)
        sender, token = self._verp.of(id_)
        size = len(content) - self._unsent
        return _made(Parcel, (id_, sender, mailbox, content, size, not mailbox.isascii(), token))

    def _set_date(self, date: datetime) -> None:
        second = int(date.timestamp())
        if second != self._second:
            self._second = second
            self._date = b"Date: %b\r\n" % format_datetime(clock.local(date)).encode("ascii")
        self._now = date


class _Personal:
    """What is put into the places of the body, and the header to leave the list with."""

    def __init__(self, message: Message, settings: Settings, built: frame.Frame) -> None:
        at: dict[str, list[int]] = {}
        for number, place in enumerate(built.places, start=1):
            at.setdefault(place, []).append(2 * number)
        both = ("text", "html")
        self._greetings = [
            (Greeting(message.lang, escaped[part]), index) for part in both for index in at.get(f"{part}.greeting", ())
        ]
        self._addresses = [(escaped[part], at[f"{part}.email"]) for part in both if f"{part}.email" in at]
        self._to_leave = [index for part in both for index in at.get(f"{part}.unsubscribe_url", ())]
        self._to_change = [index for part in both for index in at.get(f"{part}.preferences_url", ())]
        self._leave, self._change = links.leave_stamp(), links.change_stamp()
        self._header = _leaving(message, settings, built.headers)

    def put_into(self, parts: list[bytes], claimed: Recipient, mailbox: bytes, name: str, simple: bool) -> bytes:
        """Fill the places of this recipient; gives List-Unsubscribe and its companion (RFC 8058), or nothing."""
        for greeting, index in self._greetings:
            parts[index] = greeting.to(name, simple=simple)
        if self._addresses:
            self._put_address(parts, claimed.address, mailbox)
        subject_id = claimed.subject_id
        if subject_id is None:
            return b""
        generation = claimed.generation
        if self._to_change:
            path = links.CHANGE + self._change(subject_id, generation)
            for index in self._to_change:
                parts[index] = path
        if not (self._to_leave or self._header):
            return b""
        token = self._leave(subject_id, generation)
        path = links.LEAVE + token
        for index in self._to_leave:
            parts[index] = path
        return self._header % (path, token) if self._header else b""

    def _put_address(self, parts: list[bytes], address: str, mailbox: bytes) -> None:
        same = _simple_mailbox(mailbox) and mailbox == address.encode()
        for escape, indices in self._addresses:
            written = mailbox if same else quoted.value(escape(address))
            for index in indices:
                parts[index] = written


def _leaving(message: Message, settings: Settings, headers: list[bytes]) -> bytes:
    """The header with two places, for the path and for the token; nothing where it is not list mail, or given."""
    if not message.is_list_mail or any(field.lower().startswith(b"list-unsubscribe:") for field in headers):
        return b""
    root = links.root(settings).encode("ascii").replace(b"%", b"%%")
    mailbox = wire_mailbox(frame.unsubscribe_mailbox(settings)).replace(b"%", b"%%")
    return (
        b"List-Unsubscribe: <" + root + b"%b>,\r\n <mailto:" + mailbox + b"?subject=unsubscribe%%20%b>\r\n"
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    )


def _to(name: str, mailbox: bytes, simple: bool) -> bytes:
    phrase = name.encode("ascii") if simple and len(name) <= phrases.QUOTED_AT_MOST else phrases.phrase(name)
    return b"%b%b<%b>" % (phrase, b" " if len(phrase) + len(mailbox) < LINE_AT_MOST else b"\r\n ", mailbox)
