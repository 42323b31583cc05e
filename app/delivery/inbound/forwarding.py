"""What a person wrote back reaches the team: as a mail of our own to the contact address, never in a loop."""

import re
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select

from app.delivery import mails
from app.delivery.inbound import rules
from app.delivery.inbound.models import Consequence, ReturnedMail
from app.delivery.inbound.reading import Reading
from app.delivery.preparation import queue_one
from app.kernel import clock, identity
from app.kernel.db import session

KIND: Final = "reply"
_ADDRESS: Final = re.compile(r"[^\s<>@,;:\"()\\\x00-\x1f\x7f]{1,64}@[^\s<>@,;:\"()\\\x00-\x1f\x7f]{1,250}")


def forward(mail: ReturnedMail, reading: Reading) -> Consequence:
    """Owe the team this answer of a person; kept for the desk only when the limits are reached.

    At most 5 a day from one address and 200 a day in all; nothing that no person wrote (RFC 3834, 2), nothing of our
    own. It says who wrote and answers go to them; files stay in the mailbox, or with the evidence at the desk.
    """
    contact = identity.current().contact_email
    if reading.automatic or reading.ours or not contact or not _ADDRESS.fullmatch(reading.sender):
        return Consequence.KEPT
    if _today(reading.sender) >= rules.FORWARDED_PER_SENDER or _today("") >= rules.FORWARDED_PER_DAY:
        return Consequence.KEPT
    answer = mails.Answer(
        sender=reading.sender,
        name=reading.sender_name,
        title=reading.title,
        body=reading.body,
        attachments=reading.attachments,
        number=mail.id,
    )
    queue_one(KIND, mails.reply(answer), contact, group=f"{KIND}:{mail.id}", reply_to=reading.sender)
    return Consequence.FORWARDED


def _today(sender: str) -> int:
    since = clock.now() - timedelta(days=1)
    sent = select(func.count()).where(ReturnedMail.at > since, ReturnedMail.consequence == Consequence.FORWARDED.value)
    return session.scalar(sent.where(ReturnedMail.sender == sender) if sender else sent) or 0
