"""The client over smtplib: one connection, one step at a time. What our own client is measured and checked against."""

import contextlib
import select
import smtplib
import socket
import ssl
import threading
import time

from app.delivery.rules import Answer, Stage
from app.delivery.smtp.envelope import Offer, commands, refusal
from app.delivery.smtp.parcels import STALE, Clerk, Parcel, Patience, TransportDown
from app.delivery.smtp.replies import slows_down, words
from app.delivery.smtp.server import Server, own_name

_MALFORMED = Answer(Stage.RCPT, 553, "5.1.3 The address cannot be written on an envelope.")


class StdlibClient:
    """``Client`` over smtplib."""

    def __init__(self, server: Server, messages_per_connection: int, patience: Patience) -> None:
        self._server = server
        self._at_most = messages_per_connection
        self._patience = patience
        self._smtp: smtplib.SMTP | None = None
        self._offer = Offer()
        self._sent = 0
        self._used_at = 0.0
        self._stopped = False
        self._end: threading.Timer | None = None

    def run(self, clerk: Clerk, until: float) -> None:
        """See ``Client``."""
        while not self._stopped and time.monotonic() < until:
            parcel = clerk.next()
            if parcel is None:
                return
            self._carry(clerk, parcel)
            clerk.meanwhile()

    def stop(self) -> None:
        """See ``Client``. Whoever waits for an answer then hears that the connection has ended."""
        self._stopped = True
        if self._smtp is not None and self._smtp.sock is not None:
            self._end = threading.Timer(self._patience.stop, _deafen, (self._smtp.sock,))
            self._end.daemon = True
            self._end.start()

    def close(self) -> None:
        """See ``Client``; a server that is gone already does not matter."""
        if self._end is not None:
            self._end.cancel()
        if self._smtp is None:
            return
        try:
            self._be_patient(self._patience.quit)
            self._smtp.quit()
        except (OSError, smtplib.SMTPException):
            pass
        self._hang_up()

    def _carry(self, clerk: Clerk, parcel: Parcel) -> None:
        try:
            self._connect()
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            clerk.returned(parcel)
            raise TransportDown(_why(error)) from error
        step = _Step(clerk, parcel)
        answer = refusal(parcel, self._offer) or self._try(step)
        self._used_at = time.monotonic()
        ours = self._stopped and answer.code is None and step.stage is not Stage.DOT
        if ours or (self._sent and step.stage is Stage.MAIL and _not_its_fault(answer)):
            self._hang_up()
            clerk.returned(parcel)
        else:
            self._settle(answer, withdrawn=step.withdrawn)
            if step.withdrawn:
                clerk.returned(parcel)
            else:
                clerk.answered(parcel, answer)
        self._sent += 1

    def _try(self, step: "_Step") -> Answer:
        """One mail; whatever happens is an answer of the stage it happened at."""
        try:
            code, text = self._hand_over(step)
        except ValueError:
            return _MALFORMED
        except _Interrupted as interrupted:
            self._hang_up()
            return Answer(Stage.DATA, interrupted.smtp_code, words(interrupted.said))
        except (OSError, smtplib.SMTPException) as error:
            return Answer(step.stage, None, _why(error))
        sensible = 200 <= code < 600 and not (step.stage is Stage.DOT and code // 100 == 3)
        return Answer(step.stage, code if sensible else None, words(text))

    def _hand_over(self, step: "_Step") -> tuple[int, bytes]:
        mail, rcpt = commands(step.parcel, self._offer).splitlines(keepends=True)
        code, text = self._say(mail, self._patience.command)
        if code // 100 != 2:
            return code, text
        step.stage = Stage.RCPT
        code, text = self._say(rcpt, self._patience.command)
        if code // 100 != 2 or not step.stands():
            return code, text
        step.stage = Stage.DATA
        code, text = self._say(b"DATA\r\n", self._patience.data)
        if code != 354:
            return code, text
        if not step.stands():
            self._hang_up()
            return code, text
        step.clerk.begun(step.parcel)
        self._write(step.parcel.content)
        step.stage = Stage.DOT
        self._be_patient(self._patience.stop if self._stopped else self._patience.dot)
        return self._open().getreply()

    def _write(self, content: bytes) -> None:
        """All of it, dot included; fails only if the dot has not left."""
        self._be_patient(self._patience.block)
        sock, left = self._open().sock, memoryview(content)
        assert sock is not None
        try:
            while left:
                left = left[sock.send(left) :]
        except OSError:
            code, text = self._open().getreply()  # whoever refuses in the middle of a mail has said why
            if code < 400:
                raise
            raise _Interrupted(code, text) from None

    def _settle(self, answer: Answer, *, withdrawn: bool) -> None:
        """After a refusal the dialogue starts afresh; where the server does not want that, with a new connection."""
        if answer.accepted or self._smtp is None:
            return
        try:
            unfit = answer.code is not None and 200 <= answer.code < 400 and not withdrawn
            code = 421 if answer.ends_connection or unfit else self._say(b"RSET\r\n", self._patience.reset)[0]
            if code == 421:
                self._hang_up()
            elif code != 250:
                self.close()
        except (OSError, smtplib.SMTPException):
            self._hang_up()

    def _connect(self) -> None:
        if self._smtp is not None and (self._sent >= self._at_most or self._is_stale()):
            self.close()
        if self._smtp is None:
            self._sent = 0
            cls = _Secure if self._server.implicit_tls else _Plain
            self._smtp = cls(self._server, self._patience)
            self._be_patient(self._patience.command)
            self._introduce(self._smtp)

    def _is_stale(self) -> bool:
        """Whether the server has hung up, or said something on its own, or may have forgotten us."""
        sock = self._open().sock
        assert sock is not None
        return time.monotonic() - self._used_at > self._patience.idle or bool(select.select([sock], [], [], 0)[0])

    def _introduce(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo_or_helo_if_needed()
        secure = isinstance(smtp.sock, ssl.SSLSocket)
        if not secure and smtp.has_extn("starttls"):
            smtp.starttls(context=self._server.context())
            smtp.ehlo_or_helo_if_needed()
            secure = True
        if not secure and self._server.needs_tls:
            raise smtplib.SMTPException("The server offers no STARTTLS, and nothing is sent in the clear.")
        if self._server.username:
            smtp.login(self._server.username, self._server.password)
        self._offer = Offer.of(smtp.esmtp_features)

    def _say(self, command: bytes, seconds: float) -> tuple[int, bytes]:
        smtp = self._open()
        self._be_patient(seconds)
        smtp.send(command)
        return smtp.getreply()

    def _be_patient(self, seconds: float) -> None:
        if self._smtp is not None and self._smtp.sock is not None:
            self._smtp.sock.settimeout(seconds)

    def _open(self) -> smtplib.SMTP:
        if self._smtp is None:
            raise smtplib.SMTPServerDisconnected("The connection is closed.")
        return self._smtp

    def _hang_up(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


class _Step:
    """How far one mail has come."""

    def __init__(self, clerk: Clerk, parcel: Parcel) -> None:
        self.clerk = clerk
        self.parcel = parcel
        self.stage = Stage.MAIL
        self.withdrawn = False
        self._asked_at = time.monotonic()

    def stands(self) -> bool:
        now = time.monotonic()
        if now - self._asked_at > STALE:
            self._asked_at = now
            self.withdrawn = not self.clerk.stands(self.parcel)
        return not self.withdrawn


def _deafen(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RD)


def _not_its_fault(answer: Answer) -> bool:
    """Whether a connection that was used before is to blame, and not the mail: closed, full, or out of step."""
    if answer.code == 421:
        return not slows_down(answer.text)
    return answer.code is None or answer.code == 503


def _why(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return words(b"%d %b" % (error.smtp_code, said if isinstance(said, bytes) else said.encode()))
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return words((text or type(error).__name__).encode())


class _Interrupted(smtplib.SMTPResponseException):
    """The server refused before it had read the whole mail."""

    def __init__(self, code: int, said: bytes) -> None:
        super().__init__(code, said)
        self.said = said


class _Plain(smtplib.SMTP):
    """smtplib that waits longer for the greeting than for the connection."""

    def __init__(self, server: Server, patience: Patience) -> None:
        self._for_greeting = patience.greeting
        super().__init__(server.host, server.port, own_name(), timeout=patience.connect)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        found: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        found.settimeout(self._for_greeting)
        return found


class _Secure(smtplib.SMTP_SSL):
    """The same, with TLS from the start."""

    def __init__(self, server: Server, patience: Patience) -> None:
        self._for_greeting = patience.greeting
        super().__init__(server.host, server.port, own_name(), timeout=patience.connect, context=server.context())

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        found: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        found.settimeout(self._for_greeting)
        return found
