"""Changing the address: it comes true when the old and the new mailbox have both confirmed it by the button."""

import secrets
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError

from app import delivery
from app.kernel import clock, tokens
from app.kernel.db import session
from app.kernel.errors import Conflict, Gone
from app.kernel.i18n import lazy
from app.kernel.mail import Mail
from app.subscriptions import limits, mails
from app.subscriptions.declarations import declare
from app.subscriptions.models import AddressChange, Confirmation, DeclarationKind, Subscriber, Subscription
from app.subscriptions.queries import find_by_key, named_by
from app.subscriptions.rules import ADDRESS_LINK_VALID, Address, masked, read_address

KIND: Final = "address"
OLD, NEW = "old", "new"


@dataclass(frozen=True, slots=True)
class Move:
    """A change of address as the holder of one of its two links may see it; ``side`` is ``old`` or ``new``."""

    side: str
    old: str
    new: str
    confirmed: bool
    done: bool


def ask_to_move(derived: tokens.Derived, typed: str) -> None:
    """Ask both mailboxes whether the subscriptions shall move to the address that was typed.

    The link may have been forwarded, so the caller cannot tell whether the address was known. A new wish replaces one
    that waits. At most three mails a day per address. Raises Invalid (``address``), NotFound for a revoked link.
    """
    subscriber = named_by(derived).subscriber
    new = read_address(typed)
    if _wants_no_mail(new):
        return
    if find_by_key(new.key) is not None:
        if limits.may_mail(new.key):
            _send(mails.address_known(subscriber.lang), new.mailbox)
        return
    if limits.may_mail(new.key) and limits.may_mail(subscriber.normalised):
        _ask_both(subscriber, new)


def _wants_no_mail(address: Address) -> bool:
    known = delivery.suppression(address.mailbox)
    return known is not None and known.reason is not delivery.Reason.BOUNCE


def _ask_both(subscriber: Subscriber, new: Address) -> None:
    session.execute(
        delete(AddressChange).where(AddressChange.subscriber_id == subscriber.id, AddressChange.done_at.is_(None))
    )
    to_old, to_new = tokens.draw(), tokens.draw()
    wish = AddressChange(
        subscriber_id=subscriber.id,
        old_address=subscriber.address,
        new_address=new.mailbox,
        old_digest=to_old.digest,
        new_digest=to_new.digest,
        created_at=clock.now(),
        expires_at=clock.now() + ADDRESS_LINK_VALID,
    )
    session.add(wish)
    session.flush()
    old_hint, new_hint = masked(wish.old_address), masked(wish.new_address)
    asks_old = mails.address_asked(to_old.token, new_hint, OLD, wish.created_at, subscriber.lang)
    asks_new = mails.address_asked(to_new.token, old_hint, NEW, wish.created_at, subscriber.lang)
    _send(asks_old, wish.old_address)
    _send(asks_new, wish.new_address)


def find_move(token: str) -> Move:
    """The change of address that this link confirms. Raises BadToken, Gone after 72 hours."""
    return _seen_with(token, _find(token))


def confirm_move(token: str) -> Move:
    """Confirm for the mailbox that got this link; the second of the two makes the change true.

    Then all links sent to the old address end, what waits for it is skipped, and it is told where its mails have gone.
    A second time changes nothing. Raises BadToken, Gone, Conflict if the new address was taken meanwhile.
    """
    wish = _find(token, locked=True)
    if wish.done_at is None:
        if _side(token, wish) == OLD:
            wish.old_confirmed_at = wish.old_confirmed_at or clock.now()
        else:
            wish.new_confirmed_at = wish.new_confirmed_at or clock.now()
        if wish.old_confirmed_at and wish.new_confirmed_at:
            _move(wish)
    session.flush()
    return _seen_with(token, wish)


def _find(token: str, *, locked: bool = False) -> AddressChange:
    digest = tokens.digest(token)
    asked = select(AddressChange).where(or_(AddressChange.old_digest == digest, AddressChange.new_digest == digest))
    found = session.scalar(asked.with_for_update().execution_options(populate_existing=True) if locked else asked)
    if found is None:
        raise tokens.BadToken(
            lazy("Dieser Link ist unvollständig oder gilt nicht mehr. Bitte beginnen Sie in Ihren Einstellungen neu.")
        )
    if found.done_at is None and (found.expires_at <= clock.now() or found.subscriber.address != found.old_address):
        raise Gone(lazy("Dieser Link ist älter als 72 Stunden. Bitte beginnen Sie in Ihren Einstellungen neu."))
    return found


def _side(token: str, wish: AddressChange) -> str:
    return OLD if wish.old_digest == tokens.digest(token) else NEW


def _seen_with(token: str, wish: AddressChange) -> Move:
    side = _side(token, wish)
    confirmed = wish.old_confirmed_at if side == OLD else wish.new_confirmed_at
    return Move(
        side, masked(wish.old_address), masked(wish.new_address), confirmed is not None, wish.done_at is not None
    )


def _move(wish: AddressChange) -> None:
    subscriber = wish.subscriber
    new = read_address(wish.new_address)
    _take_address(subscriber, new)
    delivery.skip("address_changed", address=wish.old_address)
    delivery.heard_from(new.mailbox)
    for subscription in session.scalars(select(Subscription).where(Subscription.subscriber_id == subscriber.id)):
        subscription.generation += 1
    _end_open_links(subscriber)
    declare(subscriber, DeclarationKind.CHANGED, _declared(wish))
    wish.done_at = clock.now()
    told = mails.address_changed(masked(wish.new_address), wish.done_at, subscriber.lang)
    _send(told, wish.old_address, kind="notice")


def _take_address(subscriber: Subscriber, new: Address) -> None:
    """The address has one owner; if two come for it at the same moment, the database lets one have it."""
    taken = Conflict(
        lazy("Die neue Adresse wurde inzwischen angemeldet. Bitte melden Sie die alte Adresse einfach ab.")
    )
    if find_by_key(new.key) is not None:
        raise taken
    try:
        with session.begin_nested():
            subscriber.address, subscriber.normalised = new.mailbox, new.key
            subscriber.address_id = delivery.number_of(new.key)
    except IntegrityError as error:
        raise taken from error


def _end_open_links(subscriber: Subscriber) -> None:
    """What the old mailbox could still confirm is over; a new link can be asked for and goes to the new one."""
    open_links = select(Confirmation).where(
        Confirmation.subscriber_id == subscriber.id,
        Confirmation.used_at.is_(None),
        Confirmation.expires_at > clock.now(),
    )
    for confirmation in session.scalars(open_links):
        confirmation.expires_at = clock.now()


def _declared(wish: AddressChange) -> dict[str, Any]:
    assert wish.old_confirmed_at is not None
    assert wish.new_confirmed_at is not None
    return {
        "address": wish.new_address,
        "previous_address": wish.old_address,
        "asked_at": wish.created_at.isoformat(),
        "confirmed_by_previous_at": wish.old_confirmed_at.isoformat(),
        "confirmed_at": wish.new_confirmed_at.isoformat(),
    }


def _send(mail: Mail, to: str, kind: str = KIND) -> None:
    delivery.queue_one(kind, mail, to, group=f"{KIND}:{secrets.token_hex(8)}")


def forget_old_moves() -> int:
    """Delete changes of address whose links have ended; how many."""
    ended = session.scalars(select(AddressChange).where(AddressChange.expires_at <= clock.now()).limit(500)).all()
    for wish in ended:
        session.delete(wish)
    session.flush()
    return len(ended)
