"""The way out: TLS that is verified, a password that is never sent in the clear, dots, and goodbyes."""

import contextlib
import socket
import ssl
import threading
from base64 import b64decode
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.delivery.rules import Answer, Stage
from app.delivery.transport import SmtpTransport, TransportDown
from tests.support.smtp import SmtpSink

MAIL = b"Subject: Gruss\r\n\r\nerste Zeile\r\n.\r\n..zweite\r\n"
SENDER, RECIPIENT = "redaktion@rundbrief.example", "anna@amt.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost, with its key, that only those trust who are told to."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    start = datetime(2026, 1, 1)  # noqa: DTZ001  (the builder takes UTC without saying so)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(encoding)
    )
    return path


class Relay:
    """A relay as a data centre runs it: nothing without TLS, nothing without the password."""

    def __init__(self, certificate: Path, *, implicit: bool) -> None:
        self.tried: list[str] = []
        self.received: list[bytes] = []
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(certificate)
        self._implicit = implicit
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                if self._implicit:
                    with self._context.wrap_socket(connection, server_side=True) as secure:
                        self._talk(secure, greeting=True)
                else:
                    self._talk(connection, greeting=True)

    def _talk(self, connection: socket.socket, *, greeting: bool) -> None:
        secure = isinstance(connection, ssl.SSLSocket)
        with connection.makefile("rb") as lines:
            if greeting:
                connection.sendall(b"220 relay.example\r\n")
            for line in lines:
                verb, _, rest = line.decode().strip().partition(" ")
                if verb.upper() == "STARTTLS":
                    connection.sendall(b"220 go on\r\n")
                    with self._context.wrap_socket(connection, server_side=True) as upgraded:
                        self._talk(upgraded, greeting=False)
                    return
                connection.sendall(self._answer(verb.upper(), rest, secure))
                if verb.upper() == "DATA":
                    self.received.append(b"".join(iter(lines.readline, b".\r\n")))
                    connection.sendall(b"250 2.0.0 accepted\r\n")

    def _answer(self, verb: str, rest: str, secure: bool) -> bytes:
        if verb == "EHLO":
            return b"250-relay.example\r\n250 " + (b"AUTH PLAIN" if secure else b"STARTTLS") + b"\r\n"
        if verb == "AUTH" and secure:
            self.tried.append(b64decode(rest.removeprefix("PLAIN ")).decode())
            right = self.tried[-1] == "\0redaktion\0geheim/wort"
            return b"235 2.7.0 welcome\r\n" if right else b"535 5.7.8 wrong\r\n"
        return {"DATA": b"354 go on\r\n", "QUIT": b"221 bye\r\n"}.get(verb, b"250 ok\r\n")


@pytest.fixture(params=["smtp", "smtps"])
def relay(request: pytest.FixtureRequest, certificate: Path) -> Iterator[tuple[Relay, str]]:
    running = Relay(certificate, implicit=request.param == "smtps")
    yield running, f"{request.param}://redaktion:geheim%2Fwort@localhost:{running.port}"
    running.stop()


def test_mail_leaves_by_starttls_and_by_tls_with_a_password(relay: tuple[Relay, str], certificate: Path) -> None:
    running, url = relay
    transport = SmtpTransport(url, str(certificate))
    transport.connect()
    answer = transport.send(SENDER, RECIPIENT, MAIL)
    transport.quit()
    assert answer == Answer(Stage.DOT, 250, "2.0.0 accepted")
    assert running.tried == ["\0redaktion\0geheim/wort"]
    assert running.received == [MAIL.replace(b"\r\n.", b"\r\n..")]


def test_a_certificate_that_nobody_vouches_for_is_not_spoken_to(relay: tuple[Relay, str]) -> None:
    running, url = relay
    with pytest.raises(TransportDown, match="certificate verify failed"):
        SmtpTransport(url).connect()
    assert (running.tried, running.received) == ([], [])


def test_a_wrong_password_stops_the_transport_and_no_mail(relay: tuple[Relay, str], certificate: Path) -> None:
    _running, url = relay
    with pytest.raises(TransportDown, match="535"):
        SmtpTransport(url.replace("geheim", "falsch"), str(certificate)).connect()


def test_a_password_is_not_sent_in_the_clear_beyond_this_machine(
    smtp: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.create_connection
    monkeypatch.setattr(socket, "create_connection", lambda address, *rest: real(("127.0.0.1", address[1]), *rest))
    with pytest.raises(TransportDown, match="password is not sent in the clear"):
        SmtpTransport(f"smtp://redaktion:geheim@relay.example:{smtp.port}").connect()


def test_lines_that_begin_with_a_dot_arrive_as_they_were(smtp: SmtpSink) -> None:
    transport = SmtpTransport(smtp.url)
    transport.connect()
    for content in (MAIL, b".Anfang: x\r\n\r\n.\r\n", b"Subject: ohne Zeilenende\r\n\r\nx"):
        assert transport.send(SENDER, RECIPIENT, content).accepted
    transport.quit()
    assert [mail.content for mail in smtp.received] == [
        MAIL,
        b".Anfang: x\r\n\r\n.\r\n",
        b"Subject: ohne Zeilenende\r\n\r\nx\r\n",
    ]


def test_a_server_that_is_not_there_is_down() -> None:
    with pytest.raises(TransportDown):
        SmtpTransport("smtp://127.0.0.1:1").connect()
