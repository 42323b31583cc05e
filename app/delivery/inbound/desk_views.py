"""The desk's pages on what came back: the list, one mail with its evidence, and who gets nothing any more."""

from typing import Any

from flask import Blueprint, Response, redirect, request, url_for

from app.delivery.inbound import queries
from app.delivery.inbound.forms import LiftForm
from app.delivery.suppression import lift, suppression
from app.kernel import audit, web
from app.kernel.i18n import _

blueprint = Blueprint("returns_desk", __name__, url_prefix="/redaktion/versand")


@blueprint.get("/rueckmeldungen")
@web.requires()
def index() -> Any:
    """What came back by mail, newest first."""
    kind, text = request.args.get("art", ""), request.args.get("adresse", "")
    found = queries.returned_mails(kind, text, request.args.get("seite", 1, int))
    kept: dict[str, Any] = {name: value for name, value in (("art", kind), ("adresse", text)) if value}
    return web.page(
        "delivery/returned/index.html",
        found=found,
        kind=kind if kind in queries.KIND_LABELS else "",
        text=text,
        page_url=lambda number: url_for("returns_desk.index", seite=number, **kept),
        **_labels(),
    )


@blueprint.get("/rueckmeldungen/<int:mail_id>")
@web.requires()
def show(mail_id: int) -> Any:
    """One mail that came back: what it was taken for, why, and what followed."""
    mail = queries.get_returned(mail_id)
    known = suppression(mail.address_key) if mail.address_key else None
    return web.page("delivery/returned/show.html", mail=mail, suppressed=known, **_labels())


@blueprint.get("/rueckmeldungen/<int:mail_id>/quelltext")
@web.requires()
def source(mail_id: int) -> Any:
    """The mail as it came, to be saved, never to be shown: whatever it holds is text."""
    mail = queries.get_returned(mail_id)
    response = Response(mail.raw or b"", content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="rueckmeldung-{mail.id}.txt"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.route("/sperren", methods=["GET", "POST"])
@web.requires("editor", "admin")
def suppressed() -> Any:
    """Who gets nothing any more, and why; lifting it, with a reason."""
    form = LiftForm(address=request.args.get("adresse", "")) if request.method == "GET" else LiftForm()
    if form.accepted():
        address = form.address.data or ""
        known = suppression(address)
        if known is not None and lift(address):
            detail = {"was": known.reason.value, "reason": form.reason.data}
            audit.record("lifted", f"suppression:{known.digest[:16]}", detail)  # the log outlives the person
            web.note(_("Die Sperre ist aufgehoben. Die nächste Nachricht geht wieder an %(address)s.", address=address))
        else:
            web.note(_("Für %(address)s gibt es keine Sperre.", address=address), "info")
        return redirect(url_for("returns_desk.suppressed"), 303)
    number = request.args.get("seite", 1, int)
    rows, shown, total = queries.suppressions(number)
    return web.page(
        "delivery/returned/suppressed.html",
        form=form,
        rows=rows,
        number=shown.number,
        pages=shown.pages,
        total=total,
        page_url=lambda page: url_for("returns_desk.suppressed", seite=page),
        **_labels(),
    )


def _labels() -> dict[str, Any]:
    return {
        "kinds": queries.KIND_LABELS,
        "causes": queries.CAUSE_LABELS,
        "consequences": queries.CONSEQUENCE_LABELS,
        "proofs": queries.PROOF_LABELS,
        "reasons": queries.REASON_LABELS,
    }
