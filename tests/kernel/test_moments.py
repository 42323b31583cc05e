"""Days and wall times as people write them."""

from datetime import date, time
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from app.kernel.errors import Invalid
from app.kernel.forms import Part
from app.kernel.moments import DayField, WallTimeField, moment


class WhenForm(Part):
    """A day and a time."""

    day = DayField("Tag")
    at = WallTimeField("Uhrzeit")


@pytest.mark.parametrize(
    ("day", "at", "read"),
    [
        ("2026-12-08", "10:00", (date(2026, 12, 8), time(10))),
        ("08.12.2026", "10:00:30", (date(2026, 12, 8), time(10))),
        (" ", "", (None, None)),
    ],
)
def test_a_day_is_read_as_browsers_send_it_and_as_people_write_it(app: Any, day: str, at: str, read: Any) -> None:
    form = WhenForm(MultiDict({"day": day, "at": at}))
    assert (form.validate(), (form.day.data, form.at.data)) == (True, read)


@pytest.mark.parametrize(
    ("day", "at", "errors"),
    [
        ("31.02.2027", "", {"day": ["Bitte geben Sie ein Datum ein, zum Beispiel 08.12.2026."]}),
        ("08.12.0026", "", {"day": ["Bitte prüfen Sie das Jahr."]}),
        ("", "25:00", {"at": ["Bitte geben Sie eine Uhrzeit ein, zum Beispiel 10:00."]}),
    ],
)
def test_what_is_no_day_and_no_time_is_answered_with_advice(app: Any, day: str, at: str, errors: Any) -> None:
    form = WhenForm(MultiDict({"day": day, "at": at}))
    assert (form.validate(), form.errors) == (False, errors)


def test_the_hour_that_the_clocks_skip_is_refused_and_the_one_that_comes_twice_is_the_first(app: Any) -> None:
    with pytest.raises(Invalid) as refused:
        moment(date(2027, 3, 28), time(2, 30), "at")
    assert list(refused.value.fields) == ["at"]
    assert moment(date(2026, 10, 25), time(2, 30), "at").isoformat() == "2026-10-25T00:30:00+00:00"
