"""The way out: SMTP to our relay, over one connection for many mails (RFC 5321, 3207, 4954, 8314)."""

import select
import smtplib
import socket
import ssl
from functools import cache
from urllib.parse import unquote, urlsplit

from app.delivery.rules import Answer, Stage
from app.kernel.config import is_loopback

TIMEOUT = 60.0  # seconds, for everything but the final dot
DOT_TIMEOUT = 600.0  # RFC 5321, 4.5.3.2.6: whoever gives up earlier gets duplicates
TEXT_AT_MOST = 500


class TransportDown(Exception):
    """The server cannot be reached, greets with a refusal, or does not let us in. No mail is to blame."""


class SmtpTransport:
    """One connection to ``smtp://`` (STARTTLS where offered) or ``smtps://``; ``connect``, many ``send``, ``quit``."""

    def __init__(self, url: str, ca_file: str = "") -> None:
        self._parts = urlsplit(url)
        self._ca_file = ca_file
        self._smtp: smtplib.SMTP | None = None

    def connect(self) -> None:
        """Connect and sign in, unless that is done already. Raises TransportDown."""
        if self._smtp is not None:
            return
        try:
            smtp = self._open()
        except (OSError, smtplib.SMTPException) as error:
            raise TransportDown(_text(error)) from error
        try:
            self._introduce(smtp)
        except (OSError, smtplib.SMTPException) as error:
            smtp.close()
            raise TransportDown(_text(error)) from error
        self._smtp = smtp

    def send(self, sender: str, recipient: str, content: bytes) -> Answer:
        """Hand over one mail; the answer names the stage that decided. After a refusal the dialogue starts afresh."""
        assert self._smtp is not None, "connect() comes first"
        smtp, stage = self._smtp, Stage.MAIL
        try:
            options = [f"SIZE={len(content)}"] if smtp.has_extn("size") else []
            code, text = smtp.mail(sender, options)
            if code == 250:
                stage = Stage.RCPT
                code, text = smtp.rcpt(recipient)
            if stage is Stage.RCPT and code in (250, 251):
                stage = Stage.DATA
                code, text = smtp.docmd("DATA")
            if stage is Stage.DATA and code == 354:
                smtp.send(_stuffed(content))
                self._still_there(smtp)
                stage = Stage.DOT
                code, text = self._finish(smtp)
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            return Answer(stage, None, _text(error))
        answer = Answer(stage, code, _text(text))
        self._settle(answer)
        return answer

    def quit(self) -> None:
        """Say goodbye; a server that is gone already does not matter."""
        if self._smtp is not None:
            try:
                self._smtp.quit()
            except (OSError, smtplib.SMTPException):
                self._close()
            self._smtp = None

    def _open(self) -> smtplib.SMTP:
        host = self._parts.hostname or ""
        if self._parts.scheme == "smtps":
            port = self._parts.port or 465
            return smtplib.SMTP_SSL(host, port, _own_name(), timeout=TIMEOUT, context=self._context())
        return smtplib.SMTP(host, self._parts.port or 25, _own_name(), timeout=TIMEOUT)

    def _introduce(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo_or_helo_if_needed()
        secure = isinstance(smtp.sock, ssl.SSLSocket)
        if not secure and smtp.has_extn("starttls"):
            smtp.starttls(context=self._context())
            smtp.ehlo()
            secure = True
        if self._parts.username:
            if not secure and not is_loopback(self._parts.hostname or ""):
                raise smtplib.SMTPException("The server offers no STARTTLS, and the password is not sent in the clear.")
            smtp.login(unquote(self._parts.username), unquote(self._parts.password or ""))

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._ca_file or None)

    def _still_there(self, smtp: smtplib.SMTP) -> None:
        """Before the dot: a server that has hung up did not take the mail, and we know it."""
        if isinstance(smtp.sock, ssl.SSLSocket) or smtp.sock is None:
            return  # what can be read there may be the handshake's
        readable, _, _ = select.select([smtp.sock], [], [], 0)
        if readable and smtp.sock.recv(1, socket.MSG_PEEK) == b"":
            raise smtplib.SMTPServerDisconnected("The server hung up before the end of the mail.")

    def _finish(self, smtp: smtplib.SMTP) -> tuple[int, bytes]:
        smtp.send(b".\r\n")
        if smtp.sock is not None:
            smtp.sock.settimeout(DOT_TIMEOUT)
        code, text = smtp.getreply()
        if smtp.sock is not None:
            smtp.sock.settimeout(TIMEOUT)
        return code, text

    def _settle(self, answer: Answer) -> None:
        if answer.accepted or self._smtp is None:
            return
        try:
            if answer.ends_connection or self._smtp.rset()[0] != 250:
                self._close()
        except (OSError, smtplib.SMTPException):
            self._close()

    def _close(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


def _stuffed(content: bytes) -> bytes:
    """The mail as it stands between DATA and the dot: leading dots doubled, ended by CRLF (RFC 5321, 4.5.2)."""
    body = content if content.endswith(b"\r\n") else content + b"\r\n"
    stuffed = body.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed


def _text(said: bytes | Exception) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said) or type(said).__name__
    return " ".join(text.split())[:TEXT_AT_MOST]


@cache
def _own_name() -> str:
    """How we introduce ourselves (RFC 5321, 4.1.3); asked once, because the DNS may be slow."""
    name = socket.getfqdn()
    return name if "." in name else "[127.0.0.1]"
