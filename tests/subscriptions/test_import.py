"""Lists that exist already: judged row by row, taken over with proof, resumable, and never merged silently."""

import io
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select

from app import delivery, subscriptions
from app.kernel.db import session, transaction
from app.kernel.errors import Conflict, Invalid
from app.subscriptions import importing
from app.subscriptions.declarations import history
from app.subscriptions.importing import files, pump, source
from app.subscriptions.models import Import, Stage, Subscriber, Subscription
from app.subscriptions.queries import find_by_key
from tests.subscriptions import lists
from tests.subscriptions.story import OZG, found_newsletters, links_of, sign_up, states, subscribe
from tests.support import house
from tests.support.client import Visitor
from tests.support.house import HeldClock
from tests.support.smtp import SmtpSink

MIXED = lists.HEAD + (
    "vera@stadt.example;Vera Beispiel;Stadt;Görlitz;08.11.2025\n"
    "kein-at.example;;;;08.11.2025\n"
    "VERA@Stadt.example;Vera B.;;;08.11.2025\n"
    "\n"
    "otto@amt.example;;;14625020;\n"
    "udo@amt.example;;;;31.02.2025\n"
    "ina@amt.example;;;;01.01.2031\n"
    "uta@amt.example;;;Nirgendwo;01.01.2025\n"
    "klara@kamenz.example;Klara;;;01.01.2025\n"
    "wartet@amt.example;;;;01.01.2025\n"
    "ging@amt.example;;;;01.01.2025\n"
    "gesperrt@amt.example;;;;01.01.2025\n"
    "a b@amt.example;;;;01.01.2025\n"
)


@pytest.fixture
def house_with_lists(saxony: Any, client: Visitor, clock: HeldClock) -> Any:
    """One who listens, one who has not confirmed, one who left, one who is suppressed."""
    found_newsletters(saxony)
    subscribe(saxony, client, clock, "klara@kamenz.example", regions=["14626"])
    sign_up(client, clock, "wartet@amt.example")
    subscribe(saxony, client, clock, "ging@amt.example")
    client.post(links_of(saxony, "ging@amt.example")[0], data={"List-Unsubscribe": "One-Click"})
    with saxony.app_context(), transaction():
        delivery.suppress("gesperrt@amt.example", "complaint")
    return saxony


def test_each_row_gets_its_verdict_and_nobody_is_subscribed_by_that(house_with_lists: Any) -> None:
    app = house_with_lists
    import_id = lists.hand_in(app, MIXED)
    assert lists.verdicts(app, import_id) == [
        (2, "new", ""),
        (3, "invalid", "Es fehlt das Zeichen @."),
        (4, "duplicate", "gleiche Adresse wie in Zeile 2"),
        (6, "unproven", "Wann eingewilligt wurde, fehlt."),
        (7, "unproven", "Das Datum „31.02.2025“ ist nicht lesbar. Schreiben Sie es zum Beispiel so: 08.12.2026."),
        (8, "unproven", "Das Datum „01.01.2031“ liegt in der Zukunft."),
        (9, "unplaced", "„Nirgendwo“ ist keine oder nicht nur eine Gemeinde."),
        (10, "subscribed", ""),
        (11, "pending", ""),
        (12, "withdrawn", "am 24.11.2026"),
        (13, "suppressed", "Die Person hat sich beschwert."),
        (14, "invalid", "Die Adresse enthält Leerzeichen oder mehrere Adressen."),
    ]
    made = lists.found(app, import_id)
    assert (made.stage, made.rows, made.found["unproven"], made.done) == (Stage.CHECKED, 12, 3, {})
    with app.app_context():
        assert find_by_key("vera@stadt.example") is None


