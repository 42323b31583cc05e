"""Taking over from senders that died: of the same host at once, of a lost host when its lease is over."""

import logging
from datetime import timedelta
from typing import Final

from app.delivery import records, senders
from app.kernel import clock
from app.kernel.db import transaction

LEASE: Final = timedelta(seconds=58)  # whoever looks each second has given up a lost host within a minute
RENEW: Final = timedelta(seconds=30)

log = logging.getLogger("rundbrief.delivery")


def recover() -> int:
    """Take over what dead senders held; how many deliveries.

    A sender of this host is dead when its lock is free: its journal says what became of its mails, and who is in doubt
    (one per connection at most). One of another host is given up when its lease is over.
    """
    with transaction(write=False):
        known = [(row.owner, row.lease_until, row.recorded_to) for row in records.senders()]
    recovered = 0
    for owner, until, recorded_to in known:
        here = senders.is_here(owner)
        if here and senders.is_alive(owner):
            if until < clock.now() + RENEW:
                with transaction():
                    records.renew(owner, clock.now() + LEASE)
        elif here or until < clock.now():
            with transaction():
                recovered += records.take_over(owner, senders.trace(owner, recorded_to) if here else None)
            if here:
                senders.forget(owner)
            log.warning("The sender %s is gone; what it held is recovered.", owner)
    return recovered
