"""The table of hostile servers once more: what stands in the ledger afterwards, and what the sender does next."""

import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app import delivery
from app.delivery import rules, smtp
from app.delivery.jobs import JOBS
from app.delivery.queue import Transport
from app.delivery.smtp import Patience
from app.kernel import clock as product_clock
from app.kernel.db import session, transaction
from app.kernel.mail import Attachment
from tests.delivery.mails import MAIL, audience, ledger, unlock
from tests.support.hostile_table import DOUBT, LATER, REFUSED, ROWS, TAKEN, Fate, Row
from tests.support.house import HeldClock
from tests.support.nasty import NastyServer
from tests.support.relay import Relay, make_certificate

SOON = 0.3
HASTY = Patience(  # and every server is fast, however busy this machine: the table counts on the next envelope
    **dict.fromkeys(("connect", "greeting", "command", "pipelined", "data", "block", "dot", "reset"), SOON),
    quit=1.0,
    fast=60.0,
)
LARGE = Attachment("gross.bin", "application/octet-stream", b"\0" * 5_000_000)
FIRST, SECOND = "anna@amt.example", "bernd@amt.example"


WAYS = [("own", False), ("own", True), ("stdlib", False)]


@pytest.fixture(params=WAYS, ids=["own", "own pipelined", "stdlib"])
def way(request: pytest.FixtureRequest) -> tuple[str, bool]:
    """Which client the setting SMTP_CLIENT names, and whether the server offers PIPELINING."""
    kind, pipelining = request.param
    return kind, pipelining


@pytest.fixture(params=["own", "stdlib"])
def client(request: pytest.FixtureRequest) -> str:
    """Which client the setting SMTP_CLIENT names."""
    return str(request.param)


@pytest.fixture
def server(row: Row, way: tuple[str, bool]) -> Iterator[NastyServer]:
    offer = ("PIPELINING",) if way[1] else ()
    if "starttls" in row.script:
        offer += ("STARTTLS",)
    running = NastyServer(script=row.script, offer=offer, **row.server)  # type: ignore[arg-type]
    running.start()
    yield running
    running.stop()


@pytest.fixture
def sender(
    row: Row,
    database_url: str,
    make_app: Callable[..., Any],
    server: NastyServer,
    way: tuple[str, bool],
    clock: HeldClock,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Any]:
    """The app, sending to the hostile server by one connection, less patient than in life, the clock held."""
    patience = replace(HASTY, dot=5.0) if row.large else HASTY
    monkeypatch.setattr(smtp, "Patience", lambda: patience)
    app = make_app(database_url, SMTP_URL=server.url, SMTP_CLIENT=way[0], SEND_CONNECTIONS="1")
    with app.app_context():
        yield app


def send() -> int:
    return sum(job.run() for job in JOBS)


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_the_ledger_and_the_next_step_are_exactly_as_the_table_says(
    row: Row, sender: Any, server: NastyServer, way: tuple[str, bool], clock: HeldClock
) -> None:
    pipelined = way[1]
    first = TAKEN if pipelined and row.again else row.ledger[0]
    fates = (first, TAKEN if pipelined and row.on_its_way else row.ledger[1])
    unlock()
    with transaction():
        message = delivery.freeze("issue:1", "issue", MAIL, attachments=[LARGE] if row.large else ())
        delivery.prepare(message, audience((FIRST, "Anna Amsel", 1), (SECOND, "Bernd Buche", 2)))
    send()
    assert (written(FIRST), written(SECOND)) == tuple(map(expected, (FIRST, SECOND), fates))
    assert sorted(server.recipients) == [FIRST] * (row.taken or first == TAKEN) + [SECOND] * (fates[1] == TAKEN)
    assert server.violations == []
    rests = product_clock.now() + rules.REST if row.then == "rest" else None
    assert _transport().resting_until == rests
    held = f"{row.first.code} {row.first.text}" if row.then == "hold" and row.first else None
    assert delivery.progress("issue:1").held == held
    _then(row, fates, server, clock)


def written(address: str) -> tuple[str, int, datetime]:
    """What stands in the ledger: the state, how often it was tried, when it is due."""
    row = ledger(address)
    return row.state.value, row.attempt, row.due_at


