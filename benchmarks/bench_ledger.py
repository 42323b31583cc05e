"""What the ledger costs per mail: claiming, recording, and everything but the wire; on SQLite and PostgreSQL.

``python benchmarks/bench_ledger.py 5 6000``: medians of 5 rounds of 6,000 mails.
"""

import statistics
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Final

from app.delivery import claims, records, senders
from app.delivery.pump.clerk import Lane, LedgerClerk
from app.delivery.rules import Answer, Stage
from app.kernel import clock, config
from app.kernel.db import transaction
from benchmarks.tools import ground

KINDS: Final = ("sqlite", "postgresql")
BATCHES: Final = (10, 100, 1000)
NOWHERE: Final = "smtp://127.0.0.1:9"
SMTP: Final = "smtp"
ACCEPTED: Final = Answer(Stage.DOT, 250, "2.0.0 Ok")


def main(rounds: int, mails: int) -> None:
    print(f"ledger, {rounds} rounds of {mails} mails, microseconds per mail")
    for kind in KINDS:
        with ExitStack() as stack:
            stack.enter_context(ground.app_on(kind, NOWHERE))
            figures = {f"claimed and recorded, {size} at a time": claimed_and_recorded(size) for size in BATCHES}
            figures["everything but the wire"] = without_wire
            for what, measure in figures.items():
                share = mails if measure is without_wire else min(mails, 200 * int(what.split()[3]))
                told = statistics.median(measure(f"{what}:{number}", share) for number in range(rounds))
                print(f"  {kind:12} {what:36} {told:7.1f}")


def claimed_and_recorded(size: int) -> Callable[[str, int], float]:
    """A measurement with claims of this size, each recorded in one transaction."""

    def measure(group: str, mails: int) -> float:
        ground.owe(group, mails)
        begun = time.perf_counter()
        with senders.living() as sender:
            while True:
                with transaction():
                    records.register(sender.owner, clock.now(), 0)
                    claim = claims.claim(sender.owner, SMTP, single=False, most=size)
                if not claim.rows:
                    break
                with transaction():
                    records.record(SMTP, {ACCEPTED: [claimed.id for claimed, _piece in claim.rows]})
                    claims.finish([piece for _claimed, piece in claim.rows])
            with transaction():
                records.sign_off(sender.owner)
        return (time.perf_counter() - begun) / mails * 1e6

    return measure


def without_wire(group: str, mails: int) -> float:
    """The sender as it is, with a server that takes everything in no time: claimed, written, journalled, recorded."""
    ground.owe(group, mails)
    begun = time.perf_counter()
    with senders.living() as sender:
        clerk = LedgerClerk(sender, Lane(SMTP, config.current().smtp_url, single=False))
        sent = 0
        while sent < mails:
            parcel: Any = clerk.next()
            clerk.begun(parcel)
            clerk.answered(parcel, ACCEPTED)
            clerk.meanwhile()
            sent += 1
        clerk.close()
    return (time.perf_counter() - begun) / mails * 1e6


if __name__ == "__main__":
    main(*(int(value) for value in (sys.argv[1:3] if len(sys.argv) > 2 else ("5", "6000"))))
