"""A letter as a transport of strings wants it, which does its own dot-stuffing (RFC 5321, 4.5.2)."""

from dataclasses import dataclass
from datetime import datetime

from app.delivery.letter.shape import Recipient
from app.delivery.letter.stencil import END, Stencil
from app.delivery.models import Message
from app.kernel.config import Settings


@dataclass(frozen=True, slots=True)
class Draft:
    """The envelope sender, the envelope recipient, the message."""

    sender: str
    recipient: str
    content: bytes


def write(message: Message, claimed: Recipient, settings: Settings, date: datetime) -> Draft:
    """The mail to this recipient. Raises ValueError if it cannot be written, for example to a malformed address."""
    letter = Stencil(message, settings).fill(claimed, date)
    if letter.utf8:
        raise ValueError("The address needs SMTPUTF8 (RFC 6531), which is not supported.")
    content = letter.content.removesuffix(END).replace(b"\r\n..", b"\r\n.")
    return Draft(letter.sender.decode("ascii"), letter.recipient.decode("ascii"), content)
