"""The pages of the desk that show several features."""

from typing import Any

from flask import Blueprint, request, url_for

from app.desk import log, words
from app.desk.board import Board, board, by_week, plan
from app.kernel import web

blueprint = Blueprint("desk", __name__, url_prefix="/redaktion", template_folder="templates")


@blueprint.get("/")
@web.requires()
def index() -> Any:
    """What waits for this person, and how everything is."""
    found = board(web.me().id)
    return web.page("desk/index.html", board=found, is_quiet=_is_quiet(found))


def _is_quiet(found: Board) -> bool:
    """Whether there is nothing at all: a new instance, or a very tidy one."""
    return not (
        found.to_approve
        or found.submitted
        or found.drafts
        or found.sending
        or found.going_out
        or found.contributions_waiting
    )


@blueprint.get("/planung")
@web.requires()
def planning() -> Any:
    """What goes out and what takes place in the next weeks."""
    return web.page("desk/plan.html", weeks=by_week(plan()))


@blueprint.get("/protokoll")
@web.requires("admin")
def protocol() -> Any:
    """Who did what, and when."""
    text = request.args.get("q", "").strip()[:100]
    page = log.entries(text, request.args.get("seite", 1, type=int))
    return web.page(
        "desk/log.html",
        page=page,
        text=text,
        act=words.act,
        thing=words.thing,
        page_url=lambda number: url_for("desk.protocol", q=text or None, seite=number),
    )
