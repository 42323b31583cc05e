"""The desk's page on sending."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event, select

from app import delivery
from app.delivery import Progress, words
from app.delivery.jobs import JOBS
from app.delivery.models import Delivery, State
from app.kernel.audit import AuditEntry
from app.kernel.db import db, session, transaction
from app.operations.demo.forms_in_html import find_form
from tests.delivery.mails import ANNA, BERND, MAIL, audience, owe, prepare, unlock
from tests.support.client import Visitor
from tests.support.house import HeldClock
from tests.support.smtp import SmtpSink
from tests.support.team import signed_in

RELEASE = "/redaktion/versand/gruppen/{}/freigeben"


def run() -> None:
    for job in JOBS:
        job.run()


@pytest.fixture
def editor(app: Any, clock: HeldClock) -> Visitor:
    return signed_in(app, "editor")


@pytest.fixture
def in_doubt(app: Any) -> Iterator[int]:
    """A delivery whose outcome is open; its id."""
    with app.app_context():
        owe(ANNA, BERND)
        with transaction():
            row = session.scalars(select(Delivery).where(Delivery.address_key == ANNA[0])).one()
            row.state, row.reply_id = State.UNCERTAIN, words.number(None, "Connection unexpectedly closed")
            number = row.id
        yield number


def cells(page: str, heading: str) -> list[str]:
    """The texts of the row that begins with this heading."""
    row = next(row for row in re.findall(r"<tr>(.*?)</tr>", page, re.S) if heading in row)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)]


def test_the_equation_stands_on_the_page(app: Any, editor: Visitor, smtp: SmtpSink) -> None:
    smtp.refuse("550 5.1.1 unknown", address="anna@amt.example")
    with app.app_context():
        owe(ANNA, BERND)
        run()
    page = editor.get("/redaktion/versand").text
    figures = ["2", "1", "1", "0", "0", "0"]
    assert cells(page, "24.11.2026") == ["Neues aus Sachsen 24.11.2026, 10:00 Uhr", *figures, "abgeschlossen"]
    assert cells(page, "anna@amt.example") == ["anna@amt.example", "Neues aus Sachsen", "550 5.1.1 unknown"]


def test_what_is_neither_an_issue_nor_before_them_is_counted_on_the_page(app: Any, editor: Visitor) -> None:
    with app.app_context():
        unlock()
        with transaction():
            message = delivery.freeze("information:1", "information", MAIL)
            delivery.prepare(message, audience(ANNA, BERND))
    row = ["Information vor der ersten Ausgabe", "wartet", "2"]
    assert cells(editor.get("/redaktion/versand").text, row[0]) == row


def test_the_page_says_that_sending_is_locked_and_what_is_missing(app: Any, editor: Visitor) -> None:
    with app.app_context(), transaction():
        prepare(ANNA)
    page = editor.get("/redaktion/versand").text
    assert "Der Versand ist gesperrt" in page
    assert "<li>Verantwortlicher im Sinne der DSGVO</li>" in page


def test_sending_again_is_asked_first_and_written_down(app: Any, editor: Visitor, in_doubt: int) -> None:
    path = f"/redaktion/versand/{in_doubt}/erneut"
    assert path in editor.get("/redaktion/versand").text
    assert "kann sie dort zweimal liegen" in editor.get(path).text
    assert delivery.progress("issue:1") == Progress("issue:1", prepared=2, uncertain=1, open=1)
    assert editor.submit(path, action=path).status_code == 303
    assert delivery.progress("issue:1") == Progress("issue:1", prepared=2, open=2)
    assert "resent" in session.scalars(select(AuditEntry.verb)).all()
    assert editor.get(path).status_code == 404


def test_all_that_is_in_doubt_of_an_issue_is_sent_again_at_once(app: Any, editor: Visitor, in_doubt: int) -> None:
    path = "/redaktion/versand/gruppen/issue:1/erneut"
    assert "ungewissen von „Neues aus Sachsen“" not in editor.get("/redaktion/versand").text  # one has its own button
    with app.app_context(), transaction():
        other = session.scalars(select(Delivery).where(Delivery.id != in_doubt)).one()
        other.state, other.reply_id = State.UNCERTAIN, words.number(None, "Connection unexpectedly closed")
    assert "Alle 2 ungewissen von „Neues aus Sachsen“ erneut senden" in editor.get("/redaktion/versand").text
    assert "Jetzt 2 Nachrichten erneut senden" in editor.get(path).text
    assert delivery.progress("issue:1") == Progress("issue:1", prepared=2, uncertain=2)
    assert editor.submit(path, action=path).status_code == 303
    assert delivery.progress("issue:1") == Progress("issue:1", prepared=2, open=2)
    resent = select(AuditEntry.subject).where(AuditEntry.verb == "resent")
    assert len(set(session.scalars(resent))) == 2
    assert editor.get(path).status_code == 404


def test_a_single_mail_refused_for_our_sake_goes_on_when_the_team_says_so(
    app: Any, editor: Visitor, smtp: SmtpSink
) -> None:
    smtp.refuse("550 5.7.26 not authenticated", at="data", address="anna@amt.example")
    with app.app_context():
        unlock()
        with transaction():
            delivery.queue_one("partner", MAIL, "anna@amt.example", group="partner:1")
        run()
        page = editor.get("/redaktion/versand").text
        assert cells(page, "Fortsetzen") == [
            "anna@amt.example",
            "Neues aus Sachsen",
            "550 5.7.26 not authenticated",
            "Fortsetzen",
        ]
        assert editor.submit("/redaktion/versand", action=RELEASE.format("partner:1")).status_code == 303
        assert delivery.progress("partner:1").held is None


def test_an_issue_goes_on_from_its_own_page_only(app: Any, editor: Visitor) -> None:
    with app.app_context():
        owe(ANNA)
        with transaction():
            delivery.hold("issue:1", "550 5.7.1 blocked")
            delivery.queue_one("partner", MAIL, "anna@amt.example", group="partner:1")
            delivery.hold("partner:1", "550 5.7.1 blocked")
        page = editor.get("/redaktion/versand")
        assert RELEASE.format("partner:1") in page.text
        assert RELEASE.format("issue:1") not in page.text
        crafted = find_form(page.text, "/redaktion/versand", action=RELEASE.format("partner:1")).filled({}, None)
        assert editor.post(RELEASE.format("issue:1"), data=dict(crafted)).status_code == 404
        assert delivery.progress("issue:1").held == "550 5.7.1 blocked"


def test_the_page_says_when_the_mail_server_takes_nothing(app: Any, editor: Visitor, smtp: SmtpSink) -> None:
    smtp.refuse("421 4.3.2 closing for the night", at="mail")
    with app.app_context():
        owe(ANNA)
        run()
    page = editor.get("/redaktion/versand").text
    assert "Der Mailserver nimmt gerade nichts an" in page
    assert "Nächster Versuch um 10:00 Uhr. Er sagt: 421 4.3.2 closing for the night" in page


def test_more_issues_cost_no_more_queries(app: Any, editor: Visitor) -> None:
    counts = []
    with app.app_context():
        for round_ in range(2):
            with transaction():
                for number in range(5):
                    prepare(ANNA, BERND, group=f"issue:{round_}{number}")
            statements: list[str] = []
            event.listen(db.engine, "before_cursor_execute", lambda *args, to=statements: to.append(args[2]))
            assert editor.get("/redaktion/versand").status_code == 200
            counts.append(len(statements))
    assert counts[0] == counts[1]


def test_visitors_do_not_see_the_page(client: Visitor) -> None:
    assert client.get("/redaktion/versand").status_code == 303


def test_the_navigation_marks_this_page_and_no_other(app: Any, editor: Visitor) -> None:
    page = editor.get("/redaktion/versand").text
    assert set(re.findall(r'<a[^>]*href="([^"]+)"[^>]*aria-current="page"', page)) == {"/redaktion/versand"}
