"""What machines ask: does the process live, is it ready for visitors, what does it count."""

from hmac import compare_digest
from typing import Final

from flask import Blueprint, Response, current_app, jsonify, request
from prometheus_client.exposition import choose_encoder

from app.kernel import config, web
from app.kernel.config import is_loopback
from app.operations.checks import READY
from app.operations.metrics import registry

blueprint = Blueprint("operations", __name__)
PASSED_ON: Final = ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via")  # whoever asks is behind the one we see


@blueprint.get("/healthz")
@web.public
def healthz() -> Response:
    """The process lives; nothing else is asked."""
    return _uncached(jsonify(status="ok"))


@blueprint.get("/readyz")
@web.public
def readyz() -> tuple[Response, int]:
    """Ready for visitors: the database answers and its tables are current; else 503 with what is wrong."""
    wrong = {finding.name: finding.said for finding in (check() for check in READY) if not finding.fine}
    return _uncached(jsonify(status="not ready" if wrong else "ok", **wrong)), 503 if wrong else 200


@blueprint.get("/metrics")
@web.public
def metrics() -> Response:
    """Figures for Prometheus: with METRICS_TOKEN as bearer token (RFC 6750), without one from this machine only."""
    token = config.current().metrics_token
    if token and not _brings(token):
        refused = Response("Send METRICS_TOKEN as Authorization: Bearer.\n", 401, mimetype="text/plain")
        refused.headers["WWW-Authenticate"] = 'Bearer realm="metrics"'
        return _uncached(refused)
    if not token and not _is_from_here():
        said = "From this machine only, and not through a proxy. Set METRICS_TOKEN to ask from elsewhere.\n"
        return _uncached(Response(said, 403, mimetype="text/plain"))
    known = current_app.extensions.setdefault("metrics", registry())
    try:
        encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    except (TypeError, ValueError):  # the library compares versions that are none
        encode, content_type = choose_encoder("")
    return _uncached(Response(encode(known), content_type=content_type))


def _brings(token: str) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and compare_digest(given.strip().encode(), token.encode())


def _is_from_here() -> bool:
    passed_on = any(name in request.headers for name in PASSED_ON)
    return not passed_on and is_loopback(request.remote_addr or "")


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
