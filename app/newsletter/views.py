"""What everybody may read: the newsletters and their archive, each issue, and the feed."""

from datetime import UTC, datetime

from flask import Blueprint, Response

from app import subscriptions
from app.kernel import feeds, identity, text, web
from app.kernel.i18n import _
from app.newsletter import queries
from app.newsletter.content import for_templates, site
from app.newsletter.models import Issue

blueprint = Blueprint("newsletter", __name__, template_folder="templates")

FEED_LENGTH = 20
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@blueprint.get("/newsletter")
@web.public
def index() -> Response:
    """The newsletters, how to get them, and all issues so far."""
    titles = {newsletter.id: newsletter.title for newsletter in subscriptions.newsletters()}
    return web.page(
        "newsletter/index.html", newsletters=subscriptions.newsletters(), issues=queries.archive(), titles=titles
    )


@blueprint.get("/newsletter/ausgaben/<slug>")
@web.public
def issue(slug: str) -> Response:
    """One issue as it was sent, without anything personal."""
    found = queries.get_public(slug)
    return web.page("newsletter/issue.html", issue=found, content=for_templates(found.content or {}))


@blueprint.get("/newsletter/ausgaben.atom")
@web.public
def feed() -> Response:
    """The latest issues for feed readers (RFC 4287)."""
    issues = queries.archive(limit=FEED_LENGTH)
    updated = issues[0].started_at if issues else None
    feed = feeds.Feed(
        id=site("/newsletter"),
        title=_("Ausgaben des Newsletters – %(site)s", site=identity.current().site_name),
        url=site("/newsletter"),
        self_url=site("/newsletter/ausgaben.atom"),
        author=identity.current().publisher or identity.current().site_name,
        language="de",
        updated=updated or LONG_AGO,
        entries=[_entry(issue) for issue in issues],
    )
    return web.conditional(feeds.atom(feed), "application/atom+xml", updated)


def _entry(issue: Issue) -> feeds.Entry:
    content = issue.content or {}
    words = [text.to_html(block["body"]) for block in content["blocks"] if block["kind"] == "text"]
    assert issue.started_at is not None
    return feeds.Entry(
        id=content["url"],
        url=content["url"],
        title=f"{content['newsletter']} {content['number']}: {content['title']}",
        summary=content["preheader"],
        html="".join(words),
        published=issue.started_at,
        updated=issue.started_at,
    )
