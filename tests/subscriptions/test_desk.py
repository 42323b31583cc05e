"""What the team sees of the people who listen."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from app.kernel.db import db
from app.subscriptions import queries
from app.subscriptions.models import State
from tests.subscriptions.story import OZG, SAKD, found_newsletters, links_of, sign_up, subscribe
from tests.support.client import Visitor
from tests.support.house import HeldClock
from tests.support.team import signed_in

DESK = "/redaktion/abonnements"


@pytest.fixture
def people(saxony: Any, client: Visitor, clock: HeldClock) -> Any:
    """Four who listen: two confirmed, one waits, one has left."""
    found_newsletters(saxony)
    subscribe(saxony, client, clock, "klara@kamenz.example", places=["14625250"], regions=["14626"], name="Klara 100 %")
    subscribe(saxony, client, clock, "otto@amt.example", newsletters=[SAKD], organisation="Amt Musterstadt")
    sign_up(client, clock, "wartet@amt.example", regions=["14625"])
    subscribe(saxony, client, clock, "ging@amt.example", regions=["14625"])
    client.post(links_of(saxony, "ging@amt.example")[0], data={"List-Unsubscribe": "One-Click"})
    return saxony


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (queries.Filter(), ["ging@amt.example", "wartet@amt.example", "otto@amt.example", "klara@kamenz.example"]),
        (queries.Filter(text="AMT.example"), ["ging@amt.example", "wartet@amt.example", "otto@amt.example"]),
        (queries.Filter(text="musterstadt"), ["otto@amt.example"]),
        (queries.Filter(text="100 %"), ["klara@kamenz.example"]),
        (queries.Filter(text="%"), ["klara@kamenz.example"]),
        (queries.Filter(newsletter=SAKD), ["otto@amt.example"]),
        (queries.Filter(state="requested"), ["wartet@amt.example"]),
        (queries.Filter(state="withdrawn", newsletter=OZG), ["ging@amt.example"]),
        (queries.Filter(state="withdrawn", newsletter=SAKD), []),
        (queries.Filter(state="unbekannt", text="niemand"), []),
    ],
)
def test_the_list_shows_what_was_asked_for(people: Any, wanted: queries.Filter, found: list[str]) -> None:
    with people.app_context():
        page = queries.subscriptions(wanted)
        assert [row.subscriber.address for row in page.rows] == found
        assert page.total == len(found)


def test_the_counts_by_kreis_are_those_of_the_active(people: Any) -> None:
    with people.app_context():
        districts, everything = queries.counts_by_district()
        assert {line.ags: line.count for line in districts if line.count} == {"14625": 1, "14626": 1}
        assert (len(districts), everything) == (13, 1)
        assert queries.counts_by_district(SAKD)[1] == 1
        assert queries.counts_by_state() == {
            OZG: {State.ACTIVE: 1, State.REQUESTED: 1, State.WITHDRAWN: 1},
            SAKD: {State.ACTIVE: 1},
        }


def test_a_longer_list_asks_no_more_questions(people: Any, client: Visitor, clock: HeldClock) -> None:
    with people.app_context(), _counted() as few:
        _read_list()
    for number in range(5):
        sign_up(people.test_client(), clock, f"noch{number}@amt.example", regions=["14625"])
    with people.app_context(), _counted() as many:
        _read_list()
    assert len(many) == len(few)


def _read_list() -> None:
    page = queries.subscriptions(queries.Filter())
    assert all(row.subscriber.address and row.newsletter.title for row in page.rows)
    queries.counts_by_district()
    queries.counts_by_state()


@contextmanager
def _counted() -> Iterator[list[str]]:
    said: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        said.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_the_team_finds_a_person_and_reads_the_whole_history(people: Any) -> None:
    desk = signed_in(people, "editor")
    found = desk.get(f"{DESK}?text=klara&state=active&newsletter={OZG}")
    assert re.findall(rf'href="({DESK}/\d+)">([^<]+)</a>', found.text) == [(f"{DESK}/1", "klara@kamenz.example")]
    person = desk.get(f"{DESK}/1")
    assert "Landkreis Görlitz, Kamenz/Kamjenc (Landkreis Bautzen)" in person.text
    said = re.findall(r">(Anmeldung angefordert|Anmeldung bestätigt|Abgemeldet)</td>", person.text)
    assert said == ["Anmeldung angefordert", "Anmeldung bestätigt"]
    assert person.text.count("willige ich ein") == 2


def test_a_search_without_result_and_a_page_too_far_are_pages_all_the_same(people: Any) -> None:
    desk = signed_in(people, "approver")
    for query in ("?text=niemand", "?seite=99", "?seite=x", "?state=unbekannt&newsletter=nichts"):
        assert desk.get(DESK + query).status_code == 200
    assert "Nichts gefunden" in desk.get(f"{DESK}?text=niemand").text
    assert desk.get(f"{DESK}/4711").status_code == 404


def test_nobody_else_sees_the_people_who_listen(people: Any) -> None:
    stranger = people.test_client()
    for path in (DESK, f"{DESK}/1"):
        answer = stranger.get(path)
        assert (answer.status_code, "klara" in answer.text) == (303, False)
        assert answer.location.startswith("/redaktion/anmelden")
