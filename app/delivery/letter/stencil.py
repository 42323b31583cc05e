"""A message prepared for many recipients: what is the same for all stands ready, the personal parts are filled in."""

from datetime import datetime

from app.delivery.letter import draft
from app.delivery.letter.shape import Letter, Recipient
from app.delivery.models import Message
from app.kernel.config import Settings


class Stencil:
    """One message, compiled once. Raises ValueError if its headers cannot be written; it never leaves then."""

    def __init__(self, message: Message, settings: Settings) -> None:
        self._message = message
        self._settings = settings

    def fill(self, claimed: Recipient, date: datetime) -> Letter:
        """The letter to this recipient, dated ``date`` (aware; seconds count).

        The same delivery gives the same envelope and the same Message-ID at every try. Raises ValueError if this
        letter cannot be written, for example to a malformed address.
        """
        written = draft.write(self._message, claimed, self._settings, date)
        stuffed = written.content.replace(b"\r\n.", b"\r\n..") + b".\r\n"
        sender, recipient = written.sender.encode("ascii"), written.recipient.encode("ascii")
        return Letter(sender, recipient, stuffed, len(written.content), False, b"%d" % claimed.id)
