"""The desk pages of announcements: writing, previewing, laying before a second person, approving, taking back."""

from typing import Any

from flask import Blueprint, Response, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app import accounts, approvals
from app.announcements import queries, rules, services
from app.announcements.channel import Preview
from app.announcements.forms import AnnouncementForm, ApproveForm, RejectForm, WithdrawForm
from app.announcements.models import KIND_LABELS, Announcement, Change, State
from app.announcements.views import labels
from app.kernel import clock, web
from app.kernel.errors import Invalid, NotFound
from app.kernel.forms import ActionForm
from app.kernel.i18n import _, lazy

blueprint = Blueprint("announcements_desk", __name__, url_prefix="/redaktion/meldungen", template_folder="templates")

TEAM = ("editor", "approver", "admin")


@blueprint.get("")
@web.requires(*TEAM)
def index() -> Response:
    """All announcements with their working copies, the last changed first."""
    state = request.args.get("stand", "")
    chosen = state if state in {s.value for s in State} else None
    found = queries.in_work(state=chosen)
    return web.page("announcements/desk/index.html", announcements=found, state=chosen, kinds=KIND_LABELS)


@blueprint.route("/neu", methods=["GET", "POST"])
@web.requires("editor", "admin")
def new() -> AnyResponse:
    """Write a new announcement."""
    form = AnnouncementForm.of(None)
    if form.accepted():
        try:
            announcement = services.draft(form.content(), web.me().id, form.plan())
        except Invalid as error:
            form.show(error)
        else:
            web.note(_("Die Meldung ist als Entwurf gespeichert."))
            return redirect(url_for(".show", announcement_id=announcement.id), 303)
    return web.page("announcements/desk/edit.html", form=form, announcement=None)


@blueprint.route("/<int:announcement_id>/bearbeiten", methods=["GET", "POST"])
@web.requires("editor", "approver", "admin")
def edit(announcement_id: int) -> AnyResponse:
    """Change the working copy; what was submitted or approved is void then."""
    announcement = queries.get(announcement_id)
    form = AnnouncementForm.of(announcement)
    if form.accepted():
        try:
            services.edit(announcement, form.content(announcement.content), web.me().id, form.plan())
        except Invalid as error:
            form.show(error)
        else:
            web.note(_("Die Änderungen sind gespeichert."))
            return redirect(url_for(".show", announcement_id=announcement.id), 303)
    return web.page("announcements/desk/edit.html", form=form, announcement=announcement)


@blueprint.get("/<int:announcement_id>")
@web.requires(*TEAM)
def show(announcement_id: int) -> Response:
    """Where the announcement stands, what every channel will say, and what can be done next."""
    return _page(queries.get(announcement_id))


@blueprint.get("/<int:announcement_id>/vorschau/<int:number>.html")
@web.requires(*TEAM)
def preview_html(announcement_id: int, number: int) -> Response:
    """The HTML of one channel's preview alone, to be shown in a frame."""
    found = _previews(queries.get(announcement_id))
    if number >= len(found) or not found[number].html:
        raise NotFound(lazy("Diese Vorschau gibt es nicht. Bitte laden Sie die Seite der Meldung neu."))
    return web.framed(found[number].html, pictures="'self' data:")


@blueprint.post("/<int:announcement_id>/vorlegen")
@web.requires("editor", "approver", "admin")
def submit(announcement_id: int) -> AnyResponse:
    """Lay the announcement before a second person."""
    announcement = queries.get(announcement_id)
    form = ActionForm()
    if form.accepted():
        try:
            services.submit(announcement, web.me().id)
        except Invalid as error:
            form.show(error)
            return _page(announcement, form=form)
        web.note(_("Die Meldung liegt zur Freigabe vor."))
    return _back(announcement)


@blueprint.post("/<int:announcement_id>/freigeben")
@web.requires("approver")
def approve(announcement_id: int) -> AnyResponse:
    """The second person's consent to the content whose hash the page carried."""
    announcement = queries.get(announcement_id)
    form = ApproveForm()
    if form.accepted():
        try:
            services.approve(announcement, form.content_hash.data or "", web.me().id, form.at())
        except Invalid as error:
            form.show(error)
            return _page(announcement, form=form, approve_form=form)
        web.note(_("Die Meldung ist freigegeben und terminiert."))
        return _back(announcement)
    return _page(announcement, form=form, approve_form=form)


