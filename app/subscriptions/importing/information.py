"""Who gets a newsletter for a public task hears first what we keep and how to object (Art. 14 and 21 GDPR).

No issue goes to them before the server took over that mail; ``queries.audience`` sees to it.
"""

from typing import Final

from sqlalchemy import Select, func, select, update

from app import delivery
from app.kernel import clock, identity
from app.kernel.db import session
from app.subscriptions import mails
from app.subscriptions.declarations import Said, declare_all, keep_text
from app.subscriptions.models import Basis, DeclarationKind, Import, Stage, State, Subscriber, Subscription

KIND: Final = "information"
CHUNK: Final = 500
_OWN: Final = (Subscription.basis == Basis.PUBLIC_TASK, Subscription.informed_at.is_(None))


def group(import_id: int) -> str:
    """What the deliveries of this information belong to."""
    return f"{KIND}:{import_id}"


def announce_due() -> int:
    """Owe the information to everybody of the lists that are done; how many mails.

    Waits while it is not settled who publishes here: that is part of what it has to say.
    """
    waiting = select(Import).where(
        Import.stage == Stage.DONE, Import.basis == Basis.PUBLIC_TASK, Import.announced_at.is_(None)
    )
    found = session.scalars(waiting).all()
    if not found or identity.missing():
        return 0
    return sum(_announce(made) for made in found)


def _announce(made: Import) -> int:
    written = 0
    spoken = select(Subscriber.lang).join(Subscription).where(Subscription.import_id == made.id, *_OWN).distinct()
    for lang in session.scalars(spoken).all():
        mail = mails.information(made.newsletter.title, made.justification, made.created_at, lang)
        message = delivery.freeze(group(made.id), KIND, mail, lang)
        written += delivery.prepare(message, _people(made, lang))
        made.information = {**made.information, lang: keep_text(mail.text, lang)}
    made.announced_at = clock.now()
    session.flush()
    return written


def _people(made: Import, lang: str) -> Select[*tuple[object, ...]]:
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
        .where(Subscription.import_id == made.id, Subscription.state == State.ACTIVE, Subscriber.lang == lang, *_OWN)
    )


def note_accepted() -> int:
    """Write down who has the information by now, so that they get the next issue; how many. 500 at once."""
    open_ids = select(Subscription.import_id).where(Subscription.state == State.ACTIVE, *_OWN).distinct()
    open_lists = session.scalars(select(Import).where(Import.id.in_(open_ids), Import.announced_at.is_not(None))).all()
    return sum(_note(made) for made in open_lists)


def _note(made: Import) -> int:
    accepted = delivery.accepted_subjects(group(made.id))
    asked = (
        select(Subscription.id, Subscriber.id, Subscriber.chain, Subscriber.lang)
        .join(Subscription.subscriber)
        .where(Subscription.import_id == made.id, Subscription.state == State.ACTIVE, *_OWN)
        .where(Subscription.id.in_(accepted))
        .order_by(Subscriber.id)
        .limit(CHUNK)
        .with_for_update()
    )
    rows = session.execute(asked).all()
    if not rows:
        return 0
    ids = [row[0] for row in rows]
    session.execute(update(Subscription).where(Subscription.id.in_(ids)).values(informed_at=clock.now()))
    content = {"newsletter": made.newsletter.slug}
    declare_all(
        [
            Said(person, chain, DeclarationKind.INFORMED, content, made.information.get(lang))
            for _id, person, chain, lang in rows
        ]
    )
    return len(rows)


def uninformed(import_id: int) -> int:
    """How many of this list have not got the information yet, and so get no issue."""
    wanted = Subscription.import_id == import_id, Subscription.state == State.ACTIVE, *_OWN
    return session.scalar(select(func.count()).select_from(Subscription).where(*wanted)) or 0
