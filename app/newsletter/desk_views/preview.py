"""An issue as others will see it: the mail (wide, narrow, dark), its plain text, the page in the archive."""

from typing import Final

from flask import Response, request

from app import subscriptions
from app.kernel import i18n, web
from app.kernel.i18n import _, lazy
from app.kernel.mail import Mail
from app.newsletter import mails, queries
from app.newsletter.content import Content, for_templates, resolve
from app.newsletter.desk_views.blueprint import TEAM, blueprint
from app.newsletter.models import Issue

VIEWS: Final = {
    "mail": lazy("E-Mail"),
    "schmal": lazy("E-Mail auf dem Telefon"),
    "dunkel": lazy("E-Mail im Dunkelmodus"),
    "text": lazy("Nur Text"),
    "web": lazy("Website"),
}
DARK: Final = "(prefers-color-scheme: dark)"


@blueprint.get("/ausgaben/<int:issue_id>/vorschau")
@web.requires(*TEAM)
def preview(issue_id: int) -> Response:
    """One of the views: ``?ansicht=mail|schmal|dunkel|text|web``."""
    issue = queries.get(issue_id)
    content = _content(issue)
    view = request.args.get("ansicht", "mail")
    return web.page(
        "newsletter/desk/preview.html",
        issue=issue,
        newsletter=subscriptions.get_newsletter(issue.newsletter_id),
        content=for_templates(content),
        mail=_example(content),
        views=VIEWS,
        view=view if view in VIEWS else "mail",
    )


@blueprint.get("/ausgaben/<int:issue_id>/vorschau/mail")
@web.requires(*TEAM)
def preview_mail(issue_id: int) -> Response:
    """The mail itself, for the frame of the preview."""
    return framed(_example(_content(queries.get(issue_id))))


def framed(mail: Mail) -> Response:
    """A mail as a page of its own that only our own pages may frame; dark with ``?dunkel=1``."""
    html = mail.html.replace(DARK, "all") if request.args.get("dunkel") else mail.html
    return web.framed(html, pictures="data: https:")


def _content(issue: Issue) -> Content:
    return issue.content or resolve(issue)


def _example(content: Content) -> Mail:
    with i18n.force(content["lang"]):
        greeting = _("Guten Tag %(name)s,", name="Erika Beispiel")
    return mails.example(mails.issue_mail(content), greeting)
