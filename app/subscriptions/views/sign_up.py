"""Signing up: the form, and what to do next. The answer is the same for every address."""

from typing import Any, Final

from flask import Response, redirect, request, url_for

from app.kernel import config, web
from app.kernel.errors import Invalid
from app.kernel.i18n import language
from app.subscriptions import limits, queries, services, texts
from app.subscriptions.addresses import Question
from app.subscriptions.forms import SignUpForm
from app.subscriptions.models import Newsletter
from app.subscriptions.views.blueprint import blueprint

NOT_KEPT: Final = ("csrf_token", "website", "sure", "meant", "change")


@blueprint.route("/newsletter/anmelden", methods=["GET", "POST"])
@web.public
def sign_up() -> Any:
    """The form. What may be wrong with the address is asked back once; the answer is the same for every address."""
    form = SignUpForm()
    given = _given_newsletter()
    if given and not form.is_submitted():
        form.newsletters.data = [given.slug]
    if not form.change.data:
        if form.is_submitted() and form.validate():
            if question := form.question():
                return _ask_back(form, question)
            if form.looks_automatic():
                return _one_more_button("automatic")
        if form.accepted():
            if limits.is_busy(request.remote_addr or "") and not form.sure.data:
                return _one_more_button("busy")
            if _taken(form):
                return redirect(url_for("subscriptions.sent"), 303)
    return web.page("subscriptions/sign_up.html", form=form, given=given, consent=texts.consent())


def _taken(form: SignUpForm) -> bool:
    try:
        services.take(_sign_up(form), texts.consent(), texts.beside(form))
    except Invalid as error:
        form.show(Invalid(email=error.fields["address"]) if "address" in error.fields else error)
        return False
    return True


def _given_newsletter() -> Newsletter | None:
    """The newsletter that the page is about: the only one, or the one that the link named."""
    every = queries.newsletters()
    if len(every) == 1:
        return every[0]
    return next((newsletter for newsletter in every if newsletter.slug == request.args.get("newsletter")), None)


def _ask_back(form: SignUpForm, question: Question) -> Response:
    kept = [(name, value) for name, value in _kept() if name != "email"]
    return web.page("subscriptions/question.html", kept=kept, typed=form.email.data, question=question)


def _one_more_button(why: str) -> Response:
    return web.page("subscriptions/one_more_button.html", kept=_kept(), why=why)


def _kept() -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_KEPT]


def _sign_up(form: SignUpForm) -> services.SignUp:
    return services.SignUp(
        address=form.email.data,
        newsletters=tuple(form.newsletters.data),
        name=form.name.data or "",
        organisation=form.organisation.data or "",
        role=form.role.data or "",
        regions=form.chosen_regions(),
        topics=tuple(form.topics.data or ()),
        lang=language(),
        page=request.path,
    )


@blueprint.get("/newsletter/anmelden/gesendet")
@web.public
def sent() -> Response:
    """What to do next: the same page for every address."""
    return web.page("subscriptions/sent.html", hours=config.current().confirm_hours, full=limits.is_full())
