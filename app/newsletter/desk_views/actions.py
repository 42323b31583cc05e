"""The list of issues, the page of one, and what can be decided about it."""

from collections.abc import Callable
from typing import Any

from flask import Response, redirect, url_for
from wtforms.fields.choices import SelectChoice

from app import accounts, approvals, delivery, subscriptions
from app.kernel import clock, web
from app.kernel.errors import Invalid
from app.kernel.forms import ActionForm, Form
from app.kernel.i18n import _, ngettext
from app.newsletter import queries, rules, services
from app.newsletter.content import for_templates, resolve, stale_items
from app.newsletter.desk_views.blueprint import TEAM, blueprint
from app.newsletter.forms import ApproveForm, NewIssueForm, RejectForm, ScheduleForm
from app.newsletter.models import Issue, IssueState


@blueprint.route("/ausgaben", methods=["GET", "POST"])
@web.requires(*TEAM)
def issues() -> Any:
    """All issues and where they stand; a new one is begun here."""
    form = _new_issue_form()
    actor = web.me()
    if actor.is_any("editor") and form.accepted():
        made = services.draft(form.newsletter.data, actor.id)
        return redirect(url_for("newsletter_desk.edit", issue_id=made.id), 303)
    newsletters = subscriptions.newsletters()
    return web.page(
        "newsletter/desk/issues.html",
        issues=queries.desk_list(),
        titles={newsletter.id: newsletter.title for newsletter in newsletters},
        welcomes=[(newsletter.slug, newsletter.title) for newsletter in newsletters],
        form=form,
    )


def _new_issue_form() -> NewIssueForm:
    form = NewIssueForm()
    form.newsletter.choices = [
        SelectChoice(newsletter.id, newsletter.title) for newsletter in subscriptions.newsletters()
    ]
    return form


@blueprint.get("/ausgaben/<int:issue_id>")
@web.requires(*TEAM)
def issue(issue_id: int) -> Response:
    """One issue: its state, what is wrong with it, and what can be done next."""
    return _show(queries.get(issue_id))


def _show(issue: Issue, **forms: Form) -> Response:
    content = issue.content or resolve(issue)
    approval = approvals.current(issue.subject)
    moment = clock.local(issue.send_at) if issue.send_at else None
    known: dict[str, Form] = {
        "approve_form": ApproveForm(formdata=None, seen=issue.content_hash),
        "reject_form": RejectForm(formdata=None),
        "schedule_form": ScheduleForm(formdata=None, day=moment, at=moment),
        "action_form": ActionForm(formdata=None),
        **forms,
    }
    return web.page(
        "newsletter/desk/issue.html",
        form=next(iter(forms.values()), None),
        issue=issue,
        content=for_templates(content),
        newsletter=subscriptions.get_newsletter(issue.newsletter_id),
        audience=subscriptions.count_audience(issue.newsletter_id),
        findings=services.findings(issue, content) if rules.may_edit(issue) else [],
        stale=stale_items(issue.content) if issue.content and rules.may_edit(issue) else [],
        approval=approval,
        people={person.id: person.name for person in accounts.everybody()},
        outlook=delivery.outlook(issue.subject) if issue.is_public else None,
        now=clock.now(),
        locked=delivery.locked_by(),
        may=_may(issue),
        **known,
    )


def _may(issue: Issue) -> dict[str, bool]:
    actor = web.me()
    editor, approver = actor.is_any("editor"), actor.is_any("approver")
    approval = approvals.current(issue.subject)
    return {
        "test": editor or approver,
        "edit": editor and rules.may_edit(issue),
        "submit": editor and rules.may_submit(issue),
        "approve": approver and rules.may_decide(issue) and approval is not None and actor.id not in approval.authors,
        "reject": approver and rules.may_decide(issue),
        "schedule": editor and rules.may_schedule(issue),
        "cancel": editor and issue.state == "scheduled",
        "hold": editor and rules.may_hold(issue),
        "cancel_sending": editor and rules.may_cancel(issue),
        "resume": editor and (rules.may_resume(issue) or _rests(issue)),
    }


def _rests(issue: Issue) -> bool:
    """Whether the delivery stopped the sending itself, because the server refuses mails like these."""
    return issue.state == IssueState.SENDING and delivery.progress(issue.subject).held is not None


def _done(issue_id: int, words: str) -> Any:
    web.note(words)
    return redirect(url_for("newsletter_desk.issue", issue_id=issue_id), 303)


def _act(issue_id: int, form: Form, do: Callable[[], Any], words: str, name: str = "action_form") -> Any:
    """Do it if the form is in order; else, or if the domain refuses a value, show the page with what to correct."""
    queries.get(issue_id)
    if form.accepted():
        try:
            do()
        except Invalid as error:
            form.show(error)
        else:
            return _done(issue_id, words)
    return _show(queries.get(issue_id), **{name: form})


