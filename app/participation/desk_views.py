"""The desk's side of participation: read, decide, answer."""

from typing import Any

from flask import Blueprint, redirect, request, url_for

from app import projects
from app.kernel import web
from app.kernel.errors import Invalid
from app.kernel.i18n import _
from app.participation import queries, services
from app.participation.forms import ModerationForm
from app.participation.models import State

blueprint = Blueprint("participation_desk", __name__, url_prefix="/redaktion/beitraege", template_folder="templates")


@blueprint.get("")
@web.requires("editor", "approver", "admin")
def index() -> Any:
    """The contributions in one state, first those that wait."""
    asked = request.args.get("stand", "")
    state = State(asked) if asked in list(State) else State.WAITING
    return web.page(
        "participation/desk_index.html",
        found=queries.in_state(state),
        state=state,
        states=list(State),
        counts=queries.counts(),
    )


@blueprint.route("/<int:contribution_id>", methods=["GET", "POST"])
@web.requires("editor", "approver", "admin")
def moderate(contribution_id: int) -> Any:
    """Publish a contribution or keep it back, and answer it."""
    contribution = queries.get(contribution_id)
    form = ModerationForm(data={"answer": contribution.answer})
    if form.accepted():
        try:
            state = State(form.decision.data) if form.decision.data in list(State) else State.WAITING
            services.decide(contribution_id, state, form.answer.data or "", web.me().id)
            web.note(_note(state))
            return redirect(url_for("participation_desk.index"), 303)
        except Invalid as error:
            form.show(error)
    service = projects.get_service(contribution.ozg_id)
    return web.page("participation/desk_edit.html", contribution=contribution, service=service, form=form)


def _note(state: State) -> str:
    if state == State.PUBLISHED:
        return _("Der Beitrag ist veröffentlicht.")
    return _("Der Beitrag wird nicht veröffentlicht.")
