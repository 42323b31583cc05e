"""What participation does by itself."""

from datetime import timedelta

from app.kernel.db import transaction
from app.kernel.jobs import Job
from app.participation.services import forget_writers


def _forget_writers() -> int:
    with transaction():
        return forget_writers()


JOBS = [Job("participation.forget_writers", _forget_writers, every=timedelta(hours=6))]
