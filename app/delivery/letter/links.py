"""What is derived for one recipient and stored nowhere: the links to leave and to change, and the bounce address."""

from collections.abc import Callable
from email.utils import parseaddr

from app.kernel import tokens
from app.kernel.config import Settings
from app.kernel.mail.addresses import wire_mailbox

LEAVE, CHANGE = b"/abmelden/", b"/einstellungen/"  # follow ``root``; then comes the token
Stamp = Callable[[int, int], bytes]


def unsubscribe_url(settings: Settings, subject_id: int | None, generation: int) -> str:
    """Where this subscription is left (RFC 8058): a page for people, one click for mail programs."""
    return _link(settings, LEAVE, leave_stamp(), subject_id, generation)


def preferences_url(settings: Settings, subject_id: int | None, generation: int) -> str:
    """Where this subscription is changed."""
    return _link(settings, CHANGE, change_stamp(), subject_id, generation)


def root(settings: Settings) -> str:
    """What all these links begin with; who has no subscription is sent there."""
    return f"{settings.public_url}/newsletter"


def leave_stamp() -> Stamp:
    """From subject and generation to the token in the link to leave."""
    return tokens.stamp("unsubscribe")


def change_stamp() -> Stamp:
    """From subject and generation to the token in the link to the preferences."""
    return tokens.stamp("preferences")


class Verp:
    """The envelope sender: where bounces have a mailbox, it names the delivery (VERP), the same at every try.

    Greylisting counts on that (RFC 6647). The token is what ``tokens.read("bounce", …)`` understands: it stands in the
    address as ``local+token@domain`` and in ENVID. Lower case, because some servers fold it.
    """

    def __init__(self, settings: Settings) -> None:
        self._stamp = tokens.stamp("bounce")
        self._plain = b"" if settings.bounce_address else wire_mailbox(parseaddr(settings.mail_from)[1])
        bounce = wire_mailbox(parseaddr(settings.bounce_address)[1]) if settings.bounce_address else b"@"
        self._local, _at, self._domain = bounce.rpartition(b"@")

    def of(self, delivery_id: int) -> tuple[bytes, bytes]:
        """The address to which this delivery returns, and the token that names it there; not to be forged.

        The local part keeps to 64 octets (RFC 5321, 4.5.3.1.1).
        """
        token = self._stamp(delivery_id, 1)
        return self._plain or b"%b+%b@%b" % (self._local, token, self._domain), token


def _link(settings: Settings, path: bytes, stamp: Stamp, subject_id: int | None, generation: int) -> str:
    if subject_id is None:
        return root(settings)
    return root(settings) + (path + stamp(subject_id, generation)).decode("ascii")
