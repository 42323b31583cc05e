"""The desk's side of the Projektlandkarte: what Saxony does about a service."""

from typing import Any

from flask import Blueprint, redirect, request, url_for

from app.kernel import web
from app.kernel.errors import Invalid
from app.kernel.i18n import _
from app.projects import queries, services
from app.projects.forms import ProjectForm
from app.projects.models import Service
from app.projects.values import Wanted

blueprint = Blueprint("projects_desk", __name__, url_prefix="/redaktion/vorhaben", template_folder="templates")


@blueprint.get("")
@web.requires("editor", "approver", "admin")
def index() -> Any:
    """What has been said so far, and a search for what to describe next."""
    text = request.args.get("q", "").strip()[:100]
    found = queries.find_services(Wanted(text=text), per_page=20) if text else None
    return web.page("projects/desk_index.html", projects=queries.projects(), text=text, found=found)


@blueprint.route("/<int:ozg_id>", methods=["GET", "POST"])
@web.requires("editor", "approver", "admin")
def edit(ozg_id: int) -> Any:
    """Describe what Saxony does about this service."""
    service = queries.get_service(ozg_id)
    form = ProjectForm(data=_data(service))
    if form.accepted():
        try:
            services.describe(ozg_id, form.values())
            web.note(_("Das Vorhaben ist gespeichert und sofort öffentlich."))
            return redirect(url_for("projects_desk.index"), 303)
        except Invalid as error:
            form.show(error)
            service = queries.get_service(ozg_id)
    return web.page("projects/desk_edit.html", service=service, form=form)


def _data(service: Service) -> dict[str, Any]:
    project = service.project
    if project is None:
        return {"state": "open", "way": "", "maturity": "", "priority": ""}
    maturity = "" if project.maturity is None else str(project.maturity)
    names = ("state", "way", "priority", "lead", "note", "as_of", "source")
    return {"maturity": maturity} | {name: getattr(project, name) for name in names}
