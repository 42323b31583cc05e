"""The letter as the standard library writes it, one recipient at a time: slow, and what the stencil is held against."""

import re
from collections.abc import Callable
from datetime import datetime
from email.utils import parseaddr
from typing import Final

from markupsafe import escape

from app.delivery.letter.frame import HAND_WRITTEN
from app.delivery.letter.shape import Recipient
from app.delivery.models import Message
from app.kernel import i18n, tokens
from app.kernel.config import Settings
from app.kernel.i18n import _
from app.kernel.mail import Envelope, Mail, compose, phrases

PLACES: Final = re.compile("%%(greeting|unsubscribe_url|preferences_url|email)%%")
QUIET: Final = {"X-Auto-Response-Suppress": "OOF, DR, RN, NRN, AutoReply"}


def write(message: Message, claimed: Recipient, settings: Settings, date: datetime) -> bytes:
    """The message to this recipient."""
    envelope = Envelope(
        from_=message.from_,
        to=claimed.address,
        to_name=phrases.tidy(claimed.name),
        message_id=f"<{claimed.id}.{message.reference}>",
        date=date,
        reply_to=message.reply_to,
        headers=_headers(message, claimed, settings),
    )
    return compose(_personal(message, claimed, settings), envelope, message.attachments, message.calendar)


def _link(settings: Settings, purpose: str, path: str, subject_id: int | None, generation: int) -> str:
    if subject_id is None:
        return f"{settings.public_url}/newsletter"
    return f"{settings.public_url}/newsletter/{path}/{tokens.derive(purpose, subject_id, generation)}"


def _personal(message: Message, claimed: Recipient, settings: Settings) -> Mail:
    values = {
        "greeting": _greeting(message.lang, claimed.name),
        "unsubscribe_url": _link(settings, "unsubscribe", "abmelden", claimed.subject_id, claimed.generation),
        "preferences_url": _link(settings, "preferences", "einstellungen", claimed.subject_id, claimed.generation),
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
        words = phrases.tidy(name)
        return _("Guten Tag %(name)s,", name=words) if words else _("Guten Tag,")


def _headers(message: Message, claimed: Recipient, settings: Settings) -> dict[str, str]:
    headers = {str(name): str(value) for name, value in message.headers.items()}
    given = {name.lower() for name in headers}
    if message.is_list_mail:
        ours = _list_headers(claimed, settings)
    elif message.kind not in HAND_WRITTEN:
        ours = {"Auto-Submitted": "auto-generated", **QUIET}
    else:
        ours = {}
    return headers | {name: value for name, value in ours.items() if name.lower() not in given}


def _list_headers(claimed: Recipient, settings: Settings) -> dict[str, str]:
    if claimed.subject_id is None:
        return {"Precedence": "bulk", **QUIET}
    token = tokens.derive("unsubscribe", claimed.subject_id, claimed.generation)
    mailbox = parseaddr(settings.bounce_address or settings.mail_from)[1]
    url = _link(settings, "unsubscribe", "abmelden", claimed.subject_id, claimed.generation)
    return {
        "List-Unsubscribe": f"<{url}>, <mailto:{mailbox}?subject=unsubscribe%20{token}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
        **QUIET,
    }
