"""The life of a date. Nothing public changes but in ``on_publish``: by a revision that a second person approved."""

from uuid import uuid4

from sqlalchemy import select

from app import announcements, taxonomy
from app.announcements import Announcement, Plan, Revision, State
from app.events import content, ical, queries, rules
from app.events.models import ChangeState, Event, EventChange
from app.events.values import EventState, EventValues
from app.kernel import audit, clock, text, web
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid
from app.kernel.i18n import _, lazy
from app.kernel.text import Doc


def draft(
    values: EventValues, author_id: int, *, words: Doc | None = None, online_url: str = "", slug: str = ""
) -> Event:
    """A new date, not public yet, and the draft of the announcement that will say it for the first time.

    ``words`` is what the author wants to add. Raises Invalid (fields as in the values, and ``slug``).
    """
    values = _checked(values)
    if values.state == EventState.CANCELLED:
        raise Invalid(state=lazy("Was noch nicht bekannt gegeben ist, kann nicht abgesagt werden."))
    now = clock.now()
    event = Event(uid=str(uuid4()), slug=_free_slug(slug, values.title), created_at=now, updated_at=now)
    event.values = values
    event.online_url = online_url.strip()
    session.add(event)
    session.flush()
    said = content.compose(event, values, words or text.EMPTY, address(event))
    announcement = announcements.draft(said, author_id, Plan(kind=content.kind_of(event, values)))
    event.announcement_id = announcement.id
    _keep(event, values, words or text.EMPTY, author_id)
    audit.record("event.drafted", f"event:{event.id}", {"title": values.title})
    return event


def propose_change(event: Event, values: EventValues, editor_id: int, words: Doc | None = None) -> EventChange:
    """Write down what the event shall say next, and draft the words for it; nothing public changes by that.

    Before the first publication, or while another change waits, that one is replaced, and its approval is void.
    Raises Invalid, and Conflict if nothing would change.
    """
    values = _checked(values)
    words = words or text.EMPTY
    waiting = queries.pending_change(event)
    if not event.is_public:
        if values.state == EventState.CANCELLED:
            raise Invalid(state=lazy("Was noch nicht bekannt gegeben ist, kann nicht abgesagt werden."))
        event.values = values
    elif values == event.values:
        raise Conflict(lazy("An diesem Termin ändert sich nichts. Bitte ändern Sie erst etwas."))
    _say(event, values, words, editor_id)
    audit.record("event.change_proposed", f"event:{event.id}", {"title": values.title})
    if waiting is None:
        return _keep(event, values, words, editor_id)
    waiting.data, waiting.words, waiting.editor_id = values.to_json(), words, editor_id
    return waiting


def _say(event: Event, values: EventValues, words: Doc, editor_id: int) -> None:
    """Put what the values say into the working copy of the event's announcement; a correction if it was published."""
    announcement = announcement_of(event)
    kind = content.kind_of(event, values)
    channels = tuple(announcement.channels) if announcement.channels is not None else None
    said = content.compose(event, values, words, address(event))
    reason = content.reason(event, values) if event.is_public else ""
    announcements.edit(announcement, said, editor_id, Plan(kind=kind, channels=channels, reason=reason))


def discard_change(event: Event, editor_id: int) -> None:
    """Give up the change that waits: what is public stays as it is. Raises Conflict if none waits."""
    waiting = queries.pending_change(event)
    if waiting is None or not event.is_public:
        raise Conflict(lazy("Zu diesem Termin wartet keine Änderung. Bitte laden Sie die Seite neu."))
    waiting.state = ChangeState.VOID
    announcement = announcement_of(event)
    if announcement.state not in (State.PUBLISHED, State.WITHDRAWN):
        announcements.discard(announcement, editor_id)
    audit.record("event.change_discarded", f"event:{event.id}")


def keep_online_url(event: Event, address: str) -> None:
    """Remember where an online event takes place. It is private: nothing is published, nobody has to approve."""
    if address.strip() != event.online_url:
        event.online_url = address.strip()
        audit.record("event.online_url_changed", f"event:{event.id}")


