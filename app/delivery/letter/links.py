"""What is derived for one recipient and stored nowhere: the links to leave and to change, and the bounce address."""

from collections.abc import Callable
from email.utils import parseaddr

from app.delivery.letter.shape import Recipient
from app.kernel import tokens
from app.kernel.config import Settings
from app.kernel.mail.addresses import wire_mailbox

Path = Callable[[int, int], bytes]


def unsubscribe_url(settings: Settings, subject_id: int | None, generation: int) -> str:
    """Where this subscription is left (RFC 8058): a page for people, one click for mail programs."""
    return _link(settings, unsubscribe_path(), subject_id, generation)


def preferences_url(settings: Settings, subject_id: int | None, generation: int) -> str:
    """Where this subscription is changed."""
    return _link(settings, preferences_path(), subject_id, generation)


def root(settings: Settings) -> str:
    """What all these links begin with; who has no subscription is sent there."""
    return f"{settings.public_url}/newsletter"


def unsubscribe_path() -> Path:
    """From subject and generation to what follows ``root`` in the link to leave."""
    stamp = tokens.stamp("unsubscribe")
    return lambda subject_id, generation: b"/abmelden/" + stamp(subject_id, generation)


def preferences_path() -> Path:
    """From subject and generation to what follows ``root`` in the link to the preferences."""
    stamp = tokens.stamp("preferences")
    return lambda subject_id, generation: b"/einstellungen/" + stamp(subject_id, generation)


class Verp:
    """The envelope sender: where bounces have a mailbox, it names the delivery (VERP), the same at every try.

    Greylisting counts on that (RFC 6647). ``token`` is what ``tokens.read("bounce", …)`` understands: it stands in the
    address as ``local+token@domain`` and in ENVID. Lower case, because some servers fold it.
    """

    def __init__(self, settings: Settings) -> None:
        self._stamp = tokens.stamp("bounce")
        self._plain = b"" if settings.bounce_address else wire_mailbox(parseaddr(settings.mail_from)[1])
        bounce = wire_mailbox(parseaddr(settings.bounce_address)[1]) if settings.bounce_address else b"@"
        self._local, _at, self._domain = bounce.rpartition(b"@")

    def token(self, claimed: Recipient) -> bytes:
        """What names this delivery in a bounce; not to be forged."""
        return self._stamp(claimed.id, 1)

    def sender(self, token: bytes) -> bytes:
        """The address to which this delivery returns; its local part keeps to 64 octets (RFC 5321, 4.5.3.1.1)."""
        return self._plain or b"%b+%b@%b" % (self._local, token, self._domain)


def _link(settings: Settings, path: Path, subject_id: int | None, generation: int) -> str:
    return root(settings) + ("" if subject_id is None else path(subject_id, generation).decode("ascii"))
