"""Days and times as people write them, on the clocks of Europe/Berlin."""

from datetime import date, datetime, time
from typing import Any

from wtforms import DateField, TimeField

from app.kernel import clock
from app.kernel.errors import Invalid
from app.kernel.forms import check_year
from app.kernel.i18n import lazy


class DayField(DateField):  # type: ignore[misc]
    """A day, as the browser's date field sends it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Raises ValueError with advice if it is no day."""
        if any(valuelist) and not _is_read(date.fromisoformat, valuelist[0]):
            raise ValueError(lazy("Bitte geben Sie ein Datum ein, zum Beispiel 08.12.2026."))
        super().process_formdata(valuelist if any(valuelist) else [])
        check_year(self.data)


class WallTimeField(TimeField):  # type: ignore[misc]
    """A time on the clocks of Europe/Berlin."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Raises ValueError with advice if it is no time."""
        if any(valuelist) and not _is_read(time.fromisoformat, valuelist[0]):
            raise ValueError(lazy("Bitte geben Sie eine Uhrzeit ein, zum Beispiel 10:00."))
        super().process_formdata([valuelist[0][:5]] if any(valuelist) else [])


def moment_of(day: date | None, at: time | None) -> datetime | None:
    """The moment at which the clocks in Europe/Berlin show this; at eight if only the day is named."""
    return clock.at_local(day, at or time(8)) if day else None


def wall_clock(moment: datetime | None, name: str) -> dict[str, Any]:
    """What the two fields ``<name>_on`` and ``<name>_time`` show of a moment."""
    if moment is None:
        return {f"{name}_on": None, f"{name}_time": None}
    local = clock.local(moment)
    return {f"{name}_on": local.date(), f"{name}_time": local.time()}


def check_future(at: datetime | None, field: str) -> None:
    """Raises Invalid at this field if the moment lies in the past."""
    if at is not None and at < clock.now():
        raise Invalid(**{field: lazy("Dieser Zeitpunkt ist vorbei. Bitte wählen Sie einen in der Zukunft.")})


def _is_read(read: Any, value: str) -> bool:
    try:
        read(value)
    except ValueError:
        return False
    return True
