"""Questions about dates. What is not published is never in an answer, unless the name says so."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, func, or_, select

from app import taxonomy
from app.events.models import ChangeState, Event, EventChange
from app.events.values import EventKind, EventState
from app.kernel import clock
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy
from app.kernel.search import Hit
from app.taxonomy import Scope

FEED_PAST: Final = timedelta(days=365)
CANCELLED_STAYS: Final = timedelta(days=45)  # Nextcloud asks once a week by default: a short notice is never seen

# When it ends; for a date that fell without a new one, when it would have ended.
_END: Final = func.coalesce(Event.ends_at, Event.previous_end)
_START: Final = func.coalesce(Event.starts_at, Event.previous_start)


def find(slug: str) -> Event | None:
    """The published event with this slug, or None."""
    return session.scalar(select(Event).where(Event.slug == slug, Event.published_at.is_not(None)))


def get(slug: str) -> Event:
    """The published event with this slug. Raises NotFound."""
    if event := find(slug):
        return event
    raise NotFound(lazy("Diesen Termin gibt es nicht oder nicht mehr. Bitte wählen Sie einen auf der Seite „Termine“."))


def upcoming(
    scope: Scope | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int | None = None,
    *,
    kinds: Collection[str] = (),
    cancelled: bool = False,
) -> list[Event]:
    """Published events with a date that end after ``since`` (default: now) and begin before ``until``, the next first.

    ``cancelled=True`` brings those that were called off too; those whose day is still open: ``undated()``.
    """
    asked = _public().where(Event.starts_at.is_not(None), Event.ends_at > (since or clock.now()))
    asked = asked.order_by(Event.starts_at, Event.id)
    if until is not None:
        asked = asked.where(Event.starts_at < until)
    if not cancelled:
        asked = asked.where(Event.state != EventState.CANCELLED)
    return _fitting(asked, scope, kinds)[:limit]


def undated(scope: Scope | None = None, *, kinds: Collection[str] = ()) -> list[Event]:
    """Published events whose day is still being arranged, those announced first in front."""
    asked = _public().where(Event.state == EventState.PROPOSED).order_by(Event.published_at, Event.id)
    return _fitting(asked, scope, kinds)


def published(scope: Scope | None = None, *, kinds: Collection[str] = ()) -> list[Event]:
    """All published events, past ones and those without a day included, by date."""
    return _fitting(_public().order_by(_START, Event.id), scope, kinds)


def in_feed(scope: Scope | None = None, *, kinds: Collection[str] = ()) -> list[Event]:
    """What a calendar feed holds now: everything ahead, the past year, and what was called off for a while yet."""
    now = clock.now()
    stays = now - CANCELLED_STAYS
    fallen = Event.state.in_((EventState.CANCELLED, EventState.PROPOSED))
    asked = (
        _public()
        .where(Event.vevent.is_not(None), now - FEED_PAST < _END)
        .where(or_(~fallen, stays < _END, Event.updated_at > stays))
        .order_by(_START, Event.id)
    )
    return _fitting(asked, scope, kinds)


def vevents(scope: Scope | None = None, *, kinds: Collection[str] = ()) -> list[bytes]:
    """The stored VEVENTs of a calendar feed."""
    return [event.vevent for event in in_feed(scope, kinds=kinds) if event.vevent is not None]


def _public() -> Select[Event]:
    return select(Event).where(Event.published_at.is_not(None))


def _fitting(asked: Select[Event], scope: Scope | None, kinds: Collection[str]) -> list[Event]:
    if kinds:
        asked = asked.where(Event.kind.in_(kinds))
    found = session.scalars(asked)
    if scope is None or not (scope.regions or scope.topics):
        return list(found)
    tree = taxonomy.tree()
    return [event for event in found if tree.matches(scope, Scope.of(event.regions, event.topics))]


def region_labels(event: Any) -> list[str]:
    """The names of its regions; of an event or of its values."""
    return taxonomy.region_labels(event.regions)


def topic_labels(event: Any) -> list[str]:
    """The names of its topics in the reader's language; of an event or of its values."""
    return taxonomy.topic_labels(event.topics)


def get_any(event_id: int) -> Event:
    """The event, published or not, for the desk. Raises NotFound."""
    if event := session.get(Event, event_id):
        return event
    raise NotFound(lazy("Diesen Termin gibt es nicht. Bitte wählen Sie einen aus der Liste."))


def find_by_uid(uid: str) -> Event | None:
    """The event with this calendar UID, published or not."""
    return session.scalar(select(Event).where(Event.uid == uid))


def everything() -> Sequence[Event]:
    """All events, published or not, for the desk: those without a day first, then the latest first."""
    return session.scalars(select(Event).order_by(Event.starts_at.is_not(None), Event.starts_at.desc(), Event.id)).all()


def pending_change(event: Event) -> EventChange | None:
    """What is to be said of it next and waits for approval or publication, or None."""
    return session.scalar(
        select(EventChange).where(EventChange.event_id == event.id, EventChange.state == ChangeState.PENDING)
    )


def pending_changes() -> dict[int, EventChange]:
    """All changes that wait, by event."""
    waiting = session.scalars(select(EventChange).where(EventChange.state == ChangeState.PENDING))
    return {change.event_id: change for change in waiting}


def search(words: str, limit: int = 10) -> list[Hit]:
    """Published dates whose title or lead contains the words, umlauts or not, the newest first."""
    wanted = taxonomy.fold(words)
    every = session.scalars(_public().order_by(Event.starts_at.desc(), Event.id.desc())) if wanted else ()
    found = [event for event in every if wanted in taxonomy.fold(f"{event.title} {event.lead}")][:limit]
    return [Hit(event.title, f"/termine/{event.slug}", EventKind(event.kind).label, event.when) for event in found]
