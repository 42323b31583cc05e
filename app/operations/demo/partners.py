"""The demo's partner: an HTTP endpoint on loopback that checks the signature of what arrives and keeps it.

It stands for a partner's system, so it uses the reference library of Standard Webhooks, not our own code.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from app.kernel import clock

SECRET = "whsec_cnVuZGJyaWVmIGRlbW8gb25seSwgbm90aGluZyBzZWNyZXQ="  # noqa: S105  (DEMO=1 on loopback only)
PATH = "/info"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request as it arrived, and whether its signature was right; the moment is UTC, in ISO 8601."""

    key: str
    received_at: str
    path: str
    headers: dict[str, str]
    body: str
    verified: bool

    @property
    def moment(self) -> datetime:
        """When it arrived."""
        return datetime.fromisoformat(self.received_at)

    @property
    def payload(self) -> dict[str, Any]:
        """The body as JSON; empty if it is none."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


class Inbox:
    """The arrivals below one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def arrivals(self) -> list[Arrival]:
        """All arrivals, the newest first."""
        paths = sorted(self._folder.glob("*.json"), reverse=True)
        return [Arrival(**json.loads(path.read_text(encoding="utf-8"))) for path in paths]

    def take(self, path: str, headers: dict[str, str], body: bytes) -> Arrival:
        """Check and keep a request."""
        self._folder.mkdir(parents=True, exist_ok=True)
        moment = clock.now()
        number = sum(1 for _ in self._folder.glob("*.json")) + 1
        key = f"{number:05d}"
        text = body.decode("utf-8", "replace")
        arrival = Arrival(key, moment.isoformat(), path, headers, text, _is_signed(text, headers))
        waiting = self._folder / f"{key}.part"
        waiting.write_text(json.dumps(asdict(arrival), ensure_ascii=False), encoding="utf-8")
        waiting.rename(self._folder / f"{key}.json")
        return arrival


def serve(inbox: Inbox, port: int) -> ThreadingHTTPServer:
    """A server on loopback: 200 for what is signed, 401 for the rest; ``serve_forever`` and ``shutdown`` are yours."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            arrival = inbox.take(self.path, headers, body)
            answer = json.dumps({"received": arrival.key, "verified": arrival.verified}).encode()
            self.send_response(200 if arrival.verified else 401)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            """Say nothing: what arrives is kept and shown at /dev/partners."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def _is_signed(body: str, headers: dict[str, str]) -> bool:
    try:
        Webhook(SECRET).verify(body, headers)
    except (WebhookVerificationError, ValueError):
        return False
    return True
