"""Lists at the desk and at the command line: handed in, looked at, taken over; and exports that nothing computes."""

import csv
import io
import json
import tracemalloc
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.kernel.db import session, transaction
from app.subscriptions import exporting, importing
from app.subscriptions.exporting import guarded
from app.subscriptions.importing import pump
from app.subscriptions.models import Import, Subscriber
from app.subscriptions.queries import Filter
from tests.subscriptions import lists
from tests.subscriptions.story import OZG, found_newsletters, subscribe
from tests.support import house
from tests.support.client import Visitor
from tests.support.house import HeldClock
from tests.support.team import signed_in

DESK = "/redaktion/abonnements"
LIST = (
    lists.HEAD + "vera@stadt.example;Vera;Stadt;Kamenz;08.11.2025\n=cmd()@x.example;;;;08.11.2025\nohne@x.example;;;;\n"
)
MOST_MB = 12  # of objects while 5,000 rows are checked and taken over; 100,000 rows may take 150 MB more than none


def _hand_in(desk: Visitor, content: str, **values: str) -> Any:
    said = {
        "newsletter": "1",
        "basis": "consent",
        "how": "Formular",
        "wording": "Ja, ich will.",
        "lang": "de",
        **values,
    }
    page = desk.get(f"{DESK}/importe")
    assert page.status_code == 200, page.text
    token = page.text.split('name="csrf_token" value="')[-1].split('"')[0]
    file = (io.BytesIO(content.encode()), "verteiler.csv")
    return desk.post(f"{DESK}/importe", data={**said, **values, "csrf_token": token, "file": file})


def test_a_list_is_handed_in_looked_at_and_taken_over(saxony: Any) -> None:
    found_newsletters(saxony)
    desk = signed_in(saxony, "editor")
    answer = _hand_in(desk, LIST)
    assert answer.status_code == 303
    here = answer.location
    columns = desk.get(here)
    assert "zum Beispiel: vera@stadt.example" in columns.text
    assert desk.submit(here, {"column1": ""}, action=f"{here}?zuordnen=1").status_code == 303
    waiting = desk.get(here).text
    assert ("Stand aktualisieren" in waiting, '<live-part id="import-checking"' in waiting) == (True, True)
    assert ('http-equiv="refresh"' in waiting, 'http-equiv="refresh"' in desk.get(f"{here}?neu-laden=1").text) == (
        False,
        True,
    )
    house.work(saxony)
    checked = desk.get(f"{here}?neu-laden=1").text
    assert ("<live-part" in checked, 'http-equiv="refresh"' in checked) == (False, False)
    assert ("Eine Zeile übernehmen" in checked, "Wann eingewilligt wurde, fehlt." in checked) == (True, True)
    assert "vera@stadt.example" not in desk.get(f"{here}?urteil=unproven").text
    file = desk.get(f"{here}/pruefung.csv")
    lines = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig")), delimiter=";"))
    assert lines[:2] == [["Zeile", "Adresse", "Urteil", "Grund"], ["2", "vera@stadt.example", "neu", ""]]
    assert lines[2][1] == "'=cmd()@x.example"
    assert desk.submit(here, action=f"{here}/uebernehmen").status_code == 303
    house.work(saxony)
    assert "Eine Zeile ist übernommen." in desk.get(here).text
    assert desk.get(f"{here}/pruefung.csv").status_code == 200
    with saxony.app_context():
        [vera] = session.query(Subscriber).all()
        assert (vera.address, vera.name, vera.organisation) == ("vera@stadt.example", "", "Stadt")


@pytest.mark.parametrize(
    ("content", "values", "advice"),
    [
        (LIST, {"basis": "public_task"}, "Bitte begründen Sie"),
        ("", {}, "Die Datei ist leer."),
        (LIST, {"newsletter": "99"}, "Bitte wählen Sie aus den angebotenen Möglichkeiten."),
        (LIST, {"basis": ""}, "Bitte wählen Sie aus den angebotenen Möglichkeiten."),
    ],
)
def test_what_cannot_be_taken_is_said_and_what_was_typed_stays(
    saxony: Any, content: str, values: dict[str, str], advice: str
) -> None:
    found_newsletters(saxony)
    answer = _hand_in(signed_in(saxony, "admin"), content, **values)
    assert (answer.status_code, advice in answer.text, "Ja, ich will." in answer.text) == (422, True, True)


def test_a_list_without_an_address_column_asks_for_it_and_can_be_discarded(saxony: Any) -> None:
    found_newsletters(saxony)
    desk = signed_in(saxony, "editor")
    here = _hand_in(desk, "Name;Ort\nVera;Kamenz\n").location
    refused = desk.submit(here, action=f"{here}?zuordnen=1")
    assert (refused.status_code, "in welcher Spalte die E-Mail-Adresse steht" in refused.text) == (422, True)
    desk.submit(here, {"column0": "email"}, action=f"{here}?zuordnen=1")
    house.work(saxony)
    assert desk.submit(here, action=f"{here}/verwerfen").status_code == 303
    assert "verworfen" in desk.get(f"{DESK}/importe").text


