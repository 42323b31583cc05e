"""Decisions about dates, as pure functions."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from app.events.values import EventState, EventValues
from app.kernel import clock
from app.kernel.i18n import lazy

RESERVED_SLUGS: Final = frozenset(
    ["kalender", "abonnieren", "anmelden", "einbetten", "kreis", "gemeinde", "thema", "persoenlich", "anmeldung"]
)
LIMITS: Final = {"title": 140, "lead": 300, "place": 200, "planned": 80}  # each leaves room in the announcement
UNDATED: Final = (EventState.PROPOSED,)
NO_DAY_YET: Final = lazy("In Abstimmung heißt: Der Tag steht noch nicht fest. Bitte lassen Sie das Datum leer.")


def problems(values: EventValues) -> dict[str, Any]:
    """What is wrong with these values, by field; empty if they can be said."""
    found: dict[str, Any] = {}
    if not values.title.strip():
        found["title"] = lazy("Bitte geben Sie an, wie der Termin heißt.")
    for name, most in LIMITS.items():
        if len(getattr(values, name)) > most:
            found[name] = lazy("Bitte kürzen Sie auf höchstens %(max)d Zeichen.", max=most)
    if not values.regions:
        found["regions"] = lazy("Bitte wählen Sie, für wen der Termin ist; für alle genügt „Sachsen“.")
    if values.state in UNDATED:
        if values.starts_at is not None:
            found["day"] = NO_DAY_YET
        return found
    if values.starts_at is None or values.ends_at is None:
        found["day"] = lazy("Bitte geben Sie den Tag an, oder wählen Sie „in Abstimmung“.")
        return found
    if values.ends_at <= values.starts_at:
        found["end_time"] = lazy("Das Ende muss nach dem Beginn liegen.")
    if values.time_open and values.state == EventState.CONFIRMED:
        found["state"] = lazy("Solange die Uhrzeit offen ist, ist der Termin nur vorgemerkt.")
    return found


def cleaned(values: EventValues) -> EventValues:
    """The same values without control characters and blanks at the ends; titles and places in one line."""
    return replace(
        values,
        title=_line(values.title),
        place=_line(values.place),
        planned=_line(values.planned),
        lead=clean(values.lead).strip(),
    )


def _line(value: str) -> str:
    return " ".join(clean(value).split())


def clean(value: str) -> str:
    """Without control characters, one of which loses the whole feed in some parsers; line breaks stay."""
    plain = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in plain if c == "\n" or (ord(c) >= 32 and not 127 <= ord(c) < 160))


def has_moved(old: EventValues, new: EventValues) -> bool:
    """Whether the date became another one: another day, or another hour where both had one."""
    if old.starts_at is None or new.starts_at is None:
        return old.starts_at is not None
    if old.all_day or new.all_day:
        return clock.local(old.starts_at).date() != clock.local(new.starts_at).date()
    return old.starts_at != new.starts_at


def whole_days(first: date, last: date | None = None) -> tuple[datetime, datetime]:
    """Start and exclusive end, as moments, of whole days in Berlin from ``first`` to ``last``."""
    midnight = datetime.min.time()
    return clock.at_local(first, midnight), clock.at_local((last or first) + timedelta(days=1), midnight)


def last_day(values: EventValues) -> date | None:
    """The last day on which it takes place, in Berlin; None while it has no day."""
    if values.ends_at is None:
        return None
    end = clock.local(values.ends_at)
    return (end - timedelta(days=1)).date() if values.all_day else end.date()


def holiday(day: date) -> Any | None:
    """The name of the public holiday in Saxony on this day, or None (SächsSFG, § 1)."""
    fixed = {
        (1, 1): lazy("Neujahr"),
        (5, 1): lazy("Tag der Arbeit"),
        (10, 3): lazy("Tag der Deutschen Einheit"),
        (10, 31): lazy("Reformationstag"),
        (12, 25): lazy("1. Weihnachtstag"),
        (12, 26): lazy("2. Weihnachtstag"),
    }
    movable = {
        -2: lazy("Karfreitag"),
        1: lazy("Ostermontag"),
        39: lazy("Christi Himmelfahrt"),
        50: lazy("Pfingstmontag"),
    }
    if day == day_of_repentance(day.year):
        return lazy("Buß- und Bettag")
    return fixed.get((day.month, day.day)) or movable.get((day - easter(day.year)).days)


def easter(year: int) -> date:
    """Easter Sunday by the Gregorian calendar (the anonymous algorithm of 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


def day_of_repentance(year: int) -> date:
    """The Wednesday before 23 November."""
    eve = date(year, 11, 22)
    return eve - timedelta(days=(eve.weekday() - 2) % 7)


def warnings(values: EventValues) -> list[str]:
    """What an editor should look at once more before this is said; nothing of it is an error."""
    if values.starts_at is None:
        return []
    day = clock.local(values.starts_at).date()
    name = holiday(day)
    said = []
    if name:
        said.append(str(lazy("An diesem Tag ist in Sachsen Feiertag: %(name)s.", name=name)))
    elif day.weekday() >= 5:
        said.append(str(lazy("Dieser Tag ist ein Wochenende.")))
    return said
