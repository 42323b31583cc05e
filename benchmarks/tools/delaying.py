"""A mail server at a distance: what it hears and what it says take so many milliseconds, there and back.

``python -m benchmarks.tools.delaying 20``: prints its port, takes everything, stores nothing. It offers pipelining and
answers in its order, like any server; only the way to it is long.
"""

import asyncio
import sys

GREETING = b"220 far.example ESMTP\r\n"
HELLO = b"250-far.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 52428800\r\n"
END = b"\r\n.\r\n"


class Visitor(asyncio.Protocol):
    """One connection."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._heard = bytearray()
        self._content = False
        self._searched = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._later(GREETING)

    def data_received(self, data: bytes) -> None:
        self._heard += data
        said = bytearray()
        while self._content or b"\n" in self._heard:
            if self._content:
                end = self._heard.find(END, max(0, self._searched - len(END)))
                if end < 0:
                    self._searched = len(self._heard)
                    break
                del self._heard[: end + len(END)]
                self._content, self._searched = False, 0
                said += b"250 2.0.0 Ok\r\n"
                continue
            verb = bytes(self._heard[:4]).upper()
            del self._heard[: self._heard.index(b"\n") + 1]
            said += self._answer(verb)
        if said:
            self._later(bytes(said))

    def _answer(self, verb: bytes) -> bytes:
        if verb == b"EHLO":
            return HELLO
        if verb == b"DATA":
            self._content = True
            self._heard[:0] = b"\r\n"  # a message may be empty
            return b"354 go on\r\n"
        return b"221 bye\r\n" if verb == b"QUIT" else b"250 2.1.0 Ok\r\n"

    def _later(self, said: bytes) -> None:
        asyncio.get_running_loop().call_later(self._seconds, self._say, said)

    def _say(self, said: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(said)
            if said.startswith(b"221"):
                self._transport.close()


async def serve(milliseconds: float) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: Visitor(milliseconds / 1000), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
