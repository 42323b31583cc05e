"""What happens by itself."""

from datetime import timedelta
from typing import Final

from app.kernel.db import transaction
from app.kernel.jobs import Job
from app.subscriptions.retention import purge_unconfirmed


def _purge() -> int:
    with transaction():
        return purge_unconfirmed()


JOBS: Final = [Job("subscriptions.purge_unconfirmed", _purge, every=timedelta(hours=1))]
