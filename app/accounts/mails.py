"""The mails to the people of the team: a link to set a password."""

from datetime import UTC, datetime
from typing import Final

from app.accounts.rules import Purpose
from app.kernel import web
from app.kernel.mail import Mail, MailSample, render


def invitation(name: str, token: str, expires_at: datetime, lang: str) -> Mail:
    """Invites a person to the team: who they are called, and the link to set their first password."""
    url = web.url("accounts.invitation", token=token)
    return render("accounts/invitation", lang, name=name, url=url, expires_at=expires_at)


def reset(name: str, token: str, expires_at: datetime, lang: str) -> Mail:
    """Leads to a new password; says what to do if somebody else asked for it."""
    url = web.url("accounts.reset", token=token)
    return render("accounts/reset", lang, name=name, url=url, expires_at=expires_at)


WRITE: Final = {Purpose.INVITATION: invitation, Purpose.RESET: reset}

_UNTIL: Final = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
_TOKEN: Final = "Muster-Token-nur-fuer-die-Vorschau"  # noqa: S105

SAMPLES: Final = [
    MailSample("accounts/invitation", lambda lang: invitation("Alma Beispiel", _TOKEN, _UNTIL, lang)),
    MailSample("accounts/reset", lambda lang: reset("Alma Beispiel", _TOKEN, _UNTIL, lang)),
]
