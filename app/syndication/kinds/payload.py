"""The announcement as data: the attachment ``meldung.json`` of the mail, and the body of the webhook."""

import json
from typing import Any, Final

from app import taxonomy
from app.announcements import KIND_LABELS, Revision
from app.kernel import i18n, text, web
from app.kernel.i18n import when
from app.syndication.kinds.base import Parcel

VERSION: Final = 1


def document(parcel: Parcel) -> dict[str, Any]:
    """The whole announcement in one JSON document, German; moments in ISO 8601, UTC.

    ``type`` says what to do with it: publish, replace or remove. ``id`` is the same in all revisions.
    """
    revision = parcel.revision
    return {
        "format": VERSION,
        "type": f"announcement.{parcel.form}",
        "id": revision.identifier,
        "revision": revision.number,
        "kind": revision.kind,
        "url": page_url(revision),
        "first_published_at": revision.first_published_at.isoformat(),
        "published_at": revision.published_at.isoformat(),
        "change": {"kind": revision.change, "reason": revision.reason},
        "acknowledge_url": parcel.acknowledge_url,
        **_said(revision),
    }


def as_bytes(value: dict[str, Any]) -> bytes:
    """The document as readable UTF-8."""
    return json.dumps(value, ensure_ascii=False, indent=2).encode()


def page_url(revision: Revision) -> str:
    """Where people read it."""
    return web.url("announcements.show", slug=revision.slug)


def _said(revision: Revision) -> dict[str, Any]:
    content = revision.content
    with i18n.force("de"):
        dates = [
            {**date, "text": when(said.start, said.end, all_day=said.all_day)}
            for date, said in zip(revision.content_json["dates"], content.dates, strict=True)
        ]
        return {
            "kind_label": str(KIND_LABELS[revision.kind]),
            "title": content.title,
            "summary": content.lead,
            "html": str(text.to_html(content.body)),
            "text": text.to_plain(content.body),
            "links": [{"label": link.label, "url": link.url} for link in content.links],
            "dates": dates,
            "place": content.place,
            "regions": _named(content.regions, taxonomy.region_labels(content.regions), "ags"),
            "topics": _named(content.topics, taxonomy.topic_labels(content.topics), "slug"),
            "contact": content.contact,
            "embargo": content.embargo.isoformat() if content.embargo else None,
            "expires_on": content.expires_on.isoformat() if content.expires_on else None,
            "event_uid": content.event_uid or None,
        }


def _named(keys: tuple[str, ...], labels: list[str], key: str) -> list[dict[str, str]]:
    return [{key: value, "name": label} for value, label in zip(keys, labels, strict=False)]
