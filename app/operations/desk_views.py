"""Who publishes here, as the desk fills it in; until it is complete, no mail leaves."""

from typing import Any

from flask import Blueprint, redirect, url_for

from app.kernel import audit, identity, web
from app.kernel.i18n import _
from app.operations.forms import IdentityForm

blueprint = Blueprint("operations_desk", __name__, url_prefix="/redaktion", template_folder="templates")


@blueprint.route("/einrichtung", methods=["GET", "POST"])
@web.requires("admin")
def identity_page() -> Any:
    """Publisher, controller, processor and the rest; what is missing before mails may leave stands on top."""
    form = IdentityForm(obj=identity.current())
    if form.accepted():
        identity.set_values(**form.values())
        audit.record("identity.changed", "identity:1")
        web.note(_("Die Angaben sind gespeichert."))
        return redirect(url_for("operations_desk.identity_page"), 303)
    return web.page("operations/identity.html", form=form, missing=identity.missing())
