"""Mails about what the team did for somebody, and about confirmations that are old."""

from datetime import UTC, date, datetime
from typing import Final

from app.kernel.mail import Mail, MailSample, render


def withdrawn(newsletter: str, at: datetime, lang: str) -> Mail:
    """Tells that the team ended a subscription, as it was asked to."""
    return render("subscriptions/withdrawn", lang, newsletter=newsletter, at=at)


def reconfirm(newsletter: str, until: date, lang: str, *, reminder: bool) -> Mail:
    """Asks whether somebody still wants a newsletter; the ``reminder`` says that it ends after that day."""
    return render("subscriptions/reconfirm", lang, newsletter=newsletter, until=until, reminder=reminder)


_AT: Final = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
_UNTIL: Final = date(2026, 12, 31)

SAMPLES: Final = [
    MailSample("subscriptions/withdrawn", lambda lang: withdrawn("OZG-Newsletter", _AT, lang)),
    MailSample("subscriptions/reconfirm", lambda lang: reconfirm("OZG-Newsletter", _UNTIL, lang, reminder=True)),
]
