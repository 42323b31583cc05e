"""The part of a message that is the same for all its recipients: headers and body, with marks for what is personal."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parseaddr
from functools import partial
from typing import Final, NamedTuple

from markupsafe import escape

from app.delivery.letter import links
from app.delivery.models import Message
from app.kernel.config import Settings
from app.kernel.mail import Body, Envelope, assemble, quoted

PLACES: Final = re.compile("%%(greeting|unsubscribe_url|preferences_url|email)%%")
# Mails of these kinds were written by a person; all others are started by a process (RFC 3834, 5.2).
HAND_WRITTEN: Final = frozenset({"issue", "partner", "at_once"})
# What each letter writes itself, what the composition writes, and what is not ours to write (RFC 5322, 3.6).
OURS: Final = frozenset(
    {
        *("date", "from", "to", "cc", "bcc", "sender", "reply-to", "subject", "message-id", "mime-version"),
        *("content-type", "content-transfer-encoding", "return-path", "received", "dkim-signature"),
    }
)
QUIET: Final = {"X-Auto-Response-Suppress": "OOF, DR, RN, NRN, AutoReply"}

_name: Final = re.compile(r"[A-Za-z0-9-]+").fullmatch
_mark: Final = re.compile(rb"\x01([a-z_.]+)\x02")
_fold: Final = re.compile(rb"\r\n(?![ \t])")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SOMEBODY: Final = "somebody@recipient.invalid"
_PERSONAL: Final = (b"date:", b"to:", b"message-id:")


class Frame(NamedTuple):
    """``headers`` are whole fields without their last CRLF; ``pieces`` surround ``places`` (``text.greeting``, …)."""

    headers: list[bytes]
    pieces: list[bytes]
    places: list[str]


def build(message: Message, settings: Settings) -> Frame:
    """The frame of this message. Raises ValueError if its headers cannot be written."""
    root = links.root(settings)
    body = Body(_marked(message.text, "text", root), _marked(message.html, "html", str(escape(root))))
    envelope = Envelope(
        from_=message.from_,
        to=_SOMEBODY,
        message_id=f"<{_SOMEBODY}>",
        date=_EPOCH,
        reply_to=message.reply_to,
        headers=_headers(message),
    )
    whole = assemble(message.subject, body, envelope, message.attachments, message.calendar)
    head, _, rest = whole.partition(b"\r\n\r\n")
    fields = [field for field in _fold.split(head) if not field.lower().startswith(_PERSONAL)]
    split = _mark.split(rest if rest.endswith(b"\r\n") else rest + b"\r\n")  # before the final dot
    return Frame(fields, split[::2], [name.decode("ascii") for name in split[1::2]])


def unsubscribe_mailbox(settings: Settings) -> str:
    """Where mails that ask to be unsubscribed arrive."""
    return parseaddr(settings.bounce_address or settings.mail_from)[1]


def _marked(content: str, part: str, root: str) -> str:
    """The content in quoted-printable; of the links, only what follows the root is left open."""
    if not content:
        return ""
    rooted = re.sub("(?=%%(?:unsubscribe|preferences)_url%%)", root.replace("\\", r"\\"), content)
    return quoted.encode_around(rooted, PLACES, partial("\x01{}.{}\x02".format, part))


def _headers(message: Message) -> Mapping[str, str]:
    given = {str(name): str(value) for name, value in message.headers.items()}
    names = [name.lower() for name in given]
    for name in names:
        if not _name(name) or name in OURS or names.count(name) > 1:
            raise ValueError(f"A message cannot bring this header: {name}")
    if message.is_list_mail:
        ours = {"Precedence": "bulk", **QUIET}
    elif message.kind not in HAND_WRITTEN:
        ours = {"Auto-Submitted": "auto-generated", **QUIET}
    else:
        ours = {}
    return given | {name: value for name, value in ours.items() if name.lower() not in names}
