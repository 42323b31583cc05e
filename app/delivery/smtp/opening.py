"""The beginning of a connection: greeting, EHLO or HELO, STARTTLS, AUTH. No socket: what to say out, replies in."""

from base64 import b64encode
from collections.abc import Generator
from typing import NamedTuple

from app.delivery.smtp.envelope import Offer
from app.delivery.smtp.parcels import Patience, TransportDown
from app.delivery.smtp.replies import Reply, words
from app.delivery.smtp.server import Server, own_name


class Step(NamedTuple):
    """What to say, and how many seconds to wait for the reply; ``tls``: nothing is said, TLS begins."""

    say: bytes
    seconds: float
    tls: bool = False


Opening = Generator[Step, Reply, Offer]


def open_with(server: Server, patience: Patience) -> Opening:
    """Take the steps one after the other, sending in the reply to each (after TLS: any); the result is the offer.

    Raises TransportDown if the server does not let us in, or only in the clear where that is not good enough.
    """
    tls = Step(b"", patience.connect, tls=True)
    if server.implicit_tls:
        yield tls
    _expect(220, (yield Step(b"", patience.greeting)))
    offer = yield from _introduce(patience)
    secure = server.implicit_tls
    if not secure and offer.starttls:
        _expect(220, (yield Step(b"STARTTLS\r\n", patience.command)))
        yield tls
        offer = yield from _introduce(patience)  # RFC 3207, 4.2: what was said before TLS does not count
        secure = True
    if server.needs_tls and not secure:
        raise TransportDown("The server offers no STARTTLS, and nothing is sent in the clear.")
    if server.username:
        yield from _sign_in(server, offer, patience)
    return offer


def _introduce(patience: Patience) -> Opening:
    name = own_name().encode()
    reply = yield Step(b"EHLO " + name + b"\r\n", patience.command)
    if reply.code // 100 == 2:
        return Offer.of(_features(reply))
    if reply.code == 421:
        raise _refused(reply)
    _expect(250, (yield Step(b"HELO " + name + b"\r\n", patience.command)))
    return Offer()


def _features(reply: Reply) -> dict[str, str]:
    """Keywords in lower case with their parameters; the first line is the server's name. ``AUTH=`` is an old custom."""
    found: dict[str, str] = {}
    for line in reply.said.decode("ascii", "replace").split("\n")[1:]:
        keyword, _, rest = line.replace("=", " ", 1).strip().partition(" ")
        found[keyword.lower()] = f"{found.get(keyword.lower(), '')} {rest}".strip()
    return found


def _sign_in(server: Server, offer: Offer, patience: Patience) -> Generator[Step, Reply, None]:
    name, password = server.username.encode(), server.password.encode()
    seconds = patience.command
    if "PLAIN" in offer.auth:  # RFC 4616
        reply = yield Step(b"AUTH PLAIN " + b64encode(b"\0%b\0%b" % (name, password)) + b"\r\n", seconds)
    elif "LOGIN" in offer.auth:
        reply = yield Step(b"AUTH LOGIN\r\n", seconds)
        for secret in (name, password):
            if reply.code == 334:
                reply = yield Step(b64encode(secret) + b"\r\n", seconds)
    else:
        raise TransportDown("The server offers no way to sign in that we know (AUTH PLAIN or LOGIN).")
    _expect(235, reply)


def _expect(code: int, reply: Reply) -> None:
    if reply.code != code:
        raise _refused(reply)


def _refused(reply: Reply) -> TransportDown:
    return TransportDown(f"{reply.code} {words(reply.said)}")
