"""A run: when it ends, who withdraws during it, connections that have had their time, and SIGTERM."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.delivery import smtp as face
from app.delivery.rules import Answer, Stage
from app.delivery.smtp import Client, Kind, Parcel, Patience
from tests.support.clerk import ListClerk, parcel
from tests.support.nasty import DROP, SILENT, NastyServer, verbs

FINE = Answer(Stage.DOT, 250, "2.0.0 accepted")
HASTY = Patience(connect=2.0, greeting=2.0, command=2.0, pipelined=2.0, data=2.0, dot=2.0, reset=2.0, quit=1.0)
Serve = Callable[..., tuple[NastyServer, Client]]


@pytest.fixture(params=["own", "stdlib"])
def kind(request: pytest.FixtureRequest) -> Kind:
    return "own" if request.param == "own" else "stdlib"


@pytest.fixture
def serve(kind: Kind) -> Iterator[Serve]:
    """A server with these habits, and a client of this kind to it."""
    servers: list[NastyServer] = []
    clients: list[Client] = []

    def serve(*, connections: int = 1, at_most: int = 500, patience: Patience = HASTY, **habits: Any) -> Any:
        servers.append(NastyServer(**habits))
        servers[-1].start()
        url = servers[-1].url
        clients.append(
            face.client(url, connections=connections, kind=kind, messages_per_connection=at_most, patience=patience)
        )
        return servers[-1], clients[-1]

    yield serve
    for client in clients:
        client.close()
    for server in servers:
        server.stop()


def run(client: Client, *parcels: Parcel, seconds: float = 20.0) -> ListClerk:
    clerk = ListClerk(parcels)
    client.run(clerk, time.monotonic() + seconds)
    return clerk


def test_the_patience_is_that_of_rfc_5321() -> None:
    patience = Patience()
    assert (patience.greeting, patience.command, patience.data) == (300.0, 300.0, 120.0)
    assert (patience.block, patience.dot) == (180.0, 600.0)


def test_without_mails_nobody_is_spoken_to(serve: Serve) -> None:
    server, client = serve()
    run(client)
    assert server.dialogue == []


def test_the_connection_stays_open_from_run_to_run(serve: Serve) -> None:
    server, client = serve()
    assert run(client, parcel(1)).answers | run(client, parcel(2)).answers == {1: FINE, 2: FINE}
    client.close()
    assert verbs(server) == ["EHLO MAIL RCPT DATA MAIL RCPT DATA QUIT"]


def test_a_connection_that_was_closed_between_two_runs_is_opened_anew(serve: Serve) -> None:
    server, client = serve(script={"dot": ["250 2.0.0 accepted\r\n421 4.4.2 timeout", "250 2.0.0 accepted"]})
    assert run(client, parcel(1)).answers == {1: FINE}
    clerk = run(client, parcel(2))
    assert (clerk.answers, len(server.dialogue)) == ({2: FINE}, 2)


def test_a_connection_that_nobody_used_for_long_is_not_trusted(serve: Serve) -> None:
    server, client = serve(patience=Patience(idle=0.05))
    run(client, parcel(1))
    time.sleep(0.1)
    assert run(client, parcel(2)).answers == {2: FINE}
    assert verbs(server) == ["EHLO MAIL RCPT DATA QUIT", "EHLO MAIL RCPT DATA"]


def test_a_connection_carries_as_many_mails_as_it_may(serve: Serve) -> None:
    server, client = serve(at_most=2, offer=("PIPELINING",))
    assert run(client, *map(parcel, range(1, 6))).answers == dict.fromkeys(range(1, 6), FINE)
    assert [spoken.count("MAIL") for spoken in server.dialogue] == [2, 2, 1]


def test_after_its_time_a_run_takes_nothing_more(serve: Serve) -> None:
    _server, client = serve()
    clerk = run(client, parcel(1), seconds=-1.0)
    assert (clerk.told, len(clerk.waiting)) == ([], 1)


@pytest.mark.parametrize("slow", ["mail", "rcpt"])
def test_who_withdraws_while_the_server_is_slow_gets_no_mail(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, slow: str
) -> None:
    for module in ("outcomes", "dialogue", "stdlib"):
        monkeypatch.setattr(f"app.delivery.smtp.{module}.STALE", 0.0)
    server, client = serve()
    clerk = ListClerk([parcel(1), parcel(2, recipient=b"bernd@amt.example")], withdrawn={1})
    client.run(clerk, time.monotonic() + 5)
    assert clerk.answers == {2: FINE}
    assert ("begun", 1) not in clerk.told
    assert server.recipients == ["bernd@amt.example"]
    assert server.dialogue[0][:4] in (["EHLO", "MAIL", "RCPT", "RSET"], ["EHLO", "MAIL", "RSET", "MAIL"])


def test_who_withdraws_after_data_gets_no_mail_either(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server, client = serve(offer=("PIPELINING",))
    asked: list[bool] = []
    clerk = ListClerk([parcel(1), parcel(2, recipient=b"bernd@amt.example")], withdrawn={1})
    real = clerk.stands
    monkeypatch.setattr(clerk, "stands", lambda item: asked.append(True) or real(item))
    for module in ("outcomes", "dialogue", "stdlib"):
        monkeypatch.setattr(f"app.delivery.smtp.{module}.STALE", 0.0)
    client.run(clerk, time.monotonic() + 5)
    assert (clerk.answers, bool(asked)) == ({2: FINE}, True)
    assert server.recipients == ["bernd@amt.example"]


def test_who_is_told_to_stop_finishes_what_is_in_flight_and_takes_nothing_more(serve: Serve) -> None:
    server, client = serve()
    clerk = ListClerk(map(parcel, range(1, 2000)))
    real = clerk.begun

    def begun(item: Parcel) -> None:
        real(item)
        if item.id == 3:
            client.stop()

    clerk.begun = begun  # type: ignore[method-assign]
    client.run(clerk, time.monotonic() + 20)
    assert clerk.answers == dict.fromkeys((1, 2, 3), FINE)
    assert len(server.accepted) == 3


def test_who_is_told_to_stop_does_not_wait_for_a_silent_server(serve: Serve) -> None:
    _server, client = serve(script={"dot": [SILENT]}, patience=Patience(stop=0.2))
    threading.Timer(0.2, client.stop).start()
    begun = time.monotonic()
    clerk = run(client, parcel(1), parcel(2))
    assert time.monotonic() - begun < 5
    assert (clerk.answers[1].stage, clerk.answers[1].code) == (Stage.DOT, None)
    assert [item.id for item in clerk.waiting] == [2]


def test_who_is_told_to_stop_before_a_mail_has_begun_blames_nobody(serve: Serve) -> None:
    _server, client = serve(script={"rcpt": [SILENT]}, patience=Patience(stop=0.2))
    threading.Timer(0.2, client.stop).start()
    clerk = run(client, parcel(1))
    assert (clerk.answers, [item.id for item in clerk.waiting]) == ({}, [1])


@pytest.mark.parametrize("kind", ["own"], indirect=True)
def test_several_connections_share_the_work_and_one_that_is_lost_takes_one_mail_with_it(serve: Serve) -> None:
    server, client = serve(connections=4, offer=("PIPELINING",), script={"dot": ["250 2.0.0 accepted"] * 20 + [DROP]})
    clerk = run(client, *(parcel(number, recipient=b"%d@amt.example" % number) for number in range(1, 201)))
    doubtful = [number for number, answer in clerk.answers.items() if answer != FINE]
    assert (len(clerk.answers), len(doubtful)) == (200, 1)
    assert (clerk.answers[doubtful[0]].stage, clerk.answers[doubtful[0]].code) == (Stage.DOT, None)
    assert sorted(server.recipients, key=lambda address: int(address.split("@")[0])) == [
        f"{number}@amt.example" for number in range(1, 201)
    ]
    assert 4 <= len(server.dialogue) <= 6


@pytest.mark.parametrize("kind", ["own"], indirect=True)
def test_a_server_that_wants_no_further_connection_is_used_over_those_that_it_has(serve: Serve) -> None:
    server, client = serve(connections=10, script={"greeting": ["220 welcome"] * 2 + ["421 4.7.0 too many"] * 50})
    clerk = run(client, *map(parcel, range(1, 101)))
    assert clerk.answers == dict.fromkeys(range(1, 101), FINE)
    assert sum(bool(spoken) for spoken in server.dialogue) == 2


@pytest.mark.parametrize("kind", ["own"], indirect=True)
def test_the_next_address_of_a_server_is_tried_when_the_first_does_not_answer(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, _client = serve()
    there = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 1)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: there)
    client = face.client("smtp://relay.example", patience=HASTY)
    assert run(client, parcel(1)).answers == {1: FINE}
    client.close()


OFFERS = ("SIZE 10000", "DSN", "SMTPUTF8", "8BITMIME")


def test_what_the_server_offers_of_size_dsn_and_smtputf8_is_used(serve: Serve) -> None:
    server, client = serve(offer=OFFERS)
    run(
        client,
        parcel(1, recipient=b"anna+a=b@amt.example"),
        parcel(2, recipient="jörg@amt.example".encode(), utf8=True),
    )
    assert [line for line in server.lines if line.startswith(("MAIL", "RCPT"))] == [
        "MAIL FROM:<redaktion@rundbrief.example> SIZE=49 RET=HDRS ENVID=envid-1",
        "RCPT TO:<anna+a=b@amt.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;anna+2Ba+3Db@amt.example",
        "MAIL FROM:<redaktion@rundbrief.example> SIZE=49 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=envid-2",
        "RCPT TO:<jörg@amt.example> NOTIFY=FAILURE,DELAY ORCPT=utf-8;jörg@amt.example",
    ]


def test_what_the_server_does_not_take_is_not_offered_to_it(serve: Serve) -> None:
    server, client = serve(offer=("SIZE 100", "PIPELINING"))
    large, foreign = parcel(1, b"x" * 200 + b"\r\n.\r\n"), parcel(2, recipient="jörg@amt.example".encode(), utf8=True)
    evil = parcel(3, recipient=b"anna@amt.example>\r\nRCPT TO:<evil@amt.example")
    clerk = run(client, large, foreign, evil, parcel(4))
    assert clerk.answers == {
        1: Answer(Stage.MAIL, 552, "5.3.4 The server takes mails of 100 octets at most."),
        2: Answer(Stage.RCPT, 553, "5.6.7 The server takes no addresses beyond ASCII (SMTPUTF8)."),
        3: Answer(Stage.RCPT, 553, "5.1.3 The address cannot be written on an envelope."),
        4: FINE,
    }
    assert server.recipients == ["anna@amt.example"]


def test_a_server_that_broke_under_pipelining_is_spared_it_by_the_next_client_too() -> None:
    server = NastyServer(offer=("PIPELINING",), one_command_per_packet=True)
    server.start()
    patience = Patience(pipelined=0.3)
    for number in (1, 2):
        client = face.client(server.url, connections=1, patience=patience)
        assert run(client, parcel(number)).answers == {number: FINE}
        client.close()
    server.stop()
    assert verbs(server) == ["EHLO MAIL", "EHLO MAIL RCPT DATA QUIT", "EHLO MAIL RCPT DATA QUIT"]


def test_a_clerk_that_fails_in_the_middle_leaves_no_half_of_a_mail_behind(serve: Serve) -> None:
    server, client = serve(offer=("PIPELINING",))
    clerk = ListClerk([parcel(1), parcel(2)])

    def fail(item: Parcel) -> None:
        raise RuntimeError(item.id)

    clerk.begun = fail  # type: ignore[method-assign]
    with pytest.raises(RuntimeError):
        client.run(clerk, time.monotonic() + 5)
    client.close()
    assert server.accepted == []
