"""A fast SMTP server on loopback that notes who got what, and answers the final dot after a moment."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Recorder:
    """``accepted`` holds (recipient, Message-ID) for each final dot, in the order of the dots; ``begun`` the time (of
    ``time.monotonic``) at which the content of each mail began. A dot counts when it is read: whoever was killed before
    the answer came has been served all the same. ``stall`` says how long the server thinks about each recipient.
    """

    delay: float = 0.002
    port: int = 0
    accepted: list[tuple[str, str]] = field(default_factory=list)
    begun: list[tuple[str, float]] = field(default_factory=list)
    stall: Callable[[], float] = float

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


class RunningRecorder:
    """The recorder behind a port of loopback, in a thread of its own, until ``stop()``."""

    def __init__(self, delay: float = 0.002) -> None:
        self.recorder = Recorder(delay)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()
        self._ready.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        made: set[asyncio.BaseTransport] = set()

        def dialogue() -> _Dialogue:
            return _Dialogue(self.recorder, self._loop, made)

        server = self._loop.run_until_complete(self._loop.create_server(dialogue, "127.0.0.1", 0))
        self.recorder.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for transport in made:
            transport.close()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.run_until_complete(server.wait_closed())
        self._loop.close()


class _Dialogue(asyncio.Protocol):
    """One connection; answers in the order of the commands, whatever is pipelined."""

    def __init__(self, recorder: Recorder, loop: asyncio.AbstractEventLoop, made: "set[asyncio.BaseTransport]") -> None:
        self._recorder, self._loop, self._made = recorder, loop, made
        self._waiting = b""
        self._recipient = ""
        self._in_content = self._has_begun = False
        self._paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._made.add(transport)
        transport.write(b"220 recorder.example\r\n")

    def connection_lost(self, error: Exception | None) -> None:
        self._made.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        self._go_on()

    def _go_on(self) -> None:
        while not self._paused and self._step():
            pass

    def _step(self) -> bool:
        if self._in_content:
            if self._waiting and not self._has_begun:
                self._has_begun = True
                self._recorder.begun.append((self._recipient, self._loop.time()))
            content, dot, rest = self._waiting.partition(b"\r\n.\r\n")
            if not dot:
                return False
            self._waiting, self._in_content, self._paused = rest, False, True
            self._note(content)
            self._loop.call_later(self._recorder.delay, self._go_on_with, b"250 2.0.0 accepted")
            return True
        line, end, rest = self._waiting.partition(b"\r\n")
        if not end:
            return False
        self._waiting = rest
        self._answer(line)
        return True

    def _note(self, content: bytes) -> None:
        head = content.split(b"\r\n\r\n", 1)[0].decode("utf-8", "replace")
        named = [line[11:].strip() for line in head.split("\r\n") if line.lower().startswith("message-id:")]
        self._recorder.accepted.append((self._recipient, "".join(named)))

    def _go_on_with(self, said: bytes) -> None:
        self._paused = False
        if not self._transport.is_closing():
            self._transport.write(said + b"\r\n")
            self._go_on()

    def _answer(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb == b"EHLO":
            said = b"250-recorder.example\r\n250-PIPELINING\r\n250-SMTPUTF8\r\n250 8BITMIME"
        elif verb == b"DATA":
            said, self._in_content, self._has_begun = b"354 go on", True, False
        elif verb == b"QUIT":
            said = b"221 bye"
        else:
            if verb == b"RCPT":
                self._recipient = line.partition(b"<")[2].partition(b">")[0].decode()
                if (stall := self._recorder.stall()) > 0:
                    self._paused = True
                    self._loop.call_later(stall, self._go_on_with, b"250 2.1.5 ok")
                    return
            said = b"250 2.1.0 ok"
        self._transport.write(said + b"\r\n")
        if verb == b"QUIT":
            self._transport.close()
