"""The welcome mail at the desk: its wording per newsletter and language, and how it looks right now."""

from typing import Any

from flask import Response, redirect, request, url_for

from app import subscriptions
from app.kernel import i18n, web
from app.kernel.errors import Invalid, NotFound
from app.kernel.forms import ActionForm
from app.kernel.i18n import LANGUAGES, _, lazy
from app.newsletter import mails, welcome, welcome_text
from app.newsletter.blocks import KINDS
from app.newsletter.desk_views.blueprint import blueprint
from app.newsletter.desk_views.editor import rearranged
from app.newsletter.desk_views.preview import framed
from app.newsletter.forms import WelcomeForm, welcome_form
from app.subscriptions import Newsletter


@blueprint.route("/newsletter/<slug>/willkommen", methods=["GET", "POST"], defaults={"code": "de"})
@blueprint.route("/newsletter/<slug>/willkommen/<code>", methods=["GET", "POST"])
@web.requires("editor")
def edit_welcome(slug: str, code: str) -> Any:
    """What newcomers are greeted with. Whatever button is pressed, what was written is saved first."""
    newsletter = _newsletter(slug, code)
    wording = welcome.wording(newsletter, code)
    form = welcome_form(wording, wording.blocks)
    if form.accepted():
        try:
            return _save(newsletter, code, form)
        except Invalid as error:
            form.show(error)
    return web.page(
        "newsletter/desk/welcome.html",
        newsletter=newsletter,
        code=code,
        form=form,
        own=welcome.is_own(newsletter, code),
        place_pairs=[(f"{{{name}}}", label) for name, label in welcome_text.PLACES.items()],
        kinds={kind: label for kind, label in KINDS.items() if kind != "announcements"},
        reset_form=ActionForm(formdata=None),
    )


def _newsletter(slug: str, code: str) -> Newsletter:
    newsletter = subscriptions.find_newsletter(slug)
    if newsletter is None or code not in LANGUAGES:
        raise NotFound(lazy("Diesen Newsletter gibt es nicht. Bitte wählen Sie einen aus der Liste."))
    return newsletter


def _save(newsletter: Newsletter, code: str, form: WelcomeForm) -> Any:
    wording = form.wording()
    do, _colon, which = request.form.get("do", "save").partition(":")
    blocks, place = rearranged(wording.blocks, do, which)
    said = welcome_text.Wording(wording.title, wording.preheader, wording.closing, blocks)
    welcome.set_wording(newsletter, code, said)
    web.note(_("Gespeichert."))
    return redirect(url_for("newsletter_desk.edit_welcome", slug=newsletter.slug, code=code, _anchor=place), 303)


@blueprint.post("/newsletter/<slug>/willkommen/<code>/zuruecksetzen")
@web.requires("editor")
def reset_welcome(slug: str, code: str) -> Any:
    """Back to the shipped wording."""
    newsletter = _newsletter(slug, code)
    if ActionForm().accepted():
        welcome.reset_wording(newsletter, code)
        web.note(_("Die mitgelieferte Fassung gilt wieder."))
    return redirect(url_for("newsletter_desk.edit_welcome", slug=slug, code=code), 303)


@blueprint.get("/newsletter/<slug>/willkommen/<code>/vorschau")
@web.requires("editor")
def preview_welcome(slug: str, code: str) -> Response:
    """The welcome mail as it would go out now, for the frame of the preview."""
    newsletter = _newsletter(slug, code)
    with i18n.force(code):
        greeting = _("Guten Tag %(name)s,", name="Erika Beispiel")
    return framed(mails.example(mails.welcome_mail(welcome.resolve_welcome(newsletter, code)), greeting))
