"""What the connections of one client share: the clerk, the parcels not yet carried, and what the server bears."""

from collections import deque
from dataclasses import dataclass
from functools import cache
from typing import Final

from app.delivery.smtp.parcels import STALE, Clerk, Parcel
from app.delivery.smtp.server import Server

SPARED_FOR: Final = 900.0  # seconds


@dataclass(slots=True)
class Habits:
    """What a server does not bear, and until when it is spared that (monotonic seconds)."""

    plain_until: float = 0.0
    chains_from: float = 0.0

    def spare_pipelining(self, now: float) -> None:
        """It broke under pipelining, or was so slow that it looked like that."""
        self.plain_until = now + SPARED_FOR
        self.chains_from = max(self.chains_from, self.plain_until)

    def spare_chaining(self, now: float) -> None:
        """It did not like an envelope behind a final dot."""
        self.chains_from = now + SPARED_FOR


@cache
def habits_of(server: Server) -> Habits:
    """What this server has shown so far."""
    return Habits()


class Counter:
    """Hands out parcels while the run lasts."""

    clerk: Clerk
    until: float

    def __init__(self, messages_per_connection: int, habits: Habits | None = None) -> None:
        self.at_most = messages_per_connection
        self.stopped = False
        self.habits = habits or Habits()
        self._waiting: deque[tuple[float, Parcel]] = deque()

    def begin(self, clerk: Clerk, until: float) -> None:
        """A run begins: from now on with this clerk, until this time (monotonic seconds)."""
        self.clerk, self.until = clerk, until

    def is_over(self, now: float) -> bool:
        """Whether nothing more is taken in this run."""
        return self.stopped or now >= self.until

    @property
    def waiting(self) -> int:
        """How many parcels wait for a connection that is being opened."""
        return len(self._waiting)

    def take(self, now: float) -> Parcel | None:
        """A parcel to be sent at once, unless there is none, or the run is over."""
        if self._waiting:
            self.give_back_stale(now)
        if self.stopped or now >= self.until:
            return None
        return self._waiting.popleft()[1] if self._waiting else self.clerk.next()

    def keep(self, now: float) -> bool:
        """Take a parcel for a connection that is about to be opened; whether there was one."""
        parcel = None if self.is_over(now) else self.clerk.next()
        if parcel is not None:
            self._waiting.append((now, parcel))
        return parcel is not None

    def give_back_stale(self, now: float) -> None:
        """Return what has waited for too long, or the run is over for."""
        while self._waiting and (self.is_over(now) or now - self._waiting[0][0] > STALE):
            self.clerk.returned(self._waiting.popleft()[1])

    def give_back_all(self) -> None:
        """Return whatever waits."""
        while self._waiting:
            self.clerk.returned(self._waiting.popleft()[1])
