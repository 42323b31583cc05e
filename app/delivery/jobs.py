"""The jobs of the delivery."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from app.delivery.inbound.pump import fetch
from app.delivery.inbound.record import Handler
from app.delivery.pump import recover, send_due, send_single
from app.kernel.jobs import Job

JOBS = [
    Job("delivery.recover", recover, every=timedelta(seconds=1)),
    Job("delivery.send_single", send_single, every=timedelta(seconds=1)),
    Job("delivery.send_due", send_due, every=timedelta(seconds=1)),
]


def mailbox(handlers: Sequence[Handler]) -> list[Job]:
    """The job that takes what came back by mail; ``handlers`` are the features that may want to act on it."""
    return [Job("delivery.fetch_mail", partial(fetch, handlers), every=timedelta(minutes=1))]
