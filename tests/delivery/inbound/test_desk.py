"""The desk's pages on what came back."""

from typing import Any

import pytest
from sqlalchemy import select

from app import delivery
from app.kernel.audit import AuditEntry
from app.kernel.db import session, transaction
from tests.delivery.inbound import formats, letters
from tests.delivery.inbound.replies import HARD
from tests.delivery.inbound.test_taking import accepted, ours, reason, take
from tests.delivery.mails import ANNA, BERND
from tests.support.client import Visitor
from tests.support.house import HeldClock
from tests.support.team import signed_in

LIST, BLOCKED = "/redaktion/versand/rueckmeldungen", "/redaktion/versand/sperren"


@pytest.fixture
def editor(app: Any, clock: HeldClock) -> Visitor:
    return signed_in(app, "editor")


@pytest.fixture
def bounced(app: Any, clock: HeldClock) -> int:
    """A mail that came back; its number."""
    with app.app_context():
        accepted(ANNA, BERND)
        return take(formats.postfix(ours("anna@amt.example"), HARD[0])).id


def test_the_list_says_what_came_back_and_what_followed(app: Any, editor: Visitor, bounced: int) -> None:
    with app.app_context():
        take(letters.written(ours("bernd@amt.example"), "Frage", "Text"))
    page = editor.get(LIST).text
    assert page.index("bernd@amt.example") < page.index("anna@amt.example")
    assert "Postfach gibt es nicht" in page
    assert "Adresse gesperrt" in page
    assert "Unzustellbar (1)" in page
    assert "anna@amt.example" not in editor.get(f"{LIST}?art=reply").text
    assert "bernd@amt.example" not in editor.get(f"{LIST}?adresse=ANNA").text
    assert "Hier ist nichts" in editor.get(f"{LIST}?adresse=%25").text


def test_one_mail_shows_why_and_how_it_was_recognised(editor: Visitor, bounced: int) -> None:
    page = editor.get(f"{LIST}/{bounced}").text
    assert "bewiesen: durch die Rücksendeadresse dieser einen Nachricht" in page
    assert "User unknown in virtual mailbox table" in page
    assert "550 5.1.1" in page
    assert editor.get(f"{LIST}/{bounced + 9}").status_code == 404


def test_the_evidence_is_saved_and_never_shown(app: Any, editor: Visitor, clock: HeldClock) -> None:
    with app.app_context():
        evil = b"From: x\nContent-Type: text/html\n\n<script>alert(1)</script>"
        number = take(evil).id
    answer = editor.get(f"{LIST}/{number}/quelltext")
    assert answer.data == evil
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="rueckmeldung-{number}.txt"'
    assert (answer.headers["X-Content-Type-Options"], answer.headers["Cache-Control"]) == ("nosniff", "no-store")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_what_a_hostile_mail_says_is_text_on_the_page(app: Any, editor: Visitor, clock: HeldClock) -> None:
    with app.app_context():
        number = take(b"From: <script>@x.example\nSubject: <img src=x onerror=alert(1)>\n\nText").id
    page = editor.get(f"{LIST}/{number}").text
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_a_block_is_lifted_with_a_reason_that_is_written_down(app: Any, editor: Visitor, bounced: int) -> None:
    page = editor.get(f"{BLOCKED}?adresse=anna@amt.example")
    assert 'value="anna@amt.example"' in page.text
    assert "1 gesperrte Adresse" in page.text
    refused = editor.submit(BLOCKED, {"address": "anna@amt.example"}, action=BLOCKED)
    assert (refused.status_code, "warum Sie die Sperre aufheben" in refused.text) == (422, True)
    lifted = editor.submit(BLOCKED, {"address": "Anna@amt.example", "reason": "Anruf am Montag"}, action=BLOCKED)
    assert lifted.status_code == 303
    with app.app_context(), transaction(write=False):
        entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "lifted")).one()
        assert entry.detail == {"was": "bounce", "reason": "Anruf am Montag"}
        assert not delivery.is_suppressed("anna@amt.example")


def test_lifting_what_is_not_blocked_says_so(app: Any, editor: Visitor, clock: HeldClock) -> None:
    editor.submit(BLOCKED, {"address": "carla@amt.example", "reason": "Anruf"}, action=BLOCKED)
    assert "Für carla@amt.example gibt es keine Sperre." in editor.get(BLOCKED).text
    with app.app_context():
        assert reason("carla@amt.example") == ""


def test_a_forgotten_address_stands_in_the_list_as_a_checksum_only(app: Any, editor: Visitor, bounced: int) -> None:
    with app.app_context(), transaction():
        delivery.forget_address("anna@amt.example")
    page = editor.get(BLOCKED).text
    assert "gelöscht, nur Prüfsumme" in page
    assert "anna@amt.example" not in page
