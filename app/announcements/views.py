"""What everybody reads: the announcements, and each one with the history of its revisions."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from app import taxonomy
from app.announcements import queries
from app.announcements.models import KIND_LABELS, Revision
from app.kernel import web
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy
from app.kernel.paging import part

PAGE = 15

blueprint = Blueprint("announcements", __name__, template_folder="templates")


@blueprint.get("/meldungen")
@web.public
def index() -> Response:
    """All announcements, narrowed by topic and Kreis."""
    asked = taxonomy.Scope.of(
        [ags for ags in request.args.getlist("kreis") if ags and taxonomy.find_region(ags)],
        [slug for slug in request.args.getlist("thema") if slug and taxonomy.find_topic(slug)],
    )
    found = queries.published(asked)
    shown = part(request.args.get("seite", 1, type=int), len(found), PAGE)
    return web.page(
        "announcements/index.html",
        revisions=found[shown.first : shown.first + PAGE],
        count=len(found),
        page=shown.number,
        pages=shown.pages,
        asked=asked,
        query=_query(asked),
        topics=taxonomy.topics(),
        districts=taxonomy.districts(),
        kinds=KIND_LABELS,
    )


@blueprint.get("/meldungen/<slug>")
@web.public
def show(slug: str) -> Response:
    """One announcement in its current revision; what was withdrawn says so, and why (410)."""
    revision = queries.find_published(slug)
    if revision is None:
        raise NotFound(lazy("Diese Meldung gibt es nicht. Bitte wählen Sie eine aus der Übersicht der Meldungen."))
    if revision.is_withdrawal:
        return web.page("announcements/withdrawn.html", status=410, revision=revision)
    return web.page(
        "announcements/show.html",
        revision=revision,
        history=queries.revisions(revision.announcement_id),
        **labels(revision),
    )


def _query(asked: taxonomy.Scope) -> str:
    """The same selection for the feeds, with its question mark; empty if nothing was chosen."""
    pairs = [*(("kreis", ags) for ags in sorted(asked.regions)), *(("thema", slug) for slug in sorted(asked.topics))]
    return f"?{urlencode(pairs)}" if pairs else ""


def labels(revision: Revision) -> dict[str, Any]:
    """What the page of a revision shows beside its content: the names of its kind, regions and topics."""
    content = revision.content
    return {
        "kind_label": str(KIND_LABELS[revision.kind]),
        "region_labels": taxonomy.region_labels(content.regions),
        "topic_labels": taxonomy.topic_labels(content.topics),
    }
