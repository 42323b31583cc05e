"""The mails about what somebody takes: what was changed, their links, the move to another address."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from app.kernel import i18n, web
from app.kernel.i18n import _
from app.kernel.mail import Mail, MailSample, render


def changed(lines: Sequence[tuple[str, str]], at: datetime, url: str, lang: str, *, last: bool = False) -> Mail:
    """Tells the address what was changed (label and new value each), when, and what to do if it was somebody else.

    The ``last`` one of the day says so: nobody can hide a change behind many others.
    """
    return render("subscriptions/changed", lang, lines=list(lines), at=at, url=url, last=last)


def links(leave: Sequence[tuple[str, str]], url: str, lang: str) -> Mail:
    """The personal links of somebody who has lost them: to change, and to leave each newsletter (title and address)."""
    return render("subscriptions/links", lang, leave=list(leave), url=url)


def address_asked(token: str, other: str, side: str, at: datetime, lang: str) -> Mail:
    """Asks one of the two mailboxes (``side``: ``old``, ``new``) whether the mails shall move; ``other`` is masked."""
    url = web.url("subscriptions.move", token=token)
    return render("subscriptions/address_asked", lang, url=url, other=other, side=side, at=at)


def address_changed(new: str, at: datetime, lang: str) -> Mail:
    """Tells the old address that the mails go to another one (masked) from now on."""
    return render("subscriptions/address_changed", lang, new=new, at=at)


def address_known(lang: str) -> Mail:
    """Tells an address to which somebody wanted to move that it is known already, and what to do instead."""
    return render("subscriptions/address_known", lang, url=web.url("subscriptions.sign_up"))


_AT: Final = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
_LINK: Final = "1-1-nur-fuer-die-vorschau"
_TOKEN: Final = "Muster-Token-nur-fuer-die-Vorschau"  # noqa: S105  (nobody is let in by this)


def _sample_changed(lang: str) -> Mail:
    with i18n.force(lang):
        lines = [(_("Regionen"), _("alle")), (_("Form der E-Mails"), _("nur Text"))]
    return changed(lines, _AT, web.url("subscriptions.preferences", token=_LINK), lang)


def _sample_links(lang: str) -> Mail:
    leave = web.url("subscriptions.leave", token=_LINK)
    titles = ("OZG-Newsletter", "SAKD-aktuell")
    return links([(t, leave) for t in titles], web.url("subscriptions.preferences", token=_LINK), lang)


SAMPLES: Final = [
    MailSample("subscriptions/changed", _sample_changed),
    MailSample("subscriptions/links", _sample_links),
    MailSample(
        "subscriptions/address_asked", lambda lang: address_asked(_TOKEN, "k…@g…-stadt.example", "new", _AT, lang)
    ),
    MailSample("subscriptions/address_changed", lambda lang: address_changed("k…@s….example", _AT, lang)),
    MailSample("subscriptions/address_known", address_known),
]
