"""What happens by itself."""

from datetime import timedelta
from typing import Final

from app.kernel.db import transaction
from app.kernel.jobs import Job
from app.subscriptions.retention import forget_who_left, purge_unconfirmed


def _purge() -> int:
    with transaction():
        return purge_unconfirmed()


def _forget() -> int:
    with transaction():
        return forget_who_left()


JOBS: Final = [
    Job("subscriptions.purge_unconfirmed", _purge, every=timedelta(hours=1)),
    Job("subscriptions.forget_who_left", _forget, every=timedelta(days=1)),
]
