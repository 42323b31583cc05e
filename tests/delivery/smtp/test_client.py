"""Both clients: TLS that is verified, a password that is never sent in the clear, dots, and goodbyes."""

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.delivery import smtp as face
from app.delivery.rules import Answer, Stage
from app.delivery.smtp import Client, Kind, TransportDown
from tests.support.clerk import MAIL, ListClerk, parcel, send
from tests.support.relay import Relay, make_certificate
from tests.support.smtp import SmtpSink

Connect = Callable[..., Client]


@pytest.fixture(params=["own", "stdlib"])
def kind(request: pytest.FixtureRequest) -> Kind:
    return "own" if request.param == "own" else "stdlib"


@pytest.fixture
def connect(kind: Kind) -> Iterator[Connect]:
    """Make clients of this kind; they are closed in the end."""
    made: list[Client] = []

    def connect(url: str, ca_file: str = "") -> Client:
        made.append(face.client(url, ca_file=ca_file, kind=kind))
        return made[-1]

    yield connect
    for client in made:
        client.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(params=["smtp PLAIN", "smtp LOGIN", "smtps PLAIN"])
def relay(request: pytest.FixtureRequest, certificate: Path) -> Iterator[tuple[Relay, str]]:
    scheme, mechanisms = request.param.split()
    running = Relay(certificate, implicit=scheme == "smtps", mechanisms=mechanisms)
    yield running, f"{scheme}://redaktion:geheim%2Fwort@localhost:{running.port}"
    running.stop()


def test_mails_leave_by_starttls_and_by_tls_with_a_password(
    relay: tuple[Relay, str], certificate: Path, connect: Connect
) -> None:
    running, url = relay
    client = connect(url, str(certificate))
    clerk = send(client, parcel(1), parcel(2))
    client.close()
    assert clerk.answers == {number: Answer(Stage.DOT, 250, "2.0.0 accepted") for number in (1, 2)}
    assert set(running.tried) == {"\0redaktion\0geheim/wort"}
    assert running.received == [MAIL.removesuffix(b".\r\n")] * 2


def test_a_certificate_that_nobody_vouches_for_is_not_spoken_to(relay: tuple[Relay, str], connect: Connect) -> None:
    running, url = relay
    clerk = ListClerk([parcel()])
    with pytest.raises(TransportDown, match="certificate verify failed"):
        connect(url).run(clerk, time.monotonic() + 5)
    assert (running.tried, running.received) == ([], [])
    assert clerk.told == [("next", 1), ("returned", 1)]


def test_a_wrong_password_stops_the_transport_and_no_mail(
    relay: tuple[Relay, str], certificate: Path, connect: Connect
) -> None:
    _running, url = relay
    with pytest.raises(TransportDown, match="535"):
        send(connect(url.replace("geheim", "falsch"), str(certificate)), parcel())


@pytest.mark.parametrize("url", ["smtp://redaktion:geheim@relay.example:{port}", "smtp://relay.example:587"])
def test_nothing_is_said_in_the_clear_beyond_this_machine_that_needs_a_password_or_is_a_submission(
    smtp: SmtpSink, monkeypatch: pytest.MonkeyPatch, connect: Connect, url: str
) -> None:
    here = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", smtp.port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: here)
    with pytest.raises(TransportDown, match="nothing is sent in the clear"):
        send(connect(url.format(port=smtp.port)), parcel())
    assert smtp.received == []


def test_dots_arrive_as_they_were(smtp: SmtpSink, connect: Connect) -> None:
    send(connect(smtp.url), parcel(1), parcel(2, b"..Anfang: x\r\n\r\n..\r\n.\r\n"))
    assert sorted(mail.content for mail in smtp.received) == [
        b".Anfang: x\r\n\r\n.\r\n",
        b"Subject: Gruss\r\n\r\nerste Zeile\r\n.\r\n..zweite\r\n",
    ]


def test_a_server_that_is_not_there_is_down(connect: Connect) -> None:
    with pytest.raises(TransportDown, match="refused"):
        send(connect("smtp://127.0.0.1:1"), parcel())
