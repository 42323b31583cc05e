"""Participation: what people say about a service, read by the team before it is public."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app import participation
from app.kernel import db
from app.kernel.audit import AuditEntry
from app.kernel.errors import Invalid, NotFound
from app.participation import Contribution, State, Words
from tests.support.client import Visitor
from tests.support.house import HeldClock

PAGE = "/projekte/10092"
VALUES = {
    "kind": "solution",
    "body": "Bei uns läuft das gut.\r\n\r\nSehen Sie es sich an.",
    "name": "Alma Beispiel",
    "organisation": "Stadt Musterstadt",
    "email": "alma@musterstadt.example",
}


@pytest.fixture
def visitor(catalogue: Any) -> Visitor:
    """Somebody who reads and writes."""
    visitor = catalogue.test_client()
    assert isinstance(visitor, Visitor)
    return visitor


def _all(app: Any) -> list[dict[str, Any]]:
    names = ("ozg_id", "kind", "state", "body", "name", "organisation", "email", "lang")
    with app.app_context():
        found = db.session.scalars(select(Contribution).order_by(Contribution.id))
        return [{name: getattr(entry, name) for name in names} for entry in found]


def _decide(app: Any, state: State, answer: str = "", contribution_id: int = 1) -> None:
    with app.app_context(), db.transaction():
        participation.decide(contribution_id, state, answer, person_id=7)


def test_a_service_is_shown_with_what_is_documented_and_from_where(visitor: Visitor) -> None:
    page = visitor.get(PAGE).text
    for words in (
        "<h1>Wohngeld</h1>",
        "Amt24-Onlineantragsassistent (Eigenentwicklung)",
        "3 – Online-Antrag",
        '<a href="https://www.sakd.de/index.php?id=1267">sakd.de</a>',
        "9 LeiKa-Leistungen",
        "10/2019",
        "Bund regelt, Land oder Kommune vollzieht",
    ):
        assert words in page


def test_a_service_of_which_nothing_is_known_says_so(visitor: Visitor) -> None:
    page = visitor.get("/projekte/10160").text
    assert "Dazu liegt uns noch keine belegte Angabe vor." in page
    assert "Wir kennen keinen Beleg" in page
    assert "Machen Sie den Anfang." in page


@pytest.mark.parametrize("path", ["/projekte/1", "/projekte/999999", "/projekte/x"])
def test_an_unknown_service_is_a_helpful_page(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 404
    assert "Bitte" in answer.text


def test_a_contribution_waits_for_the_team(catalogue: Any, visitor: Visitor, clock: HeldClock) -> None:
    answer = visitor.submit(PAGE, VALUES, has="body")
    assert (answer.status_code, answer.location) == (303, f"{PAGE}#beitraege")
    assert _all(catalogue) == [
        {
            **VALUES,
            "body": "Bei uns läuft das gut.\n\nSehen Sie es sich an.",
            "ozg_id": 10092,
            "state": "waiting",
            "lang": "de",
        }
    ]
    page = visitor.get(PAGE).text
    assert "Vielen Dank. Wir lesen Ihren Beitrag, bevor er hier erscheint." in page
    assert "Bei uns läuft das gut." not in page
    assert "Bei uns läuft das gut." not in visitor.get("/mitmachen").text


def test_a_published_contribution_is_read_with_its_answer_and_without_its_address(
    catalogue: Any, visitor: Visitor, clock: HeldClock
) -> None:
    visitor.submit(PAGE, VALUES, has="body")
    _decide(catalogue, State.PUBLISHED, "Vielen Dank, wir kommen auf Sie zu.")
    for path in (PAGE, "/mitmachen"):
        page = visitor.get(path).text
        assert "<p>Bei uns läuft das gut.</p><p>Sehen Sie es sich an.</p>" in page
        assert "Alma Beispiel, Stadt Musterstadt" in page
        assert "Vielen Dank, wir kommen auf Sie zu." in page
        assert "alma@musterstadt.example" not in page


def test_what_is_refused_is_never_public(catalogue: Any, visitor: Visitor) -> None:
    visitor.submit(PAGE, VALUES, has="body")
    _decide(catalogue, State.PUBLISHED)
    _decide(catalogue, State.REFUSED)
    assert "Bei uns läuft das gut." not in visitor.get(PAGE).text + visitor.get("/mitmachen").text


def test_only_the_text_is_needed(catalogue: Any, visitor: Visitor) -> None:
    visitor.submit(PAGE, {"body": "Kurz."}, has="body")
    _decide(catalogue, State.PUBLISHED)
    assert "ohne Namen" in visitor.get(PAGE).text


def test_the_same_contribution_sent_twice_is_one(catalogue: Any, visitor: Visitor) -> None:
    for _ in range(2):
        visitor.submit(PAGE, VALUES, has="body")
    assert len(_all(catalogue)) == 1


def test_mistakes_keep_what_was_written_and_say_what_to_do(catalogue: Any, visitor: Visitor) -> None:
    answer = visitor.submit(PAGE, {**VALUES, "body": " ", "email": "alma@"}, has="body")
    assert answer.status_code == 422
    for words in (
        'value="Stadt Musterstadt"',
        'value="alma@"',
        "Bitte schreiben Sie, was Sie uns sagen möchten.",
        "Bitte geben Sie eine E-Mail-Adresse im Format name@beispiel.de ein.",
        'aria-invalid="true"',
    ):
        assert words in answer.text
    assert _all(catalogue) == []


def test_a_text_that_is_too_long_is_kept(catalogue: Any, visitor: Visitor) -> None:
    answer = visitor.submit(PAGE, {"body": "ä" * 3001}, has="body")
    assert (answer.status_code, "ä" * 3001 in answer.text) == (422, True)
    assert "Bitte kürzen Sie auf höchstens 3000 Zeichen." in answer.text


@pytest.mark.parametrize("path", ["/projekte/1", "/projekte/999999"])
def test_nobody_writes_about_an_unknown_service(catalogue: Any, visitor: Visitor, path: str) -> None:
    catalogue.config["WTF_CSRF_ENABLED"] = False
    assert visitor.post(path, data=VALUES).status_code == 404
    assert _all(catalogue) == []


def test_an_unknown_kind_is_refused(catalogue: Any, visitor: Visitor) -> None:
    catalogue.config["WTF_CSRF_ENABLED"] = False
    assert visitor.post(PAGE, data={**VALUES, "kind": "x"}).status_code == 422
    assert _all(catalogue) == []


def test_without_its_token_nothing_is_written(catalogue: Any, visitor: Visitor) -> None:
    assert visitor.post(PAGE, data=VALUES).status_code == 400
    assert _all(catalogue) == []


def test_a_machine_in_the_trap_hears_thanks_and_leaves_nothing(catalogue: Any, visitor: Visitor) -> None:
    answer = visitor.submit(PAGE, {**VALUES, "website": "https://x.example"}, has="body")
    assert answer.status_code == 303
    assert _all(catalogue) == []


@pytest.mark.parametrize(
    "evil", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "javascript:alert(1)"]
)
def test_what_people_write_is_only_text(catalogue: Any, visitor: Visitor, evil: str) -> None:
    visitor.submit(PAGE, {"body": evil, "name": evil, "organisation": evil}, has="body")
    _decide(catalogue, State.PUBLISHED, evil)
    for path in (PAGE, "/mitmachen"):
        page = visitor.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert ">49<" not in page
        assert 'href="javascript' not in page


def test_the_portal_of_the_state_is_linked_where_there_is_one(catalogue: Any, visitor: Visitor) -> None:
    assert "Beteiligungsportal" not in visitor.get("/mitmachen").text
    with catalogue.app_context(), db.transaction():
        from app.kernel import identity

        identity.set_values(participation_portal="https://beteiligung.example/portal")
    assert '<a class="rb-arrow" href="https://beteiligung.example/portal">' in visitor.get("/mitmachen").text


def test_both_pages_speak_english(catalogue: Any, visitor: Visitor) -> None:
    assert "Take part!" in visitor.get(f"{PAGE}?lang=en").text
    assert "OZG together" in visitor.get("/mitmachen").text


def test_decisions_are_recorded_and_can_be_changed(catalogue: Any, clock: HeldClock) -> None:
    with catalogue.app_context():
        with db.transaction():
            participation.contribute(10092, Words("comment", "Kurz."))
        for state, answer in ((State.REFUSED, ""), (State.PUBLISHED, "Danke."), (State.PUBLISHED, "Danke.")):
            with db.transaction():
                participation.decide(1, state, answer, person_id=7)
        entries = db.session.execute(select(AuditEntry.verb, AuditEntry.subject).order_by(AuditEntry.id)).all()
        assert [tuple(entry) for entry in entries] == [
            ("refused", "contribution:1"),
            ("published", "contribution:1"),
            ("answered", "contribution:1"),
        ]
        [published] = participation.published_on(10092)
        assert (published.decided_by, published.answer, published.answered_at) == (7, "Danke.", clock.START)
        with db.transaction(), pytest.raises(Invalid, match="veröffentlichen oder nicht"):
            participation.decide(1, State.WAITING, "", person_id=7)
        with pytest.raises(NotFound):
            participation.decide(99, State.PUBLISHED, "", person_id=7)


def test_addresses_and_refused_contributions_are_forgotten_after_30_days(
    catalogue: Any, clock: HeldClock, visitor: Visitor
) -> None:
    for body in ("eins", "zwei", "drei"):
        visitor.submit(PAGE, {**VALUES, "body": body}, has="body")
    _decide(catalogue, State.PUBLISHED, contribution_id=1)
    _decide(catalogue, State.REFUSED, contribution_id=2)
    clock.move_to(clock.START + timedelta(days=30))
    assert _forget(catalogue) == 0
    clock.tick(seconds=1)
    assert (_forget(catalogue), _forget(catalogue)) == (2, 0)
    assert [(entry["body"], entry["email"]) for entry in _all(catalogue)] == [
        ("eins", ""),
        ("drei", "alma@musterstadt.example"),
    ]


def _forget(app: Any) -> int:
    with app.app_context(), db.transaction():
        return participation.forget_writers()


def test_the_pages_ask_the_same_number_of_questions_however_much_is_said(
    catalogue: Any, visitor: Visitor, count_queries: Callable[[Visitor, str], int]
) -> None:
    def say(first: int, last: int) -> None:
        with catalogue.app_context(), db.transaction():
            for number in range(first, last):
                said = participation.contribute(10092 + number % 2, Words("comment", f"Nummer {number}"))
                participation.decide(said.id, State.PUBLISHED, "", person_id=7)

    say(0, 2)
    few = [count_queries(visitor, path) for path in (PAGE, "/mitmachen")]
    say(2, 20)
    assert [count_queries(visitor, path) for path in (PAGE, "/mitmachen")] == few
    with catalogue.app_context():
        assert db.session.scalar(select(func.count(Contribution.id))) == 20
