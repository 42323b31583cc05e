"""What can be done with a contribution: hand it in, decide on it, answer it, forget who wrote it."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select, update

from app import projects
from app.kernel import audit, clock
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.kernel.i18n import lazy
from app.participation.models import Contribution, Kind, State
from app.participation.queries import get

KEPT_AFTER_DECISION: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote, and who they say they are; everything but the text may be empty."""

    kind: str
    body: str
    name: str = ""
    organisation: str = ""
    email: str = ""


def contribute(ozg_id: int, words: Words, lang: str = "de") -> Contribution:
    """Hand in a contribution on a service; it waits for the team. The same one sent twice is one.

    Raises NotFound for an unknown service, Invalid without a text.
    """
    if words.kind not in list(Kind):
        raise Invalid(kind=lazy("Bitte wählen Sie einen Eintrag aus der Liste."))
    if not words.body.strip():
        raise Invalid(body=lazy("Bitte schreiben Sie, was Sie uns sagen möchten."))
    projects.get_service(ozg_id)
    same = select(Contribution).where(
        Contribution.ozg_id == ozg_id,
        Contribution.state == State.WAITING,
        *(getattr(Contribution, name) == value for name, value in asdict(words).items()),
    )
    if existing := session.scalar(same):
        return existing
    contribution = Contribution(
        ozg_id=ozg_id, state=State.WAITING, lang=lang, created_at=clock.now(), answer="", **asdict(words)
    )
    session.add(contribution)
    session.flush()
    return contribution


def decide(contribution_id: int, state: State, answer: str, person_id: int) -> Contribution:
    """Publish a contribution or keep it back, with the team's answer (may be empty); both may be changed later.

    Raises NotFound, or Invalid if it should wait again.
    """
    if state == State.WAITING:
        raise Invalid(state=lazy("Bitte entscheiden Sie: veröffentlichen oder nicht."))
    contribution = get(contribution_id)
    now = clock.now()
    if contribution.state != state:
        contribution.state, contribution.decided_at, contribution.decided_by = state, now, person_id
        audit.record(state.value, f"contribution:{contribution_id}", {"service": contribution.ozg_id})
    if contribution.answer != answer:
        contribution.answer, contribution.answered_at = answer, now if answer else None
        audit.record("answered", f"contribution:{contribution_id}", {"answer": answer})
    return contribution


def forget_writers() -> int:
    """Erase addresses, and what was not published, 30 days after the decision; how many rows that touched."""
    old = Contribution.decided_at < clock.now() - KEPT_AFTER_DECISION
    refused = delete(Contribution).where(old, Contribution.state == State.REFUSED)
    named = update(Contribution).where(old, Contribution.email != "").values(email="")
    return sum(session.execute(statement).rowcount for statement in (refused, named))  # type: ignore[attr-defined]
