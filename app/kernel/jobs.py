"""A job: what must happen again and again, without knowing who runs it (see ``app/runners``)."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Job:
    """``run`` does what is due now and returns how many things it did; 0 says that nothing is due."""

    name: str
    run: Callable[[], int]
    every: timedelta


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
