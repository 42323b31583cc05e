"""From a frozen message and one recipient to the bytes and the envelope: personal parts, list headers, VERP."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Final

from markupsafe import escape

from app.delivery.letter.shape import Recipient
from app.delivery.models import Message
from app.kernel import i18n, tokens
from app.kernel.config import Settings
from app.kernel.i18n import _
from app.kernel.mail import Envelope, Mail, compose

PLACES: Final = re.compile("%%(greeting|unsubscribe_url|preferences_url|email)%%")
# Mails of these kinds were written by a person; all others are started by a process (RFC 3834, 5.2).
HAND_WRITTEN: Final = frozenset({"issue", "partner"})


@dataclass(frozen=True, slots=True)
class Draft:
    """What goes over the wire: the envelope sender, the envelope recipient, the message."""

    sender: str
    recipient: str
    content: bytes


def write(message: Message, claimed: Recipient, settings: Settings, date: datetime) -> Draft:
    """The mail to this recipient, before it is made ready for the wire. Raises ValueError if it cannot be written."""
    local, _at, domain = claimed.address.rpartition("@")
    if not local.isascii():
        raise ValueError("The address needs SMTPUTF8 (RFC 6531), which is not supported.")
    envelope = Envelope(
        from_=message.from_,
        to=claimed.address,
        to_name=claimed.name,
        message_id=f"<{claimed.id}.{message.reference}>",
        date=date,
        reply_to=message.reply_to,
        headers=_headers(message, claimed, settings),
    )
    content = compose(_personal(message, claimed, settings), envelope, message.attachments, message.calendar)
    return Draft(_sender(claimed, settings), f"{local}@{domain.encode('idna').decode()}", content)


def unsubscribe_url(settings: Settings, subject_id: int | None, generation: int) -> str:
    """Where this subscription is left (RFC 8058): a page for people, one click for mail programs."""
    return _link(settings, "unsubscribe", "abmelden", subject_id, generation)


def preferences_url(settings: Settings, subject_id: int | None, generation: int) -> str:
    """Where this subscription is changed."""
    return _link(settings, "preferences", "einstellungen", subject_id, generation)


def _link(settings: Settings, purpose: str, path: str, subject_id: int | None, generation: int) -> str:
    if subject_id is None:
        return f"{settings.public_url}/newsletter"
    return f"{settings.public_url}/newsletter/{path}/{tokens.derive(purpose, subject_id, generation)}"


def _personal(message: Message, claimed: Recipient, settings: Settings) -> Mail:
    values = {
        "greeting": _greeting(message.lang, claimed.name),
        "unsubscribe_url": unsubscribe_url(settings, claimed.subject_id, claimed.generation),
        "preferences_url": preferences_url(settings, claimed.subject_id, claimed.generation),
        "email": claimed.address,
    }
    return Mail(
        subject=message.subject,
        text=_filled(message.text, values, str),
        html=_filled(message.html, values, lambda value: str(escape(value))),
        lang=message.lang,
    )


def _filled(content: str, values: dict[str, str], written: Callable[[str], str]) -> str:
    # In one pass: a name that contains a place is a name, not a place.
    return PLACES.sub(lambda place: written(values[place[1]]), content)


def _greeting(lang: str, name: str) -> str:
    with i18n.force(lang):
        words = " ".join(name.split())
        return _("Guten Tag %(name)s,", name=words) if words else _("Guten Tag,")


def _headers(message: Message, claimed: Recipient, settings: Settings) -> dict[str, str]:
    headers = {str(name): str(value) for name, value in message.headers.items()}
    given = {name.lower() for name in headers}
    if message.is_list_mail:
        ours = _list_headers(claimed, settings)
    elif message.kind not in HAND_WRITTEN:
        ours = {"Auto-Submitted": "auto-generated"}
    else:
        ours = {}
    return headers | {name: value for name, value in ours.items() if name.lower() not in given}


def _list_headers(claimed: Recipient, settings: Settings) -> dict[str, str]:
    if claimed.subject_id is None:
        return {"Precedence": "bulk"}
    token = tokens.derive("unsubscribe", claimed.subject_id, claimed.generation)
    mailbox = parseaddr(settings.bounce_address or settings.mail_from)[1]
    url = unsubscribe_url(settings, claimed.subject_id, claimed.generation)
    return {
        "List-Unsubscribe": f"<{url}>, <mailto:{mailbox}?subject=unsubscribe%20{token}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
    }


def _sender(claimed: Recipient, settings: Settings) -> str:
    """VERP where bounces have a mailbox: the same address at every try, because greylisting counts on it."""
    if not settings.bounce_address:
        return parseaddr(settings.mail_from)[1]
    local, _at, domain = parseaddr(settings.bounce_address)[1].rpartition("@")
    return f"{local}+{tokens.derive('bounce', claimed.id)}@{domain}"
