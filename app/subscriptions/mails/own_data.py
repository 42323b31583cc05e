"""The mail that leads to one's own data."""

from datetime import UTC, datetime
from typing import Final

from app.kernel import web
from app.kernel.mail import Mail, MailSample, render

_ASKED: Final = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
_TOKEN: Final = "Muster-Token-nur-fuer-die-Vorschau"  # noqa: S105


def my_data(token: str, asked_at: datetime, lang: str) -> Mail:
    """Leads to all that is kept about this address, for 24 hours; says what to do who did not ask."""
    return render("subscriptions/my_data", lang, url=web.url("subscriptions.my_data", token=token), asked_at=asked_at)


SAMPLES: Final = [MailSample("subscriptions/my_data", lambda lang: my_data(_TOKEN, _ASKED, lang))]
