"""The app behind a real port, in a thread of its own, for the browser and for programs that speak HTTP."""

import socket
import threading
from dataclasses import dataclass
from typing import Any

from werkzeug.serving import make_server


@dataclass
class LiveSite:
    """A running app and where it is reached."""

    app: Any
    url: str


def free_port() -> int:
    """A port on loopback that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RunningSite:
    """Serves until ``stop()``."""

    def __init__(self, app: Any, port: int) -> None:
        self._server = make_server("127.0.0.1", port, app, threaded=True)
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self.site = LiveSite(app, f"http://127.0.0.1:{port}")
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
