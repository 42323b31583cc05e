"""The clock: aware moments, and the wall clock of Berlin, also when it is moved."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from app.kernel import clock


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)


def test_a_held_clock_stands_still_and_runs_again_afterwards() -> None:
    moment = datetime(2026, 12, 8, 10, 0, tzinfo=timezone(timedelta(hours=1)))
    with clock.held_at(moment) as held:
        assert clock.now() == held == datetime(2026, 12, 8, 9, 0, tzinfo=UTC)
        with clock.held_at(moment + timedelta(days=1)):
            assert clock.now() == held + timedelta(days=1)
        assert clock.now() == held
    assert clock.now() != held


def test_the_clock_is_not_held_at_a_naive_moment() -> None:
    with pytest.raises(ValueError, match="aware"), clock.held_at(datetime(2026, 12, 8, 10, 0)):  # noqa: DTZ001
        pass


@pytest.mark.parametrize(
    ("day", "wall", "utc"),
    [
        (date(2026, 12, 8), time(10, 0), datetime(2026, 12, 8, 9, 0, tzinfo=UTC)),
        (date(2026, 7, 8), time(10, 0), datetime(2026, 7, 8, 8, 0, tzinfo=UTC)),
        (date(2027, 10, 31), time(2, 30), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),  # the hour that exists twice
        (date(2027, 3, 28), time(2, 30), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),  # the hour that does not exist
    ],
)
def test_a_wall_time_in_berlin_is_one_moment(day: date, wall: time, utc: datetime) -> None:
    assert clock.at_local(day, wall) == utc


def test_the_day_changes_at_midnight_in_berlin() -> None:
    with clock.held_at(datetime(2026, 12, 7, 23, 30, tzinfo=UTC)):
        assert clock.today() == date(2026, 12, 8)
