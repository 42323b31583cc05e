"""What happens by itself."""

from datetime import timedelta
from typing import Final

from app.kernel.db import transaction
from app.kernel.jobs import Job
from app.subscriptions import limits, services
from app.subscriptions.retention import forget_who_left, purge_unconfirmed


def _answer() -> int:
    """Each in a transaction of its own: one that fails stops no other."""
    with transaction(write=False):
        due = list(services.waiting_ids())
    done = 0
    for request_id in due:
        with transaction():
            done += services.answer_waiting(request_id)
    return done


def _forget_limits() -> int:
    with transaction():
        return limits.forget_old()


def _purge() -> int:
    with transaction():
        return purge_unconfirmed()


def _forget() -> int:
    with transaction():
        return forget_who_left()


def _forget_moves() -> int:
    with transaction():
        return services.forget_old_moves()


JOBS: Final = [
    Job("subscriptions.answer_sign_ups", _answer, every=timedelta(seconds=1)),
    Job("subscriptions.forget_limits", _forget_limits, every=timedelta(minutes=5)),
    Job("subscriptions.forget_old_moves", _forget_moves, every=timedelta(hours=1)),
    Job("subscriptions.purge_unconfirmed", _purge, every=timedelta(hours=1)),
    Job("subscriptions.forget_who_left", _forget, every=timedelta(days=1)),
]
