"""The desk's page on sending: how far each issue is, what failed, what is in doubt, and why nothing leaves."""

from typing import Any

from flask import Blueprint, redirect, url_for

from app.delivery import queries, services
from app.delivery.models import State
from app.kernel import audit, web
from app.kernel.forms import ActionForm
from app.kernel.i18n import _

blueprint = Blueprint("delivery_desk", __name__, url_prefix="/redaktion/versand", template_folder="templates")


@blueprint.get("")
@web.requires()
def overview() -> Any:
    """All sendings with their equation, and what needs a person."""
    return web.page(
        "delivery/overview.html",
        groups=queries.sendings(),
        singles=queries.singles(),
        stopped=queries.stopped(),
        uncertain=queries.in_state(State.UNCERTAIN),
        failed=queries.in_state(State.FAILED),
        locked_by=queries.locked_by(),
        trouble=queries.trouble(),
        state_labels=queries.STATE_LABELS,
        kind_labels=queries.KIND_LABELS,
    )


@blueprint.route("/<int:delivery_id>/erneut", methods=["GET", "POST"])
@web.requires()
def send_again(delivery_id: int) -> Any:
    """What sending again does, and the button that does it."""
    form = ActionForm()
    if form.accepted():
        delivery = services.send_again(delivery_id)
        web.note(_("Die Nachricht an %(address)s geht noch einmal hinaus.", address=delivery.address))
        return redirect(url_for("delivery_desk.overview"), 303)
    return web.page("delivery/send_again.html", form=form, delivery=queries.get_uncertain(delivery_id))


@blueprint.post("/gruppen/<group>/freigeben")
@web.requires()
def release(group: str) -> Any:
    """Let single mails that were refused go on; an issue goes on from its own page."""
    if ActionForm().accepted():
        queries.get_stopped(group)
        services.release(group)
        audit.record("released", f"sending:{group}")
        web.note(_("Die Nachricht geht noch einmal hinaus."))
    return redirect(url_for("delivery_desk.overview"), 303)
