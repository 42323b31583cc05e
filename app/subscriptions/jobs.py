"""What happens by itself."""

from datetime import timedelta
from typing import Final

from app.kernel.db import transaction
from app.kernel.jobs import Job
from app.subscriptions import limits, services
from app.subscriptions.erasure import prune_list, write_list
from app.subscriptions.own_data import answer_next
from app.subscriptions.retention import (
    forget_numbers,
    forget_proofs,
    forget_who_left,
    old_texts,
    purge_data_links,
    purge_texts,
    purge_unconfirmed,
    unused_numbers,
)
from app.subscriptions.services import reconfirming


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


def _forget_proofs() -> int:
    with transaction():
        return forget_proofs() + prune_list()


def _purge_texts() -> int:
    with transaction(write=False):
        found = old_texts()
    with transaction():
        return purge_texts(found)


def _forget_numbers() -> int:
    with transaction(write=False):
        ids = unused_numbers()
    if not ids:
        return 0
    with transaction():
        return forget_numbers(ids)


def _purge_links() -> int:
    with transaction():
        return purge_data_links()


def _answer_data_requests() -> int:
    with transaction():
        return answer_next()


def _write_list() -> int:
    with transaction(write=False):
        return write_list()


def _reconfirm() -> int:
    with transaction():
        return reconfirming.work()


JOBS: Final = [
    Job("subscriptions.reconfirm", _reconfirm, every=timedelta(minutes=1)),
    Job("subscriptions.answer_sign_ups", _answer, every=timedelta(seconds=1)),
    Job("subscriptions.forget_limits", _forget_limits, every=timedelta(minutes=5)),
    Job("subscriptions.forget_old_moves", _forget_moves, every=timedelta(hours=1)),
    Job("subscriptions.purge_unconfirmed", _purge, every=timedelta(hours=1)),
    Job("subscriptions.forget_who_left", _forget, every=timedelta(days=1)),
    Job("subscriptions.forget_proofs", _forget_proofs, every=timedelta(days=1)),
    Job("subscriptions.purge_texts", _purge_texts, every=timedelta(days=1)),
    Job("subscriptions.forget_numbers", _forget_numbers, every=timedelta(days=1)),
    Job("subscriptions.purge_data_links", _purge_links, every=timedelta(hours=1)),
    Job("subscriptions.answer_data_requests", _answer_data_requests, every=timedelta(seconds=2)),
    Job("subscriptions.write_erasure_list", _write_list, every=timedelta(minutes=1)),
]
