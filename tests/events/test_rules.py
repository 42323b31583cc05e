from datetime import date

import pytest

from app.events import rules
from tests.events.telling import at, workshop

HOLIDAYS = [
    (date(2026, 11, 18), "Buß- und Bettag"),
    (date(2027, 11, 17), "Buß- und Bettag"),
    (date(2027, 10, 31), "Reformationstag"),
    (date(2027, 3, 26), "Karfreitag"),
    (date(2027, 3, 29), "Ostermontag"),
    (date(2027, 5, 6), "Christi Himmelfahrt"),
    (date(2027, 5, 17), "Pfingstmontag"),
    (date(2027, 12, 26), "2. Weihnachtstag"),
]


@pytest.mark.parametrize(("day", "name"), HOLIDAYS)
def test_the_holidays_of_saxony_are_known(day: date, name: str) -> None:
    assert str(rules.holiday(day)) == name


@pytest.mark.parametrize("day", [date(2026, 12, 8), date(2027, 6, 3), date(2026, 11, 25)])
def test_other_days_are_none(day: date) -> None:
    assert rules.holiday(day) is None


@pytest.mark.parametrize(
    ("year", "day"), [(2024, date(2024, 3, 31)), (2026, date(2026, 4, 5)), (2038, date(2038, 4, 25))]
)
def test_easter_is_found(year: int, day: date) -> None:
    assert rules.easter(year) == day


def test_a_date_has_moved_by_day_or_by_hour_but_not_by_learning_the_hour() -> None:
    day = {"all_day": True, "time_open": True, "starts_at": at("2026-12-08", "00:00")}
    cases = {
        "the same": (workshop(), workshop()),
        "another hour": (workshop(), workshop(starts_at=at("2026-12-08", "11:00"))),
        "another day": (workshop(), workshop(starts_at=at("2026-12-09", "10:00"))),
        "hour learnt": (workshop(**day), workshop()),
        "fell": (workshop(), workshop(starts_at=None, ends_at=None)),
        "found": (workshop(starts_at=None, ends_at=None), workshop()),
    }
    assert {name for name, (old, new) in cases.items() if rules.has_moved(old, new)} == {
        "another hour", "another day", "fell",
    }  # fmt: skip
