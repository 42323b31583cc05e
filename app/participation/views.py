"""The public pages on which people read about a service and say something back."""

from typing import Any

from flask import Blueprint, redirect, url_for

from app import projects
from app.kernel import web
from app.kernel.errors import Invalid
from app.kernel.i18n import _, language
from app.participation import queries, services
from app.participation.forms import ContributionForm
from app.participation.models import Kind

blueprint = Blueprint("participation", __name__, template_folder="templates")


@blueprint.route("/projekte/<int:ozg_id>", methods=["GET", "POST"])
@web.public
def service(ozg_id: int) -> Any:
    """One service: what it is, what Saxony does, who has it already, and what people say."""
    projects.get_service(ozg_id)
    form = ContributionForm()
    if form.accepted():
        try:
            if not form.is_trapped:
                services.contribute(ozg_id, form.words(), language())
            web.note(_("Vielen Dank. Wir lesen Ihren Beitrag, bevor er hier erscheint."))
            return redirect(url_for("participation.service", ozg_id=ozg_id, _anchor="beitraege"), 303)
        except Invalid as error:
            form.show(error)
    return web.page(
        "participation/service.html",
        service=projects.get_service(ozg_id),
        contributions=queries.published_on(ozg_id),
        form=form,
        type_label=_type_label,
    )


def _type_label(types: str) -> str:
    """The words for a LeiKa type as the catalogue writes it: ``2/3``, or ``1, 2/3``."""
    shared = _("Bund regelt, Land oder Kommune vollzieht")
    words = {"1": _("Bund"), "2": shared, "3": shared, "2/3": shared, "4": _("Land"), "5": _("Kommune")}
    return "; ".join(words[part] for part in types.split(", ") if part in words) or "–"


@blueprint.get("/mitmachen")
@web.public
def index() -> Any:
    """The ways to take part, and what others said lately."""
    return web.page("participation/index.html", latest=queries.latest(), kinds=list(Kind))
