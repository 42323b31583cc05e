"""Questions about contributions."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app import projects
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy
from app.participation.models import Contribution, State


@dataclass(frozen=True, slots=True)
class Said:
    """A contribution with the name of its service."""

    contribution: Contribution
    service: str


def get(contribution_id: int) -> Contribution:
    """The contribution. Raises NotFound."""
    if contribution := session.get(Contribution, contribution_id):
        return contribution
    raise NotFound(lazy("Diesen Beitrag gibt es nicht mehr. Bitte beginnen Sie bei der Liste der Beiträge."))


def published_on(ozg_id: int) -> Sequence[Contribution]:
    """What the public may read about this service, the oldest first."""
    return session.scalars(
        select(Contribution)
        .where(Contribution.ozg_id == ozg_id, Contribution.state == State.PUBLISHED)
        .order_by(Contribution.created_at, Contribution.id)
    ).all()


def latest(limit: int = 10) -> list[Said]:
    """The latest published contributions, with the names of their services."""
    asked = select(Contribution).where(Contribution.state == State.PUBLISHED)
    return _with_services(
        session.scalars(asked.order_by(Contribution.created_at.desc(), Contribution.id.desc()).limit(limit)).all()
    )


def in_state(state: State, limit: int = 200) -> list[Said]:
    """Contributions in this state, with the names of their services: the longest waiting first, else the latest."""
    order = (Contribution.created_at, Contribution.id)
    newest = tuple(column.desc() for column in order)
    asked = select(Contribution).where(Contribution.state == state)
    return _with_services(
        session.scalars(asked.order_by(*(order if state == State.WAITING else newest)).limit(limit)).all()
    )


def count_waiting() -> int:
    """How many contributions wait for the team."""
    return session.scalar(select(func.count(Contribution.id)).where(Contribution.state == State.WAITING)) or 0


def counts() -> dict[str, int]:
    """How many contributions there are in each state."""
    rows = session.execute(select(Contribution.state, func.count()).group_by(Contribution.state))
    return {row[0]: row[1] for row in rows}


def _with_services(found: Sequence[Contribution]) -> list[Said]:
    names = projects.names_of([contribution.ozg_id for contribution in found])
    return [Said(contribution, names[contribution.ozg_id]) for contribution in found]
