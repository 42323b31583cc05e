"""At once: what is published goes by mail to those who do not want to wait for the next issue.

It is owed in the transaction that publishes, and prepared by a job: the publication never waits for the readers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from sqlalchemy import func, select, union_all

from app import announcements, delivery, subscriptions
from app.announcements import Revision
from app.delivery import Audience
from app.kernel import audit, clock
from app.kernel.db import session
from app.kernel.i18n import LANGUAGES, ngettext
from app.newsletter import mails
from app.newsletter.models import AtOnce
from app.subscriptions import Format, How, Newsletter, Part, Subscriber, Subscription


def on_publish(revision: Revision) -> None:
    """Owe this revision to those who want it at once; part of the transaction that publishes it.

    Of several that are published before the first has left, only the newest is owed.
    """
    waiting = session.scalars(
        select(AtOnce).where(AtOnce.announcement_id == revision.announcement_id, AtOnce.prepared_at.is_(None))
    ).all()
    first = revision.number == 1 or any(row.first for row in waiting)
    for row in waiting:
        session.delete(row)
    session.flush()
    if revision.is_withdrawal and first:
        return  # nobody has heard of it
    owed = AtOnce(
        revision_id=revision.id, announcement_id=revision.announcement_id, first=first, due_at=revision.visible_at
    )
    session.add(owed)
    session.flush()


def due_ids() -> Sequence[int]:
    """The revisions that are owed and may be said by now, the longest waiting first."""
    due = select(AtOnce.revision_id).where(AtOnce.prepared_at.is_(None), AtOnce.due_at <= clock.now())
    return session.scalars(due.order_by(AtOnce.due_at, AtOnce.revision_id)).all()


def prepare(revision_id: int) -> bool:
    """Write one delivery for everybody to whom this revision is owed; whether it was done now. Twice is once.

    A correction goes to exactly those who got an earlier revision; if it is of a date, also to everybody who wants to
    hear of changed dates. What still waits of an earlier revision is skipped.
    """
    delivery.prepare_alone()  # before anything is skipped: who is leaving would wait for us, and we for them
    locked = select(AtOnce).where(AtOnce.revision_id == revision_id).with_for_update()
    owed = session.scalar(locked.execution_options(populate_existing=True))
    if owed is None or owed.prepared_at is not None or owed.due_at > clock.now():
        return False
    owed.prepared_at = clock.now()
    earlier = _earlier(owed)
    for group in earlier:
        delivery.skip(delivery.SUPERSEDED, group=group)
    revision = announcements.get_revision(revision_id)
    prepared = sum(_owe(owed, revision, earlier, newsletter) for newsletter in subscriptions.newsletters())
    if prepared:
        audit.record("at_once.prepared", f"announcement:{owed.announcement_id}", {"prepared": prepared})
    session.flush()
    return True


def _earlier(owed: AtOnce) -> list[str]:
    others = select(AtOnce).where(
        AtOnce.announcement_id == owed.announcement_id,
        AtOnce.revision_id < owed.revision_id,
        AtOnce.prepared_at.is_not(None),
    )
    return [row.group for row in session.scalars(others.order_by(AtOnce.revision_id))]


def _owe(owed: AtOnce, revision: Revision, earlier: Sequence[str], newsletter: Newsletter) -> int:
    """The deliveries for those who take this newsletter: one message for each language and form that has readers."""
    prepared = 0
    for lang, form in product(LANGUAGES, Format):
        readers = [a for a in _readers(revision, owed.first, earlier, newsletter.id, Part(form, lang)) if _anybody(a)]
        if readers:
            mail = mails.in_form(mails.at_once(revision, newsletter.title, lang), form)
            message = delivery.freeze(owed.group, "at_once", mail, lang, mails.list_headers(newsletter))
            prepared += sum(delivery.prepare(message, audience) for audience in readers)
    return prepared


def _readers(
    revision: Revision, first: bool, earlier: Sequence[str], newsletter_id: int, part: Part
) -> Iterator[Audience]:
    of_a_date = bool(revision.content.event_uid)
    if not first:
        got_it = delivery.reached(earlier)
        yield subscriptions.audience(newsletter_id, part).where(Subscription.id.in_(got_it))
    if first or (of_a_date and not revision.is_withdrawal):
        names_dates = of_a_date or bool(revision.content.dates)
        how = (How.ALL_AT_ONCE, How.DATES_AT_ONCE) if names_dates else (How.ALL_AT_ONCE,)
        scope = announcements.scope_of(revision)
        yield from subscriptions.audiences_that_match(newsletter_id, scope, replace(part, how=how))


def _anybody(audience: Audience) -> bool:
    return bool(session.scalar(select(func.count()).select_from(audience.limit(1).subquery())))


def channel_previews(revision: Revision) -> list[announcements.Preview]:
    """What those who want it at once would get now, and how many they are; nothing if there is nobody."""
    known = session.scalars(select(AtOnce).where(AtOnce.announcement_id == revision.announcement_id)).all()
    earlier = [row.group for row in known if row.prepared_at is not None]
    first = revision.number == 1 or any(row.first for row in known if row.prepared_at is None)
    newsletters = subscriptions.newsletters()
    readers = [a for it in newsletters for a in _readers(revision, first, earlier, it.id, Part())]
    count = _count(readers) if readers and not (first and revision.is_withdrawal) else 0
    if not count:
        return []
    mail = mails.example(mails.at_once(revision, newsletters[0].title, newsletters[0].lang), "")
    channel = ngettext("Sofort per E-Mail an %(num)d Adresse", "Sofort per E-Mail an %(num)d Adressen", count)
    return [announcements.Preview(channel, mail.subject, mail.text, mail.html)]


def _count(readers: Sequence[Audience]) -> int:
    everybody = union_all(*(audience.with_only_columns(Subscriber.normalised) for audience in readers)).subquery()
    return session.scalar(select(func.count(func.distinct(everybody.c.normalised)))) or 0
