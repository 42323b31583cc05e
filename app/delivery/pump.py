"""The pump: claim in a short transaction, send outside of any, record each answer in a short transaction of its own."""

import logging
import time
from collections.abc import Sequence
from contextlib import closing
from typing import Final

from app.delivery import ledger, letter, senders
from app.delivery.ledger import Claim
from app.delivery.models import Message
from app.delivery.rules import HELD_SECONDS, Claimed, Verdict
from app.delivery.transport import SmtpTransport, TransportDown
from app.kernel import clock, config
from app.kernel.db import transaction

RUN_SECONDS: Final = 5.0  # one run ends after this time, so that a worker that is told to stop does
PACE_SECONDS: Final = 0.25

log = logging.getLogger("rundbrief.delivery")


def send_due() -> int:
    """Send what is due, as fast as SEND_RATE allows, for some seconds; how many deliveries got an outcome.

    Nothing leaves while the identity is incomplete. The connection stays open between the claims of a run.
    """
    with transaction(write=False):
        due = ledger.is_due()
    if not due:
        return 0
    settings = config.current()
    with senders.living() as owner, closing(_Run(owner, SmtpTransport(settings.smtp_url, settings.ca_file))) as run:
        return run.until(time.monotonic() + RUN_SECONDS)


def recover() -> int:
    """Take over what dead senders held; how many deliveries. At most one of each is in doubt.

    A sender of this host is dead when its lock is free; one of another host when its lease is over.
    """
    with transaction(write=False):
        owners = ledger.owners()
    recovered = 0
    for owner, until in owners:
        here = senders.is_here(owner)
        if here and senders.is_alive(owner):
            with transaction():
                ledger.renew(owner)
        elif here or until < clock.now():
            with transaction():
                recovered += ledger.recover(owner)
            log.warning("The sender %s is gone; what it held is recovered.", owner)
    return recovered


class _Run:
    """One sender with one connection, from its first claim to its last."""

    def __init__(self, owner: str, transport: SmtpTransport) -> None:
        self._owner = owner
        self._transport = transport
        self._settings = config.current()
        self._settled = 0

    def until(self, end: float) -> int:
        """Claim and send until nothing is due, the server is down, or this time (monotonic seconds) has come."""
        going = True
        while going and time.monotonic() < end:
            with transaction():
                claim = ledger.claim(self._owner)
            self._settled += claim.settled
            going = self._send(claim) if claim.deliveries else claim.settled > 0 or self._wait(claim)
        return self._settled

    def close(self) -> None:
        """Hang up."""
        self._transport.quit()

    def _wait(self, claim: Claim) -> bool:
        """Whether the pace will let more out after a moment (never, where the clock stands still)."""
        before = clock.now()
        if claim.paced:
            time.sleep(PACE_SECONDS)
        return clock.now() > before and claim.paced

    def _send(self, claim: Claim) -> bool:
        """Send a claim in its order; False if the server is down. What cannot leave within 2 seconds is given back.

        A delivery in flight is not given back by any error: its outcome is open, and recovery says so.
        """
        end = time.monotonic() + HELD_SECONDS
        waiting = list(claim.deliveries)
        try:
            while waiting and (len(waiting) == len(claim.deliveries) or time.monotonic() < end):
                self._transport.connect()
                item = waiting.pop(0)
                verdict = self._send_one(item, claim.messages[item.message_id])
                if verdict is Verdict.POLICY:
                    self._let_go([other for other in waiting if other.group == item.group])
                    waiting = [other for other in waiting if other.group != item.group]
        except TransportDown as down:
            with transaction():
                ledger.rest(str(down))
            log.warning("The mail server is not available: %s", down)
            return False
        finally:
            self._let_go(waiting)
        return True

    def _send_one(self, item: Claimed, message: Message) -> Verdict:
        self._settled += 1
        try:
            written = letter.write(message, item, self._settings, clock.now())
        except ValueError as error:
            with transaction():
                ledger.fail(item, str(error))
            return Verdict.FAILED
        answer = self._transport.send(written.sender, written.recipient, written.content)
        with transaction():
            verdict = ledger.record(item, message, answer)
            if verdict is Verdict.ACCEPTED:
                ledger.work_again()
        if answer.code == 421:
            raise TransportDown(f"421 {answer.text}")
        return verdict

    def _let_go(self, items: Sequence[Claimed]) -> None:
        if items:
            with transaction():
                ledger.give_back(self._owner, items)
