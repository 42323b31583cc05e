"""The one clock. Nothing else in the product asks the system for the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")

_held: ContextVar[datetime | None] = ContextVar("held", default=None)


def now() -> datetime:
    """The current moment, aware, in UTC, to the microsecond."""
    return _held.get() or datetime.now(UTC)


@contextmanager
def held_at(moment: datetime) -> Iterator[datetime]:
    """Hold the clock at one moment (aware), for tests and previews; the time runs again afterwards."""
    if moment.tzinfo is None:
        raise ValueError("The clock is held at an aware moment only.")
    token = _held.set(moment.astimezone(UTC))
    try:
        yield now()
    finally:
        _held.reset(token)


def local(moment: datetime) -> datetime:
    """The same moment on the wall clock of Europe/Berlin."""
    return moment.astimezone(BERLIN)


def at_local(day: date, wall_time: time) -> datetime:
    """The moment, in UTC, at which the clocks in Europe/Berlin show this day and time.

    In the hour that exists twice (end of summer time) the first one is meant; in the hour that does not exist the
    moment after the jump with the offset before it (PEP 495, fold=0).
    """
    return datetime.combine(day, wall_time, tzinfo=BERLIN).astimezone(UTC)


def today() -> date:
    """The current day in Europe/Berlin."""
    return local(now()).date()
