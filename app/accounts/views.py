"""Signing in and out, and the pages behind the links of invitations and resets."""

from typing import Any

from flask import Blueprint, Flask, redirect, request, session, url_for
from flask_security import Security
from flask_security.utils import login_user, logout_user

from app.accounts import rules, security, services, signing_in
from app.accounts.forms import ForgottenForm, PasswordForm, SignInForm
from app.accounts.queries import find_link
from app.accounts.rules import Purpose
from app.kernel import db, web
from app.kernel.errors import Invalid
from app.kernel.forms import ActionForm
from app.kernel.i18n import _, lazy

DESK = "/redaktion/"

blueprint = Blueprint("accounts", __name__, url_prefix="/redaktion", template_folder="templates")


def install(app: Flask) -> None:
    """Let Flask-Security keep the sessions of this app; who is not signed in is led to our page."""
    app.config.update(security.SETTINGS)
    Security(app, security.UserStore(), register_blueprint=False)
    manager = app.login_manager  # type: ignore[attr-defined]
    manager.unauthorized_handler(_ask_to_sign_in)
    manager.request_loader(lambda request: None)  # no sign-in by a token in the address


@blueprint.route("/anmelden", methods=["GET", "POST"])
@web.public
def sign_in() -> Any:
    """The form, and the attempt."""
    if web.current_actor() is not None:
        return redirect(DESK)
    form = SignInForm(next=rules.local_path(request.args.get("next", "")) or "")
    if form.is_submitted() and form.validate():
        try:
            return _attempt(form)
        except Invalid as refused:
            form.show(refused)
    return web.page("accounts/sign_in.html", form=form)


@blueprint.post("/abmelden")
@web.requires()
def sign_out() -> Any:
    """End the session."""
    if ActionForm().accepted():
        logout_user()
        session.clear()
        web.note(_("Sie sind abgemeldet."))
    return redirect(url_for("accounts.sign_in"), 303)


@blueprint.route("/einladung/<token>", methods=["GET", "POST"])
@web.public
def invitation(token: str) -> Any:
    """The first password of somebody who was invited."""
    return _password_page(token, Purpose.INVITATION)


@blueprint.route("/passwort/<token>", methods=["GET", "POST"])
@web.public
def reset(token: str) -> Any:
    """A new password."""
    return _password_page(token, Purpose.RESET)


@blueprint.route("/passwort-vergessen", methods=["GET", "POST"])
@web.public
def forgotten() -> Any:
    """Ask for a link; the answer is the same whether there is such an account or not."""
    form = ForgottenForm()
    if not form.accepted():
        return web.page("accounts/forgotten.html", form=form)
    services.request_reset(form.email.data)
    return redirect(url_for("accounts.forgotten", gesendet=1), 303)


def _attempt(form: SignInForm) -> Any:
    """Check the password while the session only reads: it takes a while, and others want to write."""
    email, network = form.email.data, rules.network_of(request.remote_addr or "")
    signing_in.refuse_while_locked(email, network)
    person = signing_in.authenticate(email, form.password.data)
    db.begin_write()
    if person is None:
        signing_in.note_failure(email, network)
        signing_in.refuse_while_locked(email, network)
        raise Invalid(lazy("E-Mail-Adresse oder Passwort stimmen nicht. Bitte prüfen Sie beides."))
    signing_in.note_success(person, network)
    session.clear()  # nothing that was there before the sign-in goes on after it
    session.permanent = True
    login_user(person)
    return redirect(rules.local_path(form.next.data or "") or DESK, 303)


def _password_page(token: str, purpose: Purpose) -> Any:
    find_link(token, purpose)
    form = PasswordForm()
    if form.is_submitted() and form.validate():
        password_hash = services.hashed(form.password.data)
        db.begin_write()
        services.set_password(token, purpose, password_hash)
        logout_user()
        session.clear()
        web.note(_("Ihr Passwort ist gespeichert. Bitte melden Sie sich damit an."))
        return redirect(url_for("accounts.sign_in"), 303)
    return web.page("accounts/password.html", form=form, purpose=purpose.value)


def _ask_to_sign_in() -> Any:
    """Where to go after signing in is remembered for pages, not for acts."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else ""
    return redirect(url_for("accounts.sign_in", next=wanted or None), 303)
