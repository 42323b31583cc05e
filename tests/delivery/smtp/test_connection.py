"""One connection by itself: what it knows of octets that never left."""

import socket
import time

from app.delivery.rules import Stage
from app.delivery.smtp.connection import Connection, Phase
from app.delivery.smtp.counter import Counter
from app.delivery.smtp.parcels import Patience
from app.delivery.smtp.server import Server
from tests.support.clerk import ListClerk, parcel


def hear(connection: Connection, server: socket.socket, said: bytes) -> None:
    server.sendall(said)
    time.sleep(0.02)
    connection.ready(time.monotonic())


def test_a_mail_of_which_nothing_could_be_written_is_not_in_doubt() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Server.of(f"smtp://127.0.0.1:{listening.getsockname()[1]}", "")
        counter, clerk = Counter(100), ListClerk([parcel(1)])
        counter.begin(clerk, float("inf"))
        connection = Connection(server, server.addresses(), counter, Patience(), time.monotonic())
        there, _address = listening.accept()
        with there:
            connection.ready(time.monotonic())
            hear(connection, there, b"220 welcome\r\n")
            hear(connection, there, b"250-here\r\n250 PIPELINING\r\n")
            assert connection.phase is Phase.OPEN
            taken = counter.take(time.monotonic())
            assert taken is not None
            connection.take(taken, time.monotonic())
            connection.socket.shutdown(socket.SHUT_WR)  # from here on writing fails
            hear(connection, there, b"250 ok\r\n250 ok\r\n354 go\r\n")
    assert {number: (answer.stage, answer.code) for number, answer in clerk.answers.items()} == {1: (Stage.DATA, None)}
