"""Filling the catalogue from files, and saying what Saxony does about a service."""

import csv
from collections import Counter, defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import select

from app import taxonomy
from app.kernel import audit, clock
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid
from app.kernel.i18n import lazy
from app.projects.models import Project, Reuse, Service
from app.projects.queries import get_service
from app.projects.values import MATURITY, Priority, ProjectState, ProjectValues, SituationKind, Way

DATA: Final = Path(__file__).parent.parent / "data"
CATALOGUE_AS_OF: Final = "10/2019"
KINDS: Final = {"Lebenslage": SituationKind.LIFE, "Geschäftslage": SituationKind.BUSINESS}
COUNTS: Final = {
    "item_count": "anzahl_leika",
    "federal_count": "leika_typ_1",
    "delegated_count": "leika_typ_2_3",
    "state_count": "leika_typ_4",
    "municipal_count": "leika_typ_5",
}


class Imported(NamedTuple):
    """How many services, pieces of evidence and projects there are now."""

    services: int
    reuses: int
    projects: int


def import_catalogue(folder: Path = DATA) -> Imported:
    """Bring services and evidence in line with the files (see SOURCES.md there); a second run changes nothing.

    A service that the files no longer name becomes inactive. Projects are only added where the team has not yet said
    anything about the service. Raises Conflict if ``taxonomy.load`` did not run before.
    """
    fields = {topic.name: topic.slug for topic in taxonomy.topics(taxonomy.TopicKind.FIELD)}
    if not fields:
        raise Conflict(lazy("Es gibt noch keine Themenfelder. Bitte laden Sie zuerst Regionen und Themen."))
    _import_services(folder, fields)
    session.flush()
    _import_reuses(folder, fields)
    _import_projects(folder)
    session.flush()
    return Imported(*(len(session.scalars(select(table)).all()) for table in (Service, Reuse, Project)))


def _import_services(folder: Path, fields: dict[str, str]) -> None:
    items = _items(folder)
    known = {service.ozg_id: service for service in session.scalars(select(Service))}
    named: set[int] = set()
    for row in _rows(folder / "ozg_leistungen.csv"):
        ozg_id = int(row["ozg_id"])
        named.add(ozg_id)
        values = _service_values(row, fields[row["themenfeld"]], items[ozg_id])
        if ozg_id not in known:
            session.add(Service(ozg_id=ozg_id, **values))
        else:
            _update(known[ozg_id], values)
    for ozg_id, service in known.items():
        if ozg_id not in named:
            _update(service, {"is_active": False})


def _service_values(row: dict[str, str], field: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": row["bezeichnung"],
        "field_slug": field,
        "situation": row["lage"],
        "situation_slug": taxonomy.slug_of(row["lage"]),
        "situation_kind": KINDS[row["lage_typ_abgeleitet"]].value,
        "folded": taxonomy.search_text(row["bezeichnung"], *(item["name"] for item in items)),
        "items": items,
        "catalogue_as_of": CATALOGUE_AS_OF,
        "is_active": True,
        **{name: int(row[column]) for name, column in COUNTS.items()},
    }


def _items(folder: Path) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows(folder / "leika_leistungen.csv"):
        if row["ozg_id"]:
            found[int(row["ozg_id"])].append(
                {"key": row["leika_schluessel"], "name": row["bezeichnung"], "type": row["leika_typ"]}
            )
    return found


def _import_reuses(folder: Path, fields: dict[str, str]) -> None:
    known = Counter(_reuse_key(reuse) for reuse in session.scalars(select(Reuse)))
    for row in _rows(folder / "nachnutzung_belege.csv"):
        reuse = Reuse(
            ozg_id=int(row["ozg_id"]) if row["ozg_id"] else None,
            field_slug=fields[row["themenfeld"]],
            title=row["leistung_oder_projekt"],
            land=row["umsetzendes_land"],
            evidence=row["art_und_stand"],
            as_of=row["stand_der_quelle"],
            source=row["quelle"],
        )
        if not known[_reuse_key(reuse)]:
            session.add(reuse)


def _reuse_key(reuse: Reuse) -> tuple[Any, ...]:
    return reuse.ozg_id, reuse.title, reuse.land, reuse.evidence, reuse.as_of, reuse.source


def _import_projects(folder: Path) -> None:
    known = set(session.scalars(select(Project.ozg_id)))
    for row in _rows(folder / "vorhaben.csv"):
        if int(row["ozg_id"]) not in known:
            values = ProjectValues(
                state=row["umsetzungsstand"],
                way=row["umsetzungsweg"],
                lead=row["federfuehrung"],
                maturity=int(row["reifegrad"]) if row["reifegrad"] else None,
                note=row["hinweis"],
                as_of=row["stand"],
                source=row["quelle"],
            )
            session.add(Project(ozg_id=int(row["ozg_id"]), updated_at=clock.now(), **asdict(values)))


def describe(ozg_id: int, values: ProjectValues) -> Project:
    """Say what Saxony does about this service; what was said before is replaced, and the audit log has it.

    Raises NotFound for an unknown service, Invalid for words that are not ours.
    """
    _check(values)
    service = get_service(ozg_id)
    project = service.project
    if project is None:
        project = Project(ozg_id=ozg_id, **asdict(values), updated_at=clock.now())
        session.add(project)
        audit.record("described", f"project:{ozg_id}", asdict(values))
        return project
    changed = {name: value for name, value in asdict(values).items() if getattr(project, name) != value}
    if changed:
        _update(project, changed | {"updated_at": clock.now()})
        audit.record("described", f"project:{ozg_id}", changed)
    return project


def _check(values: ProjectValues) -> None:
    advice = lazy("Bitte wählen Sie einen Eintrag aus der Liste.")
    known = {"state": ProjectState, "way": Way, "priority": Priority}
    wrong = {name: advice for name, kinds in known.items() if getattr(values, name) not in list(kinds)}
    if values.maturity is not None and values.maturity not in MATURITY:
        wrong["maturity"] = advice
    if wrong:
        raise Invalid(**wrong)


def _update(row: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
