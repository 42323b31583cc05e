"""The jobs of the delivery."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from app.delivery import retention
from app.delivery.inbound.pump import fetch
from app.delivery.inbound.record import Handler
from app.delivery.pump import recover, send_due, send_single
from app.kernel.db import transaction
from app.kernel.jobs import Job

PIECES: Final = 20


def _in_pieces(forget: Callable[[], int]) -> int:
    """Each piece in a transaction of its own, so that nobody waits long; the rest at the next time."""
    worked = 0
    for _piece in range(PIECES):
        with transaction():
            done = forget()
        worked += done
        if not done:
            break
    return worked


RECOVER = Job("delivery.recover", recover, every=timedelta(seconds=1))
SENDING = [
    Job("delivery.send_single", send_single, every=timedelta(seconds=1)),
    Job("delivery.send_due", send_due, every=timedelta(seconds=1)),
]
JOBS = [
    RECOVER,
    *SENDING,
    Job("delivery.forget_addresses", partial(_in_pieces, retention.forget_addresses), every=timedelta(minutes=30)),
    Job("delivery.blank_single_mails", partial(_in_pieces, retention.blank_single_mails), every=timedelta(hours=1)),
    Job("delivery.empty_returned_mails", partial(_in_pieces, retention.empty_returned_mails), every=timedelta(hours=1)),
    Job("delivery.forget_soft_bounces", partial(_in_pieces, retention.forget_soft_bounces), every=timedelta(days=1)),
]


def mailbox(handlers: Sequence[Handler]) -> list[Job]:
    """The job that takes what came back by mail; ``handlers`` are the features that may want to act on it."""
    return [Job("delivery.fetch_mail", partial(fetch, handlers), every=timedelta(minutes=1))]
