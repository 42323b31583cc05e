"""The feeds, and the page on which a partner says what became of an announcement."""

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from app import taxonomy
from app.announcements import KIND_LABELS
from app.kernel import feeds, web
from app.kernel.i18n import _
from app.syndication import queries, services
from app.syndication.forms import AcknowledgeForm
from app.syndication.links import dispatch_of

blueprint = Blueprint("syndication", __name__, template_folder="templates")


@blueprint.get("/meldungen.atom")
@web.public
def atom() -> Response:
    """The announcements as Atom 1.0 (RFC 4287); ``?thema=&kreis=`` narrows it, repeatable."""
    feed = _feed("atom")
    return web.conditional(feeds.atom(feed), "application/atom+xml", feed.updated)


@blueprint.get("/meldungen.rss")
@web.public
def rss() -> Response:
    """The same as RSS 2.0."""
    feed = _feed("rss")
    return web.conditional(feeds.rss(feed), "application/rss+xml", feed.updated)


@blueprint.get("/meldungen.json")
@web.public
def json() -> Response:
    """The same as JSON Feed 1.1."""
    feed = _feed("json")
    return web.conditional(feeds.json_feed(feed), "application/feed+json", feed.updated)


def _feed(form: str) -> feeds.Feed:
    """Unknown regions and topics are refused (404), so that a mistyped feed is noticed."""
    regions = [taxonomy.get_region(ags).ags for ags in request.args.getlist("kreis") if ags]
    topics = [taxonomy.get_topic(slug).slug for slug in request.args.getlist("thema") if slug]
    query = [*(("kreis", ags) for ags in regions), *(("thema", slug) for slug in topics)]
    return queries.feed(form, taxonomy.Scope.of(regions, topics), query)


@blueprint.route("/partner/<token>", methods=["GET", "POST"])
@web.public
def partner(token: str) -> AnyResponse:
    """What was sent to this partner; the button says what became of it. A mere visit changes nothing."""
    dispatch = dispatch_of(token)
    form = AcknowledgeForm.of(dispatch)
    if form.accepted():
        services.acknowledge(dispatch, taken=form.outcome.data == "taken", link=form.link.data or "")
        web.note(_("Danke. Ihre Rückmeldung ist gespeichert; Sie können sie hier jederzeit ändern."))
        form = AcknowledgeForm.of(dispatch, sent=False)
    return web.page(
        "syndication/partner.html",
        form=form,
        dispatch=dispatch,
        revision=dispatch.revision,
        newer=queries.newer_revision(dispatch),
        kind_label=str(KIND_LABELS[dispatch.revision.kind]),
    )
