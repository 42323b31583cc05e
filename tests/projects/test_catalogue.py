"""The catalogue of services: loaded from files, narrowed, exported; and what Saxony does about a service."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app import projects, taxonomy
from app.kernel import db
from app.kernel.audit import AuditEntry
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.i18n import force, ngettext
from app.projects import ProjectValues, Wanted
from tests.support.dump import differences, dump


@pytest.fixture
def map_(catalogue: Any) -> Iterator[Any]:
    """The app with the whole catalogue, inside its context."""
    with catalogue.app_context():
        yield catalogue


def _ids(wanted: Wanted) -> set[int]:
    return {service.ozg_id for service in projects.all_services(wanted)}


def test_the_catalogue_has_557_services_27_pieces_of_evidence_and_only_documented_projects(map_: Any) -> None:
    assert (projects.count_services(), len(projects.projects())) == (557, 4)
    assert db.session.scalar(select(func.count()).select_from(projects.Reuse)) == 27
    assert {project.ozg_id: (project.state, project.way, project.maturity) for project in projects.projects()} == {
        10092: ("done", "amt24", 3),
        10244: ("running", "efa", None),
        10251: ("running", "efa", None),
        10436: ("done", "", None),
    }
    assert all(project.source and project.as_of for project in projects.projects())


def test_a_service_is_described_as_in_the_catalogue(map_: Any) -> None:
    service = projects.get_service(10092)
    assert (service.name, service.field.name, service.situation, service.situation_kind_label) == (
        "Wohngeld",
        "Arbeit & Ruhestand",
        "Finanzielle Existenzsicherung/Unterstützung bei finanziellen Problemen",
        "Lebenslage",
    )
    assert (service.item_count, len(service.items), service.catalogue_as_of) == (9, 9, "10/2019")
    assert [(reuse.land, reuse.source_host) for reuse in service.reuses] == [("Sachsen", "sakd.de")]


def test_a_second_import_changes_nothing(map_: Any) -> None:
    before = dump(db.db.engine)
    with db.transaction():
        assert projects.import_catalogue() == (557, 27, 4)
    assert differences(before, dump(db.db.engine)) == []


def test_an_import_keeps_what_the_team_said(map_: Any) -> None:
    with db.transaction():
        projects.describe(10092, ProjectValues(state="running", note="eigene Angabe", as_of="11/2026"))
    with db.transaction():
        projects.import_catalogue()
    project = projects.get_service(10092).project
    assert project is not None
    assert (project.state, project.note) == ("running", "eigene Angabe")


def test_a_service_that_the_catalogue_no_longer_names_becomes_inactive(map_: Any, tmp_path: Path) -> None:
    for path in (Path(projects.__file__).parent.parent / "data").glob("*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if path.name != "ozg_leistungen.csv" or not line.startswith("10160,")]
        (tmp_path / path.name).write_text("".join(kept), encoding="utf-8")
    with db.transaction():
        projects.import_catalogue(tmp_path)
    assert (projects.count_services(), projects.get_service(10160).is_active) == (556, False)
    assert _ids(Wanted(text="Hundehaltung")) == set()


def test_the_catalogue_needs_its_fields_first(app: Any) -> None:
    with app.app_context(), db.transaction(), pytest.raises(Conflict, match="Themenfelder"):
        projects.import_catalogue()


def test_the_command_loads_everything_and_says_what(app: Any) -> None:
    with app.app_context():
        said = app.test_cli_runner().invoke(args=["catalogue", "import"])
    assert (said.exit_code, said.output.split("topics, ")[1]) == (0, "557 services, 27 reuses, 4 projects.\n")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Wohngeld", 10092),
        ("führerschein", 10169),
        ("Fuehrerschein", 10169),
        ("fuhrerschein", 10169),
        ("HUNDEHALTUNG", 10160),
        ("statusabfrage FUNDSACHEN", 10244),
    ],
)
def test_a_search_finds_services_however_they_are_written(map_: Any, text: str, found: int) -> None:
    assert found in _ids(Wanted(text=text))


def test_services_that_begin_with_the_word_come_first(map_: Any) -> None:
    assert projects.find_services(Wanted(text="führerschein")).services[0].name.startswith("Führerschein")


@pytest.mark.parametrize("text", ["%", "_", "\\", "|", "gibtesnicht"])
def test_signs_of_the_database_are_only_signs(map_: Any, text: str) -> None:
    assert len(_ids(Wanted(text=text))) < 557 or text == "|"


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Wanted(), 557),
        (Wanted(field="bauen-wohnen"), 58),
        (Wanted(field="bauen-wohnen", kind="business"), 38),
        (Wanted(situation="geburt"), 11),
        (Wanted(situation="geburt", field="umwelt"), 0),
        (Wanted(municipal=True), 461),
        (Wanted(state="done"), 2),
        (Wanted(state="any"), 4),
        (Wanted(state="none"), 553),
        (Wanted(field="gibt-es-nicht"), 0),
    ],
)
def test_a_choice_narrows_the_list(map_: Any, wanted: Wanted, count: int) -> None:
    assert (len(_ids(wanted)), projects.find_services(wanted).total) == (count, count)


def test_choices_say_how_many_services_they_leave(map_: Any) -> None:
    fields = projects.field_choices(Wanted(kind="business", field="umwelt"))
    assert [choice.label for choice in fields] == [t.label for t in taxonomy.topics("themenfeld")]
    assert {choice.value: choice.count for choice in fields}["bauen-wohnen"] == 38
    situations = projects.situation_choices(Wanted(field="bauen-wohnen"))
    assert [(choice.label, choice.count) for choice in situations] == [
        ("Bauen & Immobilien", 38),
        ("Hausbau & Immobilienerwerb", 4),
        ("Wohnen & Umzug", 16),
    ]
    assert projects.state_counts() == {"done": 2, "running": 2}


def test_a_page_that_is_not_there_is_the_last(map_: Any) -> None:
    for page, shown in ((1, 1), (0, 1), (-5, 1), (23, 23), (10**30, 23)):
        found = projects.find_services(Wanted(), page)
        assert (found.page, found.pages, found.total) == (shown, 23, 557)
    assert len(projects.find_services(Wanted(), 23).services) == 557 - 22 * 25


def test_the_search_of_the_site_finds_services(map_: Any) -> None:
    assert [(hit.title, hit.url, hit.kind) for hit in projects.search("Wohngeld", 1)] == [
        ("Wohngeld", "/projekte/10092", "OZG-Leistung")
    ]


def test_what_the_team_says_is_stored_and_recorded(map_: Any) -> None:
    values = ProjectValues(
        state="planned", way="third", lead="Musterstadt", priority="high", maturity=0, as_of="11/2026"
    )
    with db.transaction():
        projects.describe(10160, values)
        projects.describe(10160, values)
    project = projects.get_service(10160).project
    assert project is not None
    assert (project.state_label, project.way_label, project.priority_label, project.maturity_label) == (
        "in Planung",
        "Lösung Dritter",
        "hoch",
        "0 – nicht beschrieben",
    )
    entries = db.session.scalars(select(AuditEntry)).all()
    assert [(entry.verb, entry.subject) for entry in entries] == [("described", "project:10160")]


def test_words_that_are_not_ours_are_refused(map_: Any) -> None:
    wrong = ProjectValues(state="fertig", way="x", priority="sehr", maturity=9)
    with db.transaction(), pytest.raises(Invalid) as refused:
        projects.describe(10160, wrong)
    assert sorted(refused.value.fields) == ["maturity", "priority", "state", "way"]
    with pytest.raises(NotFound):
        projects.get_service(1)


def test_numbers_choose_their_sentence(app: Any) -> None:
    with app.app_context():
        said = [ngettext("%(num)s Leistung", "%(num)s Leistungen", n) for n in (0, 1, 2)]
        with force("en"):
            said += [ngettext("%(num)s Leistung", "%(num)s Leistungen", n) for n in (0, 1, 2)]
    assert said == ["0 Leistungen", "1 Leistung", "2 Leistungen", "0 services", "1 service", "2 services"]