def expected(address: str, fate: Fate) -> tuple[str, int, datetime]:
    """The same, as the table says it."""
    moved = int(fate.wait * rules.jitter(ledger(address).id, fate.attempts))
    return fate.state, fate.attempts, product_clock.now() + timedelta(seconds=moved)


def _then(row: Row, fates: tuple[Fate, Fate], server: NastyServer, clock: HeldClock) -> None:
    """What comes next: when the sender tries again, that it waits until then, and that the mail is still the same."""
    before = len(server.dialogue)
    assert (send(), len(server.dialogue)) == (0, before)
    server.offer = ()  # by now they have found out what was wrong with their TLS
    if row.then == "rest":
        clock.tick(seconds=9)
        assert (send(), len(server.dialogue)) == (0, before)
        clock.tick(seconds=1)
        send()
        assert written(SECOND)[:2] == ("accepted", 1) or fates[1] == LATER
    if row.then == "ask":
        clock.tick(hours=100)
        assert (send(), states()) == (0, tuple(fate.state for fate in fates))
    if row.then == "hold":
        clock.tick(hours=5)
        assert (send(), states()) == (0, tuple(fate.state for fate in fates))
        with transaction():
            delivery.release("issue:1")
    late = [address for address, fate in zip((FIRST, SECOND), fates, strict=True) if fate.wait]
    for address in late:
        if row.then != "hold":
            clock.move_to(ledger(address).due_at - timedelta(seconds=1))
            send()
            assert written(address)[:2] == ("deferred", 1)
            clock.move_to(ledger(address).due_at)
        send()
        assert written(address)[:2] == ("accepted", 2)
    assert states() == tuple(fate.state if fate in (REFUSED, DOUBT) else "accepted" for fate in fates)
    references = {re.search(rb"(?mi)^Message-ID: (.+)$", content).group(1) for _, content in server.accepted}  # type: ignore[union-attr]
    assert len(references) == len(set(server.recipients))


def test_a_certificate_of_somebody_else_lets_nothing_leave_and_blames_nobody(
    database_url: str, make_app: Callable[..., Any], client: str, clock: HeldClock, tmp_path: Path
) -> None:
    certificate = make_certificate(tmp_path, "somebody-else.example")
    relay = Relay(certificate, implicit=True)
    address = f"smtps://redaktion:geheim%2Fwort@localhost:{relay.port}"
    with make_app(database_url, SMTP_URL=address, SMTP_CLIENT=client, CA_FILE=str(certificate)).app_context():
        _owe_two()
        assert (send(), states(), ledger(FIRST).attempt) == (0, ("queued", "queued"), 0)
        assert "certificate verify failed" in _transport().trouble
        assert send() == 0
    relay.stop()
    assert (relay.tried, relay.received) == ([], [])


def test_who_takes_starttls_out_on_the_way_hears_neither_password_nor_mail(
    database_url: str, make_app: Callable[..., Any], client: str, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    between = NastyServer(offer=("AUTH PLAIN LOGIN",))
    between.start()
    there = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", between.port))]
    app = make_app(database_url, SMTP_URL="smtp://redaktion:geheim@relay.example:587", SMTP_CLIENT=client)
    with app.app_context():
        _owe_two()
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: there)
        assert (send(), states(), ledger(FIRST).attempt) == (0, ("queued", "queued"), 0)
        assert _transport().trouble == "The server offers no STARTTLS, and nothing is sent in the clear."
    between.stop()
    assert [line.split()[0].upper() for line in between.lines] == ["EHLO"]


def _owe_two() -> None:
    unlock()
    with transaction():
        message = delivery.freeze("issue:1", "issue", MAIL)
        delivery.prepare(message, audience((FIRST, "Anna Amsel", 1), (SECOND, "Bernd Buche", 2)))


def _transport() -> Transport:
    with transaction(write=False):
        return session.scalars(select(Transport)).one()


def states() -> tuple[str, str]:
    first, second = (ledger(address).state.value for address in (FIRST, SECOND))
    return first, second
