"""Column types of the ledger: a state and a moment in few bytes, because there is a row for every recipient ever.

On PostgreSQL a row is written twice (prepared, answered), so that every byte counts double.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Dialect, Integer, SmallInteger
from sqlalchemy.types import TypeDecorator

EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)


class State(StrEnum):
    """The fate of one mail for one recipient. It is always true, also after kill -9.

    ``sending`` is never stored with the delivery: who holds it stands in the queue (see ``Span``).
    """

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNCERTAIN = "uncertain"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


NUMBERS: Final = {
    State.QUEUED: 0,
    State.DEFERRED: 1,
    State.ACCEPTED: 2,
    State.FAILED: 3,
    State.SKIPPED: 4,
    State.UNCERTAIN: 5,
    State.SENDING: 6,
    State.BOUNCED: 8,
    State.COMPLAINED: 9,
}
STATES: Final = {number: state for state, number in NUMBERS.items()}


class StateNumber(TypeDecorator[State]):
    """A state as a small number: below 2 it waits, from 8 on something came back after the acceptance."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: State | str | None, dialect: Dialect) -> int | None:
        return None if value is None else NUMBERS[State(value)]

    def process_result_value(self, value: int | None, dialect: Dialect) -> State | None:
        return None if value is None else STATES[value]


class Seconds(TypeDecorator[datetime]):
    """A moment as whole seconds since 2020 (good until 2088); 0 stands for none."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int:
        return 0 if value is None else seconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return moment(value) if value else None


def seconds(at: datetime) -> int:
    """How a moment (aware) stands in the ledger; what is left of its second is cut off."""
    return int((at - EPOCH).total_seconds())


def moment(count: int) -> datetime:
    """The moment, in UTC, that stands so in the ledger."""
    return EPOCH + timedelta(seconds=count)
