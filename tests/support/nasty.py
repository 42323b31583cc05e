"""An SMTP server on loopback that keeps to the rules where it is not told to break them, and minds if we break them."""

import contextlib
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from typing import Final

DROP: Final = "drop"  # hang up
RESET: Final = "reset"  # hang up with a TCP reset
SILENT: Final = "silent"  # say nothing any more
LOST: Final = "lost"  # do what was asked, but the reply never leaves


class _Over(Exception):
    """This connection has ended."""


@dataclass
class NastyServer:
    """Answers by ``script``: stage → replies in order, over all connections; what is not scripted it does properly.

    Stages: ``greeting ehlo helo starttls mail rcpt data content dot rset``. A reply is a text (or several, or one that
    is a code and a megabyte), or one of DROP, RESET, SILENT, LOST. ``dialogue`` holds the verbs, a list for each
    connection; ``violations`` what a proper client never does; ``accepted`` the recipients and contents taken over.
    """

    script: dict[str, list[str]] = field(default_factory=dict)
    offer: tuple[str, ...] = ()
    bytewise: bool = False
    in_one_flush: bool = False
    one_command_per_packet: bool = False
    sulks_after_450: bool = False
    dialogue: list[list[str]] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    accepted: list[tuple[str, bytes]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def recipients(self) -> list[str]:
        """Who got a mail, in order."""
        return [recipient for recipient, _content in self.accepted]

    def start(self) -> None:
        self.script = {stage: list(replies) for stage, replies in self.script.items()}
        self._stopped = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._serve, name="nasty-smtp", daemon=True)]
        self._threads[0].start()

    def stop(self) -> None:
        self._stopped.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._talk, args=(connection,), name="nasty-smtp", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _talk(self, connection: socket.socket) -> None:
        verbs: list[str] = []
        self.dialogue.append(verbs)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection, contextlib.suppress(OSError, _Over):
            _Talk(self, connection, verbs).hold()

    def scripted(self, stage: str, usual: str) -> str:
        waiting = self.script.get(stage)
        return waiting.pop(0) if waiting else usual


class _Talk:
    def __init__(self, server: NastyServer, connection: socket.socket, verbs: list[str]) -> None:
        self._server = server
        self._connection = connection
        self._verbs = verbs
        self._buffer = bytearray()
        self._pending = b""
        self._sender = ""
        self._recipient = ""
        self._sulking = False

    def hold(self) -> None:
        self._say("greeting", "220 nasty.example")
        while True:
            line = self._line()
            self._server.lines.append(line)
            verb = line.split(" ")[0].upper()
            self._verbs.append(verb)
            if verb == "QUIT":
                self._write("221 bye")
                self._flush()
                return
            if self._sulking and verb != "RSET":
                self._write("503 5.5.0 SMTP protocol violation")
                continue
            {
                "EHLO": self._ehlo,
                "HELO": lambda _line: self._say("helo", "250 nasty.example"),
                "STARTTLS": lambda _line: self._say("starttls", "454 4.7.0 TLS not available"),
                "MAIL": self._mail,
                "RCPT": self._rcpt,
                "DATA": self._data,
                "RSET": self._rset,
            }.get(verb, self._unknown)(line)

    def _ehlo(self, _line: str) -> None:
        said = "\r\n".join(
            f"250{'-' if number < len(self._server.offer) else ' '}{word}"
            for number, word in enumerate(("nasty.example", *self._server.offer))
        )
        self._say("ehlo", said)

    def _mail(self, line: str) -> None:
        if self._sender:
            self._server.violations.append("MAIL while a mail is in progress")
            self._write("503 5.5.0 SMTP protocol violation: A mail transaction is already in progress")
        elif self._say("mail", "250 2.1.0 sender ok").startswith("250"):
            self._sender = line

    def _rcpt(self, line: str) -> None:
        reply = self._say("rcpt", "250 2.1.5 recipient ok" if self._sender else "503 5.5.1 MAIL first")
        if reply.startswith("250"):
            self._recipient = line.partition("<")[2].partition(">")[0]
        elif reply.startswith("450") and self._server.sulks_after_450:
            self._sulking = True

    def _data(self, _line: str) -> None:
        if self._say("data", "354 go on" if self._recipient else "554 5.5.1 no valid recipients").startswith("354"):
            self._content()

    def _content(self) -> None:
        self._flush()
        if self._act(self._server.scripted("content", "")):
            return
        while len(self._buffer) < 3:
            self._receive()
        content = self._read_until(b".\r\n" if self._buffer.startswith(b".\r\n") else b"\r\n.\r\n")
        recipient, self._sender, self._recipient = self._recipient, "", ""
        usual = "250 2.0.0 accepted" if recipient else "554 5.5.1 no valid recipients"
        reply = self._server.scripted("dot", usual)
        if recipient and reply[:3] in ("250", DROP[:3], RESET[:3], SILENT[:3], LOST[:3]):
            self._server.accepted.append((recipient, content))
        self._answer(reply)

    def _rset(self, _line: str) -> None:
        if self._say("rset", "250 2.0.0 flushed").startswith("250"):
            self._sender = self._recipient = ""

    def _unknown(self, line: str) -> None:
        self._server.violations.append(f"unknown command {line[:40]}")
        self._write("500 5.5.2 what?")

    def _say(self, stage: str, usual: str) -> str:
        reply = self._server.scripted(stage, usual)
        self._answer(reply)
        return usual if reply == LOST else reply

    def _answer(self, reply: str) -> None:
        if not self._act(reply) and reply != LOST:
            self._write(reply)

    def _act(self, reply: str) -> bool:
        """Do what is no reply; whether there was anything to do."""
        if reply == DROP:
            self._flush()
            raise _Over
        if reply == RESET:
            self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise _Over
        if reply == SILENT:
            self._flush()
            self._server._stopped.wait(30)
            raise _Over
        if reply.startswith("after "):  # "after 1000 552 too big": read so much of the content, say so, hang up
            _after, octets, said = reply.split(" ", 2)
            while len(self._buffer) < int(octets):
                self._receive()
            self._answer(said)
            self._flush()
            time.sleep(0.05)
            raise _Over
        return False

    def _write(self, reply: str) -> None:
        self._pending += reply.encode() + b"\r\n"
        if not (self._server.in_one_flush and b"\n" in self._buffer):
            self._flush()

    def _flush(self) -> None:
        pending, self._pending = self._pending, b""
        if self._server.bytewise:
            for number in range(len(pending)):
                self._connection.sendall(pending[number : number + 1])
        elif pending:
            self._connection.sendall(pending)

    def _line(self) -> str:
        line = self._read_until(b"\n").decode("utf-8", "replace").strip()
        if self._server.one_command_per_packet:
            self._buffer.clear()
        return line

    def _read_until(self, end: bytes) -> bytes:
        start = 0
        while (found := self._buffer.find(end, start)) < 0:
            start = max(0, len(self._buffer) - len(end))
            self._receive()
        read, self._buffer = bytes(self._buffer[: found + len(end)]), self._buffer[found + len(end) :]
        return read

    def _receive(self) -> None:
        data = self._connection.recv(65_536)
        if not data:
            raise _Over
        self._buffer += data


def verbs(server: NastyServer) -> list[str]:
    """What was said, a text for each connection."""
    return [" ".join(spoken) for spoken in server.dialogue if spoken]
