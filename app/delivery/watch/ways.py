"""The ways out and who sends over them: what the server says, how fast it may go, which processes live."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import exists, func, select

from app.delivery import pace, records, senders
from app.delivery.models import Hold, Message
from app.delivery.pump.recovery import LEASE
from app.delivery.pump.run import BULK, SMTP
from app.delivery.queue import Span, Transport
from app.delivery.watch.rules import Circuit, Window, circuit
from app.kernel import clock, config, identity
from app.kernel.config import Settings
from app.kernel.db import session

IDLE: Final = timedelta(seconds=15)  # after so long, somebody should have taken what is due


@dataclass(frozen=True, slots=True)
class Way:
    """A way out. ``rate`` is what it lets out per minute now (None: as fast as the server takes them), ``asked`` what
    SEND_RATE says, ``said`` the words of the server that does not take mails, ``used_at`` the last claim.
    """

    name: str
    host: str
    takes_issues: bool
    takes_singles: bool
    circuit: Circuit
    rate: float | None
    asked: int
    windows: tuple[Window, ...] = ()
    failures: int = 0
    said: str = ""
    rests_until: datetime | None = None
    troubled_since: datetime | None = None
    used_at: datetime | None = None
    may_leave: int = 1
    factor: float = 1.0

    @property
    def is_slowed(self) -> bool:
        """Whether the server asked us to go slower than SEND_RATE."""
        return self.rate is not None and (not self.asked or self.rate < self.asked)


class Life(StrEnum):
    """Whether a sending process lives: here by its lock, elsewhere by its lease."""

    ALIVE = "alive"
    ELSEWHERE = "elsewhere"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Process:
    """A sending process: its name, how it is, when it was last heard of, how many deliveries it holds."""

    owner: str
    life: Life
    beat_at: datetime
    holds: int

    @property
    def number(self) -> str:
        """The number that the operating system gave it."""
        return self.owner.partition("-")[2].partition("-")[0]

    @property
    def place(self) -> str:
        """What is the same for all that share an instance folder."""
        return self.owner.partition("-")[0][:6]


def ways() -> list[Way]:
    """The ways out that the settings name, whether they were ever used or not."""
    settings = config.current()
    rows = {row.name: row for row in session.scalars(select(Transport))}
    bulk = settings.smtp_url_bulk
    found = [_way(SMTP, settings.smtp_url, rows.get(SMTP), settings, takes_issues=not bulk)]
    if bulk:
        found.append(_way(BULK, bulk, rows.get(BULK), settings, takes_issues=True))
    return found


def processes() -> list[Process]:
    """Who sends at the moment, or did and has not been taken over; nobody, when nothing is due."""
    holds = select(Span.owner, func.sum(Span.last_id - Span.first_id + 1)).where(Span.owner.is_not(None))
    held = {row[0]: int(row[1]) for row in session.execute(holds.group_by(Span.owner))}
    return [
        Process(row.owner, _life(row.owner, row.lease_until), row.lease_until - LEASE, held.get(row.owner, 0))
        for row in records.senders()
    ]


def is_idle(sending: list[Process], known: list[Way]) -> bool:
    """Whether something has been due for a while that may leave, and nobody has taken it: no worker runs."""
    if any(process.life is not Life.DEAD for process in sending) or identity.missing():
        return False
    now = clock.now()
    held = exists().where(Hold.group == Message.group)
    due = select(func.max(Span.priority), func.min(Span.priority)).join(Message, Message.id == Span.message_id)
    highest, lowest = session.execute(due.where(Span.owner.is_(None), Span.due_at <= now - IDLE, ~held)).one()
    if highest is None:
        return False
    asked = [way for way in known if (way.takes_singles and highest > 0) or (way.takes_issues and lowest == 0)]
    return any(
        way.may_leave > 0 and way.circuit is not Circuit.OPEN and (way.used_at is None or way.used_at <= now - IDLE)
        for way in asked
    )


def _life(owner: str, lease_until: datetime) -> Life:
    try:
        if senders.is_here(owner):
            return Life.ALIVE if senders.is_alive(owner) else Life.DEAD
    except OSError:  # this process may not look into the folder of the locks: the lease tells
        pass
    return Life.ELSEWHERE if lease_until > clock.now() else Life.DEAD


def _way(name: str, url: str, row: Transport | None, settings: Settings, *, takes_issues: bool) -> Way:
    host, asked, now = urlsplit(url).hostname or "", settings.send_rate, clock.now()
    if row is None:
        return Way(name, host, takes_issues, name == SMTP, Circuit.UNUSED, asked or None, asked)
    slowed = row.factor < 1
    limits = (
        (timedelta(hours=1), settings.send_rate_hour, row.hour_began, row.hour_sent),
        (timedelta(days=1), settings.send_rate_day, row.day_began, row.day_sent),
    )
    return Way(
        name,
        host,
        takes_issues,
        name == SMTP,
        circuit=circuit(row.failures, row.resting_until, now),
        rate=(asked or pace.UNLIMITED) * row.factor if asked or slowed else None,
        asked=asked,
        windows=tuple(Window(*limit) for limit in limits if limit[1]),
        failures=row.failures,
        said=row.trouble,
        rests_until=row.resting_until if pace.rests(row) else None,
        troubled_since=row.troubled_since,
        used_at=row.counted_at,
        may_leave=pace.allowed(row, now),
        factor=row.factor,
    )
