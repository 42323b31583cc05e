"""What a person gets, behind the link in each mail."""

from typing import Any

from flask import Response, redirect, url_for

from app.kernel import tokens, web
from app.kernel.errors import Invalid
from app.kernel.i18n import _, ngettext
from app.subscriptions import queries, services, texts
from app.subscriptions.forms import PreferencesForm
from app.subscriptions.models import Format, How, Subscriber
from app.subscriptions.rules import masked
from app.subscriptions.views.blueprint import blueprint


@blueprint.route("/newsletter/einstellungen/<token>", methods=["GET", "POST"])
@web.public
def preferences(token: str) -> Any:
    """What this person gets. The link may have been forwarded: the page says no name and only a hint of the address."""
    derived = tokens.read("preferences", token)
    subscriber = queries.named_by(derived).subscriber
    now = services.preferences_of(subscriber)
    form = PreferencesForm(data={name: getattr(now, name) for name in now.__dataclass_fields__})
    form.regions.offer(now.regions)
    if form.accepted():
        try:
            _tell(services.change(derived, _wanted(form), texts.consent()))
            return redirect(url_for("subscriptions.preferences", token=token), 303)
        except Invalid as error:
            form.show(error)
    return _page(form, subscriber, now, token)


def _page(form: PreferencesForm, subscriber: Subscriber, now: services.Preferences, token: str) -> Response:
    leave = [(s.newsletter.title, queries.unsubscribe_url(s)) for s in services.active_subscriptions(subscriber)]
    return web.page(
        "subscriptions/preferences.html", form=form, hint=masked(subscriber.address), now=now, leave=leave, token=token
    )


def _wanted(form: PreferencesForm) -> services.Preferences:
    return services.Preferences(
        newsletters=tuple(form.newsletters.data or ()),
        regions=form.chosen_regions(),
        topics=tuple(form.topics.data or ()),
        lang=form.lang.data,
        how=How(form.how.data),
        format=Format(form.format.data),
        paused_until=form.paused_until.data,
    )


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
