"""Questions about services, and what Saxony does about them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import joinedload, selectinload, undefer

from app import taxonomy
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy
from app.kernel.paging import part
from app.kernel.search import Hit
from app.projects.models import Project, Reuse, Service
from app.projects.values import ANY_PROJECT, NO_PROJECT, Wanted

PER_PAGE: Final = 25


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the services that were found; ``page`` counts from 1."""

    services: Sequence[Service]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that a reader may choose, and how many services it would leave."""

    value: str
    label: str
    count: int


def find_services(wanted: Wanted, page: int = 1, per_page: int = PER_PAGE) -> Found:
    """The active services that are wanted, those whose own name begins so first; a page that is not there is the last.

    A constant number of questions to the database, however many services there are.
    """
    total = session.scalar(_narrow(select(func.count(Service.ozg_id)), wanted)) or 0
    shown = part(page, total, per_page)
    asked = _whole(_narrow(select(Service), wanted)).order_by(*_order(wanted))
    rows: Sequence[Service] = session.scalars(asked.limit(per_page).offset(shown.first)).all()
    return Found(rows, total, shown.number, shown.pages)


def all_services(wanted: Wanted) -> Sequence[Service]:
    """All active services that are wanted, by their number, for an export."""
    found: Sequence[Service] = session.scalars(_whole(_narrow(select(Service), wanted)).order_by(Service.ozg_id)).all()
    return found


def count_services() -> int:
    """How many services the catalogue has."""
    return session.scalar(select(func.count(Service.ozg_id)).where(Service.is_active)) or 0


def find_service(ozg_id: int) -> Service | None:
    """The service with its field, project, evidence and items, or None; also one that is no longer active."""
    asked = _whole(select(Service).where(Service.ozg_id == ozg_id)).options(undefer(Service.items))
    service: Service | None = session.scalar(asked)
    return service


def get_service(ozg_id: int) -> Service:
    """The service. Raises NotFound."""
    if service := find_service(ozg_id):
        return service
    raise NotFound(lazy("Diese Leistung kennen wir nicht. Bitte suchen Sie sie in der Projektlandkarte."))


def projects() -> Sequence[Project]:
    """All projects with their services, the latest change first."""
    asked = select(Project).options(joinedload(Project.service).joinedload(Service.field))
    return session.scalars(asked.order_by(Project.updated_at.desc(), Project.ozg_id)).all()


def names_of(ozg_ids: Sequence[int]) -> dict[int, str]:
    """The names of these services."""
    rows = session.execute(select(Service.ozg_id, Service.name).where(Service.ozg_id.in_(ozg_ids)))
    return {row.ozg_id: row.name for row in rows}


def field_choices(wanted: Wanted) -> list[Choice]:
    """The fields in their order, with how many of the wanted services each has."""
    counts = _counts(Service.field_slug, replace(wanted, field="", situation=""))
    fields = taxonomy.topics(taxonomy.TopicKind.FIELD)
    return [Choice(topic.slug, topic.label, counts.get(topic.slug, 0)) for topic in fields]


def situation_choices(wanted: Wanted) -> list[Choice]:
    """The situations of the wanted field (or all), by name, with how many of the wanted services each has."""
    columns = (Service.situation_slug, Service.situation)
    asked = _narrow(select(*columns, func.count(Service.ozg_id)), replace(wanted, situation=""))
    rows = session.execute(asked.group_by(*columns)).all()
    return sorted((Choice(slug, name, count) for slug, name, count in rows), key=lambda c: taxonomy.fold(c.label))


def state_counts() -> dict[str, int]:
    """How many active services have a project in each state."""
    asked = select(Project.state, func.count()).join(Service).where(Service.is_active).group_by(Project.state)
    return {row[0]: row[1] for row in session.execute(asked)}


def reuses_without_service(field: str) -> Sequence[Reuse]:
    """Evidence of this field that names no service of the catalogue."""
    return session.scalars(
        select(Reuse).where(Reuse.ozg_id.is_(None), Reuse.field_slug == field).order_by(Reuse.id)
    ).all()


def search(words: str, limit: int = 10) -> list[Hit]:
    """Services that the words name, for the search of the site."""
    found = find_services(Wanted(text=words), per_page=limit).services
    return [Hit(s.name, f"/projekte/{s.ozg_id}", str(lazy("OZG-Leistung")), s.field.label) for s in found]


def _whole(asked: Any) -> Any:
    return asked.options(joinedload(Service.field), joinedload(Service.project), selectinload(Service.reuses))


def _counts(column: Any, wanted: Wanted) -> dict[str, int]:
    asked = _narrow(select(column, func.count(Service.ozg_id)), wanted).group_by(column)
    return {row[0]: row[1] for row in session.execute(asked)}


def _narrow(asked: Any, wanted: Wanted) -> Any:
    asked = asked.where(Service.is_active, *(Service.folded.contains(w, autoescape=True) for w in _words(wanted)))
    if wanted.field:
        asked = asked.where(Service.field_slug == wanted.field)
    if wanted.situation:
        asked = asked.where(Service.situation_slug == wanted.situation)
    if wanted.kind:
        asked = asked.where(Service.situation_kind == wanted.kind)
    if wanted.municipal:
        asked = asked.where((Service.delegated_count + Service.state_count + Service.municipal_count) > 0)
    return asked.where(_has_state(wanted.state)) if wanted.state else asked


def _has_state(state: str) -> ColumnElement[bool]:
    if state == NO_PROJECT:
        return ~Service.project.has()
    return Service.project.has() if state == ANY_PROJECT else Service.project.has(state=state)


def _words(wanted: Wanted) -> list[str]:
    """What must all be found: words in any order; a number is found as the official number of the service."""
    return [word for word in taxonomy.fold(wanted.text).split() if word != "|"][:8]


def _order(wanted: Wanted) -> list[Any]:
    words = _words(wanted)
    if not words:
        return [Service.name, Service.ozg_id]
    begins = case((Service.folded.startswith(words[0], autoescape=True), 0), else_=1)
    return [begins, Service.name, Service.ozg_id]
