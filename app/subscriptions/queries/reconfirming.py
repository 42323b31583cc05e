"""How far the campaigns are that ask whether people still want a newsletter."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from app.kernel.db import session
from app.subscriptions.models import Reconfirmation, ReconfirmationAsk, State, Subscription


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign with its figures: asked = answered + ended + left + open."""

    made: Reconfirmation
    asked: int
    answered: int
    ended: int
    left: int

    @property
    def open(self) -> int:
        """Who has not answered yet, and still gets the newsletter."""
        return self.asked - self.answered - self.ended - self.left


def campaigns(limit: int = 20) -> Sequence[Campaign]:
    """The campaigns, newest first, in two questions."""
    found = select(Reconfirmation).options(joinedload(Reconfirmation.newsletter)).order_by(Reconfirmation.id.desc())
    every = session.scalars(found.limit(limit)).all()
    answered, ended = ReconfirmationAsk.answered_at.is_not(None), ReconfirmationAsk.ended_at.is_not(None)
    left = ~answered & ~ended & (Subscription.state != State.ACTIVE)
    sums = [func.sum(case((condition, 1), else_=0)) for condition in (answered, ended & ~answered, left)]
    counted = (
        select(ReconfirmationAsk.reconfirmation_id, func.count(), *sums)
        .join(ReconfirmationAsk.subscription)
        .where(ReconfirmationAsk.reconfirmation_id.in_([made.id for made in every]))
        .group_by(ReconfirmationAsk.reconfirmation_id)
    )
    figures = {row[0]: [int(count) for count in row[1:]] for row in session.execute(counted)}
    return [Campaign(made, *figures.get(made.id, [0, 0, 0, 0])) for made in every]
