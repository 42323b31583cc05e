"""Telling the address what was changed through a link that may have been forwarded."""

import secrets
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import func, select

from app import delivery, taxonomy
from app.kernel import clock, i18n
from app.kernel.db import session
from app.kernel.i18n import LANGUAGES, _
from app.subscriptions import mails
from app.subscriptions.models import Declaration, DeclarationKind, State, Subscriber, Subscription
from app.subscriptions.queries import find_newsletter, preferences_url
from app.subscriptions.rules import NOTICES_PER_DAY
from app.subscriptions.words import format_label, how_label


def tell(subscriber: Subscriber, changed: dict[str, Any], left: Sequence[str]) -> None:
    """Owe the address a mail that says what was changed and what to do if somebody else did it.

    At most three within 24 hours, so that nobody can fill a mailbox by it; none to who has left everything. With the
    three that may be asked for (``limits.may_mail``) the holder of a link causes six mails a day at most.
    """
    remaining = session.scalar(
        select(Subscription)
        .where(Subscription.subscriber_id == subscriber.id, Subscription.state == State.ACTIVE)
        .order_by(Subscription.newsletter_id)
        .limit(1)
    )
    told = _declared_today(subscriber)
    if remaining is None or told > NOTICES_PER_DAY:
        return
    with i18n.force(subscriber.lang):
        lines = [*_ends(left), *(_line(name, value) for name, value in changed.items())]
    last = told == NOTICES_PER_DAY
    mail = mails.changed(lines, clock.now(), preferences_url(remaining), subscriber.lang, last=last)
    delivery.queue_one("notice", mail, subscriber.address, group=f"changed:{secrets.token_hex(8)}")


def _declared_today(subscriber: Subscriber) -> int:
    """How many changes and withdrawals were declared within 24 hours, this one included."""
    kinds = (DeclarationKind.CHANGED, DeclarationKind.WITHDRAWN)
    asked = select(func.count()).where(
        Declaration.chain == subscriber.chain,
        Declaration.kind.in_(kinds),
        Declaration.at > clock.now() - timedelta(days=1),
    )
    return session.scalar(asked) or 0


def _ends(left: Sequence[str]) -> list[tuple[str, str]]:
    titles = [newsletter.title for slug in left if (newsletter := find_newsletter(slug))]
    return [(_("Abbestellt"), ", ".join(titles))] if titles else []


def _line(name: str, value: Any) -> tuple[str, str]:
    label, in_words = _LINES[name]
    return str(label()), in_words(value)


def _pause(value: str | None) -> str:
    if not value:
        return _("beendet")
    return _("bis %(day)s", day=i18n.short_date(date.fromisoformat(value)))


_LINES: Final[dict[str, tuple[Callable[[], str], Callable[[Any], str]]]] = {
    "regions": (lambda: _("Regionen"), lambda value: ", ".join(taxonomy.region_labels(value)) or _("alle")),
    "topics": (lambda: _("Themen"), lambda value: ", ".join(taxonomy.topic_labels(value)) or _("alle")),
    "lang": (lambda: _("Sprache der E-Mails"), lambda value: LANGUAGES[value]),
    "how": (lambda: _("Zeitpunkt"), lambda value: str(how_label(value))),
    "format": (lambda: _("Form der E-Mails"), lambda value: str(format_label(value))),
    "paused_until": (lambda: _("Pause"), _pause),
}
