"""PIPELINING that is offered and works, and all the ways in which it is offered and does not."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from app.delivery import smtp as face
from app.delivery.rules import Answer, Stage
from app.delivery.smtp import Client, Patience
from tests.support.clerk import ListClerk, parcel
from tests.support.nasty import LOST, NastyServer, verbs

HASTY = Patience(pipelined=0.4, command=2.0, data=2.0, dot=0.8, reset=2.0, quit=1.0)
FINE = Answer(Stage.DOT, 250, "2.0.0 accepted")
ENVELOPE = "MAIL RCPT DATA"
Serve = Callable[..., tuple[NastyServer, Client]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A server with these habits, and a client with one connection to it."""
    servers: list[NastyServer] = []
    clients: list[Client] = []

    def serve(patience: Patience = HASTY, **habits: Any) -> tuple[NastyServer, Client]:
        servers.append(NastyServer(offer=("PIPELINING",), **habits))
        servers[-1].start()
        clients.append(face.client(servers[-1].url, connections=1, patience=patience))
        return servers[-1], clients[-1]

    yield serve
    for client in clients:
        client.close()
    for server in servers:
        server.stop()


def send(client: Client, mails: int) -> dict[int, Answer]:
    clerk = ListClerk([parcel(number, recipient=b"%d@amt.example" % number) for number in range(1, mails + 1)])
    client.run(clerk, time.monotonic() + 20)
    client.close()
    return clerk.answers


def test_a_run_of_mails_takes_one_connection_and_one_dialogue(serve: Serve) -> None:
    server, client = serve(in_one_flush=True)
    assert send(client, 5) == dict.fromkeys(range(1, 6), FINE)
    assert verbs(server) == [f"EHLO {' '.join([ENVELOPE] * 5)} QUIT"]
    assert server.recipients == [f"{number}@amt.example" for number in range(1, 6)]


BROKEN: list[tuple[str, dict[str, Any]]] = [
    ("it reads one command of a packet", {"one_command_per_packet": True}),
    ("the reply to MAIL is lost", {"script": {"mail": [LOST]}}),
    ("the reply to RCPT is lost", {"script": {"rcpt": [LOST]}}),
    ("the reply to DATA is lost", {"script": {"data": [LOST]}}),
    ("the reply to MAIL comes twice", {"script": {"mail": ["250 ok\r\n250 ok"]}}),
    ("the reply to RCPT comes twice", {"script": {"rcpt": ["250 ok\r\n250 ok"]}}),
    ("the reply to DATA comes twice", {"script": {"data": ["354 go on\r\n354 go on"]}}),
    ("it says more than that it waits for data", {"script": {"data": ["354 go on\r\n250 ok"]}}),
    ("it minds being spoken to at once", {"script": {"mail": ["503 5.5.0 improper use of SMTP command pipelining"]}}),
    ("it minds not being waited for", {"script": {"rcpt": ["554 SMTP synchronization error"]}}),
]


@pytest.mark.parametrize(("habits"), [habits for _name, habits in BROKEN], ids=[name for name, _habits in BROKEN])
def test_where_pipelining_breaks_all_is_sent_step_by_step_and_nobody_is_to_blame(
    serve: Serve, habits: dict[str, Any]
) -> None:
    server, client = serve(**habits)
    assert send(client, 3) == {1: FINE, 2: FINE, 3: FINE}
    assert server.recipients == ["1@amt.example", "2@amt.example", "3@amt.example"]
    assert server.violations == []


def test_when_the_reply_to_a_dot_is_lost_no_other_reply_is_taken_for_it(serve: Serve) -> None:
    server, client = serve(script={"dot": [LOST]})
    answers = send(client, 3)
    assert (answers[1].stage, answers[1].code) == (Stage.DOT, None)
    assert (answers[2], answers[3]) == (FINE, FINE)
    assert server.recipients == ["1@amt.example", "2@amt.example", "3@amt.example"]


def test_a_reply_to_the_dot_that_comes_twice_blames_nobody(serve: Serve) -> None:
    server, client = serve(script={"dot": ["250 2.0.0 accepted\r\n250 2.0.0 accepted"]})
    answers = send(client, 3)
    assert (answers[1].stage, answers[2], answers[3]) == (Stage.DOT, FINE, FINE)
    assert server.recipients == ["1@amt.example", "2@amt.example", "3@amt.example"]


def test_data_that_is_welcome_though_no_recipient_was_gets_a_lone_dot_and_no_mail(serve: Serve) -> None:
    server, client = serve(script={"rcpt": ["550 5.1.1 unknown"], "data": ["354 go on"]})
    assert send(client, 2) == {1: Answer(Stage.RCPT, 550, "5.1.1 unknown"), 2: FINE}
    assert server.recipients == ["2@amt.example"]
    assert verbs(server) == [f"EHLO {ENVELOPE} RSET {ENVELOPE} QUIT"]


def test_a_refused_recipient_in_the_middle_stops_neither_the_one_before_nor_the_one_behind(serve: Serve) -> None:
    server, client = serve(script={"rcpt": ["250 ok", "550 5.1.1 unknown"]})
    assert send(client, 3) == {1: FINE, 2: Answer(Stage.RCPT, 550, "5.1.1 unknown"), 3: FINE}
    assert server.recipients == ["1@amt.example", "3@amt.example"]
    assert len(server.dialogue) == 1


def test_a_refused_mail_in_the_middle_stops_neither_the_one_before_nor_the_one_behind(serve: Serve) -> None:
    server, client = serve(script={"dot": ["250 2.0.0 accepted", "554 5.6.0 content"]})
    assert send(client, 3) == {1: FINE, 2: Answer(Stage.DOT, 554, "5.6.0 content"), 3: FINE}
    assert server.recipients == ["1@amt.example", "3@amt.example"]


def test_503_for_an_envelope_behind_a_refused_mail_costs_a_connection_and_no_mail(serve: Serve) -> None:
    server, client = serve(script={"dot": ["451 4.3.0 later"], "mail": ["250 ok", "503 5.5.1 RSET first"]})
    assert send(client, 3) == {1: Answer(Stage.DOT, 451, "4.3.0 later"), 2: FINE, 3: FINE}
    assert server.recipients == ["2@amt.example", "3@amt.example"]


def test_a_slow_server_gets_no_envelope_before_it_has_taken_the_mail(
    serve: Serve,
) -> None:
    server, client = serve(patience=replace(HASTY, fast=0.0))
    clerk = ListClerk([parcel(1), parcel(2)])
    client.run(clerk, time.monotonic() + 5)
    assert clerk.told == [
        *[(what, 1) for what in ("next", "begun", "answered")],
        *[(what, 2) for what in ("next", "begun", "answered")],
    ]
    assert server.recipients == ["anna@amt.example"] * 2
