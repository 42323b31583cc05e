"""What the demo's mailbox and partner received; these routes exist with DEMO=1 only."""

from flask import Blueprint, Response

from app.kernel import web
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy
from app.operations.demo import places
from app.operations.demo.mailbox import StoredMail

blueprint = Blueprint("demo", __name__, url_prefix="/dev", template_folder="templates")


@blueprint.get("/mail")
@web.public
def mails() -> Response:
    """All mails, the newest first."""
    return web.page("demo/mails.html", mails=places.mailbox().mails())


@blueprint.get("/mail/<key>")
@web.public
def one_mail(key: str) -> Response:
    """One mail: as HTML, as text, and where to see its source."""
    mail = _get(key)
    headers = [(name, str(value)) for name, value in mail.message.items()]
    return web.page("demo/mail.html", mail=mail, headers=headers, plain=mail.body("plain"))


@blueprint.get("/mail/<key>/html")
@web.public
def mail_html(key: str) -> Response:
    """The HTML part alone, in a sandbox."""
    return web.framed(_get(key).body("html"), popups=True)


@blueprint.get("/mail/<key>/source")
@web.public
def mail_source(key: str) -> Response:
    """The bytes that came over the wire."""
    return Response(_get(key).content, mimetype="text/plain")


@blueprint.get("/partners")
@web.public
def partner_arrivals() -> Response:
    """What the partners received: by webhook, with the verdict on its signature, and by mail."""
    to_partners = [mail for mail in places.mailbox().mails() if any("ssg" in address for address in mail.recipients)]
    return web.page("demo/partners.html", arrivals=places.inbox().arrivals(), mails=to_partners)


def _get(key: str) -> StoredMail:
    mail = places.mailbox().find(key)
    if mail is None:
        raise NotFound(lazy("Diese E-Mail liegt nicht im Postfach der Demo. Bitte öffnen Sie die Liste."))
    return mail
