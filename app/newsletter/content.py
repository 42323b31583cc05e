"""From blocks to words: what an issue says now, with everything that is live looked up and written out.

The result is plain JSON. It is what is hashed, approved, mailed and archived, so that all of these are the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from app import announcements, events, subscriptions
from app.kernel import clock, config, i18n, text
from app.newsletter import queries
from app.newsletter.blocks import Block
from app.newsletter.models import Issue
from app.newsletter.rules import says_something
from app.taxonomy import Scope

Content: TypeAlias = dict[str, Any]


def resolve(issue: Issue) -> Content:
    """Everything the issue says at this moment, in its own language."""
    newsletter = subscriptions.get_newsletter(issue.newsletter_id)
    since = queries.last_started_at(issue.newsletter_id, before=issue.id)
    with i18n.force(issue.lang):
        return {
            "newsletter": newsletter.title,
            "number": issue.number,
            "title": issue.title,
            "preheader": issue.preheader,
            "salutation": issue.salutation,
            "lang": issue.lang,
            "url": site(f"/newsletter/ausgaben/{issue.slug}"),
            "blocks": resolve_blocks(issue.blocks, since),
            "closing": issue.closing,
            "easy_language": issue.easy_language or text.EMPTY,
        }


def resolve_blocks(blocks: list[Block], since: datetime | None = None) -> list[Block]:
    """The blocks with their live parts written out, in the language that is spoken now."""
    return [_resolve_block(block, since) for block in blocks]


def _resolve_block(block: Block, since: datetime | None) -> Block:
    kind = block["kind"]
    if kind == "announcements":
        items = [announcement_item(revision) for revision in _announcements(block, since)]
        return {"kind": kind, "heading": block["heading"], "items": items}
    if kind == "dates":
        return {"kind": kind, "heading": block["heading"], "items": [date_item(event) for event in _events(block)]}
    return {name: value for name, value in block.items() if name != "id"}


def _announcements(block: Block, since: datetime | None) -> list[announcements.Revision]:
    if block["mode"] == "latest":
        return list(announcements.published(limit=block["limit"], since=since))
    found = [announcements.find_published(slug) for slug in block["slugs"]]
    return [revision for revision in found if revision is not None and not revision.is_withdrawal]


def _events(block: Block) -> list[events.Event]:
    scope = Scope(regions=frozenset(block["regions"]), topics=frozenset(block["topics"]))
    return [*events.upcoming(scope, limit=block["limit"]), *events.undated(scope)]


def announcement_item(revision: announcements.Revision) -> dict[str, Any]:
    """How an issue names one announcement."""
    return {
        "slug": revision.slug,
        "title": revision.content.title,
        "lead": revision.content.lead,
        "url": site(f"/meldungen/{revision.slug}"),
    }


def date_item(event: events.Event) -> dict[str, Any]:
    """How an issue names one date: when it is (also in words, for a day that is still open), where, and how firm."""
    return {
        "slug": event.slug,
        "title": event.title,
        "kind": str(event.kind),
        "state": str(event.state),
        "when": event.when,
        "planned": event.planned,
        "starts_at": _iso(event.starts_at),
        "ends_at": _iso(event.ends_at),
        "previous_start": _iso(event.previous_start if event.is_moved else None),
        "all_day": event.all_day,
        "place": event.place,
        "url": site(f"/termine/{event.slug}"),
    }


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


@dataclass(frozen=True, slots=True)
class Date:
    """A date of a resolved content as templates want it: the same names as an event, moments as moments."""

    slug: str
    title: str
    kind: str
    state: str
    when: str
    planned: str
    starts_at: datetime | None
    ends_at: datetime | None
    previous_start: datetime | None
    all_day: bool
    place: str
    url: str


def for_templates(content: Content) -> Content:
    """The same content with its moments read, and without the blocks that have nothing to show."""
    return {**content, "blocks": [_shown(block) for block in content["blocks"] if _is_shown(block)]}


def _is_shown(block: Block) -> bool:
    return block["kind"] == "divider" or says_something(block)


def _shown(block: Block) -> Block:
    if block["kind"] != "dates":
        return {"heading": "", **block}
    return {**block, "items": [_date(item) for item in block["items"]]}


def _date(item: dict[str, Any]) -> Date:
    moments = {name: _moment(item[name]) for name in ("starts_at", "ends_at", "previous_start")}
    return Date(**{**item, **moments})


def _moment(value: str) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def stale_items(content: Content) -> list[str]:
    """The titles of announcements and dates in a resolved content that say something else now, or are over."""
    with i18n.force(content["lang"]):
        return [item["title"] for kind, item in _items(content) if _is_stale(kind, item)]


def _items(content: Content) -> Iterator[tuple[str, dict[str, Any]]]:
    for block in content["blocks"]:
        if block["kind"] in ("announcements", "dates"):
            for item in block["items"]:
                yield block["kind"], item


def _is_stale(kind: str, item: dict[str, Any]) -> bool:
    if kind == "announcements":
        revision = announcements.find_published(item["slug"])
        return revision is None or revision.is_withdrawal or announcement_item(revision) != item
    event = events.find(item["slug"])
    if event is None or date_item(event) != item:
        return True
    return event.ends_at is not None and event.ends_at <= clock.now()


def site(path: str) -> str:
    """The whole public address of a path of the site."""
    return f"{config.current().public_url}{path}"
