"""Links that somebody wrote."""

from typing import Final
from urllib.parse import urlsplit

# No place on the web (RFC 2606, 6761, 6762).
DEAD_ENDINGS: Final = (".invalid", ".test", ".local", ".localhost", ".example.com")


def looks_dead(href: str) -> bool:
    """Whether a link most likely leads nowhere, as far as its address says; nothing is asked for."""
    try:
        parts = urlsplit(href)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return True
    if parts.scheme in ("mailto", "tel"):
        return len(parts.path) < 5
    return "." not in host or f".{host}".endswith(DEAD_ENDINGS) or " " in href
