"""Who publishes here, as the desk fills it in; until it is complete, no mail leaves."""

from typing import Any

from flask import Blueprint, redirect, url_for

from app import subscriptions
from app.kernel import audit, config, identity, privacy, web
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


@blueprint.get("/fristen")
@web.requires()
def periods() -> Any:
    """What is kept about people, how long and what ends it, from the same source as the privacy page; the erasures."""
    kinds = privacy.kinds(demo=config.current().demo)
    return web.page(
        "operations/periods.html",
        kinds=kinds,
        labels={kind.name: kind.what for kind in kinds},
        erasures=subscriptions.latest_erasures(),
        ways={
            "person": _("selbst, über den Link aus einer E-Mail"),
            "desk": _("durch die Redaktion"),
            "command": _("auf dem Server"),
            "replay": _("erneut, nach dem Einspielen einer Sicherung"),
        },
    )
