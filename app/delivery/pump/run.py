"""One run of a sender: from its first claim until nothing is due, the server is down, or its time is over."""

import gc
import logging
import time
from datetime import datetime
from typing import Final

from app.delivery import claims, senders, smtp
from app.delivery.pump.clerk import Lane, LedgerClerk
from app.delivery.smtp import TransportDown
from app.kernel import clock, config
from app.kernel.config import Settings
from app.kernel.db import transaction
from app.kernel.jobs import calls_when_stopping, is_stopping

RUN_SECONDS: Final = 20.0  # then other jobs of the same process get their turn, where they run one after the other
PACE_SECONDS: Final = 0.25
SMTP: Final = "smtp"
BULK: Final = "bulk"

log = logging.getLogger("rundbrief.delivery")


def send_single() -> int:
    """Send the single mails that are due, over a connection of their own; how many deliveries got an outcome."""
    settings = config.current()
    return _send(Lane(SMTP, settings.smtp_url, single=True), settings)


def send_due() -> int:
    """Send what is due of issues, as fast as SEND_RATE allows, for some seconds; how many got an outcome.

    Nothing leaves while the identity is incomplete. The connections stay open between the claims of a run.
    """
    settings = config.current()
    bulk = settings.smtp_url_bulk
    return _send(Lane(BULK if bulk else SMTP, bulk or settings.smtp_url, single=False), settings)


def _send(lane: Lane, settings: Settings) -> int:
    with transaction(write=False):
        due = claims.is_due(lane.name, single=lane.single)
    if not due or is_stopping():
        return 0
    client = smtp.client(
        lane.url,
        connections=1 if lane.single else settings.send_connections,
        ca_file=settings.ca_file,
        kind=settings.smtp_client,
    )
    with senders.living() as sender:
        clerk = LedgerClerk(sender, lane)
        gc.freeze()  # what is there already is not garbage: looking through it again and again took a tenth of the time
        try:
            with calls_when_stopping(client.stop):
                _run(clerk, client)
        finally:
            client.close()
            gc.unfreeze()
        clerk.close()
    return clerk.settled


def _run(clerk: LedgerClerk, client: smtp.Client) -> None:
    end = time.monotonic() + RUN_SECONDS
    going = True
    while going and time.monotonic() < end:
        settled, before = clerk.settled, clock.now()
        try:
            client.run(clerk, end)
        except TransportDown as down:
            clerk.trouble = str(down)
        if clerk.trouble:
            log.warning("The mail server is not available: %s", clerk.trouble)
            return
        clerk.record()
        going = not is_stopping() and (clerk.settled > settled or (clerk.paced and _wait(before)))


def _wait(before: datetime) -> bool:
    """Whether the pace will let more out after a moment (never, where the clock stands still)."""
    time.sleep(PACE_SECONDS)
    return clock.now() > before
