"""An SMTP server on loopback that behaves as badly as it is told to, one connection after the other."""

import contextlib
import socket
import threading
from dataclasses import dataclass, field


@dataclass
class HostileServer:
    """Answers by ``script``: stage → replies in order; what is not scripted is accepted. ``DROP`` hangs up instead.

    Stages: ``greeting ehlo mail rcpt data dot rset``. ``dialogue`` holds all commands, ``accepted`` the messages whose
    final dot got a 250 (or whose dot was read before a DROP).
    """

    script: dict[str, list[str]] = field(default_factory=dict)
    dialogue: list[str] = field(default_factory=list)
    accepted: list[bytes] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    DROP = "drop"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, name="hostile-smtp", daemon=True)
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
            self.connections += 1
            with connection, contextlib.suppress(OSError, EOFError), connection.makefile("rwb") as stream:
                _Dialogue(self, stream).hold()

    def reply(self, stage: str, usual: str) -> str:
        waiting = self.script.get(stage, [])
        return waiting.pop(0) if waiting else usual


class _Dialogue:
    def __init__(self, server: HostileServer, stream: "socket.SocketIO") -> None:  # type: ignore[type-arg]
        self._server = server
        self._stream = stream

    def hold(self) -> None:
        self._say("greeting", "220 hostile.example")
        while line := self._stream.readline():
            command = line.decode().strip()
            self._server.dialogue.append(command)
            verb = command[:4].lower()
            if verb == "quit":
                self._stream.write(b"221 bye\r\n")
                self._stream.flush()
                return
            usual = {"ehlo": "250 hostile.example", "data": "354 go on"}.get(verb, "250 ok")
            if self._say(verb, usual).startswith("354"):
                self._read_message()

    def _read_message(self) -> None:
        lines = []
        while (line := self._stream.readline()) != b".\r\n":
            if not line:
                raise EOFError
            lines.append(line)
        reply = self._server.reply("dot", "250 2.0.0 accepted")
        if reply == HostileServer.DROP or reply.startswith("250"):
            self._server.accepted.append(b"".join(lines))
        self._write(reply)

    def _say(self, stage: str, usual: str) -> str:
        reply = self._server.reply(stage, usual)
        self._write(reply)
        return reply

    def _write(self, reply: str) -> None:
        if reply == HostileServer.DROP:
            raise EOFError
        self._stream.write(reply.encode() + b"\r\n")
        self._stream.flush()
