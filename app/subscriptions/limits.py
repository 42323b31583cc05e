"""How often something may be asked for. What is kept is a keyed hash and a figure, and it ends by itself."""

import ipaddress
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import CursorResult, delete, func, select

from app.kernel import clock, config, tokens
from app.kernel.db import insert, session
from app.subscriptions.models import SignUpLimit, SignUpRequest
from app.subscriptions.rules import MAILS_PER_DAY

DAY: Final = timedelta(days=1)
LONG: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
# Less than an hour, so that nothing of a network is left after one, however late the job that deletes it runs.
NETWORK_WINDOW: Final = timedelta(minutes=50)
FROM_ONE_NETWORK: Final = 10


def may_mail(key: str) -> bool:
    """Take one of the three mails that this address may get within 24 hours; False if there is none left.

    ``key`` is what the address is recognised by; what follows a plus sign in it mostly names the same mailbox (RFC
    5233), and so counts as such. Exact also when many ask at the same moment: they wait for each other.
    """
    now = clock.now()
    limit = _locked(f"address:{tokens.keyed_hash('sign-up address', _mailbox(key))}", now + DAY)
    taken = [moment for moment in limit.times if datetime.fromisoformat(moment) > now - DAY]
    if len(taken) >= MAILS_PER_DAY:
        return False
    limit.times, limit.ends_at = [*taken, now.isoformat()], now + DAY
    session.flush()
    return True


def _mailbox(key: str) -> str:
    local, _, domain = key.rpartition("@")
    return f"{local[:1]}{local[1:].partition('+')[0]}@{domain}"


def is_busy(address: str) -> bool:
    """Count a sign-up from this network address; whether its network has sent so many that one more button is added.

    Never for SHARED_NETWORKS: whole administrations leave through few addresses.
    """
    network = _network(address)
    if network is None:
        return False
    now = clock.now()
    limit = _locked(f"network:{tokens.keyed_hash('sign-up network', network)}", now + NETWORK_WINDOW)
    if limit.ends_at <= now:
        limit.count, limit.ends_at = 0, now + NETWORK_WINDOW
    limit.count += 1
    session.flush()
    return limit.count > FROM_ONE_NETWORK


def _network(address: str) -> str | None:
    """The network (/24, /56) that an address belongs to; None if it is shared by many, or no address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    if any(found in shared for shared in config.current().shared_networks):
        return None
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 56), strict=False))


def count_mail() -> None:
    """A mail that answers a sign-up is on its way."""
    limit = _locked(_this_hour(), clock.now() + HOUR)
    limit.count += 1
    session.flush()


def is_full() -> bool:
    """Whether so many mails have left within this hour (SIGNUP_CEILING) that further sign-ups wait for the next."""
    limit = session.get(SignUpLimit, _this_hour())
    return limit is not None and limit.count >= config.current().sign_up_ceiling


def waiting() -> int:
    """How many sign-ups have waited for their mail for more than a minute; 0 while all is as usual."""
    old = SignUpRequest.at <= clock.now() - LONG
    return session.scalar(select(func.count()).select_from(SignUpRequest).where(old)) or 0


def forget_old() -> int:
    """Delete what has ended; how much."""
    gone = session.execute(delete(SignUpLimit).where(SignUpLimit.ends_at <= clock.now()))
    assert isinstance(gone, CursorResult)
    return gone.rowcount


def _this_hour() -> str:
    return f"hour:{clock.now():%Y-%m-%dT%H}"


def _locked(key: str, ends_at: datetime) -> SignUpLimit:
    """The row of this key, made if there is none; who asks for it next waits until we are done."""
    row = {"key": key, "count": 0, "times": [], "ends_at": ends_at}
    session.execute(insert(SignUpLimit.__table__).values(row).on_conflict_do_nothing())
    wanted = select(SignUpLimit).where(SignUpLimit.key == key).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one()
