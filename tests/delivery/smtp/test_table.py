"""The table of hostile servers, for the standard library's client and for ours, plain and pipelined."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.delivery import smtp as face
from app.delivery.rules import Answer
from app.delivery.smtp import Client, Patience, TransportDown
from tests.support.clerk import MAIL, ListClerk, parcel
from tests.support.hostile_table import FINE, ROWS, Row
from tests.support.nasty import NastyServer, verbs

SOON = 0.4
HASTY = Patience(
    connect=SOON, greeting=SOON, command=SOON, pipelined=SOON, data=SOON, block=SOON, dot=SOON, reset=SOON, quit=1.0
)
LARGE = b"Subject: gross\r\n\r\n" + b"x" * 76 * 100_000 + b"\r\n.\r\n"
ANNA, BERND = "anna@amt.example", "bernd@amt.example"


@pytest.fixture(params=[("stdlib", False), ("own", False), ("own", True)], ids=["stdlib", "own", "own pipelined"])
def way(request: pytest.FixtureRequest) -> tuple[face.Kind, bool]:
    """Which client, and whether the server offers PIPELINING."""
    kind, pipelining = request.param
    return kind, pipelining


@pytest.fixture
def server(row: Row, way: tuple[face.Kind, bool]) -> Iterator[NastyServer]:
    offer = ("PIPELINING",) if way[1] else ()
    if "starttls" in row.script:
        offer += ("STARTTLS",)
    running = NastyServer(script=row.script, offer=offer, **row.server)  # type: ignore[arg-type]
    running.start()
    yield running
    running.stop()


@pytest.fixture
def client(row: Row, server: NastyServer, way: tuple[face.Kind, bool]) -> Iterator[Client]:
    patience = replace(HASTY, dot=5.0) if row.large else HASTY
    made = face.client(server.url, connections=1, kind=way[0], patience=patience)
    yield made
    made.close()


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_a_hostile_server_has_exactly_this_effect(
    row: Row, server: NastyServer, client: Client, way: tuple[face.Kind, bool]
) -> None:
    content = LARGE if row.large else MAIL
    clerk = ListClerk([parcel(1, content), parcel(2, content, recipient=BERND.encode())])
    down = _run(client, clerk)
    assert (down is not None) == (row.first is None)
    assert down is None or row.down in down
    first = row.again or row.first if way[1] else row.first
    expected = {1: first, 2: row.second}
    assert {number: _known(answer) for number, answer in clerk.answers.items()} == {
        number: answer for number, answer in expected.items() if answer is not None
    }
    assert [item.id for item in clerk.waiting] == [number for number, answer in expected.items() if answer is None]
    client.close()
    assert server.recipients == [ANNA] * (row.taken or first == FINE) + [BERND] * (row.second == FINE)
    assert server.violations == []
    if not way[1] and row.verbs:
        assert tuple(verbs(server)) == row.verbs


def _run(client: Client, clerk: ListClerk) -> str | None:
    try:
        client.run(clerk, time.monotonic() + 20)
    except TransportDown as down:
        return str(down)
    return None


def _known(answer: Answer) -> Answer:
    """Without the system's own words for a lost connection."""
    return Answer(answer.stage, answer.code, answer.text if answer.code is not None else "")
