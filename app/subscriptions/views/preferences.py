"""What a person gets, behind the link in each mail."""

from typing import Any

from flask import redirect, url_for

from app.kernel import tokens, web
from app.kernel.i18n import _, ngettext
from app.subscriptions import queries, services, texts
from app.subscriptions.forms import PreferencesForm
from app.subscriptions.rules import masked
from app.subscriptions.views.blueprint import blueprint


@blueprint.route("/newsletter/einstellungen/<token>", methods=["GET", "POST"])
@web.public
def preferences(token: str) -> Any:
    """What this person gets. The link may have been forwarded: the page says no name and only a hint of the address."""
    derived = tokens.read("preferences", token)
    subscriber = queries.named_by(derived).subscriber
    now = services.preferences_of(subscriber)
    form = PreferencesForm(
        data={"newsletters": now.newsletters, "regions": now.regions, "topics": now.topics, "lang": now.lang}
    )
    form.regions.offer(now.regions)
    if form.accepted():
        wanted = services.Preferences(
            tuple(form.newsletters.data or ()), form.chosen_regions(), tuple(form.topics.data or ()), form.lang.data
        )
        _tell(services.change(derived, wanted, texts.consent()))
        return redirect(url_for("subscriptions.preferences", token=token), 303)
    hint = masked(subscriber.address)
    return web.page("subscriptions/preferences.html", form=form, hint=hint, takes=now.newsletters)


def _tell(changed: services.Changed) -> None:
    if changed.asked:
        web.note(
            ngettext(
                "Der neue Newsletter kommt, sobald Sie den Link in der E-Mail bestätigen, die wir Ihnen schicken.",
                "Die neuen Newsletter kommen, sobald Sie den Link in der E-Mail bestätigen, die wir Ihnen schicken.",
                len(changed.asked),
            ),
            "info",
        )
    web.note(_("Ihre Einstellungen sind gespeichert."))
