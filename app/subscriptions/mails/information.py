"""The mail before the first issue, to those who get a newsletter for a public task."""

from datetime import UTC, datetime
from typing import Final

from app.kernel.mail import Mail, MailSample, render


def information(newsletter: str, justification: str, since: datetime, lang: str) -> Mail:
    """Tells what is kept, why, from where, for how long, and how to object (Art. 14 and 21 GDPR).

    ``newsletter`` is its title, ``since`` when the list was handed in.
    """
    return render(
        "subscriptions/information", lang, newsletter=newsletter, justification=justification.strip(), since=since
    )


_SINCE: Final = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
_TASK: Final = "Die Stelle setzt das Onlinezugangsgesetz um und braucht dafür Termine und Neuerungen."

SAMPLES: Final = [
    MailSample("subscriptions/information", lambda lang: information("OZG-Newsletter", _TASK, _SINCE, lang)),
]
