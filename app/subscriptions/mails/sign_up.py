"""The mails about signing up."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from app.kernel import web
from app.kernel.mail import Mail, MailSample, render
from app.subscriptions.models import Subscription
from app.subscriptions.queries import preferences_url


def confirm(newsletters: Sequence[str], token: str, asked_at: datetime, *, hours: int, lang: str) -> Mail:
    """Asks whether the person wants these newsletters (their titles), for ``hours``. Free of advertising."""
    return render(
        "subscriptions/confirm",
        lang,
        newsletters=list(newsletters),
        url=web.url("subscriptions.confirm", token=token),
        asked_at=asked_at,
        hours=hours,
    )


def already(subscription: Subscription, lang: str) -> Mail:
    """Tells somebody who signed up again that they are subscribed, and where to change what they get."""
    return _already(subscription.newsletter.title, preferences_url(subscription), lang)


def _already(newsletter: str, url: str, lang: str) -> Mail:
    return render("subscriptions/already", lang, newsletter=newsletter, url=url)


_ASKED: Final = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
_LINK: Final = "1-1-nur-fuer-die-vorschau"

SAMPLES: Final = [
    MailSample(
        "subscriptions/confirm",
        lambda lang: confirm(
            ["OZG-Newsletter", "SAKD-aktuell"], "Muster-Token-nur-fuer-die-Vorschau", _ASKED, hours=72, lang=lang
        ),
    ),
    MailSample(
        "subscriptions/already",
        lambda lang: _already("OZG-Newsletter", web.url("subscriptions.preferences", token=_LINK), lang),
    ),
]
