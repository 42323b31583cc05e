"""What happens by itself: issues begin and end, newcomers are greeted, news leaves at once for who wants that."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from app.kernel.db import transaction
from app.kernel.jobs import Job
from app.newsletter import at_once, queries, services, welcome


def _each(ids: Callable[[], Sequence[int]], do: Callable[[int], bool]) -> int:
    """Each in a transaction of its own: one that fails stops no other."""
    with transaction(write=False):
        due = list(ids())
    done = 0
    for issue_id in due:
        with transaction():
            done += do(issue_id)
    return done


def _start_due() -> int:
    return _each(queries.due_ids, services.start)


def _finish() -> int:
    return _each(queries.sending_ids, services.finish)


def _at_once_due() -> int:
    return _each(at_once.due_ids, at_once.prepare)


def _welcome_due() -> int:
    with transaction(write=False):
        waiting = welcome.is_anybody_waiting()
    if not waiting:
        return 0
    with transaction():
        return welcome.greet()


JOBS: Final = [
    Job("newsletter.start_due", _start_due, every=timedelta(seconds=5)),
    Job("newsletter.finish", _finish, every=timedelta(seconds=5)),
    Job("newsletter.at_once_due", _at_once_due, every=timedelta(seconds=5)),
    Job("newsletter.welcome_due", _welcome_due, every=timedelta(seconds=5)),
]
