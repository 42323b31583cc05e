"""An issue that too much of comes back is held before the rest leaves."""

from typing import Any

import pytest
from sqlalchemy import select, update

from app import delivery, wiring
from app.delivery import State
from app.delivery.inbound.pump import receive
from app.delivery.models import Delivery
from app.kernel.db import session, transaction
from tests.delivery.inbound import formats, letters
from tests.delivery.inbound.replies import FULL, HARD, POLICY
from tests.delivery.inbound.test_samples import ours_of
from tests.delivery.mails import owe


def sent_back(number: int, of: int, what: str) -> str | None:
    """An issue to so many people, of whom the last still waits; why it is held after this many came back."""
    owe(*[(f"person{count}@amt.example", "", count) for count in range(1, of + 2)])
    with transaction():
        last = session.scalars(select(Delivery.id).order_by(Delivery.id.desc())).first()
        session.execute(update(Delivery).where(Delivery.id != last).values(state=State.ACCEPTED))
    with transaction(write=False):
        ours = [ours_of(row) for row in session.scalars(select(Delivery).order_by(Delivery.id).limit(number))]
    said = {"gone": HARD[0], "refused": POLICY[1], "full": FULL[0]}.get(what)
    for one in ours:
        raw = formats.postfix(one, said) if said else letters.arf(one, agent="Yahoo!-Mail-Feedback")
        receive(raw, wiring.INBOUND)
        receive(raw + b"\n", wiring.INBOUND)  # a second report about the same mail counts once
    return delivery.progress("issue:1").held


@pytest.mark.parametrize(
    ("number", "of", "what", "held"),
    [
        (20, 100, "gone", "Viele Adressen dieser Ausgabe gibt es nicht"),
        (19, 100, "gone", None),
        (20, 450, "gone", None),
        (20, 100, "refused", "Viele Mailserver lehnen diese Ausgabe ab"),
        (25, 100, "full", None),
        (3, 100, "complaint", "Mehrere Personen haben sich über diese Ausgabe beschwert"),
        (2, 100, "complaint", None),
    ],
)
def test_an_issue_is_held_beyond_the_limit_and_not_before(
    app: Any, number: int, of: int, what: str, held: str | None
) -> None:
    with app.app_context():
        found = sent_back(number, of, what)
    assert (found or "").startswith(held or "") if held else found is None
