"""Pages of the public front, and the files that machines ask for."""

from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, Response, current_app, redirect, render_template, request, session, url_for

from app import announcements, events, subscriptions
from app.kernel import clock, identity, web
from app.kernel.privacy import kinds
from app.site import queries, services
from app.site.accessibility import STATEMENT
from app.site.forms import BarrierForm

blueprint = Blueprint("site", __name__, template_folder="templates")

CLOSED: Final = (
    "/redaktion/",
    "/newsletter/bestaetigen/",
    "/newsletter/abmelden/",
    "/newsletter/einstellungen/",
    "/newsletter/meine-daten/",
    "/partner/",
)


@blueprint.get("/")
@web.public
def start() -> Any:
    """What this is, what is new, what comes next, and how to take part."""
    return web.page(
        "site/start.html",
        news=announcements.published(limit=4),
        kinds=announcements.KIND_LABELS,
        dates=events.upcoming(limit=4),
        newsletters=subscriptions.newsletters(),
    )


@blueprint.get("/impressum")
@web.public
def imprint() -> Any:
    """Who is responsible (§ 5 DDG, § 18 Abs. 2 MStV)."""
    return web.page("site/imprint.html")


@blueprint.get("/datenschutz")
@web.public
def privacy() -> Any:
    """What is kept about people, what for, and how long (Art. 13 GDPR)."""
    return web.page("site/privacy.html", kinds=kinds())


@blueprint.get("/barrierefreiheit")
@web.public
def accessibility() -> Any:
    """The accessibility statement (EU 2018/1523)."""
    return web.page("site/accessibility.html", statement=STATEMENT)


@blueprint.get("/leichte-sprache")
@web.public
def easy_language() -> Any:
    """What this is, in easy German."""
    return web.page("site/easy_language.html")


@blueprint.route("/barriere-melden", methods=["GET", "POST"])
@web.public
def barrier() -> Any:
    """Report a barrier; the report goes to the team by mail."""
    form = BarrierForm(where=request.args.get("seite", ""))
    if form.accepted():
        sent = {name: form[name].data or "" for name in ("where", "what", "name", "address")}
        session["barrier"] = services.report_barrier(**sent)
        return redirect(url_for("site.barrier_reported"), 303)
    return web.page("site/barrier.html", form=form)


@blueprint.get("/barriere-melden/danke")
@web.public
def barrier_reported() -> Any:
    """Thanks, with the reference to quote and when an answer is due."""
    return web.page("site/barrier_reported.html", reference=session.get("barrier", ""))


@blueprint.get("/suche")
@web.public
def search() -> Any:
    """Search in everything that is public."""
    words = request.args.get("q", "").strip()[:200]
    hits = queries.search(words, current_app.extensions["wiring"].SEARCH)
    return web.page("site/search.html", words=words, hits=hits, minimum=queries.MINIMUM)


@blueprint.get("/sitemap.xml")
@web.public
def sitemap() -> Response:
    """All public pages (sitemaps.org 0.9)."""
    base = current_app.config["RUNDBRIEF"].public_url
    addresses = [base + path for path in queries.public_paths()]
    body = render_template("site/sitemap.xml", addresses=addresses)
    return web.conditional(body.encode(), "application/xml", None)


@blueprint.get("/robots.txt")
@web.public
def robots() -> Response:
    """What search engines may visit (RFC 9309)."""
    base = current_app.config["RUNDBRIEF"].public_url
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), "", f"Sitemap: {base}/sitemap.xml", ""]
    return web.conditional("\n".join(lines).encode(), "text/plain", None)


@blueprint.get("/.well-known/security.txt")
@web.public
def security() -> Response:
    """Whom to tell about a weakness (RFC 9116); 404 before a contact address is known."""
    contact = identity.current().contact_email
    if not contact:
        return Response(status=404)
    base = current_app.config["RUNDBRIEF"].public_url
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: mailto:{contact}",
        f"Expires: {midnight + timedelta(days=180):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: de, en",
        f"Canonical: {base}/.well-known/security.txt",
        "",
    ]
    return web.conditional("\n".join(lines).encode(), "text/plain", None)
