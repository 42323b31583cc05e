"""The table of hostile servers once more: what stands in the ledger afterwards, and what the sender does next."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app import delivery
from app.delivery import smtp
from app.delivery.jobs import JOBS
from app.delivery.queue import Transport
from app.delivery.smtp import Patience
from app.kernel import clock as product_clock
from app.kernel.db import session, transaction
from app.kernel.mail import Attachment
from tests.delivery.mails import MAIL, audience, ledger, unlock
from tests.support import house
from tests.support.hostile_table import ROWS, Row
from tests.support.house import HeldClock
from tests.support.nasty import NastyServer
from tests.support.relay import Relay, make_certificate

SOON = 0.3
HASTY = Patience(
    connect=SOON, greeting=SOON, command=SOON, pipelined=SOON, data=SOON, block=SOON, dot=SOON, reset=SOON, quit=1.0
)
LARGE = Attachment("gross.bin", "application/octet-stream", b"\0" * 5_000_000)
FIRST, SECOND = "anna@amt.example", "bernd@amt.example"


@pytest.fixture(params=["own", "stdlib"])
def client(request: pytest.FixtureRequest) -> str:
    """Which client the setting SMTP_CLIENT names."""
    return str(request.param)


@pytest.fixture
def server(row: Row) -> Iterator[NastyServer]:
    offer = ("STARTTLS",) if "starttls" in row.script else ()
    running = NastyServer(script=row.script, offer=offer, **row.server)  # type: ignore[arg-type]
    running.start()
    yield running
    running.stop()


@pytest.fixture
def url(databases_of: Callable[[str], Any]) -> Iterator[str]:
    """SQLite only: what a refusal does to the ledger is the same on both, and test_refusals.py shows it."""
    kind = databases_of("sqlite")
    made = kind.fresh("empty", house.build_empty)
    yield made
    kind.drop(made)


@pytest.fixture
def sender(
    row: Row,
    url: str,
    make_app: Callable[..., Any],
    server: NastyServer,
    client: str,
    clock: HeldClock,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Any]:
    """The app, sending to the hostile server by one connection, less patient than in life, the clock held."""
    patience = replace(HASTY, dot=5.0) if row.large else HASTY
    monkeypatch.setattr(smtp, "Patience", lambda: patience)
    app = make_app(url, SMTP_URL=server.url, SMTP_CLIENT=client, SEND_CONNECTIONS="1")
    with app.app_context():
        yield app


def send() -> int:
    return sum(job.run() for job in JOBS)


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_the_ledger_and_the_next_step_are_exactly_as_the_table_says(
    row: Row, sender: Any, server: NastyServer, clock: HeldClock
) -> None:
    unlock()
    with transaction():
        message = delivery.freeze("issue:1", "issue", MAIL, attachments=[LARGE] if row.large else ())
        delivery.prepare(message, audience((FIRST, "Anna Amsel", 1), (SECOND, "Bernd Buche", 2)))
    send()
    assert states() == row.ledger
    tried = [ledger(address).attempt for address in (FIRST, SECOND)]
    assert tried == [int(state not in ("queued", "uncertain")) for state in row.ledger]
    assert server.violations == []
    taken = server.recipients
    assert taken == [FIRST] * (row.taken or row.ledger[0] == "accepted") + [SECOND] * (row.ledger[1] == "accepted")
    _then(row, server, clock)


def test_a_certificate_of_somebody_else_lets_nothing_leave_and_blames_nobody(
    url: str, make_app: Callable[..., Any], client: str, clock: HeldClock, tmp_path: Path
) -> None:
    certificate = make_certificate(tmp_path, "somebody-else.example")
    relay = Relay(certificate, implicit=True)
    address = f"smtps://redaktion:geheim%2Fwort@localhost:{relay.port}"
    with make_app(url, SMTP_URL=address, SMTP_CLIENT=client, CA_FILE=str(certificate)).app_context():
        _owe_two()
        assert (send(), states(), ledger(FIRST).attempt) == (0, ("queued", "queued"), 0)
        assert "certificate verify failed" in _trouble()
        assert send() == 0
    relay.stop()
    assert (relay.tried, relay.received) == ([], [])


def test_who_takes_starttls_out_on_the_way_hears_neither_password_nor_mail(
    url: str, make_app: Callable[..., Any], client: str, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    between = NastyServer(offer=("AUTH PLAIN LOGIN",))
    between.start()
    there = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", between.port))]
    app = make_app(url, SMTP_URL="smtp://redaktion:geheim@relay.example:587", SMTP_CLIENT=client)
    with app.app_context():
        _owe_two()
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: there)
        assert (send(), states(), ledger(FIRST).attempt) == (0, ("queued", "queued"), 0)
        assert _trouble() == "The server offers no STARTTLS, and nothing is sent in the clear."
    between.stop()
    assert [line.split()[0].upper() for line in between.lines] == ["EHLO"]


def _owe_two() -> None:
    unlock()
    with transaction():
        message = delivery.freeze("issue:1", "issue", MAIL)
        delivery.prepare(message, audience((FIRST, "Anna Amsel", 1), (SECOND, "Bernd Buche", 2)))


def _trouble() -> str:
    return session.scalars(select(Transport.trouble)).one()


def _then(row: Row, server: NastyServer, clock: HeldClock) -> None:
    """What comes next: when the sender tries again, and that it waits until then."""
    before = len(server.dialogue)
    assert (send(), len(server.dialogue)) == (0, before)
    held = delivery.progress("issue:1").held
    assert bool(held) == (row.then == "hold")
    server.offer = ()  # by now they have found out what was wrong with their TLS
    if row.then == "rest":
        clock.tick(seconds=10)
        send()
        assert states()[1] == "accepted" or row.ledger == ("accepted", "deferred")
    if row.then == "ask":
        clock.tick(hours=100)
        assert (send(), states()) == (0, row.ledger)
    if row.then == "hold":
        clock.tick(hours=5)
        assert (send(), states()) == (0, row.ledger)
        with transaction():
            delivery.release("issue:1")
    if "deferred" in row.ledger:
        late = FIRST if row.ledger[0] == "deferred" else SECOND
        if row.then != "hold":
            wait = ledger(late).due_at - product_clock.now()
            least, most = (96, 144) if row.then == "retry in hours" else (0.5, 1.2)
            assert timedelta(minutes=least) <= wait <= timedelta(minutes=most)
            clock.move_to(ledger(late).due_at)
        send()
    settled = tuple(state if state in ("failed", "uncertain") else "accepted" for state in row.ledger)
    assert states() == settled


def states() -> tuple[str, str]:
    first, second = (ledger(address).state.value for address in (FIRST, SECOND))
    return first, second
