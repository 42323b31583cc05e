"""Confirmed readers in the tables of the subscriptions, as many as wanted."""

from typing import Any

from sqlalchemy import BigInteger, Integer, String, cast, select, text, true

from app.delivery.addresses import Address
from app.delivery.upsert import is_postgresql
from app.kernel.db import session, transaction
from app.subscriptions import Subscriber, Subscription
from tests.newsletter import story


def make(count: int) -> int:
    """So many confirmed readers of one newsletter; the newsletter's id."""
    newsletter_id = story.found_newsletter()
    story.add_reader(newsletter_id, "erste@stadt.example")
    series = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count - 1}) SELECT i FROM n"
    numbers = text(series).columns(i=Integer).subquery()
    number = cast(numbers.c.i, String)
    spread = cast(
        cast(numbers.c.i, BigInteger) * 7919 % 1000003, String
    )  # addresses come in another order than numbers
    address = "vorname.nachname" + spread + "@gemeinde.example"
    person, taken = Subscriber.__table__.c, Subscription.__table__.c
    with transaction():
        listed = select(address).select_from(numbers).order_by(numbers.c.i)
        session.execute(Address.__table__.insert().from_select(["address_key"], listed))
        own = select(Address.id).where(Address.address_key == address).scalar_subquery()
        values = {"id": person.id + numbers.c.i, "address": address, "normalised": address, "address_id": own}
        values["chain"] = "chain" + number
        _copy(Subscriber.__table__, numbers, values)
        first = select(Subscriber.id).where(Subscriber.address == "erste@stadt.example").scalar_subquery()
        values = {"id": taken.id + numbers.c.i, "subscriber_id": first + numbers.c.i}
        _copy(Subscription.__table__, numbers, values)
    with transaction():
        if is_postgresql():  # as autovacuum does by itself within a minute; it is switched off here
            session.execute(text("ANALYZE subscribers, subscriptions"))
    return newsletter_id


def _copy(table: Any, numbers: Any, changed: dict[str, Any]) -> None:
    """The one row of this table once more for each number, with these columns changed."""
    columns = [column.name for column in table.c]
    rows = select(*(changed.get(name, table.c[name]) for name in columns)).join(numbers, true())
    session.execute(table.insert().from_select(columns, rows))
