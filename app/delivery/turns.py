"""Who prepares and who leaves take turns, so that nobody slips between the question who is there and its answer.

On SQLite everybody who writes does so anyway. On PostgreSQL, who leaves while a million deliveries are written would
not see them yet, and skip nothing; so both take a lock of the transaction, those who leave together.
"""

from typing import Final

from sqlalchemy import text

from app.delivery.upsert import is_postgresql
from app.kernel.db import session

_LOCK: Final = 0x52756E64  # any number that nothing else in the database takes


def prepare_alone() -> None:
    """Wait for everybody who is leaving; who begins to leave from now on waits until this transaction ends.

    Who both skips and prepares in one transaction asks for this first: with the lock of those who leave in hand, two
    would wait for each other.
    """
    if is_postgresql():
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def leave() -> None:
    """Wait for what is being prepared, seconds for a million, so that all of it is there to be skipped."""
    if is_postgresql():
        session.execute(text("SELECT pg_advisory_xact_lock_shared(:lock)"), {"lock": _LOCK})
