"""The pages of the desk that show several features, and those of the map and of participation."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app import participation, projects
from app.kernel import audit, db
from app.kernel.db import session, transaction
from app.participation import Contribution, Words
from tests.support.client import Visitor
from tests.support.team import signed_in


@pytest.fixture
def editor(catalogue: Any) -> Visitor:
    return signed_in(catalogue, "editor")


@pytest.mark.parametrize(
    "path",
    [
        "/redaktion/",
        "/redaktion/planung",
        "/redaktion/protokoll",
        "/redaktion/vorhaben",
        "/redaktion/vorhaben/10092",
        "/redaktion/beitraege",
    ],
)
def test_the_desk_is_for_people_who_signed_in(catalogue: Any, path: str) -> None:
    answer = catalogue.test_client().get(path)
    assert (answer.status_code, answer.location.startswith("/redaktion/anmelden")) == (303, True)


def test_an_empty_desk_says_what_will_stand_there(editor: Visitor) -> None:
    page = editor.get("/redaktion/").text
    for words in ("Guten Tag, Editor", "Nichts wartet auf Sie", "Nichts ist terminiert.", "noch kein Infokanal"):
        assert words in page
    assert "Nichts geplant" in editor.get("/redaktion/planung").text


def test_the_log_is_for_the_administration_only(catalogue: Any, editor: Visitor) -> None:
    assert editor.get("/redaktion/protokoll").status_code == 403
    assert "/redaktion/protokoll" not in editor.get("/redaktion/").text
    admin = signed_in(catalogue, "admin")
    with catalogue.app_context(), transaction():
        audit.record("<b>did</b>", "thing:1", {"what": "<script>alert(1)</script>"})
    page = admin.get("/redaktion/protokoll").text
    assert "&lt;b&gt;did&lt;/b&gt;" in page
    assert "<script>alert(1)" not in page


def test_a_project_is_described_and_public_at_once(catalogue: Any, editor: Visitor) -> None:
    values = {"state": "planned", "way": "third", "maturity": "2", "lead": "Musterstadt", "as_of": "11/2026"}
    answer = editor.submit("/redaktion/vorhaben/10160", values, has="as_of")
    assert answer.status_code == 303
    page = catalogue.test_client().get("/projekte/10160").text
    assert "in Planung" in page
    assert "2 – Formular" in page
    assert "Musterstadt" in page
    assert "Hundehaltung" in editor.get("/redaktion/vorhaben").text


def test_a_source_is_linked_only_if_it_is_an_address(catalogue: Any, editor: Visitor) -> None:
    for source in ("javascript:alert(1)", "Amtsblatt 3/2026"):
        editor.submit("/redaktion/vorhaben/10160", {"as_of": "11/2026", "source": source}, has="as_of")
        page = catalogue.test_client().get("/projekte/10160").text
        assert source in page
        assert f'href="{source}"' not in page


def test_mistakes_in_a_project_are_kept(catalogue: Any, editor: Visitor) -> None:
    answer = editor.submit("/redaktion/vorhaben/10160", {"lead": "Musterstadt", "as_of": ""}, has="as_of")
    assert answer.status_code == 422
    assert "Bitte geben Sie an, von wann die Angabe ist" in answer.text
    assert 'value="Musterstadt"' in answer.text
    with catalogue.app_context():
        assert projects.get_service(10160).project is None


def test_the_desk_finds_services_to_describe(editor: Visitor) -> None:
    page = editor.get("/redaktion/vorhaben?q=Fuehrerschein").text
    assert "/redaktion/vorhaben/10169" in page
    assert "Bitte nehmen Sie ein kürzeres Suchwort." in editor.get("/redaktion/vorhaben?q=gibtesnicht").text


def _say(app: Any, count: int = 1) -> None:
    with app.app_context(), transaction():
        for number in range(count):
            participation.contribute(
                10092, Words("comment", f"Nummer {number} <script>alert(1)</script>", email="a@b.example")
            )


def test_a_contribution_is_read_published_and_answered(catalogue: Any, editor: Visitor) -> None:
    _say(catalogue)
    assert "Wohngeld" in editor.get("/redaktion/").text
    page = editor.get("/redaktion/beitraege/1").text
    assert "a@b.example" in page
    assert "<script>alert(1)" not in page
    answer = editor.submit(
        "/redaktion/beitraege/1", {"answer": "Danke."}, has="answer", button=("decision", "published")
    )
    assert answer.status_code == 303
    assert "Danke." in catalogue.test_client().get("/projekte/10092").text
    assert "veröffentlicht (1)" in editor.get("/redaktion/beitraege?stand=published").text
    with catalogue.app_context():
        contribution = session.scalars(select(Contribution)).one()
        verbs = session.scalars(select(audit.AuditEntry.verb).where(audit.AuditEntry.subject == "contribution:1")).all()
    assert (contribution.state, contribution.decided_by is not None) == ("published", True)
    assert sorted(verbs) == ["answered", "published"]


def test_without_a_decision_nothing_happens(catalogue: Any, editor: Visitor) -> None:
    _say(catalogue)
    catalogue.config["WTF_CSRF_ENABLED"] = False
    answer = editor.post("/redaktion/beitraege/1", data={"answer": "Danke.", "decision": "waiting"})
    assert answer.status_code == 422
    assert "Danke." in answer.text
    assert "Bitte entscheiden Sie" in answer.text
    with catalogue.app_context():
        assert session.scalars(select(Contribution)).one().state == "waiting"
        assert not db.is_writing()


@pytest.mark.parametrize("path", ["/redaktion/beitraege/99", "/redaktion/vorhaben/1"])
def test_what_is_not_there_is_a_helpful_page(editor: Visitor, path: str) -> None:
    answer = editor.get(path)
    assert (answer.status_code, "Bitte" in answer.text) == (404, True)


def test_the_lists_ask_the_same_number_of_questions_however_long_they_are(
    catalogue: Any, editor: Visitor, count_queries: Callable[[Visitor, str], int]
) -> None:
    paths = ("/redaktion/", "/redaktion/beitraege", "/redaktion/vorhaben", "/redaktion/planung")
    _say(catalogue)
    few = [count_queries(editor, path) for path in paths]
    _say(catalogue, 12)
    with catalogue.app_context(), transaction():
        for ozg_id in (10000, 10001, 10002, 10003):
            projects.describe(ozg_id, projects.ProjectValues(state="open", as_of="11/2026"))
    assert [count_queries(editor, path) for path in paths] == few
