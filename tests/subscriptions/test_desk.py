"""What the team sees of the people who listen."""

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

DESK = "/redaktion/abonnements"


@pytest.fixture
def people(saxony: Any, client: Visitor, clock: HeldClock) -> Any:
    """Four who listen: two confirmed, one waits, one has left."""
    found_newsletters(saxony)
    subscribe(
        saxony, client, clock, "klara@kamenz.example", municipality="Kamenz", regions=["14626"], name="Klara 100 %"
    )
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
