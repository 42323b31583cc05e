"""HTTP out: the one way in which this product asks other servers. Never inside a transaction."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass

import httpx2
from flask import current_app

MAX_ANSWER = 64 * 1024  # bytes of an answer that are kept as evidence


class Unreachable(Exception):
    """There was no answer: no such host, refused, broken off, or too slow. Worth another try."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said: its status, and at most 64 KiB of its body."""

    status: int
    body: bytes

    @property
    def is_success(self) -> bool:
        """Whether the status says that the request was met (RFC 9110, 15.3)."""
        return 200 <= self.status < 300


def post(url: str, content: bytes, headers: Mapping[str, str], *, timeout: float = 10.0) -> Answer:
    """Send ``content`` to ``url``; redirects are not followed. Raises Unreachable after ``timeout`` seconds."""
    settings = current_app.config["RUNDBRIEF"]
    verify = ssl.create_default_context(cafile=settings.ca_file or None)
    proxy = settings.https_proxy or None
    try:
        with (
            httpx2.Client(verify=verify, proxy=proxy, timeout=timeout, trust_env=False) as client,
            client.stream("POST", url, content=content, headers=dict(headers)) as response,
        ):
            return Answer(response.status_code, _first_bytes(response))
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        raise Unreachable(f"{type(error).__name__}: {error}") from error


def _first_bytes(response: httpx2.Response) -> bytes:
    body = b""
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) >= MAX_ANSWER:
            break
    return body[:MAX_ANSWER]
