"""What machines ask: does the process live, is it ready for visitors."""

from flask import Blueprint, Response, jsonify

from app.kernel import web
from app.operations.checks import READY

blueprint = Blueprint("operations", __name__)


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


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
