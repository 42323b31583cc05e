"""How fast a way out lets mails go: SEND_RATE, limits per hour, day and domain, and what the server asks for.

The row of a way out is locked while somebody claims, so that all senders together keep one pace.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import case, func, update

from app.delivery import rules
from app.delivery.queue import DomainPace, Transport
from app.delivery.upsert import insert_unless_there
from app.kernel import clock, config
from app.kernel.db import session

SLOWEST: Final = 1 / 65_536
UNLIMITED: Final = 6_000_000.0  # mails per minute: what SEND_RATE 0 means, so that the server can still slow us down


def locked(name: str, now: datetime) -> Transport:
    """The row of this way out, locked until the transaction ends."""
    found = session.get(Transport, name, with_for_update=True, populate_existing=True)
    if found is None:
        full = rules.capacity(_rate())
        row = {"name": name, "allowance": full, "counted_at": now, "factor": 1.0, "failures": 0, "trouble": ""}
        counters = {"hour_began": now, "hour_sent": 0, "day_began": now, "day_sent": 0}
        insert_unless_there(Transport.__table__, row | counters)
        found = session.get_one(Transport, name, with_for_update=True)
    return found


def rests(transport: Transport | None) -> bool:
    """Whether the server is left alone at the moment."""
    return transport is not None and transport.resting_until is not None and transport.resting_until > clock.now()


def allowed(transport: Transport, now: datetime) -> int:
    """How many mails may leave now."""
    settings = config.current()
    left = rules.allowance(transport.allowance, transport.counted_at, now, _rate() * transport.factor)
    for hours, limit, began, sent in (
        (1, settings.send_rate_hour, transport.hour_began, transport.hour_sent),
        (24, settings.send_rate_day, transport.day_began, transport.day_sent),
    ):
        if limit and now < began + timedelta(hours=hours):
            left = min(left, limit - sent)
        elif limit:
            left = min(left, limit)
    return max(0, int(left))


def took(transport: Transport, now: datetime, count: int) -> None:
    """So many were taken now."""
    grown = rules.allowance(transport.allowance, transport.counted_at, now, _rate() * transport.factor)
    transport.allowance, transport.counted_at = grown - count, now
    if now >= transport.hour_began + timedelta(hours=1):
        transport.hour_began, transport.hour_sent = now, 0
    if now >= transport.day_began + timedelta(hours=24):
        transport.day_began, transport.day_sent = now, 0
    transport.hour_sent += count
    transport.day_sent += count


def gave_back(name: str, count: int) -> None:
    """So many that were taken did not leave."""
    if count:
        values = {
            "allowance": Transport.allowance + count,
            "hour_sent": Transport.hour_sent - count,
            "day_sent": Transport.day_sent - count,
        }
        session.execute(update(Transport).where(Transport.name == name).values(values))


def rest(name: str, trouble: str) -> None:
    """The server does not take mails at all: ask again later, a little later each time."""
    transport = locked(name, clock.now())
    transport.failures += 1
    transport.troubled_since = transport.troubled_since or clock.now()
    transport.trouble = trouble
    transport.resting_until = clock.now() + rules.rest(transport.failures)
    session.flush()


def works(name: str) -> None:
    """The server takes mails: forget the trouble, and come slowly back to the full pace."""
    troubled = update(Transport).where(Transport.name == name, (Transport.failures > 0) | (Transport.factor < 1))
    faster = case((Transport.factor < 0.8, Transport.factor * 1.25), else_=1.0)
    since = case((Transport.factor < 0.8, Transport.troubled_since), else_=None)
    session.execute(troubled.values(failures=0, trouble="", resting_until=None, factor=faster, troubled_since=since))


def slow_down(name: str) -> None:
    """The server asked us to: half the pace, but never to nothing."""
    slower = update(Transport).where(Transport.name == name, Transport.factor > SLOWEST)
    since = func.coalesce(Transport.troubled_since, clock.now())
    session.execute(slower.values(factor=Transport.factor / 2, troubled_since=since))


def over_their_limit(domains: Iterable[str], now: datetime) -> dict[str, int]:
    """For each of these recipients' domains that has a limit: how many of the mails may leave now.

    ``domains`` names the domain of each mail; what may leave is counted as taken.
    """
    limits = config.current().send_domains
    wanted: dict[str, int] = {}
    for domain in domains:
        if domain in limits:
            wanted[domain] = wanted.get(domain, 0) + 1
    return {domain: _take(domain, limits[domain], count, now) for domain, count in sorted(wanted.items())}


def _take(domain: str, rate: int, count: int, now: datetime) -> int:
    full = {"domain": domain, "allowance": rules.capacity(rate), "counted_at": now}
    insert_unless_there(DomainPace.__table__, full)
    pace = session.get_one(DomainPace, domain, with_for_update=True, populate_existing=True)
    left = rules.allowance(pace.allowance, pace.counted_at, now, rate)
    taken = min(count, int(left))
    pace.allowance, pace.counted_at = left - taken, now
    return taken


def _rate() -> float:
    return config.current().send_rate or UNLIMITED
