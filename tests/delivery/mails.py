"""Mails and audiences for the tests of the delivery."""

from typing import Any

from sqlalchemy import func, literal, select, union_all

from app import delivery
from app.delivery import OnUncertain
from app.delivery.models import Delivery, Message
from app.kernel import identity
from app.kernel.db import transaction
from app.kernel.mail import Mail
from tests.support.house import IDENTITY

MAIL = Mail(
    subject="Neues aus Sachsen",
    text="%%greeting%%\n\nwas für Sie neu ist.\n.\nAbmelden: %%unsubscribe_url%%\nÄndern: %%preferences_url%%\n",
    html="<p>%%greeting%%</p><p><a href='%%unsubscribe_url%%'>Abmelden</a> %%email%%</p>",
)
Person = tuple[str, str, int]
ANNA: Person = ("anna@amt.example", "Anna Amsel", 1)
BERND: Person = ("Bernd@Amt.example", "Bernd Buche", 2)
CARLA: Person = ("carla@amt.example", "", 3)


def audience(*people: Person) -> Any:
    """These people as a query, as a feature above would ask it."""
    rows = [
        select(
            literal(address).label("address"),
            literal(name).label("name"),
            literal(subject_id).label("subject_id"),
            literal(1).label("generation"),
        )
        for address, name, subject_id in people
    ]
    return select(union_all(*rows).subquery())


def numbered(*people: Person) -> Any:
    """The same people with the numbers of their addresses, as the subscriptions name them."""
    known = [
        select(literal(address).label("written"), literal(delivery.number_of(address)).label("address_id"))
        for address, _name, _subject in people
    ]
    numbers = union_all(*known).subquery()
    found = audience(*people).subquery()
    return select(found, func.lower(found.c.address).label("address_key"), numbers.c.address_id).join(
        numbers, numbers.c.written == found.c.address
    )


def prepare(*people: Person, group: str = "issue:1", on_uncertain: OnUncertain = OnUncertain.HOLD) -> Message:
    """An issue for these people, inside a transaction."""
    message = delivery.freeze(group, "issue", MAIL, on_uncertain=on_uncertain)
    delivery.prepare(message, audience(*people))
    return message


def unlock() -> None:
    """Fill in the identity, so that mails may leave."""
    with transaction():
        identity.set_values(**IDENTITY)


def owe(*people: Person, group: str = "issue:1", on_uncertain: OnUncertain = OnUncertain.HOLD) -> None:
    """Unlock the sending and owe these people an issue."""
    unlock()
    with transaction():
        prepare(*people, group=group, on_uncertain=on_uncertain)


def ledger(address: str, group: str = "issue:1") -> Delivery:
    """The row of this address as it stands in the database."""
    with transaction(write=False):
        found = delivery.find(group, address)
    assert found is not None
    return found
