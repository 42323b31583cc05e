"""One connection: a socket that never blocks, TLS over it, the opening, then the dialogue."""

import contextlib
import os
import socket
import ssl
from collections.abc import Sequence
from enum import Enum, auto
from typing import Any, Final

from app.delivery.smtp.counter import Counter
from app.delivery.smtp.dialogue import Dialogue
from app.delivery.smtp.opening import Opening, Step, open_with
from app.delivery.smtp.parcels import Parcel, Patience, TransportDown
from app.delivery.smtp.poller import READ
from app.delivery.smtp.replies import Replies
from app.delivery.smtp.server import Server

AT_ONCE: Final = 4096  # octets read at once: a server says little
Address = tuple[Any, ...]  # as socket.getaddrinfo gives it


class Phase(Enum):
    """How far a connection has come."""

    CONNECTING = auto()
    HANDSHAKE = auto()
    OPENING = auto()
    OPEN = auto()
    LEAVING = auto()
    CLOSED = auto()


_OPEN: Final = Phase.OPEN


class Connection:
    """Call ``ready`` when the socket is, ``flush`` when something is to be written, ``overdue`` when patience ends.

    ``trouble`` says why the server did not let us in.
    """

    def __init__(
        self, server: Server, addresses: Sequence[Address], counter: Counter, patience: Patience, now: float
    ) -> None:
        self.phase = Phase.CONNECTING
        self.trouble = ""
        self.wants_write = True
        self.watched = 0, -1  # the events and the descriptor that the loop waits for
        self.renewed = False  # whether the socket is another one since then
        self.used_at = 0.0
        self._server = server
        self._addresses = list(addresses)
        self._counter = counter
        self._patience = patience
        self._opening: Opening = open_with(server, patience)
        self._replies = Replies()
        self._unsent: list[bytes | memoryview] = []
        self._secure = False  # whether the socket is one of TLS
        self._progress_at = 0.0
        self._deadline = now + patience.connect
        self.dialogue: Dialogue | None = None
        self.socket = self._connect()

    @property
    def is_idle(self) -> bool:
        """Whether it could take a parcel."""
        return self.phase is Phase.OPEN and self.dialogue is not None and self.dialogue.idle

    def is_used_up(self, now: float) -> bool:
        """Whether it has carried enough, or has been idle for too long to be trusted."""
        assert self.dialogue is not None
        return self.dialogue.full or now > self.used_at + self._patience.idle

    def ready(self, now: float) -> bool:
        """The socket can be read or written; do whatever is next. Whether the loop has to look at this connection:
        not so while it is busy and writing goes smoothly.
        """
        try:
            if self.dialogue is not None and not self._unsent:
                self._read(now)
            elif self.phase in (Phase.OPEN, Phase.OPENING, Phase.LEAVING):
                if self._unsent:
                    self._progress_at = now
                    self._write([])
                    if self.dialogue is not None and not self._unsent:
                        self.dialogue.written(now)
                self._read(now)
            elif self.phase is Phase.CONNECTING:
                self._connected(now)
            elif self.phase is Phase.HANDSHAKE:
                self._shake(now)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError, InterruptedError):
            pass
        except OSError as error:
            self._lost(why(error), now)
        dialogue = self.dialogue
        return dialogue is None or dialogue.idle or dialogue.ended or self.wants_write or self.watched[0] != READ

    def take(self, parcel: Parcel, now: float) -> None:
        """Send this parcel; the dialogue must be idle."""
        assert self.dialogue is not None
        self.dialogue.take(parcel, now)
        self.flush(now)

    def flush(self, now: float) -> None:
        """Write what the dialogue has to say; hang up when it has ended."""
        dialogue = self.dialogue
        assert dialogue is not None
        if dialogue.out:
            out, dialogue.out = dialogue.out, []
            self.used_at = self._progress_at = now
            try:
                self._write(out)
            except OSError as error:
                self._lost(why(error), now)
        if dialogue.ended:
            self.shut()

    def overdue(self, now: float, stop_at: float) -> None:
        """Give up what has taken too long; after ``stop_at`` everything has."""
        if self.phase is Phase.OPEN:
            assert self.dialogue is not None
            if self._unsent and now < stop_at:
                if now >= self._progress_at + self._patience.block:
                    self._lost("The server takes no more of the mail.", now)
            elif not self.dialogue.idle and now >= min(self.dialogue.deadline, stop_at):
                self._lost("The server does not answer.", now, stalled=now < stop_at, ours=now >= stop_at)
        elif now >= min(self._deadline, stop_at):
            self._lost("The server does not answer.", now)

    def leave(self, now: float) -> None:
        """Say goodbye; closed when the server has said so too, or has had the time to."""
        self.phase, self._deadline = Phase.LEAVING, now + self._patience.quit
        try:
            self._write([b"QUIT\r\n"])
        except OSError:
            self.shut()

    def shut(self) -> None:
        """Close the socket."""
        self.phase = Phase.CLOSED
        self.socket.close()

    def _connect(self) -> socket.socket:
        """Begin to connect to the next address. Raises OSError when there is none left that can be tried."""
        while True:
            family, kind, protocol, _name, address = self._addresses.pop(0)
            made = socket.socket(family, kind, protocol)
            made.setblocking(False)
            try:
                made.connect(address)
            except BlockingIOError:
                return made
            except OSError:
                made.close()
                if not self._addresses:
                    raise
            else:
                return made

    def _connected(self, now: float) -> None:
        code = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise OSError(code, os.strerror(code))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.phase, self.wants_write = Phase.OPENING, False
        self._step(next(self._opening), now)

    def _step(self, step: Step, now: float) -> None:
        self._deadline = now + step.seconds
        if step.tls:
            if self._replies.unfinished:
                raise TransportDown("The server says something between STARTTLS and TLS.")
            self.socket = self._server.context().wrap_socket(
                self.socket, server_hostname=self._server.host, do_handshake_on_connect=False
            )
            self._secure = True
            self.phase = Phase.HANDSHAKE
            self._shake(now)
        elif step.say:
            self._write([step.say])

    def _shake(self, now: float) -> None:
        assert isinstance(self.socket, ssl.SSLSocket)
        self.wants_write = False
        try:
            self.socket.do_handshake()
        except ssl.SSLWantWriteError:
            self.wants_write = True
            raise
        self.phase = Phase.OPENING
        self._step(next(self._opening), now)
        self._read(now)

    def _read(self, now: float) -> None:
        """Until the socket has nothing more; over TLS nobody tells us about what has been read ahead."""
        while True:
            data = self.socket.recv(AT_ONCE)
            if not data:
                raise ConnectionResetError("The server has hung up.")
            if self.phase is _OPEN:
                assert self.dialogue is not None
                self.dialogue.received(data, now, unsent=self._octets() if self._unsent else 0)
                self.flush(now)
            elif self.phase is Phase.OPENING:
                self._introduce(data, now)
            else:
                self.shut()
            if not self._secure or self.phase is Phase.CLOSED:
                return

    def _introduce(self, data: bytes, now: float) -> None:
        try:
            replies = self._replies.feed(data)
            for number, reply in enumerate(replies):
                if number:
                    raise TransportDown("The server says more than it was asked.")
                self._step(self._opening.send(reply), now)
            if self._replies.garbled:
                raise TransportDown(self._replies.garbled)
        except StopIteration as done:
            self.phase, self.used_at = Phase.OPEN, now
            self.dialogue = Dialogue(self._counter, done.value, self._patience)
        except TransportDown as error:
            self._lost(str(error), now)

    def _write(self, out: Sequence[bytes | memoryview]) -> None:
        """As much as the socket takes; the rest when it is ready."""
        self.wants_write = False
        if not (self._unsent or self._secure):
            try:
                sent = self.socket.sendmsg(out)
            except BlockingIOError:
                sent = 0
            except OSError:
                self._unsent = list(out)
                raise
            if sent == sum(map(len, out)):
                return
            out = _after(out, sent)
        self._unsent = [*self._unsent, *out]
        try:
            while self._unsent:
                if self._secure:
                    self._unsent = [b"".join(self._unsent)]
                    sent = self.socket.send(self._unsent[0])
                else:
                    sent = self.socket.sendmsg(self._unsent)
                self._unsent = _after(self._unsent, sent) if sent < self._octets() else []
        except (BlockingIOError, ssl.SSLWantWriteError):
            self.wants_write = True
        except ssl.SSLWantReadError:
            return

    def _octets(self) -> int:
        return sum(map(len, self._unsent))

    def _hear_out(self, now: float) -> None:
        """A server that refuses in the middle of a mail and hangs up has said why; writing fails before we read it."""
        if self._unsent and self.dialogue is not None and not self.dialogue.ended:
            with contextlib.suppress(OSError):
                self.dialogue.received(self.socket.recv(AT_ONCE), now, unsent=self._octets())

    def _lost(self, reason: str, now: float, *, stalled: bool = False, ours: bool = False) -> None:
        if self.phase is Phase.CONNECTING and self._addresses:
            self.socket.close()
            self._deadline = now + self._patience.connect
            try:
                self.socket = self._connect()
            except OSError as error:
                reason = why(error)
            else:
                self.renewed = True
                return
        if self.dialogue is not None:
            self._hear_out(now)
            self.dialogue.lost(reason, unsent=self._octets(), stalled=stalled, ours=ours)
        else:
            self.trouble = reason
        self.shut()


def why(error: OSError) -> str:
    """What went wrong, in the words of the system."""
    return error.strerror or str(error) or type(error).__name__


def _after(buffers: Sequence[bytes | memoryview], sent: int) -> list[bytes | memoryview]:
    """What is left of these when so many octets have gone."""
    for number, buffer in enumerate(buffers):
        if sent < len(buffer):
            return [memoryview(buffer)[sent:], *buffers[number + 1 :]]
        sent -= len(buffer)
    return []
