"""When an issue will be out, what a deferral means, how the circuit breaker stands."""

from datetime import UTC, datetime, timedelta

import pytest

from app.delivery import Outlook, Progress
from app.delivery.watch.rules import Circuit, Hindrance, Window, circuit, done_at, hindrance, speed

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def after(**duration: float) -> datetime:
    return NOW + timedelta(**duration)


@pytest.mark.parametrize(
    ("owed", "windows", "expected"),
    [
        (1200, [], after(minutes=10)),
        (0, [], NOW),
        # 600 more in this hour, the others in the next: five minutes, a wait until 9:40, five minutes.
        (1200, [Window(HOUR, 1000, after(minutes=-20), 400)], after(minutes=45)),
        # The hour that was counted is over: a new one begins now.
        (1200, [Window(HOUR, 1000, after(hours=-3), 1000)], after(minutes=60, seconds=100)),
        # Nothing more today; tomorrow's window begins at six in the evening.
        (120, [Window(DAY, 500, after(hours=-15), 500)], after(hours=9, minutes=1)),
        # The stricter of two limits counts.
        (120, [Window(HOUR, 1000, NOW, 0), Window(DAY, 60, NOW, 0)], after(days=1, seconds=30)),
    ],
)
def test_the_forecast_keeps_the_pace_and_the_limits(owed: int, windows: list[Window], expected: datetime) -> None:
    assert done_at(owed, 120, windows, NOW) == expected


def test_no_forecast_goes_beyond_a_year() -> None:
    assert done_at(1_000_000, 1, [], NOW) is None
    assert done_at(1_000_000, 120, [Window(DAY, 100, NOW, 0)], NOW) is None


def test_a_window_begins_anew_when_it_is_over() -> None:
    window = Window(HOUR, 1000, NOW, 400)
    assert (window.sent_by(after(minutes=59)), window.sent_by(after(minutes=60))) == (400, 0)


@pytest.mark.parametrize(
    ("code", "text", "why"),
    [
        (None, "Connection unexpectedly closed", Hindrance.LOST),
        (0, "", Hindrance.LOST),
        (421, "4.3.2 closing", Hindrance.PACE),
        (450, "4.7.1 too many", Hindrance.PACE),
        (452, "4.2.2 full", Hindrance.QUOTA),
        (451, "daily quota exceeded", Hindrance.QUOTA),
        (450, "4.2.0 greylisted", Hindrance.LATER),
        (550, "5.7.26 not authenticated", Hindrance.REFUSED),
    ],
)
def test_a_deferral_has_one_of_five_reasons(code: int | None, text: str, why: Hindrance) -> None:
    assert hindrance(code, text) is why


def test_the_circuit_is_open_while_the_server_rests_and_half_open_until_it_takes_a_mail() -> None:
    assert circuit(0, None, NOW) is Circuit.CLOSED
    assert circuit(2, after(seconds=20), NOW) is Circuit.OPEN
    assert circuit(2, NOW, NOW) is Circuit.HALF_OPEN


def test_a_speed_is_said_when_there_is_enough_to_say_it() -> None:
    assert speed(100, after(seconds=-50), NOW) == 120
    assert (speed(0, None, NOW), speed(1, after(minutes=-1), NOW), speed(9, NOW, NOW)) == (None, None, None)


@pytest.mark.parametrize(
    ("progress", "cost", "every"),
    [
        (Progress("issue:1", prepared=2, accepted=1, open=1), 0.01, 5),
        (Progress("issue:1", prepared=2, accepted=1, open=1), 1.5, 30),
        (Progress("issue:1", prepared=2, accepted=2), 0.01, 30),
        (Progress("issue:1", prepared=2, accepted=2), 3.0, 60),
    ],
)
def test_a_long_ledger_is_looked_at_less_often(progress: Progress, cost: float, every: int) -> None:
    assert Outlook(progress, cost=cost).every == every