@blueprint.post("/ausgaben/<int:issue_id>/vorlegen")
@web.requires("editor")
def submit(issue_id: int) -> Any:
    """Ask a second person for consent."""
    words = _("Die Ausgabe liegt zur Freigabe vor. Eine andere Person aus dem Team gibt sie frei.")
    return _act(issue_id, ActionForm(), lambda: services.submit(issue_id, web.me().id), words)


@blueprint.post("/ausgaben/<int:issue_id>/freigeben")
@web.requires("approver")
def approve(issue_id: int) -> Any:
    """Consent to exactly what was shown."""
    form = ApproveForm()
    do = lambda: services.approve(issue_id, form.seen.data, web.me().id)  # noqa: E731
    return _act(issue_id, form, do, _("Die Ausgabe ist freigegeben. Sie kann jetzt terminiert werden."), "approve_form")


@blueprint.post("/ausgaben/<int:issue_id>/zurueckgeben")
@web.requires("approver")
def reject(issue_id: int) -> Any:
    """Give it back to its authors."""
    form = RejectForm()
    do = lambda: services.reject(issue_id, web.me().id, form.note.data)  # noqa: E731
    return _act(issue_id, form, do, _("Die Ausgabe ist zurückgegeben."), "reject_form")


@blueprint.post("/ausgaben/<int:issue_id>/terminieren")
@web.requires("editor")
def schedule(issue_id: int) -> Any:
    """Set the time."""
    form = ScheduleForm()
    do = lambda: services.schedule(issue_id, form.moment)  # noqa: E731
    return _act(issue_id, form, do, _("Der Versand ist terminiert."), "schedule_form")


@blueprint.post("/ausgaben/<int:issue_id>/jetzt-versenden")
@web.requires("editor")
def send_now(issue_id: int) -> Any:
    """Begin at the worker's next turn."""
    words = _("Der Versand beginnt in wenigen Sekunden.")
    return _act(issue_id, ActionForm(), lambda: services.send_now(issue_id), words)


@blueprint.post("/ausgaben/<int:issue_id>/versand-absagen")
@web.requires("editor")
def cancel(issue_id: int) -> Any:
    """Take the time back."""
    words = _("Der Versandtermin ist aufgehoben. Die Freigabe gilt weiter.")
    return _act(issue_id, ActionForm(), lambda: services.cancel_schedule(issue_id), words)


@blueprint.post("/ausgaben/<int:issue_id>/anhalten")
@web.requires("editor", "approver")
def hold(issue_id: int) -> Any:
    """Stop it."""
    words = _("Der Versand ist angehalten. Was schon unterwegs ist, lässt sich nicht zurückholen.")
    return _act(issue_id, ActionForm(), lambda: services.hold(issue_id), words)


@blueprint.post("/ausgaben/<int:issue_id>/fortsetzen")
@web.requires("editor")
def resume(issue_id: int) -> Any:
    """Let it go on."""
    return _act(issue_id, ActionForm(), lambda: services.resume(issue_id), _("Der Versand geht weiter."))


@blueprint.route("/ausgaben/<int:issue_id>/abbrechen", methods=["GET", "POST"])
@web.requires("editor")
def cancel_sending(issue_id: int) -> Any:
    """What breaking off a sending does, and the button that does it."""
    form = ActionForm()
    found = queries.get(issue_id)
    if form.accepted():
        words = ngettext(
            "Der Versand ist abgebrochen. %(num)d Adresse bekommt diese Ausgabe nicht.",
            "Der Versand ist abgebrochen. %(num)d Adressen bekommen diese Ausgabe nicht.",
            services.cancel(issue_id),
        )
        return _done(issue_id, words)
    if not rules.may_cancel(found):
        return redirect(url_for("newsletter_desk.issue", issue_id=issue_id), 303)
    return web.page(
        "newsletter/desk/cancel.html",
        form=form,
        issue=found,
        newsletter=subscriptions.get_newsletter(found.newsletter_id),
        progress=delivery.progress(found.subject),
    )


@blueprint.post("/ausgaben/<int:issue_id>/testen")
@web.requires("editor", "approver")
def send_test(issue_id: int) -> Any:
    """Send it to oneself."""
    actor = web.me()
    words = _("Der Testversand an %(address)s ist unterwegs.", address=actor.email)
    return _act(issue_id, ActionForm(), lambda: services.send_test(issue_id, actor.email, actor.name), words)


@blueprint.get("/ausgaben/<int:issue_id>/bericht")
@web.requires(*TEAM)
def report(issue_id: int) -> Response:
    """How far its sending is, and that nobody is missing."""
    found = queries.get(issue_id)
    return web.page(
        "newsletter/desk/report.html",
        issue=found,
        newsletter=subscriptions.get_newsletter(found.newsletter_id),
        outlook=delivery.outlook(found.subject),
        now=clock.now(),
    )
