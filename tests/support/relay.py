"""A relay as a data centre runs it: nothing without TLS, nothing without the password."""

import contextlib
import socket
import ssl
import threading
from base64 import b64decode
from datetime import datetime, timedelta
from pathlib import Path


def make_certificate(folder: Path, name: str = "localhost") -> Path:
    """A certificate for this name, with its key, that only those trust who are told to."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    start = datetime(2026, 1, 1)  # noqa: DTZ001  (the builder takes UTC without saying so)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(encoding)
    )
    return path


class Relay:
    """Speaks ``smtps`` (``implicit``) or ``smtp`` with STARTTLS; lets in who knows the password."""

    def __init__(self, certificate: Path, *, implicit: bool, mechanisms: str = "PLAIN") -> None:
        self.tried: list[str] = []
        self.received: list[bytes] = []
        self._mechanisms = mechanisms
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
                if (verb.upper() == "AUTH" and rest == "LOGIN") or rest.startswith("LOGIN "):
                    connection.sendall(self._login(connection, lines, rest))
                    continue
                connection.sendall(self._answer(verb.upper(), rest, secure))
                if verb.upper() == "DATA":
                    self.received.append(b"".join(iter(lines.readline, b".\r\n")))
                    connection.sendall(b"250 2.0.0 accepted\r\n")

    def _login(self, connection: socket.socket, lines: "object", rest: str) -> bytes:
        name = rest.partition(" ")[2]
        if not name:
            connection.sendall(b"334 VXNlcm5hbWU6\r\n")
            name = lines.readline().decode().strip()  # type: ignore[attr-defined]
        connection.sendall(b"334 UGFzc3dvcmQ6\r\n")
        password = lines.readline().decode().strip()  # type: ignore[attr-defined]
        return self._let_in(f"\0{b64decode(name).decode()}\0{b64decode(password).decode()}")

    def _answer(self, verb: str, rest: str, secure: bool) -> bytes:
        if verb == "EHLO":
            offer = b"AUTH " + self._mechanisms.encode() if secure else b"STARTTLS"
            return b"250-relay.example\r\n250-PIPELINING\r\n250 " + offer + b"\r\n"
        if verb == "AUTH" and secure:
            return self._let_in(b64decode(rest.removeprefix("PLAIN ")).decode())
        return {"DATA": b"354 go on\r\n", "QUIT": b"221 bye\r\n"}.get(verb, b"250 ok\r\n")

    def _let_in(self, credentials: str) -> bytes:
        self.tried.append(credentials)
        right = credentials == "\0redaktion\0geheim/wort"
        return b"235 2.7.0 welcome\r\n" if right else b"535 5.7.8 wrong\r\n"