def test_the_command_judges_takes_over_and_changes_nothing_twice(saxony: Any, tmp_path: Path) -> None:
    found_newsletters(saxony)
    file = tmp_path / "verteiler.csv"
    file.write_text("Wer;Wann\nvera@stadt.example;08.11.2025\nkein\n", encoding="cp1252")
    shown = ["--newsletter", OZG, "--basis", "consent", "--how", "Formular", "--wording", "Ja."]
    named = [*shown, "--map", "Wer=email", "--map", "2=consent_at"]
    run = saxony.test_cli_runner().invoke
    dry = run(args=["subscribers", "import", str(file), *named, "--dry-run"])
    assert (dry.exit_code, dry.stdout) == (0, "       1 neu\n       1 keine gültige Adresse\n")
    assert dry.stderr == "3: kein: keine gültige Adresse (Es fehlt das Zeichen @.)\n"
    assert run(args=["subscribers", "export"]).stderr == "0 subscriptions.\n"
    first = run(args=["subscribers", "import", str(file), *named])
    second = run(args=["subscribers", "import", str(file), *named])
    assert (first.stdout, second.stdout) == (
        "       1 neu\n       1 keine gültige Adresse\n",
        "       1 schon abonniert\n       1 keine gültige Adresse\n",
    )
    assert run(args=["subscribers", "import", str(file), *shown[:1], "nichts", *shown[2:]]).exit_code == 2
    assert run(args=["subscribers", "import", str(file), *shown, "--map", "Wer=nichts"]).exit_code == 2
    assert run(args=["subscribers", "export"]).stderr == "1 subscriptions.\n"


@pytest.fixture
def people(saxony: Any, client: Visitor, clock: HeldClock) -> Any:
    """Two who listen, one with a name that a spreadsheet would compute."""
    found_newsletters(saxony)
    subscribe(saxony, client, clock, "klara@kamenz.example", name='=HYPERLINK("http://x")', regions=["14626"])
    subscribe(saxony, client, clock, "otto@amt.example", newsletters=["sakd-aktuell"], organisation="Amt; Ä")
    return saxony


def test_the_same_rows_in_every_form_with_the_filters_of_the_desk(people: Any) -> None:
    desk = signed_in(people, "editor")
    got = desk.submit(f"{DESK}/export", {"format": "csv"})
    assert got.status_code == 200, got.text
    assert got.headers["Content-Disposition"] == 'attachment; filename="abonnements-2026-11-24.csv"'
    assert got.data.startswith(b"\xef\xbb\xbfemail;name;")
    rows = list(csv.DictReader(io.StringIO(got.data.decode("utf-8-sig")), delimiter=";"))
    assert [(row["email"], row["name"], row["organisation"], row["regions"]) for row in rows] == [
        ("klara@kamenz.example", '\'=HYPERLINK("http://x")', "", "14626"),
        ("otto@amt.example", "", "Amt; Ä", ""),
    ]
    book = openpyxl.load_workbook(io.BytesIO(desk.submit(f"{DESK}/export", {"format": "xlsx"}).data))
    cells = [list(row) for row in book.active.iter_rows(values_only=True)]
    assert [[cell or "" for cell in row] for row in cells] == [list(rows[0]), *([*row.values()] for row in rows)]
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)
    said = json.loads(desk.submit(f"{DESK}/export?newsletter={OZG}", {"format": "json"}).data)
    assert [(row["email"], row["regions"], row["state"]) for row in said] == [
        ("klara@kamenz.example", ["14626"], "active")
    ]
    with people.app_context():
        assert [entry.detail["rows"] for entry in _exports()] == [2, 2, 1]


def _exports() -> Any:
    from app.kernel.audit import AuditEntry

    return session.query(AuditEntry).filter_by(verb="subscriptions_exported").order_by(AuditEntry.id).all()


@pytest.mark.parametrize("cell", ["=1+1", "+49", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_what_begins_like_a_formula_is_text(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"
    assert guarded(f"a{cell}") == f"a{cell}"


def test_an_export_can_be_handed_in_again(people: Any) -> None:
    with people.app_context(), transaction(), exporting.write(Filter(newsletter=OZG), "csv").file as file:
        content = file.read()
    import_id = lists.hand_in(people, content, lists.TASK)
    assert lists.verdicts(people, import_id) == [(2, "subscribed", "")]


def test_5000_rows_take_bounded_memory(saxony_on_sqlite: Any) -> None:
    app = saxony_on_sqlite
    found_newsletters(app)
    rows = "".join(f"person{n}@amt{n % 418}.example;Person {n};Amt {n % 418};Kamenz;01.02.2025\n" for n in range(5000))
    import_id = lists.begin(app, lists.HEAD + rows)
    with app.app_context():
        tracemalloc.start()
        importing.go_through(import_id)
        with transaction():
            importing.take_over(session.get_one(Import, import_id))
        importing.go_through(import_id)
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
    assert lists.found(app, import_id).done == {"new": 5000}
    assert peak < MOST_MB, f"{peak:.1f} MB"
    assert pump.CHUNK == 500
