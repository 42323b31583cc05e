"""The list of who takes what, and where they are."""

from typing import Any, Final

from flask import Response, request, url_for

from app.kernel import web
from app.subscriptions import queries
from app.subscriptions.desk_views.blueprint import blueprint
from app.subscriptions.desk_views.words import state_words
from app.subscriptions.district_map import VIEW_BOX, shapes
from app.subscriptions.forms import FilterForm

STEPS: Final = 4  # shades of the map


@blueprint.get("")
@web.requires("editor", "approver", "admin")
def index() -> Response:
    """Who takes what, and how many in each Kreis."""
    form = FilterForm(request.args)
    wanted = form.wanted()
    kept = kept_values(wanted)
    districts, everything = queries.counts_by_district(wanted.newsletter)
    return web.page(
        "subscriptions/desk/index.html",
        filters=form,
        page=queries.subscriptions(wanted, request.args.get("seite", 1, int)),
        page_url=lambda number: url_for("subscriptions_desk.index", seite=number, **kept),
        kept=kept,
        newsletters=queries.newsletters(),
        states=queries.counts_by_state(),
        districts=districts,
        everything=everything,
        shapes=_shaded(districts),
        view_box=VIEW_BOX,
        words=state_words(),
    )


def kept_values(wanted: queries.Filter) -> dict[str, Any]:
    """What an address has to say for the same selection."""
    chosen = {name: getattr(wanted, name) for name in ("text", "newsletter", "state", "region", "topic")}
    return {name: value for name, value in chosen.items() if value}


def _shaded(districts: list[queries.InDistrict]) -> list[dict[str, Any]]:
    """The shapes of the map: the more, the darker; the figure itself stands on each."""
    lines = {line.ags: line for line in districts}
    most = max((line.count for line in districts), default=0) or 1
    return [
        {
            "path": shape.path,
            "x": shape.x,
            "y": shape.y,
            "ags": shape.ags,
            "line": lines[shape.ags],
            "shade": round(0.36 * -(-lines[shape.ags].count * STEPS // most) / STEPS, 2),
        }
        for shape in shapes()
        if shape.ags in lines
    ]
