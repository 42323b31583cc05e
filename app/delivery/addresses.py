"""The numbers of addresses: what the ledger's index holds in the place of a text, in the order in which people came.

A number stands for one normalised address and is never given to another. It is given when somebody is entered, not
when an issue is prepared: so a million deliveries are written in the order in which they are read.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, Select, String, Subquery, delete, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from app.delivery.models import Delivery
from app.delivery.rules import address_key
from app.delivery.upsert import insert_from, insert_many_unless_there
from app.kernel.db import Base, session

AT_ONCE: Final = 5_000


class Address(Base):
    """The number of a normalised address."""

    __tablename__ = "delivery_addresses"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    address_key: Mapped[str] = mapped_column(String(320), unique=True)


def number_of(address: str) -> int:
    """The number of this address; it gets one if it has none."""
    key = address_key(address)
    return numbers_of([key])[key]


def numbers_of(keys: Sequence[str]) -> dict[str, int]:
    """The numbers of these normalised addresses; who has none gets one, in this order."""
    found: dict[str, int] = {}
    wanted = list(dict.fromkeys(keys))
    for begin in range(0, len(wanted), AT_ONCE):
        some = wanted[begin : begin + AT_ONCE]
        known = _known(some)
        if missing := [key for key in some if key not in known]:
            insert_many_unless_there(Address.__table__, [{"address_key": key} for key in missing])
            known |= _known(missing)
        found |= known
    return found


def number_all(people: Subquery) -> None:
    """Give everybody of this query a number who has none, in the order of ``subject_id``; ``key`` is the address."""
    known = exists().where(Address.address_key == people.c.key)
    missing = select(people.c.key).where(~known).order_by(people.c.subject_id, people.c.key)
    insert_from(Address.__table__, ["address_key"], missing)


def is_to(address: str) -> ColumnElement[bool]:
    """Which deliveries go to this address; those that the ledger has forgotten are not among them."""
    number = select(Address.id).where(Address.address_key == address_key(address)).scalar_subquery()
    return Delivery.address_id == number


def forget_number(address: str) -> None:
    """Delete the number of an address that nothing is kept about any more."""
    session.execute(delete(Address).where(Address.address_key == address_key(address)))


def unused_numbers(in_use: Select[str]) -> Sequence[int]:
    """The numbers of addresses that no delivery names, nor this query (normalised addresses); 5,000 at most."""
    return session.scalars(select(Address.id).where(*_unused(in_use)).limit(AT_ONCE)).all()


def forget_numbers(ids: Sequence[int], in_use: Select[str]) -> int:
    """Delete those of these numbers that are still not in use; how many.

    Who takes a number holds its row until the end of the transaction: it is passed over, or seen in the second look.
    """
    free = session.scalars(select(Address.id).where(Address.id.in_(ids)).with_for_update(skip_locked=True)).all()
    gone = session.execute(delete(Address).where(Address.id.in_(free), *_unused(in_use)))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _unused(in_use: Select[str]) -> tuple[ColumnElement[bool], ...]:
    used = in_use.with_only_columns(in_use.selected_columns[0].label("address_key")).subquery()
    held = exists().where(Delivery.address_id == Address.id), exists().where(used.c.address_key == Address.address_key)
    return ~held[0], ~held[1]


def _known(keys: Sequence[str]) -> dict[str, int]:
    held = select(Address.address_key, Address.id).where(Address.address_key.in_(keys))
    held = held.with_for_update(read=True, key_share=True)  # until it is used, nobody deletes it
    return {row.address_key: row.id for row in session.execute(held)}
