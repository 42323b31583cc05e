"""Signing up: the form, and what to do next. The answer is the same for every address."""

from typing import Any, Final

from flask import Response, redirect, request, url_for

from app.kernel import web
from app.kernel.errors import Invalid
from app.kernel.i18n import language
from app.subscriptions import queries, services, texts
from app.subscriptions.forms import SignUpForm
from app.subscriptions.models import Newsletter
from app.subscriptions.views.blueprint import blueprint

NOT_KEPT: Final = ("csrf_token", "website", "sure")


@blueprint.route("/newsletter/anmelden", methods=["GET", "POST"])
@web.public
def sign_up() -> Any:
    """The form. The answer is the same for every address."""
    form = SignUpForm()
    given = _given_newsletter()
    if given and not form.is_submitted():
        form.newsletters.data = [given.slug]
    if form.is_submitted() and form.validate() and form.looks_automatic():
        return _one_more_button()
    if form.accepted():
        try:
            services.request(_sign_up(form), texts.consent())
            return redirect(url_for("subscriptions.sent"), 303)
        except Invalid as error:
            if "address" in error.fields:
                error = Invalid(email=error.fields["address"])
            form.show(error)
    return web.page("subscriptions/sign_up.html", form=form, given=given, consent=texts.consent())


def _given_newsletter() -> Newsletter | None:
    """The newsletter that the page is about: the only one, or the one that the link named."""
    every = queries.newsletters()
    if len(every) == 1:
        return every[0]
    return next((newsletter for newsletter in every if newsletter.slug == request.args.get("newsletter")), None)


def _one_more_button() -> Response:
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_KEPT]
    return web.page("subscriptions/one_more_button.html", kept=kept)


def _sign_up(form: SignUpForm) -> services.SignUp:
    return services.SignUp(
        address=form.email.data,
        newsletters=tuple(form.newsletters.data),
        name=form.name.data or "",
        organisation=form.organisation.data or "",
        regions=form.chosen_regions(),
        topics=tuple(form.topics.data or ()),
        lang=language(),
    )


@blueprint.get("/newsletter/anmelden/gesendet")
@web.public
def sent() -> Response:
    """What to do next: the same page for every address."""
    return web.page("subscriptions/sent.html")
