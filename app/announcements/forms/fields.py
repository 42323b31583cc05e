"""A moment in two fields, a day and a time."""

from datetime import date, datetime, time
from typing import Any

from app.kernel import clock
from app.kernel.errors import Invalid
from app.kernel.i18n import lazy
from app.kernel.moments import moment


def moment_of(day: date | None, at: time | None, name: str) -> datetime | None:
    """The moment that the fields ``<name>_on`` and ``<name>_time`` mean; at eight if only the day is named."""
    return moment(day, at or time(8), f"{name}_time") if day else None


def wall_clock(at: datetime | None, name: str) -> dict[str, Any]:
    """What the two fields ``<name>_on`` and ``<name>_time`` show of a moment."""
    if at is None:
        return {f"{name}_on": None, f"{name}_time": None}
    local = clock.local(at)
    return {f"{name}_on": local.date(), f"{name}_time": local.time()}


def check_future(at: datetime | None, field: str) -> None:
    """Raises Invalid at this field if the moment lies in the past."""
    if at is not None and at < clock.now():
        raise Invalid(**{field: lazy("Dieser Zeitpunkt ist vorbei. Bitte wählen Sie einen in der Zukunft.")})
