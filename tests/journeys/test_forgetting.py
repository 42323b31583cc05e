"""Who wants to be forgotten is: in every table, every file, every log line. Before that, all of it is shown to them."""

import io
import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect

from app import delivery, participation, subscriptions, wiring
from app.kernel import audit, tokens
from app.kernel import clock as clocks
from app.kernel.db import db, session, transaction
from app.subscriptions import erasure, importing
from tests.newsletter import story as issues
from tests.subscriptions import story as people
from tests.support.client import Visitor
from tests.support.dump import dump
from tests.support.house import HeldClock, work
from tests.support.smtp import SmtpSink

ADDRESS = "Mara.Merkmal@merkstadt.example"
KEY = ADDRESS.lower()
MARKERS = ("mara.merkmal", "Mara Merkmal", "Amt Merkstadt")
OTHER = "otto.bleibt@stadt.example"


@pytest.fixture
def lived(catalogue: Any, smtp: SmtpSink, clock: HeldClock) -> Any:
    """A person who did everything that leaves a trace, beside one who stays."""
    app = catalogue
    people.found_newsletters(app)
    people.subscribe(app, app.test_client(), clock, OTHER, name="Otto Bleibt")
    people.subscribe(app, app.test_client(), clock, ADDRESS, name="Mara Merkmal", organisation="Amt Merkstadt")
    work(app)
    smtp.refuse(f"550 5.1.1 <{ADDRESS}>: unknown", address=ADDRESS)
    with app.app_context():
        issues.send_now(issues.draft(1, issues.words()))
    work(app)
    smtp.accept()
    _write(app, app.test_client(), clock)
    with app.app_context(), transaction():
        audit.record("noted", f"person:{ADDRESS}", {"said": [f"Anruf von {ADDRESS}"], KEY: {"at": KEY}})
        delivery.suppress(KEY, "bounce", f"550 5.1.1 <{KEY}>")
    return app


def _write(app: Any, visitor: Visitor, clock: HeldClock) -> None:
    """Contributions, published and not; a report of a barrier; a sign-up that was never confirmed."""
    with app.app_context():
        for body, state in (("Gruß von Mara Merkmal.", "published"), ("Nur für Sie: Mara Merkmal", "refused")):
            words = participation.Words(
                kind="comment", body=body, name="Mara Merkmal", organisation="Amt Merkstadt", email=ADDRESS
            )
            with transaction():
                made = participation.contribute(10244, words)
                participation.decide(made.id, participation.State(state), "Danke, Mara Merkmal!", 1)
    told = {"what": "Das Menü geht nicht auf.", "name": "Mara Merkmal", "address": ADDRESS}
    visitor.submit("/barriere-melden", told, has="what")
    people.sign_up(visitor, clock, ADDRESS, newsletters=[people.SAKD], name="Mara Merkmal")
    work(app)


def found_in(app: Any) -> dict[str, list[str]]:
    """In which columns of which table each marker stands."""
    found: dict[str, set[str]] = {marker: set() for marker in MARKERS}
    with app.app_context():
        for table, rows in dump(db.engine).items():
            names = [column["name"] for column in inspect(db.engine).get_columns(table)]
            for name, value in (
                (name, str(value).lower()) for row in rows for name, value in zip(names, row, strict=True)
            ):
                for marker in MARKERS:
                    if marker.lower() in value:
                        found[marker].add(f"{table}.{name}")
    return {marker: sorted(columns) for marker, columns in found.items()}


def files_with_markers(app: Any) -> list[str]:
    folder = Path(app.instance_path)
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(marker.lower().encode() in path.read_bytes().lower() for marker in MARKERS)
    ]


