"""Founding a newsletter."""

from urllib.parse import urlsplit

from app.kernel import config
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.kernel.i18n import lazy
from app.subscriptions.models import Newsletter
from app.subscriptions.queries import find_newsletter, newsletters


def create_newsletter(
    slug: str, title: str, *, description: str = "", lang: str = "de", list_id: str = ""
) -> Newsletter:
    """Found a newsletter. Raises Conflict if the slug is taken."""
    if find_newsletter(slug):
        raise Conflict(lazy("Diese Kurzbezeichnung ist schon vergeben. Bitte wählen Sie eine andere."))
    host = urlsplit(config.current().public_url).hostname or "localhost"
    newsletter = Newsletter(
        slug=slug,
        title=title,
        description=description,
        lang=lang,
        list_id=list_id or f"{slug}.{host}",
        position=len(newsletters()) + 1,
    )
    session.add(newsletter)
    session.flush()
    return newsletter
