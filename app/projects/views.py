"""The Projektlandkarte for everybody: the list with its filters, and the same as a table to work with."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Any, Final

from flask import Blueprint, Response, request, url_for

from app.kernel import web
from app.kernel.i18n import _
from app.projects import queries
from app.projects.models import Service
from app.projects.values import ANY_PROJECT, NO_PROJECT, ProjectState, SituationKind, Wanted

blueprint = Blueprint("projects", __name__, template_folder="templates")

# What a spreadsheet would take for a formula (OWASP, CSV injection).
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@blueprint.get("/projekte")
@web.public
def index() -> Response:
    """The services, narrowed by what the address says."""
    wanted = _wanted()
    found = queries.find_services(wanted, request.args.get("seite", 1, type=int))
    chosen = _address_of(wanted)
    states = queries.state_counts()
    return web.page(
        "projects/index.html",
        wanted=wanted,
        found=found,
        field_options=_with_counts(queries.field_choices(wanted)),
        situation_options=_with_counts(queries.situation_choices(wanted)),
        kind_options=[(kind.value, kind.label) for kind in SituationKind],
        state_options=_state_options(states),
        documented=sum(states.values()),
        others=queries.reuses_without_service(wanted.field) if wanted.field else [],
        page_url=lambda page: url_for("projects.index", **chosen, seite=page),
        csv_url=url_for("projects.export", **chosen),
    )


def _with_counts(choices: list[queries.Choice]) -> list[tuple[str, str]]:
    return [(choice.value, f"{choice.label} ({choice.count})") for choice in choices]


def _state_options(counts: dict[str, int]) -> list[tuple[str, str]]:
    states = [(state.value, f"{state.label} ({counts.get(state, 0)})") for state in ProjectState]
    whole = _("mit belegter Angabe")
    return [(ANY_PROJECT, f"{whole} ({sum(counts.values())})"), *states, (NO_PROJECT, _("ohne Angabe"))]


def _wanted() -> Wanted:
    state = request.args.get("stand", "")
    kind = request.args.get("art", "")
    return Wanted(
        text=request.args.get("q", "").strip()[:100],
        field=request.args.get("thema", ""),
        situation=request.args.get("lage", ""),
        kind=kind if kind in list(SituationKind) else "",
        state=state if state in (*ProjectState, ANY_PROJECT, NO_PROJECT) else "",
        municipal=request.args.get("kommunal") == "1",
    )


def _address_of(wanted: Wanted) -> dict[str, Any]:
    values = {
        "q": wanted.text,
        "thema": wanted.field,
        "lage": wanted.situation,
        "art": wanted.kind,
        "stand": wanted.state,
        "kommunal": "1" if wanted.municipal else "",
    }
    return {name: value for name, value in values.items() if value}


@blueprint.get("/projekte.csv")
@web.public
def export() -> Response:
    """The services as CSV (RFC 4180) in UTF-8; a byte order mark tells spreadsheets so."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_head())
    writer.writerows([_harmless(cell) for cell in _row(service)] for service in queries.all_services(_wanted()))
    response = web.conditional(text.getvalue().encode("utf-8-sig"), "text/csv", None)
    response.headers["Content-Disposition"] = 'attachment; filename="projektlandkarte.csv"'
    return response


def _head() -> list[str]:
    return [
        _("OZG-ID"),
        _("Leistung"),
        _("Themenfeld"),
        _("Lage"),
        _("Art der Lage (abgeleitet)"),
        _("LeiKa-Leistungen"),
        _("davon Bund"),
        _("davon Bund regelt, Land oder Kommune vollzieht"),
        _("davon Land"),
        _("davon Kommune"),
        _("Stand des Katalogs"),
        _("Umsetzungsstand"),
        _("Umsetzungsweg"),
        _("Federführung"),
        _("Priorität"),
        _("Reifegrad"),
        _("Stand der Angabe"),
        _("Quelle"),
        _("Belege zur Nachnutzung"),
    ]


def _row(service: Service) -> Iterable[Any]:
    field = service.field.label.replace("\u2011", "-")  # a hyphen to compare with, not one to print
    yield from (service.ozg_id, service.name, field, service.situation, service.situation_kind_label)
    yield from (service.item_count, service.federal_count, service.delegated_count)
    yield from (service.state_count, service.municipal_count, service.catalogue_as_of)
    if project := service.project:
        yield from (project.state_label, project.way_label, project.lead, project.priority_label)
        yield from (project.maturity_label, project.as_of, project.source)
    else:
        yield from [""] * 7
    yield len(service.reuses)


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