def test_all_that_stands_anywhere_is_shown_and_then_forgotten(
    lived: Any, caplog: pytest.LogCaptureFixture, smtp: SmtpSink
) -> None:
    caplog.set_level(logging.DEBUG)
    before = found_in(lived)
    covered = {column for kind in wiring.PERSONAL_DATA for column in kind.columns}
    assert [column for columns in before.values() for column in columns if column not in covered] == []
    assert {column.partition(".")[0] for column in before["mara.merkmal"]} >= {
        "audit_entries", "confirmations", "contributions", "declarations", "deliveries", "messages", "subscribers",
        "suppressions",
    }  # fmt: skip
    run = lived.test_cli_runner()
    shown = run.invoke(args=["subscribers", "show", ADDRESS])
    kinds = {kind["kind"] for kind in json.loads(shown.output)["kept"]}
    assert kinds == {
         "delivery.ledger", "delivery.suppressions", "operations.audit",
        "participation.contributions", "site.barriers", "subscriptions.declarations", "subscriptions.people",
        "subscriptions.requests",
    }  # fmt: skip
    assert [marker for marker in MARKERS if marker.lower() not in shown.output.lower()] == []

    forgotten = run.invoke(args=["subscribers", "forget", ADDRESS, "--yes", "--never-again"])
    assert (forgotten.exit_code, forgotten.output.splitlines()[0]) == (0, "Forgotten.")
    work(lived)
    with lived.app_context():
        listed = erasure.list_path().read_text(encoding="ascii").split("\n")[:-1]
        assert [line.split()[1] for line in listed if line] == [tokens.keyed_hash(erasure.ERASED, KEY)]
        assert erasure.list_path().stat().st_mode & 0o777 == 0o600
    assert found_in(lived) == {marker: [] for marker in MARKERS}
    assert files_with_markers(lived) == []
    assert [line for line in caplog.messages if any(marker.lower() in line.lower() for marker in MARKERS)] == []
    verified = run.invoke(args=["subscribers", "verify"])
    assert (verified.exit_code, verified.output) == (0, "All declarations are as they were made.\n")
    with lived.app_context():
        assert delivery.is_suppressed(ADDRESS)
        again = erasure.flat(erasure.known(ADDRESS))
        assert [kind["kind"] for kind in again] == ["subscriptions.erasures", "delivery.suppressions"]
        [published] = participation.published_on(10244)
        assert (published.body, published.answer, published.author) == ("Gruß von ….", "Danke, …!", "")
    assert people.states(lived, OTHER) == {people.OZG: "active"}


def test_a_restored_backup_forgets_again_whom_it_brought_back(lived: Any, clock: HeldClock) -> None:
    """The backup is as old as before the erasure: only the list beside the database knows about it."""
    run = lived.test_cli_runner()
    with lived.app_context():
        at = clocks.now()
        digest = tokens.keyed_hash(erasure.ERASED, KEY)
        erasure.list_path().parent.mkdir(parents=True, exist_ok=True)
        erasure.list_path().write_text(f"{at.isoformat()} {digest}\n2026-11-24T", encoding="ascii")
    clock.tick(days=1)
    assert run.invoke(args=["subscribers", "forget", "--replay"]).output == "1 erased again.\n"
    assert run.invoke(args=["subscribers", "forget", "--replay"]).output == "0 erased again.\n"
    assert found_in(lived)["Mara Merkmal"] == []
    assert people.states(lived, OTHER) == {people.OZG: "active"}
    with lived.app_context():
        [row] = session.query(subscriptions.models.Erasure).all()
        assert (row.by, row.at) == ("replay", at)


def test_hashes_times_and_protocol_are_deleted_when_their_period_is_over(lived: Any, clock: HeldClock) -> None:
    lived.test_cli_runner().invoke(args=["subscribers", "forget", ADDRESS, "--yes"])
    midnight = datetime(2029, 12, 31, 23, 0, tzinfo=UTC)
    for moment, left in ((midnight - timedelta(minutes=1), 1), (midnight, 0)):
        clock.move_to(moment)
        work(lived)
        with lived.app_context():
            assert session.query(subscriptions.models.Erasure).count() == left
            erased = session.query(subscriptions.Declaration).filter_by(kind=subscriptions.DeclarationKind.ERASED)
            assert erased.count() == left
            assert subscriptions.tampered() == {}
            assert len(erasure.read_list(erasure.list_path())) == left


def test_a_list_that_waits_to_be_taken_over_is_shown_and_given_up(lived: Any) -> None:
    """The file would bring the person back; one line cannot be taken out of every kind of file, so the file goes."""
    with lived.app_context(), transaction():
        grounds = importing.Grounds(subscriptions.models.Basis.CONSENT, how="Papierformular", wording="Ja, gern.")
        rows = f"E-Mail;Name\n{ADDRESS};Mara Merkmal\n".encode()
        made = importing.hand_in(io.BytesIO(rows), "liste.csv", 1, grounds, "Alma Beispiel")
        number = made.id
    assert files_with_markers(lived) == [f"{number}.list"]
    run = lived.test_cli_runner()
    assert "Liste: liste.csv" in run.invoke(args=["subscribers", "show", ADDRESS]).output
    run.invoke(args=["subscribers", "forget", ADDRESS, "--yes"])
    assert files_with_markers(lived) == []
    with lived.app_context():
        assert importing.get(number).stage == "discarded"
