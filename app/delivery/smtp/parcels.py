"""What goes over the counter: parcels, the clerk who hands them out, the client who carries them."""

from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from app.delivery.rules import Answer

STALE: Final = 1.0  # seconds after which a parcel that was taken is not sent without asking again: people withdraw


class TransportDown(Exception):
    """The server cannot be reached, greets with a refusal, or does not let us in. No mail is to blame."""


class Parcel(NamedTuple):
    """One mail for one recipient, its ``content`` as it goes over the wire: CRLF, dots doubled, ``\\r\\n.\\r\\n`` at
    its end; 7-bit unless ``utf8`` (RFC 6531). ``size`` is its length in octets; ``envid`` returns in DSNs (RFC 3461).
    """

    id: int
    sender: bytes
    recipient: bytes
    content: bytes
    size: int
    utf8: bool = False
    envid: bytes = b""


class Clerk(Protocol):
    """Who hands out parcels and takes the answers. Each parcel taken ends in one ``answered`` or one ``returned``."""

    def next(self) -> Parcel | None:
        """The next parcel, asked for when a connection could send one more; None: nothing more at this moment."""

    def stands(self, parcel: Parcel) -> bool:
        """Whether this parcel is still to be sent: asked before DATA, and before its content, if it was taken (or this
        was last asked) more than a second ago, as happens with slow servers. If not, it is returned unsent.
        """

    def begun(self, parcel: Parcel) -> None:
        """Called just before the first byte of the content is written: from here on its outcome may be in doubt."""

    def answered(self, parcel: Parcel, answer: Answer) -> None:
        """The outcome: the stage that decided, and the server's words; code None: the connection was lost there."""

    def returned(self, parcel: Parcel) -> None:
        """Not begun and not to blame: the connection was lost or refused before. It may be handed out again."""

    def meanwhile(self) -> None:
        """Called about four times a second while the client runs, whatever the server does: time for other duties.

        The client over the standard library calls it between two mails only.
        """


class Client(Protocol):
    """Carries parcels to one server."""

    def run(self, clerk: Clerk, until: float) -> None:
        """Send until the clerk has nothing more and nothing is in flight, or until this time (monotonic seconds), or
        ``stop``; what is in flight then is finished first. Connections stay open. Raises TransportDown.
        """

    def close(self) -> None:
        """Say goodbye on all connections."""

    def stop(self) -> None:
        """Take nothing more; a signal handler may call it. What is in flight has ``Patience.stop`` left."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a server, in seconds: RFC 5321, 4.5.3.2, where it says so; tests are less patient."""

    connect: float = 30.0
    greeting: float = 300.0  # 4.5.3.2.1
    command: float = 300.0  # 4.5.3.2.2 and 4.5.3.2.3: MAIL and RCPT; also EHLO, AUTH
    pipelined: float = 30.0  # then the same envelope is tried again step by step, with the patience above
    data: float = 120.0  # 4.5.3.2.4
    block: float = 180.0  # 4.5.3.2.5
    dot: float = 600.0  # 4.5.3.2.6: whoever gives up earlier gets duplicates
    reset: float = 30.0
    quit: float = 2.0
    stop: float = 5.0  # for what is in flight when we are told to stop
    fast: float = 0.25  # a round trip may take so long for the next envelope to leave together with the dot
    idle: float = 30.0  # a connection that was not used for so long is not trusted any more
