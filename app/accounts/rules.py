"""Decisions about signing in: who is locked out until when, how long a link is good for, where one may go next."""

import ipaddress
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

PASSWORD_LENGTH: Final = 12
FAILURES_ALLOWED: Final = 5
WINDOW: Final = timedelta(minutes=15)
RESETS_AN_HOUR: Final = 3
KEPT_LINKS: Final = timedelta(days=7)  # so that an old link says that it is too old, and not that it never was


class Purpose(StrEnum):
    """What a link to set a password was sent for."""

    INVITATION = "invitation"
    RESET = "reset"


LIFETIME: Final = {Purpose.INVITATION: timedelta(hours=72), Purpose.RESET: timedelta(hours=2)}


def locked_until(failures: Sequence[datetime], now: datetime) -> datetime | None:
    """Until when no sign-in is tried after these failures; None if there were fewer than 5 in the last 15 minutes."""
    recent = [at for at in failures if at > now - WINDOW]
    return max(recent) + WINDOW if len(recent) >= FAILURES_ALLOWED else None


def network_of(address: str) -> str:
    """The network of a client: /24 for IPv4, /64 for IPv6; empty if there is no address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{ip}/{24 if ip.version == 4 else 64}", strict=False))


def local_path(target: str) -> str | None:
    """The target if it is a path of this site; None for everything that could lead elsewhere."""
    try:
        parts = urlsplit(target)
    except ValueError:  # such as a bracket that is never closed
        return None
    inside = target.startswith("/") and not target.startswith(("//", "/\\")) and not (parts.scheme or parts.netloc)
    return target if inside and target.isprintable() and "\\" not in target else None