def test_what_is_taken_over_is_proven_row_by_row_and_the_file_is_gone(house_with_lists: Any) -> None:
    app = house_with_lists
    import_id = lists.hand_in(app, MIXED)
    done = lists.take_over(app, import_id)
    assert done == lists.found(app, import_id).found
    with app.app_context():
        vera = find_by_key("vera@stadt.example")
        assert vera is not None
        [entry] = history(vera)
        assert (entry.kind, entry.content) == (
            "imported",
            {
                "address": "vera@stadt.example",
                "newsletter": OZG,
                "basis": "consent",
                "name": "Vera Beispiel",
                "organisation": "Stadt",
                "regions": ["14626110"],
                "consented_at": "2025-11-07T23:00:00+00:00",
                "how": "Formular auf der Website",
                "source": "liste.csv:2",
            },
        )
        assert session.get_one(subscriptions.ShownText, entry.shown_text).text == "Ich möchte den Newsletter."
        assert subscriptions.tampered() == {}
        assert not files.source(import_id).exists()
        [taken] = session.scalars(select(Subscription).where(Subscription.import_id == import_id))
        assert (taken.subscriber.address, taken.basis) == ("vera@stadt.example", "consent")
        assert [greeted.subscriber.address for greeted in subscriptions.unwelcomed()] == ["klara@kamenz.example"]
    assert states(app, "wartet@amt.example") == {OZG: "requested"}
    assert states(app, "ging@amt.example") == {OZG: "withdrawn"}


def test_a_second_run_changes_nothing(house_with_lists: Any) -> None:
    app = house_with_lists
    lists.take_over(app, lists.hand_in(app, MIXED))
    before = _everything(app)
    again = lists.take_over(app, lists.hand_in(app, MIXED))
    assert again["subscribed"] == 2
    assert "new" not in again
    assert _everything(app) == before


def test_who_is_known_keeps_their_name_and_gets_the_newsletter_beside_the_other(
    house_with_lists: Any, client: Visitor, clock: HeldClock
) -> None:
    app = house_with_lists
    subscribe(app, client, clock, "ute@amt.example", newsletters=["sakd-aktuell"], name="Ute Eigen")
    import_id = lists.hand_in(app, lists.HEAD + "Ute@amt.example;Uta Fremd;;;01.01.2025\n")
    assert lists.take_over(app, import_id) == {"added": 1}
    assert states(app, "ute@amt.example") == {"sakd-aktuell": "active", OZG: "active"}
    with app.app_context():
        ute = find_by_key("ute@amt.example")
        assert ute is not None
        assert (ute.name, [entry.kind for entry in history(ute)]) == (
            "Ute Eigen",
            ["requested", "confirmed", "imported"],
        )
        assert subscriptions.tampered() == {}


