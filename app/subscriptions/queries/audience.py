"""Who gets what: the people a mail is for, as a question that the delivery asks in one statement."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, String, cast, func, or_, select

from app import taxonomy
from app.kernel import clock
from app.kernel.db import session
from app.subscriptions.models import Basis, Format, How, State, Subscriber, Subscription
from app.taxonomy import Scope

SCOPES_AT_ONCE: Final = 5000  # how many values one statement takes, on both databases


@dataclass(frozen=True, slots=True)
class Part:
    """A part of those who take a newsletter: by the form of their mails, their language, and how they want to hear."""

    format: Format | None = None
    lang: str = ""
    how: tuple[How, ...] = ()


EVERYBODY: Final = Part()


def audience(newsletter_id: int, part: Part = EVERYBODY) -> Select[*tuple[Any, ...]]:
    """Everybody who has confirmed this newsletter, not left and not paused, as delivery wants it.

    Also who gets it for a public task, once the server took over the mail that informs them (Art. 14 GDPR). Columns
    ``address``, ``name``, ``subject_id`` (of the subscription), ``generation``, ``address_key``, ``address_id``. A
    pause ends by itself, with the day it was set to.
    """
    return (
        select(
            Subscriber.address.label("address"),
            Subscriber.name.label("name"),
            Subscription.id.label("subject_id"),
            Subscription.generation.label("generation"),
            Subscriber.normalised.label("address_key"),
            Subscriber.address_id.label("address_id"),
        )
        .join(Subscription.subscriber)
        .where(*_belongs(newsletter_id, part))
    )


def count_audience(newsletter_id: int, part: Part = EVERYBODY) -> int:
    """How many have confirmed this newsletter, not left and not paused."""
    return session.scalar(select(func.count()).select_from(audience(newsletter_id, part).subquery())) or 0


def audiences_that_match(
    newsletter_id: int, offered: Scope, part: Part = EVERYBODY
) -> Iterator[Select[*tuple[Any, ...]]]:
    """Those of the audience to whose regions and topics this belongs (``taxonomy.matches``), in disjoint questions.

    What people chose repeats: each choice is judged once, however many made it.
    """
    regions, topics = cast(Subscription.regions, String), cast(Subscription.topics, String)
    asked = select(regions, topics).join(Subscription.subscriber).where(*_belongs(newsletter_id, part)).distinct()
    fitting = [
        f"{chosen} {wanted}"
        for chosen, wanted in session.execute(asked)
        if taxonomy.matches(Scope.of(json.loads(chosen), json.loads(wanted)), offered)
    ]
    both = regions + " " + topics
    for begin in range(0, len(fitting), SCOPES_AT_ONCE):
        yield audience(newsletter_id, part).where(both.in_(fitting[begin : begin + SCOPES_AT_ONCE]))


def _belongs(newsletter_id: int, part: Part) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Subscription.newsletter_id == newsletter_id,
        Subscription.state == State.ACTIVE,
        or_(Subscriber.paused_until.is_(None), Subscriber.paused_until <= clock.today()),
        or_(Subscription.basis == Basis.CONSENT, Subscription.informed_at.is_not(None)),
    ]
    if part.format is not None:
        conditions.append(Subscriber.format == part.format.value)
    if part.lang:
        conditions.append(Subscriber.lang == part.lang)
    if part.how:
        conditions.append(Subscriber.how.in_(part.how))
    return conditions
