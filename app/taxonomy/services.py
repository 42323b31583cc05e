"""Filling the catalogue of regions and topics from files."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import select

from app.kernel.db import session
from app.taxonomy.models import Region, RegionKind, Topic, TopicKind
from app.taxonomy.queries import forget_tree
from app.taxonomy.rules import search_text

DATA: Final = Path(__file__).parent.parent / "data"
STATE: Final = ("14", "Sachsen", "Freistaat Sachsen")
DIRECTIONS: Final = {"145": "Chemnitz", "146": "Dresden", "147": "Leipzig"}


class Loaded(NamedTuple):
    """How many regions and topics the catalogue holds now."""

    regions: int
    topics: int


def load(folder: Path = DATA) -> Loaded:
    """Bring the catalogue in line with the files (see SOURCES.md there); a second run changes nothing.

    Nothing is ever removed: what no longer exists gets its last day and its successor.
    """
    regions = list(_regions(folder))
    known = {region.ags: region for region in session.scalars(select(Region))}
    for values in regions:
        _store(Region, known.get(values["ags"]), values)
    topics = list(_topics(folder))
    named = {topic.slug: topic for topic in session.scalars(select(Topic))}
    for values in topics:
        _store(Topic, named.get(values["slug"]), values)
    session.flush()
    forget_tree()
    return Loaded(len(regions), len(topics))


def _store(table: type[Region] | type[Topic], row: Region | Topic | None, values: dict[str, Any]) -> None:
    if row is None:
        session.add(table(**values))
        return
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def _regions(folder: Path) -> Iterator[dict[str, Any]]:
    """From the top down, so that every parent and successor comes before those who name it."""
    districts = {row["ags"]: row for row in _rows(folder / "landkreise_sachsen.csv")}
    municipalities = _rows(folder / "gemeinden_sachsen.csv")
    changes = _rows(folder / "gebietsaenderungen.csv")
    began = {row["nachfolger_ags"]: date.fromisoformat(row["nachfolger_gueltig_von"]) for row in changes}
    ags, name, label = STATE
    yield _region(ags, RegionKind.STATE, name, label=label, search=[name, label])
    for key, seat in DIRECTIONS.items():
        yield _region(key, RegionKind.DIRECTION, seat, label=f"Region {seat}", parent_ags=ags)
    yield from (_district(row) for row in districts.values())
    yield from _associations(municipalities, districts)
    for row in municipalities:
        yield _municipality(row, districts[row["kreis_ags"]]) | {"valid_from": began.get(row["ags"])}
    yield from (_former(row, districts[row["kreis_ags"]]) for row in changes)


def _district(row: dict[str, str]) -> dict[str, Any]:
    return _region(
        row["ags"],
        RegionKind.DISTRICT,
        row["name"],
        label=row["bezeichnung"],
        form=row["typ"],
        parent_ags=row["ags"][:3],
        search=[row["name"], row["bezeichnung"]],
        lat=_number(row["sitz_lat"]),
        lon=_number(row["sitz_lon"]),
    )


def _associations(rows: Iterable[dict[str, str]], districts: dict[str, Any]) -> Iterator[dict[str, Any]]:
    seen = {row["verband_schluessel"]: row for row in rows if row["verband_schluessel"]}
    for key, row in seen.items():
        form, kreis = row["verband_art"], districts[row["kreis_ags"]]["bezeichnung"]
        name = f"{form} {row['verband_name']}"
        yield _region(
            key,
            RegionKind.ASSOCIATION,
            name,
            label=f"{name} ({kreis})",
            form=form,
            parent_ags=row["kreis_ags"],
            search=[row["verband_name"], name],
        )


def _municipality(row: dict[str, str], district: dict[str, str]) -> dict[str, Any]:
    both = f"{row['name']}/{row['name_hsb']}" if row["name_hsb"] else row["name"]
    is_own_district = row["art"] == district["typ"]
    return _region(
        row["ags"],
        RegionKind.MUNICIPALITY,
        row["name"],
        label=f"{both} ({district['typ'] if is_own_district else district['bezeichnung']})",
        name_hsb=row["name_hsb"],
        form=row["art"],
        parent_ags=row["verband_schluessel"] or row["kreis_ags"],
        search=[row["name"], row["name_hsb"]],
        lat=_number(row["lat"]),
        lon=_number(row["lon"]),
    )


def _former(row: dict[str, str], district: dict[str, str]) -> dict[str, Any]:
    return _region(
        row["ags"],
        RegionKind.MUNICIPALITY,
        row["name"],
        label=f"{row['name']} ({district['bezeichnung']})",
        form="Gemeinde",
        parent_ags=row["kreis_ags"],
        valid_to=date.fromisoformat(row["gueltig_bis"]),
        successor_ags=row["nachfolger_ags"],
    )


def _region(ags: str, kind: RegionKind, name: str, *, search: list[str] | None = None, **values: Any) -> dict[str, Any]:
    empty = {"name_hsb": "", "form": "", "parent_ags": None, "valid_from": None, "valid_to": None}
    empty |= {"successor_ags": None, "lat": None, "lon": None}
    return empty | {"ags": ags, "kind": kind, "name": name, "folded": search_text(*(search or [name]))} | values


def _topics(folder: Path) -> Iterator[dict[str, Any]]:
    for position, row in enumerate(_rows(folder / "themen.csv"), start=1):
        yield {
            "slug": row["slug"],
            "kind": TopicKind(row["art"]),
            "name": row["name"],
            "name_en": row["name_en"],
            "position": position,
        }


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _number(text: str) -> float | None:
    return float(text) if text else None