@blueprint.post("/<int:announcement_id>/zurueckgeben")
@web.requires("approver")
def reject(announcement_id: int) -> AnyResponse:
    """Give the announcement back to its authors, with a note."""
    announcement = queries.get(announcement_id)
    form = RejectForm()
    if form.accepted():
        services.reject(announcement, web.me().id, form.note.data)
        web.note(_("Die Meldung ist zurückgegeben."))
        return _back(announcement)
    return _page(announcement, form=form, reject_form=form)


@blueprint.post("/<int:announcement_id>/terminieren")
@web.requires("approver")
def schedule(announcement_id: int) -> AnyResponse:
    """Set or change the time of what is approved."""
    announcement = queries.get(announcement_id)
    form = ApproveForm()
    if form.accepted():
        try:
            services.schedule(announcement, form.at(), web.me().id)
        except Invalid as error:
            form.show(error)
            return _page(announcement, form=form, approve_form=form)
        web.note(_("Der Zeitpunkt ist gespeichert."))
        return _back(announcement)
    return _page(announcement, form=form, approve_form=form)


@blueprint.post("/<int:announcement_id>/zurueckholen")
@web.requires("editor", "approver", "admin")
def recall(announcement_id: int) -> AnyResponse:
    """Back to the drafts before it is published."""
    announcement = queries.get(announcement_id)
    if ActionForm().accepted():
        services.recall(announcement, web.me().id)
        web.note(_("Die Meldung ist wieder ein Entwurf; eine Freigabe gilt nicht mehr."), "info")
    return _back(announcement)


@blueprint.post("/<int:announcement_id>/verwerfen")
@web.requires("editor", "admin")
def discard(announcement_id: int) -> AnyResponse:
    """Give up the correction in work."""
    announcement = queries.get(announcement_id)
    if ActionForm().accepted():
        services.discard(announcement, web.me().id)
        web.note(_("Die begonnene Änderung ist verworfen; veröffentlicht bleibt, was veröffentlicht war."), "info")
    return _back(announcement)


@blueprint.route("/<int:announcement_id>/zurueckziehen", methods=["GET", "POST"])
@web.requires("editor", "admin")
def withdraw(announcement_id: int) -> AnyResponse:
    """Say why, see whom it reaches, and lay the withdrawal before a second person."""
    announcement = queries.get(announcement_id)
    form = WithdrawForm()
    if form.accepted():
        services.withdraw(announcement, web.me().id, form.reason.data)
        services.submit(announcement, web.me().id)
        web.note(_("Die Zurückziehung liegt zur Freigabe vor."))
        return _back(announcement)
    reached = [d for d in queries.dispatches(announcement.id) if d.sent_at]
    names = sorted({dispatch.channel.name for dispatch in reached})
    return web.page("announcements/desk/withdraw.html", form=form, announcement=announcement, reached=names)


def _page(announcement: Announcement, **forms: Any) -> Response:
    revision = queries.preview(announcement)
    approval = approvals.current(announcement.subject)
    history = approvals.history(announcement.subject)
    people = {id_: accounts.find(id_) for a in history for id_ in (a.author_id, a.approver_id) if id_}
    context: dict[str, Any] = {
        "announcement": announcement,
        "revision": revision,
        "approval": approval,
        "approvals": history,
        "names": {id_: person.name if person else _("gelöschtes Konto") for id_, person in people.items()},
        "findings": rules.findings(announcement.content, clock.now()) if _is_editable(announcement) else [],
        "previews": _previews(announcement),
        "dispatches": queries.dispatches(announcement.id),
        "revisions": queries.revisions(announcement.id),
        "may_approve": _may_approve(announcement, approval),
        "approve_form": ApproveForm.of(announcement) if "approve_form" not in forms else None,
        "reject_form": RejectForm(formdata=None) if "reject_form" not in forms else None,
        **labels(revision),
        **forms,
    }
    return web.page("announcements/desk/show.html", **context)


def _may_approve(announcement: Announcement, approval: approvals.Approval | None) -> bool:
    actor = web.current_actor()
    waiting = announcement.state in (State.SUBMITTED, State.APPROVED, State.SCHEDULED)
    return bool(waiting and actor and approval and actor.is_any("approver") and actor.id not in approval.authors)


def _is_editable(announcement: Announcement) -> bool:
    return announcement.state == State.DRAFT and announcement.change != Change.WITHDRAWAL


def _previews(announcement: Announcement) -> list[Preview]:
    revision = queries.preview(announcement)
    wiring = current_app.extensions["wiring"]
    previews = [*(kind.preview for kind in wiring.CHANNEL_KINDS), *wiring.PREVIEWS]
    return [shown for preview in previews for shown in preview(revision)]


def _back(announcement: Announcement) -> AnyResponse:
    return redirect(url_for(".show", announcement_id=announcement.id), 303)
