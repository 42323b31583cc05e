"""Questions about channels: what each got of each announcement, and the feeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from sqlalchemy import func, select

from app import announcements, taxonomy
from app.announcements import KIND_LABELS, Channel, Dispatch, DispatchState, Revision
from app.kernel import feeds, i18n, identity, text, web
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.i18n import _, lazy

FEED_ENTRIES = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One revision, and what became of it in each channel (by channel id)."""

    revision: Revision
    dispatches: Mapping[int, Dispatch]


def get_channel(channel_id: int) -> Channel:
    """The channel. Raises NotFound."""
    if channel := session.get(Channel, channel_id):
        return channel
    raise NotFound(lazy("Diesen Kanal gibt es nicht. Bitte wählen Sie einen aus der Liste."))


def get_dispatch(dispatch_id: int) -> Dispatch:
    """What is or was owed to a channel. Raises NotFound."""
    if dispatch := session.get(Dispatch, dispatch_id):
        return dispatch
    raise NotFound(lazy("Diese Zustellung gibt es nicht. Bitte laden Sie die Seite neu."))


def overview(limit: int = 200) -> list[Row]:
    """The last dispatches by revision, the newest revision first."""
    rows: dict[int, tuple[Revision, dict[int, Dispatch]]] = {}
    for dispatch in announcements.dispatches(limit=limit):
        _revision, by_channel = rows.setdefault(dispatch.revision_id, (dispatch.revision, {}))
        by_channel[dispatch.channel_id] = dispatch
    newest = sorted(rows, reverse=True)
    return [Row(*rows[revision_id]) for revision_id in newest]


def failing() -> dict[int, int]:
    """How many dispatches of each channel failed and are not sent yet, by channel id; healthy ones are not in it."""
    counted = select(Dispatch.channel_id, func.count()).where(Dispatch.state == DispatchState.FAILED)
    return dict(session.execute(counted.group_by(Dispatch.channel_id)).all())


def newer_revision(dispatch: Dispatch) -> Revision | None:
    """The current revision, if it is newer than that of the dispatch."""
    current = announcements.get(dispatch.announcement_id).current
    return current if current is not None and current.number > dispatch.revision.number else None


def feed(form: str, scope: taxonomy.Scope, query: Sequence[tuple[str, str]]) -> feeds.Feed:
    """The last announcements of a scope as a feed; what was withdrawn stays in it and says so.

    ``form`` is atom, rss or json, ``query`` what narrowed it, to be repeated in the feed's own address.
    """
    entries = announcements.published(scope, limit=FEED_ENTRIES, with_withdrawn=True)
    site = identity.current()
    with i18n.force("de"):
        labels = [*taxonomy.region_labels(sorted(scope.regions)), *taxonomy.topic_labels(sorted(scope.topics))]
        return feeds.Feed(
            id=web.url("announcements.index", **_args(query)),
            title=f"{site.site_name}: {', '.join([_('Meldungen'), *labels])}",
            url=web.url("announcements.index", **_args(query)),
            self_url=web.url(f"syndication.{form}", **_args(query)),
            author=site.team_name or site.publisher or site.site_name,
            language="de",
            updated=max((entry.published_at for entry in entries), default=datetime(2026, 1, 1, tzinfo=UTC)),
            entries=[_entry(revision) for revision in entries],
        )


def _args(query: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    args: dict[str, list[str]] = {}
    for name, value in query:
        args.setdefault(name, []).append(value)
    return args


def _entry(revision: Revision) -> feeds.Entry:
    content = revision.content
    url = web.url("announcements.show", slug=revision.slug)
    note = f"<p>{_escaped(revision.reason)}</p>" if revision.reason else ""
    title, summary, html = content.title, content.lead, f"{note}<p>{_escaped(content.lead)}</p>"
    if revision.is_withdrawal:
        title, summary, html = _("Zurückgezogen: %(title)s", title=content.title), revision.reason, note
    else:
        html += str(text.to_html(content.body))
    return feeds.Entry(
        id=_tag(revision, url),
        url=url,
        title=title,
        summary=summary,
        html=html,
        published=revision.first_published_at,
        updated=revision.published_at,
        categories=(str(KIND_LABELS[revision.kind]), *taxonomy.topic_labels(content.topics)),
    )


def _tag(revision: Revision, url: str) -> str:
    """A name that stays when the address changes (RFC 4151)."""
    return f"tag:{urlsplit(url).hostname},{revision.first_published_at:%Y-%m-%d}:{revision.identifier}"


def _escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
