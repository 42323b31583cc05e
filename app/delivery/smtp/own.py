"""Our own client: one loop, many connections, no threads."""

import time
from typing import Final

from app.delivery.smtp.connection import Address, Connection, Phase, why
from app.delivery.smtp.counter import Counter, habits_of
from app.delivery.smtp.parcels import Clerk, Patience, TransportDown
from app.delivery.smtp.poller import BOTH, IS_QUICK, READ, Portable, Quick
from app.delivery.smtp.server import Server

PULSE: Final = 0.25  # seconds between two looks at what takes too long
OPENED_AT_ONCE: Final = 16  # connections; later as many as there are already
REOPEN_AFTER: Final = 60.0  # seconds after which a server that wanted no further connection is asked again
RESOLVED_FOR: Final = 60.0  # seconds that we believe the DNS
_NEVER: Final = float("inf")


class OwnClient:
    """``Client`` over sockets that never block. All its connections share one ``Counter``."""

    def __init__(self, server: Server, connections: int, messages_per_connection: int, patience: Patience) -> None:
        self._server = server
        self._limit = connections
        self._patience = patience
        self._counter = Counter(messages_per_connection, habits_of(server))
        self._poller: Portable[Connection] = Quick() if IS_QUICK else Portable()
        self._all: set[Connection] = set()
        self._opening: set[Connection] = set()
        self._idle: set[Connection] = set()
        self._leaving: set[Connection] = set()
        self._addresses: list[Address] = []
        self._resolved_at = self._no_more_until = -_NEVER
        self._stop_at = _NEVER
        self._pulse_at = 0.0
        self._down = ""

    def run(self, clerk: Clerk, until: float) -> None:
        """See ``Client``."""
        counter = self._counter
        counter.begin(clerk, until)
        self._down = ""
        try:
            self._poll(0.0)
            while self._hand_out(time.monotonic()):
                self._poll(PULSE)
        except TransportDown:
            raise
        except BaseException:
            self._hang_up()  # the clerk has failed: it hears nothing more, and nothing is half written later
            raise
        finally:
            counter.give_back_all()

    def stop(self) -> None:
        """See ``Client``."""
        self._counter.stopped = True
        self._stop_at = min(self._stop_at, time.monotonic() + self._patience.stop)

    def close(self) -> None:
        """See ``Client``."""
        now = time.monotonic()
        for connection in list(self._all):
            if connection.is_idle:
                connection.leave(now)
            elif connection.phase is not Phase.LEAVING:
                connection.shut()
            self._watch(connection, now)
        while self._all and time.monotonic() < now + self._patience.quit:
            self._poll(PULSE)
        self._hang_up()
        self._poller.close()

    def _hang_up(self) -> None:
        for connection in list(self._all):
            connection.shut()
            self._watch(connection, time.monotonic())

    def _hand_out(self, now: float) -> bool:
        """Give idle connections parcels, open further ones while there are more; whether to go on."""
        counter = self._counter
        counter.give_back_stale(now)
        wanted = True
        while self._idle and wanted:
            wanted = self._employ(next(iter(self._idle)), now)
        if wanted:
            self._open_more(now)
        established = len(self._all) - len(self._leaving) - len(self._opening)
        if self._down and not established and not self._opening:
            raise TransportDown(self._down)
        if established > len(self._idle) or counter.waiting:
            return True
        return bool(self._opening) and not established and not counter.is_over(now)

    def _employ(self, connection: Connection, now: float) -> bool:
        """Let this idle connection begin with a parcel; False if there was none."""
        if connection.is_used_up(now):
            connection.leave(now)
        else:
            parcel = self._counter.take(now)
            if parcel is None:
                return False
            connection.take(parcel, now)
        self._watch(connection, now)
        return True

    def _open_more(self, now: float) -> None:
        """One connection for each parcel that waits for one; not all in the same moment, so that few parcels wait."""
        counter = self._counter
        here = len(self._all) - len(self._leaving)
        while here < self._limit and now >= self._no_more_until and not self._down:
            established = here - len(self._opening)
            if len(self._opening) >= max(OPENED_AT_ONCE, established) or not counter.keep(now):
                return
            try:
                connection = Connection(self._server, self._resolve(now), counter, self._patience, now)
            except OSError as error:
                self._refuse(why(error), now)
                return
            connection.watched = BOTH, connection.socket.fileno()
            self._poller.watch(connection.socket.fileno(), BOTH, connection)
            self._all.add(connection)
            self._opening.add(connection)
            here += 1

    def _poll(self, seconds: float) -> None:
        """Wait for the server, for so long at most, and hear what it says."""
        ready = self._poller.ready(seconds)
        now = time.monotonic()
        for connection in ready:
            if connection.ready(now):
                self._watch(connection, now)
        if now >= self._pulse_at:
            self._pulse_at = now + PULSE
            for connection in list(self._all):
                connection.overdue(now, self._stop_at)
                self._watch(connection, now)
            self._counter.clerk.meanwhile()

    def _watch(self, connection: Connection, now: float) -> None:
        """Put the connection where it belongs: opening, idle, leaving, gone; and watch what it waits for."""
        phase = connection.phase
        for group, belongs in (
            (self._opening, phase in (Phase.CONNECTING, Phase.HANDSHAKE, Phase.OPENING)),
            (self._idle, connection.is_idle),
            (self._leaving, phase is Phase.LEAVING),
        ):
            (group.add if belongs else group.discard)(connection)
        events, descriptor = connection.watched
        if phase is Phase.CLOSED:
            self._poller.forget(descriptor)
            self._all.discard(connection)
            if connection.trouble:
                self._refuse(connection.trouble, now)
            return
        wanted = BOTH if connection.wants_write else READ
        if connection.renewed:
            self._poller.forget(descriptor)
            self._poller.watch(connection.socket.fileno(), wanted, connection)
        elif wanted != events:
            self._poller.change(descriptor, wanted, connection)
        connection.renewed = False
        connection.watched = wanted, connection.socket.fileno()

    def _refuse(self, trouble: str, now: float) -> None:
        """The server wants no further connection: those that are open go on; without any, it is down."""
        self._no_more_until = now + REOPEN_AFTER
        if len(self._all) == len(self._leaving):
            self._down = trouble
            self._no_more_until = -_NEVER

    def _resolve(self, now: float) -> list[Address]:
        """The server's addresses. Raises OSError."""
        if now > self._resolved_at + RESOLVED_FOR:
            self._addresses = self._server.addresses()
            self._resolved_at = now
        return self._addresses
