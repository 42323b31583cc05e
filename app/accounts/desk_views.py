"""The accounts at the desk: who is there, inviting, changing roles, deactivating."""

from typing import Any

from flask import Blueprint, redirect, url_for

from app.accounts import queries, services
from app.accounts.forms import InvitationForm, PersonForm
from app.accounts.models import ADMIN
from app.kernel import web
from app.kernel.errors import Invalid
from app.kernel.forms import ActionForm
from app.kernel.i18n import _

blueprint = Blueprint("accounts_desk", __name__, url_prefix="/redaktion/konten", template_folder="templates")


@blueprint.route("", methods=["GET", "POST"])
@web.requires(ADMIN)
def people() -> Any:
    """Everybody of the team, and the form that invites somebody."""
    form = InvitationForm()
    if form.accepted():
        try:
            user = services.invite(form.email.data, form.name.data, form.roles.data)
            web.note(_("%(name)s bekommt eine Einladung per E-Mail.", name=user.name))
            return redirect(url_for("accounts_desk.people"), 303)
        except Invalid as refused:
            form.show(refused)
    return web.page("accounts/people.html", form=form, people=queries.everybody())


@blueprint.route("/<int:user_id>", methods=["GET", "POST"])
@web.requires(ADMIN)
def person(user_id: int) -> Any:
    """One person: name and roles."""
    user = queries.get(user_id)
    form = PersonForm(name=user.name, roles=sorted(user.role_names))
    if form.accepted():
        services.change(user, form.name.data, form.roles.data)
        web.note(_("Die Änderungen an %(name)s sind gespeichert.", name=user.name))
        return redirect(url_for("accounts_desk.people"), 303)
    return web.page("accounts/person.html", form=form, person=user)


@blueprint.post("/<int:user_id>/einladen")
@web.requires(ADMIN)
def invite_again(user_id: int) -> Any:
    """Send a new invitation."""
    if ActionForm().accepted():
        user = queries.get(user_id)
        services.send_invitation(user)
        web.note(_("%(name)s bekommt eine Einladung per E-Mail.", name=user.name))
    return redirect(url_for("accounts_desk.people"), 303)


@blueprint.post("/<int:user_id>/deaktivieren")
@web.requires(ADMIN)
def deactivate(user_id: int) -> Any:
    """Close the account."""
    if ActionForm().accepted():
        user = queries.get(user_id)
        services.deactivate(user)
        web.note(_("Das Konto von %(name)s ist deaktiviert.", name=user.name))
    return redirect(url_for("accounts_desk.people"), 303)


@blueprint.post("/<int:user_id>/aktivieren")
@web.requires(ADMIN)
def activate(user_id: int) -> Any:
    """Open the account again."""
    if ActionForm().accepted():
        user = queries.get(user_id)
        services.activate(user)
        web.note(_("Das Konto von %(name)s ist wieder aktiv.", name=user.name))
    return redirect(url_for("accounts_desk.people"), 303)