def test_killed_between_any_two_chunks_it_goes_on_where_it_stood(
    house_with_lists: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = house_with_lists
    monkeypatch.setattr(pump, "CHUNK", 3)
    monkeypatch.setattr(pump._Way, "_step", _dying(pump._Way._step))
    content = lists.HEAD + "".join(f"p{n % 8}@amt.example;;;;01.01.2025\n" for n in range(14))
    import_id = lists.begin(app, content)
    _go_until_done(app, import_id, Stage.CHECKED)
    with app.app_context(), transaction():
        importing.take_over(session.get_one(Import, import_id))
    _go_until_done(app, import_id, Stage.DONE)
    made = lists.found(app, import_id)
    assert (made.found, made.done) == ({"new": 8, "duplicate": 6}, {"new": 8, "duplicate": 6})
    assert [number for number, _verdict, _why in lists.verdicts(app, import_id)] == list(range(2, 16))
    with app.app_context():
        assert subscriptions.tampered() == {}


class _Killed(BaseException):
    """As if the process had ended here."""


def _dying(step: Any) -> Any:
    """A step that dies at every second call, before or after its work and always before its transaction ends."""
    calls = iter(range(10_000))

    def dying(way: Any, chunk: Any) -> Any:
        number = next(calls)
        if number % 4 == 1:
            raise _Killed
        done = step(way, chunk)
        if number % 4 == 3:
            raise _Killed
        return done

    return dying


def _go_until_done(app: Any, import_id: int, stage: Stage) -> None:
    for _try in range(30):
        with app.app_context():
            try:
                importing.go_through(import_id)
            except _Killed:
                continue
        assert lists.found(app, import_id).stage is stage
        return
    raise AssertionError("It never came to an end.")


def test_two_processes_with_the_same_list_do_each_row_once(house_with_lists: Any) -> None:
    app = house_with_lists
    import_id = lists.begin(app, lists.HEAD + "".join(f"p{n}@amt.example;;;;01.01.2025\n" for n in range(5)))
    with app.app_context():
        with transaction(write=False):
            first = pump._Way.of(session.get_one(Import, import_id))
            second = pump._Way.of(session.get_one(Import, import_id))
        assert first.go(list(first.ahead())) is True
        assert second.go(list(second.ahead())) is False
        first.finish()
        second.finish()
    assert lists.found(app, import_id).found == {"new": 5}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_every_encoding_and_delimiter_says_the_same(app: Any, tmp_path: Any, encoding: str, delimiter: str) -> None:
    rows = [["E-Mail", "Name", "Organisation"], ["a@b.example", "Jörg Ö.", 'Amt "A", B; C'], ["c@d.example", "ß", ""]]
    quoted = "\r\n".join(delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    path = tmp_path / "list"
    path.write_bytes(quoted.encode(encoding))
    assert source.kind_of(path) == "csv"
    assert [cells for _number, cells in source.rows(path, "csv")] == rows


def test_a_workbook_is_read_row_by_row_with_its_dates(saxony: Any) -> None:
    found_newsletters(saxony)
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Mail", "Vorname", "Nachname", "Ort", "Datum"],
        ["a@b.example", "Jo", "Ö", 14625020, datetime(2025, 3, 4, 10)],  # noqa: DTZ001  (Excel knows no zones)
    ):
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    import_id = lists.hand_in(saxony, content.getvalue(), filename="liste.xlsx")
    assert lists.verdicts(saxony, import_id) == [(2, "new", "")]
    lists.take_over(saxony, import_id)
    with saxony.app_context():
        person = find_by_key("a@b.example")
        assert person is not None
        [entry] = history(person)
        assert entry.content is not None
        assert (person.name, entry.content["regions"], entry.content["consented_at"]) == (
            "Jo Ö",
            ["14625020"],
            "2025-03-04T09:00:00+00:00",
        )


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "Die Datei ist leer. Bitte wählen Sie eine Datei mit Adressen."),
        (b" \n \n", "Die Datei ist leer. Bitte wählen Sie eine Datei mit Adressen."),
        (b"%PDF-1.7 ...", "Bitte speichern Sie die Liste als CSV oder XLSX, und wählen Sie diese Datei."),
        (b"a\x00b", "Bitte speichern Sie die Liste als CSV oder XLSX, und wählen Sie diese Datei."),
        (b"PK\x03\x04broken", "Die Excel-Datei lässt sich nicht lesen. Bitte speichern Sie sie neu als XLSX oder CSV."),
        (b"a;" * 70, "Die Datei hat zu viele Spalten. Bitte behalten Sie nur die nötigen."),
    ],
)
def test_what_is_no_list_is_refused_with_advice(saxony: Any, content: bytes, advice: str) -> None:
    found_newsletters(saxony)
    with pytest.raises(Invalid) as refused:
        lists.begin(saxony, content)
    assert str(refused.value.fields["file"]) == advice
    with saxony.app_context():
        assert [path.name for path in files._folder().iterdir()] == []


@pytest.mark.parametrize(
    ("headings", "meant"),
    [
        (["E-Mail-Adresse", "Name", "Behörde"], {"0": "email", "1": "name", "2": "organisation"}),
        (["Vorname", "Nachname", "eMail"], {"0": "first_name", "1": "last_name", "2": "email"}),
        (
            ["Email", "First Name", "Company", "Consent date"],
            {"0": "email", "1": "first_name", "2": "organisation", "3": "consent_at"},
        ),
        (["AGS", "Gemeinde", "Mail"], {"0": "region", "2": "email"}),
        (["lfd. Nr.", "Telefon", "E-Mail"], {"2": "email"}),
    ],
)
def test_the_columns_are_guessed_by_their_headings(headings: list[str], meant: dict[str, str]) -> None:
    assert importing.guess(headings) == meant


