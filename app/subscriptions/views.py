"""The public pages: sign up, confirm, change, leave. Opening any of them changes nothing."""

from typing import Any, Final

from flask import Blueprint, Response, redirect, request, url_for

from app.kernel import tokens, web
from app.kernel.errors import Invalid
from app.kernel.forms import ActionForm
from app.kernel.i18n import _, language, ngettext
from app.subscriptions import preferences as preferences_
from app.subscriptions import queries, services, texts
from app.subscriptions.forms import PreferencesForm, RenewForm, SignUpForm
from app.subscriptions.models import Newsletter, Subscription
from app.subscriptions.rules import masked

blueprint = Blueprint("subscriptions", __name__, template_folder="templates")

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


@blueprint.route("/newsletter/bestaetigen/<token>", methods=["GET", "POST"])
@web.public
def confirm(token: str) -> Response:
    """A page with one button; only the button confirms."""
    form = ActionForm()
    try:
        confirmation = services.find_confirmation(token)
        if form.accepted():
            return web.page("subscriptions/confirmed.html", confirmed=services.confirm(token))
    except services.LinkExpired:
        return _expired(token)
    if confirmation.used_at is not None:
        return web.page("subscriptions/confirmed.html", confirmed=services.already_confirmed(confirmation))
    asked = [n for n in queries.newsletters() if n.slug in confirmation.asked["newsletters"]]
    return web.page("subscriptions/confirm.html", form=form, newsletters=asked)


def _expired(token: str) -> Response:
    form = RenewForm()
    if form.renew.raw_data and form.accepted():
        services.renew(token)
        return web.page("subscriptions/sent.html")
    return web.page("subscriptions/expired.html", 410, renewal=form)


@blueprint.route("/newsletter/einstellungen/<token>", methods=["GET", "POST"])
@web.public
def preferences(token: str) -> Any:
    """What this person gets. The link may have been forwarded: the page says no name and only a hint of the address."""
    derived = tokens.read("preferences", token)
    subscriber = queries.named_by(derived).subscriber
    now = preferences_.preferences_of(subscriber)
    form = PreferencesForm(
        data={"newsletters": now.newsletters, "regions": now.regions, "topics": now.topics, "lang": now.lang}
    )
    form.regions.offer(now.regions)
    if form.accepted():
        wanted = preferences_.Preferences(
            tuple(form.newsletters.data or ()), form.chosen_regions(), tuple(form.topics.data or ()), form.lang.data
        )
        _tell(preferences_.change(derived, wanted, texts.consent()))
        return redirect(url_for("subscriptions.preferences", token=token), 303)
    hint = masked(subscriber.address)
    return web.page("subscriptions/preferences.html", form=form, hint=hint, takes=now.newsletters)


def _tell(changed: preferences_.Changed) -> None:
    if changed.asked:
        web.note(
            ngettext(
                "Der neue Newsletter kommt, sobald Sie den Link in der E-Mail bestätigen, die wir Ihnen schicken.",
                "Die neuen Newsletter kommen, sobald Sie den Link in der E-Mail bestätigen, die wir Ihnen schicken.",
                len(changed.asked),
            ),
            "info",
        )
    web.note(_("Ihre Einstellungen sind gespeichert."))


@blueprint.route("/newsletter/abmelden/<token>", methods=["GET", "POST"])
@web.one_click
def leave(token: str) -> Response:
    """A page with one button for people, and one-click for mail programs (RFC 8058): at once, without a redirect."""
    derived = tokens.read("unsubscribe", token)
    subscription = queries.named_by(derived)
    if request.method == "POST":
        if request.form.get("List-Unsubscribe") != "One-Click":
            return _leave_page(subscription, 400)
        form = ActionForm(meta={"csrf": False})  # the token in the address is the proof; mail programs have no cookie
        if form.accepted():
            subscription = services.unsubscribe(derived)
    if subscription.is_active:
        return _leave_page(subscription)
    return web.page("subscriptions/left.html", newsletter=subscription.newsletter)


def _leave_page(subscription: Subscription, status: int = 200) -> Response:
    token = tokens.derive("preferences", subscription.id, subscription.generation)
    return web.page(
        "subscriptions/leave.html",
        status,
        newsletter=subscription.newsletter,
        hint=masked(subscription.subscriber.address),
        preferences_url=url_for("subscriptions.preferences", token=token),
    )
