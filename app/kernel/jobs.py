"""A job: what must happen again and again, without knowing who runs it (see ``app/runners``)."""

import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import String, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock
from app.kernel.db import Base, insert, session, transaction

NOTED_EVERY: Final = 60.0  # seconds: what runs each second is not written down each second
SILENT_AFTER: Final = timedelta(minutes=5)  # longer than any job of ours runs: nobody runs them any more


@dataclass(frozen=True, slots=True)
class Job:
    """``run`` does what is due now and returns how many things it did; 0 says that nothing is due."""

    name: str
    run: Callable[[], int]
    every: timedelta


class JobRun(Base):
    """How the last run of a job went: when it ended, how long it took, how often in a row it has failed, and by what
    kind of error. It is about the product, never about anybody.
    """

    __tablename__ = "job_runs"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime]
    seconds: Mapped[float]
    failures: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(80), default="")


_stop = threading.Event()
_told: set[Callable[[], None]] = set()


def stop() -> None:
    """Ask the jobs of this process to end soon: they begin nothing more, and finish what they have begun."""
    _stop.set()
    for callback in list(_told):
        callback()


def start() -> None:
    """This process runs jobs from now on, also if it was asked to end before."""
    _stop.clear()


def is_stopping() -> bool:
    """Whether this process was asked to end."""
    return _stop.is_set()


@contextmanager
def calls_when_stopping(callback: Callable[[], None]) -> Iterator[None]:
    """Call this when the process is asked to end inside the block, from another thread or a signal handler."""
    _told.add(callback)
    try:
        yield
    finally:
        _told.discard(callback)


class Notes:
    """What a process that runs jobs writes down: each failure, each recovery, else each job once a minute."""

    def __init__(self) -> None:
        self._noted: dict[str, tuple[float, str]] = {}

    def take(self, name: str, seconds: float, error: str = "") -> bool:
        """A job has run for so long, and ended well or by this kind of error; whether that was written down."""
        noted_at, last = self._noted.get(name, (float("-inf"), ""))
        now = time.monotonic()
        if not error and not last and now - noted_at < NOTED_EVERY:
            return False
        with transaction():
            _note(name, seconds, error)
        self._noted[name] = now, error
        return True


def runs() -> list[JobRun]:
    """How the last run of each job went, by name; the last minute may be missing."""
    return list(session.scalars(select(JobRun).order_by(JobRun.name)))


def last_run_at() -> datetime | None:
    """When somebody was last heard of who runs jobs; None if nobody ever was."""
    return session.scalar(select(func.max(JobRun.at)))


def are_silent() -> bool:
    """Whether somebody ran jobs here, and nobody does any more."""
    at = last_run_at()
    return at is not None and at < clock.now() - SILENT_AFTER


def forget_others(names: Collection[str]) -> None:
    """Forget the runs of jobs that there are no more."""
    with transaction():
        session.execute(delete(JobRun).where(JobRun.name.not_in(names)))


def _note(name: str, seconds: float, error: str) -> None:
    row = {"name": name, "at": clock.now(), "seconds": seconds, "failures": int(bool(error)), "error": error[:80]}
    made = insert(JobRun.__table__).values(row)
    again = {key: made.excluded[key] for key in ("at", "seconds", "error")}
    again["failures"] = JobRun.failures + 1 if error else 0
    session.execute(made.on_conflict_do_update(index_elements=["name"], set_=again))
