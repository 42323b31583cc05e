"""How signing up goes: the funnel, and whether sign-ups wait."""

from datetime import timedelta
from typing import Final

from flask import Response

from app.kernel import clock, config, web
from app.subscriptions import limits
from app.subscriptions.desk_views.blueprint import blueprint
from app.subscriptions.funnel import funnel

DAYS: Final = 30


@blueprint.get("/anmeldungen")
@web.requires("editor", "approver", "admin")
def sign_ups() -> Response:
    """How many signed up in the last 30 days, how many confirmed and how fast; figures without names."""
    return web.page(
        "subscriptions/desk/sign_ups.html",
        days=DAYS,
        lines=funnel(clock.today() - timedelta(days=DAYS - 1)),
        waiting=limits.waiting(),
        full=limits.is_full(),
        ceiling=config.current().sign_up_ceiling,
    )
