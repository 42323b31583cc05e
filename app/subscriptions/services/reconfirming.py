"""Asking people whose confirmation is old whether they still want a newsletter: asked, reminded, only then ended."""

from datetime import date, time, timedelta
from typing import Any, Final

from sqlalchemy import Select, exists, func, insert, literal, select

from app import delivery
from app.kernel import audit, clock, identity, tokens
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid
from app.kernel.i18n import lazy
from app.subscriptions import mails
from app.subscriptions.declarations import declare, keep_text
from app.subscriptions.models import (
    Basis,
    DeclarationKind,
    Reconfirmation,
    ReconfirmationAsk,
    State,
    Subscriber,
    Subscription,
)
from app.subscriptions.queries import named_by
from app.subscriptions.services.leaving import withdraw

KIND: Final = "reconfirm"
ANSWER_WITHIN: Final = timedelta(days=28)
NOTICE: Final = timedelta(days=7)  # between the mail that says it and the end
AT_ONCE: Final = 100
_OPEN: Final = (
    ReconfirmationAsk.answered_at.is_(None),
    ReconfirmationAsk.ended_at.is_(None),
    Subscription.state == State.ACTIVE,
)


def stale(newsletter_id: int, before: date) -> Select[int]:
    """A query for the subscriptions by consent whose last confirmation was before this day."""
    return select(Subscription.id).where(
        Subscription.newsletter_id == newsletter_id,
        Subscription.state == State.ACTIVE,
        Subscription.basis == Basis.CONSENT,
        Subscription.confirmed_at < clock.at_local(before, time()),
    )


def count_stale(newsletter_id: int, before: date) -> int:
    """How many would be asked."""
    return session.scalar(select(func.count()).select_from(stale(newsletter_id, before).subquery())) or 0


def start(newsletter_id: int, before: date) -> Reconfirmation:
    """Begin a campaign; its mails are owed by the next job. Who does not answer is reminded after three weeks.

    Raises Invalid(before=…) if nobody would be asked, Conflict while another campaign of this newsletter runs.
    """
    running = exists().where(Reconfirmation.newsletter_id == newsletter_id, Reconfirmation.finished_at.is_(None))
    if session.scalar(select(running)):
        raise Conflict(lazy("Für diesen Newsletter läuft schon eine Rückfrage. Bitte warten Sie, bis sie beendet ist."))
    if not count_stale(newsletter_id, before):
        raise Invalid(before=lazy("So alt ist keine Bestätigung. Bitte wählen Sie ein späteres Datum."))
    now = clock.now()
    made = Reconfirmation(
        newsletter_id=newsletter_id,
        before=before,
        created_at=now,
        remind_at=now + ANSWER_WITHIN - NOTICE,
        ends_at=now + ANSWER_WITHIN,
    )
    session.add(made)
    session.flush()
    wanted = stale(newsletter_id, before).add_columns(literal(made.id))
    columns = ["subscription_id", "reconfirmation_id"]
    session.execute(insert(ReconfirmationAsk).from_select(columns, wanted, include_defaults=False))
    audit.record("reconfirmation_begun", f"reconfirmation:{made.id}", {"before": before.isoformat()})
    return made


def answer(derived: tokens.Derived, shown_text: str) -> Subscription:
    """The person behind this link still wants the newsletter; a second time changes nothing. Raises NotFound.

    ``shown_text`` is the consent as it was shown.
    """
    subscription = named_by(derived)
    if not subscription.is_active:
        return subscription
    asked = select(ReconfirmationAsk).where(
        ReconfirmationAsk.subscription_id == subscription.id, ReconfirmationAsk.answered_at.is_(None)
    )
    found = session.scalars(asked.with_for_update()).all()
    for ask in found:
        ask.answered_at = clock.now()
    if found:
        subscription.confirmed_at = clock.now()
        person = subscription.subscriber
        content = {"newsletter": subscription.newsletter.slug}
        declare(person, DeclarationKind.RECONFIRMED, content, keep_text(shown_text, person.lang))
    return subscription


def work() -> int:
    """Owe the questions and the reminders that are due, end what stayed without an answer; how many things were done.

    Waits while it is not settled who publishes here. A hundred ends at once.
    """
    running = session.scalars(select(Reconfirmation).where(Reconfirmation.finished_at.is_(None))).all()
    if not running or identity.missing():
        return 0
    return sum(_go_on(made) for made in running)


def _go_on(made: Reconfirmation) -> int:
    now = clock.now()
    if made.asked_at is None:
        made.asked_at = now
        return _owe(made, group(made.id), reminder=False)
    if made.reminded_at is None:
        if now < made.remind_at:
            return 0
        made.reminded_at = now
        made.ends_at = max(made.ends_at, now + NOTICE)
        return _owe(made, group(made.id, reminder=True), reminder=True)
    return _end(made) if now >= made.ends_at else 0


def group(campaign_id: int, *, reminder: bool = False) -> str:
    """What the deliveries of a campaign belong to."""
    return f"{KIND}:{campaign_id}{':reminder' if reminder else ''}"


def _owe(made: Reconfirmation, name: str, *, reminder: bool) -> int:
    written = 0
    until = clock.local(made.ends_at).date()
    for lang in session.scalars(_asked(made, select(Subscriber.lang)).distinct()).all():
        mail = mails.reconfirm(made.newsletter.title, until, lang, reminder=reminder)
        people: Select[*tuple[Any, ...]] = select(
            Subscriber.address.label("address"),
            Subscriber.name.label("name"),
            Subscription.id.label("subject_id"),
            Subscription.generation.label("generation"),
            Subscriber.normalised.label("address_key"),
            Subscriber.address_id.label("address_id"),
        )
        written += delivery.prepare(
            delivery.freeze(name, KIND, mail, lang), _asked(made, people).where(Subscriber.lang == lang)
        )
    session.flush()
    return written or 1


def _asked(made: Reconfirmation, wanted: Any) -> Any:
    """The question narrowed to those of a campaign who have not answered."""
    return (
        wanted.select_from(ReconfirmationAsk)
        .join(Subscription, Subscription.id == ReconfirmationAsk.subscription_id)
        .join(Subscriber, Subscriber.id == Subscription.subscriber_id)
        .where(ReconfirmationAsk.reconfirmation_id == made.id, *_OPEN)
    )


def _end(made: Reconfirmation) -> int:
    """End what stayed without an answer, where the server took over the mail that said so; the others stay."""
    told = delivery.accepted_subjects(group(made.id, reminder=True))
    due = _asked(made, select(ReconfirmationAsk)).where(Subscription.id.in_(told)).order_by(Subscriber.id)
    found = session.scalars(due.limit(AT_ONCE)).all()
    for ask in found:
        withdraw(ask.subscription, {"by": "reconfirmation"})
        ask.ended_at = clock.now()
    if not found:
        made.finished_at = clock.now()
        audit.record("reconfirmation_finished", f"reconfirmation:{made.id}")
    session.flush()
    return len(found) or 1