def test_a_list_without_headings_shows_where_its_addresses_are(saxony: Any) -> None:
    found_newsletters(saxony)
    import_id = lists.hand_in(saxony, "Vera;vera@stadt.example\nOtto;otto@stadt.example\n", lists.TASK)
    assert lists.found(saxony, import_id).columns == ["", ""]
    assert lists.verdicts(saxony, import_id) == [(1, "new", ""), (2, "new", "")]


def test_functional_mailboxes_get_no_issue_before_the_information_was_accepted(
    saxony: Any, smtp: SmtpSink, clock: HeldClock
) -> None:
    found_newsletters(saxony)
    with pytest.raises(Invalid):
        lists.begin(saxony, "E-Mail\npost@stadt.example\n", importing.Grounds(lists.TASK.basis))
    import_id = lists.hand_in(saxony, "E-Mail;Sprache\npost@stadt.example;\nmail@town.example;en\n", lists.TASK)
    lists.take_over(saxony, import_id)
    assert _audience(saxony) == 0
    house.work(saxony)
    assert _audience(saxony) == 2
    [german], [english] = smtp.to("post@stadt.example"), smtp.to("mail@town.example")
    assert [german.raw_header("List-Unsubscribe-Post"), english.subject] == [
        "List-Unsubscribe=One-Click",
        "Your office will receive “OZG-Newsletter”",
    ]
    with saxony.app_context():
        person = find_by_key("post@stadt.example")
        assert person is not None
        kinds = [entry.kind for entry in history(person)]
        assert kinds == ["imported", "informed"]
        said = session.get_one(subscriptions.ShownText, history(person)[1].shown_text).text
        assert "Art. 21 DSGVO" in said
        assert "Setzt das Onlinezugangsgesetz um." in said
        assert subscriptions.tampered() == {}
        assert importing.uninformed(import_id) == 0


def test_who_objects_to_the_information_gets_nothing_more(saxony: Any, client: Visitor) -> None:
    found_newsletters(saxony)
    lists.take_over(saxony, lists.hand_in(saxony, "E-Mail\npost@stadt.example\n", lists.TASK))
    client.post(links_of(saxony, "post@stadt.example")[0], data={"List-Unsubscribe": "One-Click"})
    house.work(saxony)
    with saxony.app_context():
        assert delivery.of_address("post@stadt.example") == []
    again = lists.hand_in(saxony, "E-Mail\npost@stadt.example\n", lists.TASK)
    assert [verdict for _number, verdict, _why in lists.verdicts(saxony, again)] == ["withdrawn"]


def test_what_is_being_taken_over_cannot_be_discarded_and_a_discarded_one_leaves_no_file(saxony: Any) -> None:
    found_newsletters(saxony)
    import_id = lists.hand_in(saxony, MIXED)
    with saxony.app_context():
        with transaction():
            importing.discard(session.get_one(Import, import_id))
        assert [files.source(import_id).exists(), files.report(import_id).exists()] == [False, False]
        with pytest.raises(Conflict), transaction():
            importing.take_over(session.get_one(Import, import_id))


def test_lists_are_deleted_after_seven_days(saxony: Any, clock: HeldClock) -> None:
    found_newsletters(saxony)
    import_id = lists.hand_in(saxony, MIXED)
    clock.tick(days=6, hours=23)
    house.work(saxony)
    with saxony.app_context():
        assert files.source(import_id).exists()
    clock.tick(hours=1)
    house.work(saxony)
    made = lists.found(saxony, import_id)
    assert (made.stage, made.files_deleted_at is not None) == (Stage.DISCARDED, True)
    with saxony.app_context():
        assert [path.name for path in files._folder().iterdir()] == []


def _audience(app: Any) -> int:
    with app.app_context():
        return subscriptions.count_audience(lists.importing_newsletter())


def _everything(app: Any) -> tuple[Any, ...]:
    with app.app_context():
        return tuple(
            session.scalar(select(func.count()).select_from(model))
            for model in (Subscriber, Subscription, subscriptions.Declaration)
        )
