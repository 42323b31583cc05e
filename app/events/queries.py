"""Questions about dates. What is not published is never in an answer, unless the name says so."""

from sqlalchemy import select

from app.events.models import Event
from app.events.values import EventKind
from app.kernel.db import session
from app.kernel.search import Hit


def search(words: str, limit: int = 10) -> list[Hit]:
    """Published dates whose title or lead contains the words, the newest first."""
    pattern = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    found = session.scalars(
        select(Event)
        .where(Event.published_at.is_not(None))
        .where(Event.title.ilike(pattern, escape="\\") | Event.lead.ilike(pattern, escape="\\"))
        .order_by(Event.starts_at.desc(), Event.id.desc())
        .limit(limit)
    )
    return [Hit(event.title, f"/termine/{event.slug}", EventKind(event.kind).label, event.when) for event in found]
