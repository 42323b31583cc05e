"""The evidence of a consent: one page, a PDF, a file for machines."""

from flask import Response

from app.kernel import web
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy
from app.subscriptions import evidence, queries
from app.subscriptions.desk_views.blueprint import blueprint
from app.subscriptions.models import Subscriber


@blueprint.get("/<int:subscriber_id>/nachweis")
@web.requires("editor", "approver", "admin")
def evidence_page(subscriber_id: int) -> Response:
    """What was shown, what was sent, when, how it was answered, and whether all of it is as it was declared."""
    found = evidence.of_person(_person(subscriber_id))
    return web.page(
        "subscriptions/desk/evidence.html",
        evidence=found,
        subscriber_id=subscriber_id,
        exact=evidence.exact,
        verdict=evidence.verdict(found),
        how=evidence.how_it_works(),
    )


@blueprint.get("/<int:subscriber_id>/nachweis.pdf")
@web.requires("editor", "approver", "admin")
def evidence_pdf(subscriber_id: int) -> Response:
    """The same to print and to hand over, readable for screen readers (PDF/UA)."""
    made = evidence.as_pdf(evidence.of_person(_person(subscriber_id)))
    return _file(made, "application/pdf", f"nachweis-{subscriber_id}.pdf")


@blueprint.get("/<int:subscriber_id>/nachweis.json")
@web.requires("editor", "approver", "admin")
def evidence_json(subscriber_id: int) -> Response:
    """The same for machines."""
    made = evidence.as_json(evidence.of_person(_person(subscriber_id)))
    return _file(made, "application/json", f"nachweis-{subscriber_id}.json")


def _person(subscriber_id: int) -> Subscriber:
    subscriber = queries.find_subscriber(subscriber_id)
    if subscriber is None:
        raise NotFound(lazy("Dieses Abonnement gibt es nicht. Bitte öffnen Sie die Liste neu."))
    return subscriber


def _file(body: bytes, mimetype: str, name: str) -> Response:
    response = Response(body, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
