"""A real SMTP server on loopback that keeps what it is given, and refuses when it is told to."""

import asyncio
import email.policy
import threading
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any


@dataclass(frozen=True)
class Received:
    """One accepted message: the envelope, and the bytes as they came over the wire."""

    sender: str
    recipients: list[str]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The message as the standard library parses it."""
        parsed = BytesParser(policy=email.policy.default).parsebytes(self.content)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    def body(self, subtype: str = "plain") -> str:
        """The text of the body in this form, ``plain`` or ``html``, with plain line ends."""
        part = self.message.get_body((subtype,))
        assert part is not None, f"The message has no {subtype} part."
        return str(part.get_content()).replace("\r\n", "\n")

    def raw_header(self, name: str) -> str | None:
        """The header exactly as sent, unfolded by nobody: line ends and all, without the name."""
        head = self.content.split(b"\r\n\r\n", 1)[0].decode("utf-8", "surrogateescape")
        found: list[str] = []
        for line in head.split("\r\n"):
            if found and line[:1] in (" ", "\t"):
                found.append(line)
            elif found:
                break
            elif line.lower().startswith(name.lower() + ":"):
                found.append(line.split(":", 1)[1].strip())
        return "\r\n".join(found) if found else None


@dataclass
class SmtpSink:
    """The server. ``received`` grows; ``refuse`` changes what it answers; both start afresh in every test."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    answers: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, address: str) -> list[Received]:
        """What this address got, in order."""
        return [mail for mail in self.received if address in mail.recipients]

    def refuse(self, answer: str, *, at: str = "rcpt", address: str = "*") -> None:
        """From now on answer so (``"550 5.1.1 unknown"``) at ``mail``, ``rcpt`` or ``data``, for one address or all."""
        self.answers[(at, address)] = answer

    def accept(self) -> None:
        """Accept everything again."""
        self.answers.clear()

    def reset(self) -> None:
        self.received.clear()
        self.answers.clear()
        self.connections = 0

    # What aiosmtpd calls.
    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]) -> Any:  # noqa: N802
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        refusal = self._refusal("mail", address)
        if refusal:
            return refusal
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 ok"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        refusal = self._refusal("rcpt", address)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        for address in envelope.rcpt_tos:
            if refusal := self._refusal("data", address):
                return refusal
        self.received.append(Received(envelope.mail_from or "", list(envelope.rcpt_tos), envelope.original_content))
        return "250 2.0.0 accepted"

    def _refusal(self, at: str, address: str) -> str | None:
        return self.answers.get((at, address)) or self.answers.get((at, "*"))


class RunningSink:
    """The sink behind a loopback port, in a thread of its own, until ``stop()``."""

    def __init__(self) -> None:
        self.sink = SmtpSink()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="smtp-sink", daemon=True)
        self._thread.start()
        self._ready.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        from aiosmtpd.smtp import SMTP

        asyncio.set_event_loop(self._loop)
        transports: set[asyncio.BaseTransport] = set()

        class Noted(SMTP):
            def connection_made(self, transport: Any) -> None:
                transports.add(transport)
                super().connection_made(transport)

        def session() -> SMTP:
            return Noted(self.sink, enable_SMTPUTF8=True, hostname="sink.example", loop=self._loop)

        server = self._loop.run_until_complete(self._loop.create_server(session, "127.0.0.1", 0))
        self.sink.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for transport in transports:
            transport.close()
        pending = asyncio.all_tasks(self._loop)
        for task in pending:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
        self._loop.run_until_complete(server.wait_closed())
        self._loop.close()