def on_publish(revision: Revision) -> None:
    """Make a date say what this revision of its announcement says; part of the transaction that publishes it.

    Raises Conflict if the announcement was edited so that it names another date, place or region than the calendar
    would: then nothing is published.
    """
    said = revision.content
    event = queries.find_by_uid(said.event_uid) if said.event_uid else None
    if event is None or event.announcement_id != revision.announcement_id:
        return
    if revision.is_withdrawal:
        _take_back(event)
        return
    change = queries.pending_change(event)
    if change is None or change.announcement_id != revision.announcement_id:
        return
    if not content.agrees(said, change.values):
        if event.is_public and content.agrees(said, event.values):
            return  # the words were corrected, the change still waits
        raise Conflict(lazy("Die Meldung nennt etwas anderes als der Termin. Bitte ändern Sie den Termin selbst."))
    _apply(event, change.values)
    change.state, change.applied_at = ChangeState.APPLIED, clock.now()
    session.flush()


def _apply(event: Event, values: EventValues) -> None:
    now = clock.now()
    if event.published_at is None:
        event.published_at = now
    else:
        event.sequence += 1
        if rules.has_moved(event.values, values):
            event.previous_start, event.previous_end = event.starts_at, event.ends_at
            event.previous_all_day = event.all_day
    event.values = values
    event.updated_at = now
    event.vevent = _vevent(event) if (event.starts_at or event.previous_start) else None


def _vevent(event: Event) -> bytes:
    categories = [*queries.topic_labels(event), *queries.region_labels(event)]
    return ical.vevent(event, address(event), categories)


def _take_back(event: Event) -> None:
    """It was said in error: it leaves the site and the feeds; its UID and SEQUENCE stay for whatever comes."""
    event.published_at = None
    event.vevent = None
    event.sequence += 1
    event.updated_at = clock.now()


def preview(event: Event, values: EventValues) -> Event:
    """The event as it would be after publication: not stored, for showing only."""
    shown = Event(
        **{name: getattr(event, name) for name in ("uid", "slug", "sequence", "published_at", "announcement_id")},
        previous_start=event.previous_start,
        previous_end=event.previous_end,
        previous_all_day=event.previous_all_day,
        created_at=event.created_at,
    )
    shown.values = event.values
    _apply(shown, values)
    return shown


def channel_previews(revision: Revision) -> list[announcements.Preview]:
    """What the calendar and the page of the event will say once this revision of its announcement is published."""
    event = queries.find_by_uid(revision.content.event_uid) if revision.content.event_uid else None
    change = queries.pending_change(event) if event is not None else None
    if event is None or change is None or not content.agrees(revision.content, change.values):
        return []
    shown = preview(event, change.values)
    facts = [change.values.when, change.values.place, ical.description(shown, address(event))]
    return [announcements.Preview(_("Kalender"), ical.summary(shown), "\n\n".join(filter(None, facts)))]


def address(event: Event) -> str:
    """The public address of its page."""
    return web.url("events.show", slug=event.slug)


def _checked(values: EventValues) -> EventValues:
    values = rules.cleaned(values)
    found = rules.problems(values)
    if any(taxonomy.find_region(ags) is None for ags in values.regions):
        found["regions"] = lazy("Bitte wählen Sie Regionen aus der Liste.")
    if any(taxonomy.find_topic(slug) is None for slug in values.topics):
        found["topics"] = lazy("Bitte wählen Sie Themen aus der Liste.")
    if found:
        raise Invalid(**found)
    return values


def _free_slug(wanted: str, title: str) -> str:
    """The wanted slug, or one made of the title; never a fixed path, never taken twice."""
    base = taxonomy.slug_of(wanted or title) or "termin"
    if base in rules.RESERVED_SLUGS:
        if wanted:
            raise Invalid(slug=lazy("Diese Adresse ist vergeben. Bitte wählen Sie eine andere."))
        base = f"termin-{base}"
    return taxonomy.free_slug(base, lambda slug: session.scalar(select(Event.id).where(Event.slug == slug)) is not None)


def _keep(event: Event, values: EventValues, words: Doc, editor_id: int) -> EventChange:
    change = EventChange(
        event=event,
        announcement_id=announcement_of(event).id,
        state=ChangeState.PENDING,
        data=values.to_json(),
        words=words,
        editor_id=editor_id,
        created_at=clock.now(),
    )
    session.add(change)
    session.flush()
    return change


def announcement_of(event: Event) -> Announcement:
    """The announcement that speaks of it. Raises Conflict if there is none."""
    if event.announcement_id is None:
        raise Conflict(lazy("Zu diesem Termin gehört noch keine Meldung."))
    return announcements.get(event.announcement_id)
