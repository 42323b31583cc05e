"""The server as the URL describes it: where it is, how far it is to be trusted, and how we introduce ourselves."""

import socket
import ssl
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

from app.kernel.config import is_loopback

SUBMISSION = 587


@dataclass(frozen=True, slots=True)
class Server:
    """Where to connect to, with which password, and whether TLS comes first (``smtps``, RFC 8314)."""

    host: str
    port: int
    implicit_tls: bool
    username: str
    password: str
    ca_file: str

    @classmethod
    def of(cls, url: str, ca_file: str = "") -> "Server":
        """What ``smtp://user:password@host:587`` or ``smtps://…`` describes; the password percent-encoded."""
        parts = urlsplit(url)
        implicit = parts.scheme == "smtps"
        return cls(
            host=parts.hostname or "",
            port=parts.port or (465 if implicit else 25),
            implicit_tls=implicit,
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            ca_file=ca_file,
        )

    @property
    def needs_tls(self) -> bool:
        """Whether nothing is said in the clear: with a password, or at the port of submission, beyond this machine.

        Whoever takes STARTTLS out of the server's answer on the way gets neither the password nor the mails.
        """
        return (bool(self.username) or self.port == SUBMISSION) and not is_loopback(self.host)

    def addresses(self) -> list[Any]:
        """Where the DNS says it is, as ``socket.getaddrinfo`` gives it. Raises OSError."""
        return list(socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM))

    def context(self) -> ssl.SSLContext:
        """Certificates are verified, names are compared; CA_FILE adds an authority of one's own."""
        return _context(self.ca_file)


@cache
def own_name() -> str:
    """How we introduce ourselves (RFC 5321, 4.1.3); asked once, because the DNS may be slow."""
    name = socket.getfqdn()
    return name if "." in name else "[127.0.0.1]"


@cache
def _context(ca_file: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(cafile=ca_file)
    return context
