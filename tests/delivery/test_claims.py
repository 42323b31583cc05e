"""Taking from the queue: a stretch whose deliveries lie far apart, with those of other messages among them."""

from typing import Any

import pytest
from sqlalchemy import select, update

from app.delivery import claims
from app.delivery.models import Delivery
from app.delivery.queue import Span
from app.kernel.db import session, transaction
from tests.delivery.mails import ANNA, BERND, CARLA, owe


@pytest.mark.parametrize("far", [2, 999, 1000, 1001, 3001, 50_000])
@pytest.mark.parametrize("most", [1, 2, 100])
def test_every_delivery_of_a_stretch_is_taken_once_however_far_apart_they_lie(app: Any, far: int, most: int) -> None:
    with app.app_context():
        owe(ANNA, BERND, CARLA)
        with transaction():
            first, second, third = session.scalars(select(Delivery.id).order_by(Delivery.id))
            ids = [first, first + far, first + 2 * far + 1]
            for old, new in ((third, ids[2]), (second, ids[1])):
                session.execute(update(Delivery).where(Delivery.id == old).values(id=new))
            session.execute(update(Span).values(last_id=ids[2]))
        taken = []
        for _ in ids:
            with transaction():
                taken += claims.claim("somebody", "smtp", single=False, most=most).rows
        assert [claimed.id for claimed, _ in taken] == ids


def test_a_stretch_in_which_nobody_waits_any_more_is_struck(app: Any) -> None:
    with app.app_context():
        owe(ANNA)
        with transaction():
            session.execute(update(Span).values(last_id=50_000))
            session.execute(update(Delivery).values(id=Delivery.id + 60_000))
            assert not claims.claim("somebody", "smtp", single=False, most=100).rows
            assert session.scalars(select(Span)).all() == []
