"""The desk's pages on sending: what leaves now, what failed, what is in doubt, and why nothing leaves."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, current_app, redirect, request, url_for

from app.delivery import queries, services
from app.delivery.models import State
from app.delivery.watch import sendings, waiting, ways
from app.delivery.watch.labels import CIRCUIT_LABELS, HINDRANCE_LABELS, LIFE_LABELS, happened
from app.kernel import audit, clock, config, jobs, web
from app.kernel.forms import ActionForm
from app.kernel.i18n import _, ngettext

blueprint = Blueprint("delivery_desk", __name__, url_prefix="/redaktion/versand", template_folder="templates")


@blueprint.get("")
@web.requires()
def overview() -> Any:
    """What leaves now, all sendings with their equation, and what needs a person."""
    groups, singles = queries.sendings(), queries.singles()
    alone = {state: sum(count for _kind, known, count in singles if known is state) for state in State}
    return web.page(
        "delivery/overview.html",
        groups=groups,
        singles=singles,
        totals={
            "uncertain": sum(group.uncertain for group in groups) + alone[State.UNCERTAIN],
            "failed": sum(group.failed for group in groups) + alone[State.FAILED],
        },
        stopped=queries.stopped(),
        uncertain=queries.in_state(State.UNCERTAIN),
        doubtful=[group for group in groups if group.uncertain > 1],
        failed=queries.in_state(State.FAILED),
        state_labels=queries.STATE_LABELS,
        kind_labels=queries.KIND_LABELS,
        **_now(),
    )


@blueprint.get("/live")
@web.requires()
def live() -> Any:
    """What leaves now, and nothing else: the page that is asked again and again."""
    return web.page("delivery/live.html", reloads=request.args.get("neu-laden") == "1", **_now())


@blueprint.route("/<int:delivery_id>/erneut", methods=["GET", "POST"])
@web.requires()
def send_again(delivery_id: int) -> Any:
    """What sending again does, and the button that does it."""
    form = ActionForm()
    if form.accepted():
        delivery = services.send_again(delivery_id)
        web.note(_("Die Nachricht an %(address)s geht noch einmal hinaus.", address=delivery.address))
        return redirect(url_for("delivery_desk.overview"), 303)
    return web.page(
        "delivery/send_again.html", form=form, delivery=queries.get_uncertain(delivery_id), happened=happened
    )


@blueprint.route("/gruppen/<group>/erneut", methods=["GET", "POST"])
@web.requires()
def send_all_again(group: str) -> Any:
    """What sending again all that is in doubt of one sending does, and the button that does it."""
    form = ActionForm()
    doubtful = queries.get_doubtful(group)
    if form.accepted():
        count = services.send_all_again(group)
        web.note(
            ngettext(
                "%(num)d Nachricht geht noch einmal hinaus.", "%(num)d Nachrichten gehen noch einmal hinaus.", count
            )
        )
        return redirect(url_for("delivery_desk.overview"), 303)
    return web.page("delivery/send_all_again.html", form=form, doubtful=doubtful)


@blueprint.post("/gruppen/<group>/freigeben")
@web.requires()
def release(group: str) -> Any:
    """Let single mails that were refused go on; an issue goes on from its own page."""
    if ActionForm().accepted():
        queries.get_stopped(group)
        services.release(group)
        audit.record("released", f"sending:{group}")
        web.note(_("Die Nachricht geht noch einmal hinaus."))
    return redirect(url_for("delivery_desk.overview"), 303)


def _page_of(group: str) -> str | None:
    """Where this sending is stopped and goes on, if it has a page of its own."""
    kind, _colon, number = group.partition(":")
    page: tuple[str, str] | None = current_app.extensions["wiring"].SENDING_PAGES.get(kind)
    if page is None or not number.isdecimal():
        return None
    values: dict[str, Any] = {page[1]: int(number)}
    return url_for(page[0], **values)


def _now() -> dict[str, Any]:
    known, sending = ways.ways(), ways.processes()
    is_idle = ways.is_idle(sending, known) or jobs.are_silent()
    under_way = sendings.under_way(known)
    return {
        "at": clock.now(),
        "every": min((outlook.every for outlook in under_way), default=sendings.CALM),
        "under_way": [replace(outlook, done_at=None) for outlook in under_way] if is_idle else under_way,
        "ways": known,
        "processes": sending,
        "is_idle": is_idle,
        "worker_at": jobs.last_run_at(),
        "failing": [run for run in jobs.runs() if run.failures],
        "deferrals": waiting.deferrals(),
        "connections": config.current().send_connections,
        "locked_by": queries.locked_by(),
        "hindrances": HINDRANCE_LABELS,
        "circuits": CIRCUIT_LABELS,
        "lives": LIFE_LABELS,
        "happened": happened,
        "page_of": _page_of,
    }
