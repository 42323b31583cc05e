"""The editor of an issue: each block a fieldset, moved and removed by buttons that also work without JavaScript."""

import re
from typing import Any

from flask import redirect, request, url_for

from app import subscriptions
from app.kernel import web
from app.kernel.errors import Invalid
from app.kernel.i18n import _
from app.newsletter import blocks as block_list
from app.newsletter import queries, rules, services
from app.newsletter.blocks import Block
from app.newsletter.desk_views.blueprint import blueprint
from app.newsletter.forms import IssueForm, issue_form


@blueprint.route("/ausgaben/<int:issue_id>/bearbeiten", methods=["GET", "POST"])
@web.requires("editor")
def edit(issue_id: int) -> Any:
    """Write an issue. Whatever button is pressed, what was written is saved first."""
    issue = queries.get(issue_id)
    if not rules.may_edit(issue):
        raise services.WrongState
    form = issue_form(issue)
    if form.accepted():
        try:
            return _save(issue_id, form)
        except Invalid as error:
            form.show(error)
    return web.page(
        "newsletter/desk/editor.html",
        issue=queries.get(issue_id),
        form=form,
        newsletter=subscriptions.get_newsletter(issue.newsletter_id),
        kinds=block_list.KINDS,
    )


def _save(issue_id: int, form: IssueForm) -> Any:
    if queries.get_for_change(issue_id).updated_at.isoformat() != form.seen.data:
        raise Invalid(
            _(
                "Inzwischen hat jemand diese Ausgabe geändert. "
                "Bitte öffnen Sie sie in einem zweiten Fenster und vergleichen Sie beide Fassungen."
            )
        )
    values = form.values()
    do, _colon, which = request.form.get("do", "save").partition(":")
    values["blocks"], place = rearranged(values["blocks"], do, which)
    services.edit(issue_id, values, web.me().id)
    if do == "check":
        return redirect(url_for("newsletter_desk.issue", issue_id=issue_id), 303)
    web.note(_("Gespeichert."))
    return redirect(url_for("newsletter_desk.edit", issue_id=issue_id, _anchor=place), 303)


def rearranged(among: list[Block], do: str, which: str) -> tuple[list[Block], str | None]:
    """The blocks after ``do`` (up, down, remove, add), and where on the page the work goes on. Raises Invalid."""
    if do == "add":
        made = block_list.new(which, among)
        return [*among, made], f"block-{made['id']}"
    number = int(which) if re.fullmatch("[0-9]{1,9}", which) else 0
    if do in ("up", "down"):
        return block_list.moved(among, number, -1 if do == "up" else 1), f"block-{number}"
    if do == "remove":
        return block_list.without(among, number), "blocks"
    return among, None
