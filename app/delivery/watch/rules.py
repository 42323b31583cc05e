"""Decisions about what is shown of a running delivery: what a deferral means, when an issue will be out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.delivery.rules import Answer, Stage, asks_to_slow_down, is_quota

STEPS: Final = 2000  # windows of a limit that are gone through one by one
FARTHEST: Final = timedelta(days=365)


class Hindrance(StrEnum):
    """Why a mail waits for another try."""

    PACE = "pace"
    QUOTA = "quota"
    REFUSED = "refused"
    LATER = "later"
    LOST = "lost"


class Circuit(StrEnum):
    """The circuit breaker of a way out: closed lets mails through, open lets none, half open tries one."""

    UNUSED = "unused"
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True)
class Window:
    """A limit: ``limit`` mails within ``length``, of which ``sent`` have left since ``began_at``."""

    length: timedelta
    limit: int
    began_at: datetime
    sent: int

    @property
    def left(self) -> int:
        """How many mails it still lets out."""
        return max(0, self.limit - self.sent)

    def sent_by(self, at: datetime) -> int:
        """How many mails have left in the window that holds at this moment."""
        return self.sent if at < self.ends_at else 0

    @property
    def ends_at(self) -> datetime:
        """When the present window is over."""
        return self.began_at + self.length


def hindrance(code: int | None, text: str) -> Hindrance:
    """What the last answer to a mail that waits for another try was about; ``code`` None: the connection was lost."""
    answer = Answer(Stage.RCPT, code, text)
    if not code:
        return Hindrance.LOST
    if is_quota(answer):
        return Hindrance.QUOTA
    if asks_to_slow_down(answer):
        return Hindrance.PACE
    return Hindrance.REFUSED if code >= 500 else Hindrance.LATER


def circuit(failures: int, resting_until: datetime | None, now: datetime) -> Circuit:
    """How the circuit breaker of a way out stands."""
    if not failures:
        return Circuit.CLOSED
    return Circuit.OPEN if resting_until is not None and resting_until > now else Circuit.HALF_OPEN


def speed(count: int, first_at: datetime | None, now: datetime) -> float | None:
    """Mails per minute, from so many since ``first_at``; None while there is too little to say it."""
    if first_at is None or count < 2:
        return None
    seconds = (now - first_at).total_seconds()
    return count * 60 / seconds if seconds >= 1 else None


def done_at(owed: int, per_minute: float, windows: Iterable[Window], start: datetime) -> datetime | None:
    """When the last of ``owed`` mails will have left, at this pace and within these limits; None if that is far off.

    Far off is more than a year, or more than 2,000 windows of a limit.
    """
    at, limits = start, list(windows)
    for _ in range(STEPS):
        limits = [_begun(window, at) for window in limits]
        rolls = min((window.ends_at for window in limits), default=None)
        room = min([owed, *(window.left for window in limits)])
        minutes = room / per_minute
        if minutes > FARTHEST.total_seconds() / 60 or at - start > FARTHEST:
            return None
        ready = at + timedelta(minutes=minutes)
        if room == owed and (rolls is None or ready <= rolls):
            return ready
        assert rolls is not None  # without a limit there is room for all
        sent = min(room, int((rolls - at).total_seconds() / 60 * per_minute))
        owed -= sent
        limits = [replace(window, sent=window.sent + sent) for window in limits]
        at = rolls
    return None


def _begun(window: Window, at: datetime) -> Window:
    """The window of this limit that holds at this moment: one that is over begins anew."""
    return replace(window, began_at=at, sent=0) if at >= window.ends_at else window
