"""Whether a server would take our mails: connect, TLS, sign in, goodbye; no mail is sent."""

import time
from typing import Final

from app.delivery.smtp.connection import Connection, Phase
from app.delivery.smtp.counter import Counter
from app.delivery.smtp.envelope import Offer
from app.delivery.smtp.parcels import Patience, TransportDown
from app.delivery.smtp.poller import BOTH, READ, Portable
from app.delivery.smtp.server import Server

SECONDS: Final = 10.0
_HASTE: Final = Patience(connect=SECONDS, greeting=SECONDS, command=SECONDS)


def knock(url: str, ca_file: str = "") -> Offer:
    """What this server offers to us, after we have come in as for sending; takes 10 seconds at most for each step.

    Raises TransportDown, in the server's own words where it has said any.
    """
    server, now = Server.of(url, ca_file), time.monotonic()
    try:
        connection = Connection(server, server.addresses(), Counter(1), _HASTE, now)
    except OSError as error:
        raise TransportDown(error.strerror or str(error)) from error
    while connection.phase not in (Phase.OPEN, Phase.CLOSED):
        poller = Portable[Connection]()
        poller.watch(connection.socket.fileno(), BOTH if connection.wants_write else READ, connection)
        ready = poller.ready(0.25)
        poller.close()
        now = time.monotonic()
        for found in ready:
            found.ready(now)
        connection.overdue(now, float("inf"))
    if connection.dialogue is None:
        raise TransportDown(connection.trouble)
    connection.leave(now)
    connection.shut()
    return connection.dialogue.offer
