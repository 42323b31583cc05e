"""How the lists grow and shrink, without following anybody; and who may be in them twice."""

from datetime import timedelta
from typing import Final

from flask import Response

from app.kernel import clock, web
from app.subscriptions import queries
from app.subscriptions.desk_views.blueprint import blueprint
from app.subscriptions.funnel import funnel
from app.subscriptions.words import reason_label

MONTHS: Final = 12
SHOWN: Final = 100


@blueprint.get("/bericht")
@web.requires("editor", "approver", "admin")
def report() -> Response:
    """Month by month: confirmed, taken over, left, bounced; how sign-ups went; why people left."""
    since = clock.today() - timedelta(days=365)
    months = queries.growth(MONTHS)
    return web.page(
        "subscriptions/desk/report.html",
        months=months,
        most=max((month.confirmed + month.imported for month in months), default=0),
        people=queries.active_people(),
        funnel=funnel(since),
        reasons=queries.leave_reasons(since=since),
        reason_label=reason_label,
    )


@blueprint.get("/doppelte")
@web.requires("editor", "admin")
def duplicates() -> Response:
    """Who is probably in the list twice."""
    return web.page("subscriptions/desk/duplicates.html", found=queries.duplicates(SHOWN), most=SHOWN)
