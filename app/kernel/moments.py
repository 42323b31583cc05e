"""Days and wall times in forms, and the moments they mean on the clocks of Europe/Berlin."""

from datetime import date, datetime, time
from typing import Any

from wtforms import DateField
from wtforms import TimeField as BrowserTimeField

from app.kernel import clock
from app.kernel.errors import Invalid
from app.kernel.forms import check_year
from app.kernel.i18n import lazy


class DayField(DateField):  # type: ignore[misc]
    """A day, as ``2026-12-08`` (the browser's date field) or ``08.12.2026``; None if empty."""

    def __init__(self, label: Any, validators: Any = (), **kwargs: Any) -> None:
        super().__init__(label, list(validators), format=["%Y-%m-%d", "%d.%m.%Y"], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Raises ValueError with what to do."""
        self.data: Any = None
        super().process_formdata([written] if (written := _first(valuelist)) else [])
        check_year(self.data)


class WallTimeField(BrowserTimeField):  # type: ignore[misc]
    """A time on the clocks of Europe/Berlin, as ``10:00``; seconds are left out; None if empty."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Raises ValueError with what to do."""
        self.data: Any = None
        written = _first(valuelist)
        super().process_formdata([written[:5] if written.count(":") > 1 else written] if written else [])


def moment(day: date, wall_time: time, field: str) -> datetime:
    """The moment, in UTC, at which the clocks in Europe/Berlin show this; in the hour that exists twice the first one.

    Raises Invalid at ``field`` for the hour that they skip when summer time begins.
    """
    meant = clock.at_local(day, wall_time)
    if clock.local(meant).replace(tzinfo=None) != datetime.combine(day, wall_time):
        advice = lazy("Diese Uhrzeit gibt es an diesem Tag nicht: Die Uhren werden auf Sommerzeit gestellt.")
        raise Invalid(**{field: advice})
    return meant


def _first(valuelist: list[str]) -> str:
    return valuelist[0].strip() if valuelist else ""
