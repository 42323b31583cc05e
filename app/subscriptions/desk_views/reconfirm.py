"""Asking people whose confirmation is old whether they still want a newsletter."""

from datetime import timedelta
from typing import Any

from flask import redirect, url_for

from app.kernel import clock, web
from app.kernel.errors import Conflict, Invalid
from app.kernel.i18n import _
from app.subscriptions import queries, services
from app.subscriptions.desk_views.blueprint import blueprint
from app.subscriptions.forms import ReconfirmForm


@blueprint.route("/rueckfragen", methods=["GET", "POST"])
@web.requires("editor", "admin")
def reconfirm() -> Any:
    """The campaigns and how far they are; first how many would be asked, then the button that asks them."""
    years_ago = clock.today() - timedelta(days=3 * 365)
    form = ReconfirmForm(data={"before": years_ago})
    count = None
    if form.is_submitted() and form.validate():
        count = services.count_stale(form.newsletter.data, form.before.data)
        if form.sure.data and form.accepted():
            try:
                services.start(form.newsletter.data, form.before.data)
                web.note(_("Die Rückfrage beginnt; die E-Mails gehen in den nächsten Minuten hinaus."))
                return redirect(url_for("subscriptions_desk.reconfirm"), 303)
            except Invalid as error:
                form.show(error)
            except Conflict as error:
                form.form_errors.append(str(error))
    return web.page("subscriptions/desk/reconfirm.html", form=form, count=count, campaigns=queries.campaigns())
