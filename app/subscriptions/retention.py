"""What is not kept: requests that nobody confirmed, and people who want to be forgotten."""

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import delete, exists, select

from app import delivery
from app.kernel import clock
from app.kernel.db import session
from app.subscriptions.declarations import declare, drop, drop_texts, empty, unnamed_texts
from app.subscriptions.models import (
    Confirmation,
    DataLink,
    Declaration,
    DeclarationKind,
    Erasure,
    State,
    Subscriber,
    Subscription,
)
from app.subscriptions.rules import KEPT_UNCONFIRMED, TEXT_KEPT, proof_needed_since

CHUNK = 500
FORGOTTEN_AT_ONCE = 100


def purge_unconfirmed() -> int:
    """Delete confirmation links 7 days after they expired, and all that only waited for them; how many links.

    Who never confirmed anything leaves no trace, their declarations included. At most 500 at once.
    """
    old = session.scalars(
        select(Confirmation).where(Confirmation.expires_at <= clock.now() - KEPT_UNCONFIRMED).limit(CHUNK)
    ).all()
    people = {confirmation.subscriber_id for confirmation in old}
    session.execute(delete(Confirmation).where(Confirmation.id.in_([confirmation.id for confirmation in old])))
    waiting = exists().where(Confirmation.subscriber_id == Subscription.subscriber_id, Confirmation.used_at.is_(None))
    session.execute(
        delete(Subscription).where(
            Subscription.subscriber_id.in_(people), Subscription.state == State.REQUESTED, ~waiting
        )
    )
    session.flush()
    _forget_strangers(people)
    return len(old)


def _forget_strangers(people: set[int]) -> None:
    """Delete those of these people who take and took nothing and have no open link."""
    takes = exists().where(Subscription.subscriber_id == Subscriber.id)
    may_confirm = exists().where(Confirmation.subscriber_id == Subscriber.id)
    strangers = session.scalars(select(Subscriber).where(Subscriber.id.in_(people), ~takes, ~may_confirm)).all()
    drop(stranger.chain for stranger in strangers)
    session.execute(delete(Subscriber).where(Subscriber.id.in_([stranger.id for stranger in strangers])))
    session.expire_all()


def forget_who_left() -> int:
    """Forget who takes nothing any more, when the consent need not be proven any longer; how many. 100 at most.

    Nothing is left of them: what their hashes and times were kept for is over.
    """
    since = proof_start()
    own = Subscription.subscriber_id == Subscriber.id
    stays = exists().where(own, (Subscription.state != State.WITHDRAWN) | (Subscription.withdrawn_at >= since))
    gone = session.scalars(select(Subscriber).where(exists().where(own), ~stays).limit(FORGOTTEN_AT_ONCE)).all()
    for subscriber in gone:
        chain = subscriber.chain
        forget(subscriber)
        drop([chain])
    return len(gone)


def forget_proofs() -> int:
    """Delete what erasures have left (hashes, times, the protocol) when its period is over; how many, 500 at most."""
    since = proof_start()
    ended = (Declaration.kind == DeclarationKind.ERASED, Declaration.at < since)
    chains = session.scalars(select(Declaration.chain).where(*ended).limit(CHUNK)).all()
    drop(chains)
    old = session.scalars(select(Erasure.id).where(Erasure.at < since).limit(CHUNK)).all()
    session.execute(delete(Erasure).where(Erasure.id.in_(old)))
    return len(chains) + len(old)


def old_texts() -> Sequence[str]:
    """Archived texts of ours that nobody refers to and that were not shown for 30 days; 1,000 at most.

    What was shown to somebody goes with the last declaration that names it.
    """
    return unnamed_texts(clock.now() - TEXT_KEPT)


def purge_texts(hashes: Sequence[str]) -> int:
    """Delete these archived texts, if they were not shown again meanwhile; how many."""
    return drop_texts(hashes, clock.now() - TEXT_KEPT)


def unused_numbers() -> Sequence[int]:
    """Numbers of addresses that nobody and no delivery has any more, 5,000 at most; found while only reading."""
    return delivery.unused_numbers(select(Subscriber.normalised))


def forget_numbers(ids: Sequence[int]) -> int:
    """Delete those of these numbers that are still unused; how many."""
    return delivery.forget_numbers(ids, select(Subscriber.normalised))


def purge_data_links() -> int:
    """Delete links to one's own data that are not valid any more; how many."""
    gone = session.execute(delete(DataLink).where(DataLink.expires_at <= clock.now()))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def proof_start() -> datetime:
    """What ended before this moment need not be proven any longer."""
    return clock.at_local(proof_needed_since(clock.today()), time())


def forget(subscriber: Subscriber) -> None:
    """Delete a person; of their declarations only the salted hashes and times remain, and the chain still holds.

    What is waiting to be sent to the address is skipped.
    """
    declare(subscriber, DeclarationKind.ERASED, {})
    delivery.skip("erased", address=subscriber.address)
    empty(subscriber.chain)
    for table in (Confirmation, Subscription):
        session.execute(delete(table).where(table.subscriber_id == subscriber.id))
    session.delete(subscriber)
    session.flush()
    session.expire_all()
