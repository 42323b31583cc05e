"""The way out: SMTP to our relay (RFC 5321), many mails over few connections.

A ``Client`` takes parcels from a ``Clerk`` and tells it what became of each. Our own client keeps many connections
busy from one loop and pipelines; the one over the standard library speaks over one connection, one step at a time.
"""

from typing import Literal

from app.delivery.smtp.knock import knock
from app.delivery.smtp.own import OwnClient
from app.delivery.smtp.parcels import STALE, Clerk, Client, Parcel, Patience, TransportDown
from app.delivery.smtp.server import Server
from app.delivery.smtp.stdlib import StdlibClient

Kind = Literal["own", "stdlib"]


def client(
    url: str,
    *,
    connections: int = 2,
    ca_file: str = "",
    kind: Kind = "own",
    messages_per_connection: int = 500,
    patience: Patience | None = None,
) -> Client:
    """A client for ``smtp://user:password@host:587`` (STARTTLS where offered) or ``smtps://``.

    It connects when there is something to send. ``connections`` are the most it opens at once; after
    ``messages_per_connection`` it opens a fresh one. ``kind="stdlib"`` is smtplib: one connection, the same outcomes.
    """
    server = Server.of(url, ca_file)
    if kind == "stdlib":
        return StdlibClient(server, messages_per_connection, patience or Patience())
    return OwnClient(server, connections, messages_per_connection, patience or Patience())


__all__ = [
    "STALE",
    "Clerk",
    "Client",
    "Kind",
    "Parcel",
    "Patience",
    "TransportDown",
    "client",
    "knock",
]
